-- Volunteers: cleared before anything, then matched, visiting and reporting. Tables whose rules change are made again.

-- What has to be passed by everybody: the ids of [recruitment] stages in ivbot.toml, written when the bot starts.
CREATE TABLE stages (
    id       TEXT PRIMARY KEY,
    position INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE volunteers (
    reference    TEXT PRIMARY KEY,
    person       TEXT UNIQUE REFERENCES people ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED,  -- null: not in the bot
    name         TEXT NOT NULL,
    called       TEXT NOT NULL,                 -- the first name, as a child knows them
    about        TEXT NOT NULL DEFAULT '',      -- a few words for the child
    likes        TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(likes)),
    languages    TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(languages)),
    gender       TEXT NOT NULL DEFAULT '' CHECK (gender IN ('', 'woman', 'man', 'other')),
    faith        TEXT NOT NULL DEFAULT '',
    area         TEXT NOT NULL DEFAULT '' CHECK (area IN ('', 'in', 'out', 'both')),  -- where they can visit
    capacity     INTEGER NOT NULL DEFAULT 1 CHECK (capacity BETWEEN 0 AND 9),         -- children at a time
    provider     TEXT NOT NULL DEFAULT '',      -- whose volunteer; empty: the service itself
    created_at   TEXT NOT NULL,
    joined_at    TEXT,
    paused_at    TEXT,                          -- a break, their own wish
    paused_until TEXT,                          -- a date, when they said one: then they are asked
    suspended_at TEXT,
    suspended_by TEXT REFERENCES people ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED,
    lifted_at    TEXT,
    lifted_by    TEXT REFERENCES people ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED,
    lift_reason  TEXT NOT NULL DEFAULT '',
    left_at      TEXT,
    left_reason  TEXT NOT NULL DEFAULT ''
) STRICT, WITHOUT ROWID;
CREATE INDEX volunteers_suspended_by ON volunteers (suspended_by);
CREATE INDEX volunteers_lifted_by ON volunteers (lifted_by);

-- A stage of recruitment, passed. Facts stay as they were written; one that does not hold any more is withdrawn.
CREATE TABLE stages_passed (
    id           INTEGER PRIMARY KEY,
    volunteer    TEXT NOT NULL REFERENCES volunteers ON DELETE CASCADE,
    stage        TEXT NOT NULL,
    passed_on    TEXT NOT NULL,                 -- a date
    expires_on   TEXT CHECK (expires_on > passed_on),  -- the first day it does not hold; null: never
    evidence     TEXT NOT NULL,
    at           TEXT NOT NULL,
    by_person    TEXT REFERENCES people ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED,  -- null: imported
    signed_at    TEXT,
    signed_by    TEXT REFERENCES people ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED,
    signed_name  TEXT NOT NULL DEFAULT '',      -- who signed on paper, when imported
    withdrawn_at TEXT,
    warned       INTEGER,                       -- how many days before it runs out that was last told
    CHECK (passed_on IS date(passed_on) AND expires_on IS date(expires_on)),
    CHECK (evidence != '')
) STRICT;
CREATE INDEX stages_passed_volunteer ON stages_passed (volunteer, stage);
CREATE INDEX stages_passed_by_person ON stages_passed (by_person);
CREATE INDEX stages_passed_signed_by ON stages_passed (signed_by);

-- Who passed or signed it is forgotten only with the person.
CREATE TRIGGER stages_passed_keep_their_facts BEFORE UPDATE ON stages_passed
WHEN (OLD.id, OLD.volunteer, OLD.stage, OLD.passed_on, OLD.expires_on, OLD.evidence, OLD.at, OLD.signed_name)
  IS NOT (NEW.id, NEW.volunteer, NEW.stage, NEW.passed_on, NEW.expires_on, NEW.evidence, NEW.at, NEW.signed_name)
  OR OLD.withdrawn_at IS NOT NULL AND NEW.withdrawn_at IS NOT OLD.withdrawn_at
  OR OLD.signed_at IS NOT NULL AND NEW.signed_at IS NOT OLD.signed_at
  OR NEW.by_person IS NOT OLD.by_person
     AND (NEW.by_person IS NOT NULL OR EXISTS (SELECT 1 FROM people WHERE id = OLD.by_person))
  OR NEW.signed_by IS NOT OLD.signed_by AND (OLD.signed_at IS NOT NULL OR NEW.signed_at IS NULL)
     AND (NEW.signed_by IS NOT NULL OR EXISTS (SELECT 1 FROM people WHERE id = OLD.signed_by))
BEGIN SELECT RAISE(ABORT, 'a stage that was passed keeps its facts: it can be signed once, and withdrawn once'); END;

CREATE TRIGGER stages_passed_no_delete BEFORE DELETE ON stages_passed
WHEN EXISTS (SELECT 1 FROM volunteers WHERE reference = OLD.volunteer AND name != '')  -- retention has emptied the others
BEGIN SELECT RAISE(ABORT, 'a stage that was passed is withdrawn, not deleted'); END;

-- What was passed of the stages that are asked for. `again`: the pass before it had not run out yet, so that nobody has
-- to sign anew.
CREATE VIEW stages_held AS
SELECT p.*, coalesce((SELECT coalesce(q.expires_on > substr(p.at, 1, 10), 1) FROM stages_passed q
    WHERE q.volunteer = p.volunteer AND q.stage = p.stage AND q.id < p.id AND q.withdrawn_at IS NULL
    ORDER BY q.id DESC LIMIT 1), 0) AS again
FROM stages_passed p
WHERE p.stage IN (SELECT id FROM stages) AND p.withdrawn_at IS NULL;

-- The newest pass of each stage.
CREATE VIEW stages_newest AS
SELECT * FROM stages_held h WHERE NOT EXISTS (SELECT 1 FROM stages_passed n
    WHERE n.volunteer = h.volunteer AND n.stage = h.stage AND n.id > h.id AND n.withdrawn_at IS NULL);

-- What the gate looks at. A second person signs the last pass, which is not one that was only renewed in time; the
-- signature is for all that was passed until then. Each column is reckoned by itself, so that whoever asks for one
-- volunteer does not wait for all.
CREATE VIEW clearances AS
SELECT v.reference AS volunteer, (SELECT count(*) FROM stages) AS required,
    (SELECT count(*) FROM stages_newest WHERE volunteer = v.reference) AS passed,
    (SELECT max(passed_on) FROM stages_newest WHERE volunteer = v.reference) AS clear_from,
    (SELECT min(expires_on) FROM stages_newest WHERE volunteer = v.reference) AS clear_until,
    EXISTS (SELECT 1 FROM stages_passed s WHERE s.volunteer = v.reference AND s.signed_at IS NOT NULL
            AND s.withdrawn_at IS NULL
            AND s.id >= (SELECT max(id) FROM stages_held WHERE volunteer = v.reference AND NOT again)) AS signed,
    v.suspended_at IS NOT NULL AND v.lifted_at IS NULL AS suspended,
    v.paused_at IS NOT NULL AS paused, v.left_at IS NOT NULL AS gone
FROM volunteers v;

-- Those who may be matched and visit, and for which days.
CREATE VIEW ready AS
SELECT volunteer, clear_from, clear_until FROM clearances
WHERE required > 0 AND passed = required AND signed AND NOT suspended AND NOT paused AND NOT gone;

CREATE TRIGGER stages_passed_by_staff BEFORE INSERT ON stages_passed
WHEN NEW.by_person IS NOT NULL
 AND (NOT EXISTS (SELECT 1 FROM people WHERE id = NEW.by_person AND role IN ('coordinator', 'manager'))
  OR EXISTS (SELECT 1 FROM volunteers WHERE reference = NEW.volunteer AND person = NEW.by_person))
BEGIN SELECT RAISE(ABORT, 'only staff pass a stage, and nobody their own'); END;

CREATE TRIGGER stages_passed_not_over_another BEFORE INSERT ON stages_passed
WHEN EXISTS (SELECT 1 FROM stages_passed WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'a stage that was passed keeps its facts: what comes is written after it'); END;

CREATE TRIGGER stages_passed_in_order AFTER INSERT ON stages_passed
WHEN NEW.id < (SELECT max(id) FROM stages_passed)
BEGIN SELECT RAISE(ABORT, 'a stage that was passed keeps its facts: what comes is written after it'); END;

CREATE TRIGGER stages_passed_signed_by_another BEFORE UPDATE OF signed_at, signed_by ON stages_passed
WHEN NEW.signed_at IS NOT NULL AND OLD.signed_at IS NULL
 AND (NEW.signed_by IS NULL OR NEW.signed_by IS NEW.by_person
  OR NOT EXISTS (SELECT 1 FROM people WHERE id = NEW.signed_by AND role IN ('coordinator', 'manager'))
  OR EXISTS (SELECT 1 FROM volunteers WHERE reference = NEW.volunteer AND person = NEW.signed_by)
  OR NEW.id IS NOT (SELECT max(id) FROM stages_held WHERE volunteer = NEW.volunteer AND NOT again)
  OR NOT EXISTS (SELECT 1 FROM clearances WHERE volunteer = NEW.volunteer AND required > 0 AND passed = required))
BEGIN SELECT RAISE(ABORT, 'a second person signs, when every stage is passed'); END;

-- Before the bot knew of them: never for somebody of whom a stage was passed here.
CREATE TRIGGER stages_passed_signed_on_paper BEFORE INSERT ON stages_passed
WHEN (NEW.signed_at IS NOT NULL OR NEW.signed_by IS NOT NULL OR NEW.signed_name != '')
 AND (NEW.by_person IS NOT NULL OR NEW.signed_by IS NOT NULL OR NEW.signed_name = '' OR NEW.signed_at IS NULL
  OR EXISTS (SELECT 1 FROM stages_passed WHERE volunteer = NEW.volunteer AND by_person IS NOT NULL))
BEGIN SELECT RAISE(ABORT, 'a second person signs, when every stage is passed'); END;

CREATE TRIGGER volunteers_not_over_another BEFORE INSERT ON volunteers
WHEN EXISTS (SELECT 1 FROM volunteers WHERE reference = NEW.reference OR person = NEW.person)
BEGIN SELECT RAISE(ABORT, 'there is this volunteer already'); END;

CREATE TRIGGER volunteers_lifted_by_managers BEFORE UPDATE OF suspended_at, lifted_at, lifted_by, lift_reason ON volunteers
WHEN OLD.suspended_at IS NOT NULL AND OLD.lifted_at IS NULL AND (NEW.lifted_at IS NOT NULL OR NEW.suspended_at IS NULL)
 AND (NEW.suspended_at IS NULL OR NEW.lift_reason = ''
  OR NOT EXISTS (SELECT 1 FROM people WHERE id = NEW.lifted_by AND role = 'manager'))
BEGIN SELECT RAISE(ABORT, 'only a manager lifts a suspension, with a reason'); END;

CREATE TRIGGER volunteers_come_anew BEFORE UPDATE OF left_at ON volunteers
WHEN OLD.left_at IS NOT NULL AND NEW.left_at IS NOT OLD.left_at
BEGIN SELECT RAISE(ABORT, 'whoever has left begins anew'); END;

-- Every visitor known so far was a first name: a volunteer of whom nothing is proven yet.
INSERT INTO volunteers (reference, name, called, about, created_at, suspended_at, suspended_by, lifted_at, lifted_by,
    lift_reason)
SELECT 'VO' || substr(reference, 2), visitor, visitor, about, started_at, suspended_at, suspended_by, lifted_at,
    lifted_by, lift_reason FROM matches;
DELETE FROM invites WHERE role = 'volunteer';
ALTER TABLE invites ADD COLUMN volunteer TEXT REFERENCES volunteers ON DELETE CASCADE;
CREATE INDEX invites_volunteer ON invites (volunteer);

-- A coordinator's idea of who might fit: it becomes a match when both have said yes.
CREATE TABLE proposals (
    reference         TEXT PRIMARY KEY,
    interest          TEXT NOT NULL REFERENCES interests ON DELETE CASCADE,
    volunteer         TEXT NOT NULL REFERENCES volunteers ON DELETE CASCADE,
    at                TEXT NOT NULL,
    by_person         TEXT REFERENCES people ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED,
    volunteer_said    TEXT NOT NULL DEFAULT '' CHECK (volunteer_said IN ('', 'yes', 'no')),
    volunteer_said_at TEXT,
    child_said        TEXT NOT NULL DEFAULT '' CHECK (child_said IN ('', 'yes', 'no')),
    child_said_at     TEXT,
    nudged_at         TEXT,                     -- when coordinators were reminded of it
    closed_at         TEXT,
    outcome           TEXT NOT NULL DEFAULT '' CHECK (outcome IN ('', 'matched', 'volunteer_no', 'child_no', 'dropped')),
    CHECK ((closed_at IS NULL) = (outcome = '')),
    CHECK (child_said = '' OR volunteer_said != ''),  -- the child is asked second
    CHECK (outcome != 'matched' OR volunteer_said = 'yes' AND child_said = 'yes')
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX proposals_one_at_a_time ON proposals (interest) WHERE closed_at IS NULL;
CREATE INDEX proposals_interest ON proposals (interest);
CREATE INDEX proposals_volunteer ON proposals (volunteer);
CREATE INDEX proposals_by_person ON proposals (by_person);

CREATE TRIGGER proposals_are_closed_once
BEFORE UPDATE OF reference, interest, volunteer, volunteer_said, closed_at, outcome ON proposals
WHEN OLD.closed_at IS NOT NULL
 OR (OLD.reference, OLD.interest, OLD.volunteer) IS NOT (NEW.reference, NEW.interest, NEW.volunteer)
BEGIN SELECT RAISE(ABORT, 'a proposal is about one child and one volunteer, and is closed once'); END;

CREATE TABLE new_matches (
    reference    TEXT PRIMARY KEY,
    interest     TEXT NOT NULL REFERENCES interests ON DELETE CASCADE,
    volunteer    TEXT NOT NULL REFERENCES volunteers,
    visitor      TEXT NOT NULL,                 -- the first name, as the child knows them
    about        TEXT NOT NULL DEFAULT '',      -- a few words for the child
    created_at   TEXT NOT NULL,
    started_at   TEXT NOT NULL,                 -- earlier, when it was imported
    spot_agreed  TEXT NOT NULL DEFAULT '',      -- who agreed to a place above the service's capacity
    ended_at     TEXT,
    ended_reason TEXT NOT NULL DEFAULT ''
) STRICT, WITHOUT ROWID;
INSERT INTO new_matches (reference, interest, volunteer, visitor, about, created_at, started_at, ended_at, ended_reason)
SELECT reference, interest, 'VO' || substr(reference, 2), visitor, about, started_at, started_at, ended_at, ended_reason
FROM matches;

-- A volunteer would like to stop visiting a child: a coordinator agrees first, and it is they who end the match.
CREATE TABLE goodbyes (
    match     TEXT PRIMARY KEY REFERENCES new_matches ON DELETE CASCADE,
    at        TEXT NOT NULL,
    how       TEXT NOT NULL CHECK (how IN ('last_visit', 'said', 'cannot')),
    last_on   TEXT,                             -- a date: of the last visit
    leaving   INTEGER NOT NULL CHECK (leaving IN (0, 1)),  -- they stop altogether
    words     TEXT NOT NULL DEFAULT '',         -- for the coordinator
    agreed_at TEXT,                             -- only then is the child told
    CHECK ((how = 'last_visit') = (last_on IS NOT NULL))
) STRICT, WITHOUT ROWID;

CREATE TABLE new_visits (
    reference    TEXT PRIMARY KEY,
    match        TEXT NOT NULL REFERENCES new_matches ON DELETE CASCADE,
    planned_for  TEXT NOT NULL,                 -- UTC
    planned_at   TEXT NOT NULL,                 -- when it was, or was again
    plan         TEXT NOT NULL DEFAULT '',      -- what they will do, for the child
    status       TEXT NOT NULL DEFAULT 'planned'
                     CHECK (status IN ('planned', 'paused', 'cancelled', 'recorded')),  -- recorded: afterwards
    cancelled_by TEXT NOT NULL DEFAULT '' CHECK (cancelled_by IN ('', 'child', 'volunteer', 'staff')),
    changes      INTEGER NOT NULL DEFAULT 0,    -- how often it was moved, paused or called off
    volunteer_said TEXT NOT NULL DEFAULT '' CHECK (volunteer_said IN ('', 'yes', 'move', 'no')),
    confirmed_at TEXT,                          -- by the volunteer; only then is the child told
    moved_from   TEXT,                          -- the time the child knew of, before it was moved or had to wait
    asked_at     TEXT,                          -- when the volunteer was last asked about it, or reminded
    reminded     INTEGER NOT NULL DEFAULT 0,    -- how many of their reminders are over
    child_said   TEXT NOT NULL DEFAULT '' CHECK (child_said IN ('', 'yes', 'another_day', 'no', 'not_safe')),
    child_words  TEXT NOT NULL DEFAULT '',      -- which day would be better
    child_missed INTEGER NOT NULL DEFAULT 0 CHECK (child_missed IN (0, 1)),  -- they say that it did not happen
    child_face   INTEGER CHECK (child_face BETWEEN 1 AND 5),  -- 5 is the happiest; never shown to the visitor
    created_at   TEXT NOT NULL,
    created_by   TEXT REFERENCES people ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED
) STRICT, WITHOUT ROWID;
INSERT INTO new_visits (reference, match, planned_for, planned_at, plan, status, confirmed_at, volunteer_said, child_said,
    child_words, child_missed, child_face, created_at, created_by)
SELECT reference, match, planned_for, created_at, plan, status, created_at, 'yes', child_said, child_words, child_missed,
    child_face, created_at, created_by FROM visits;  -- the child has been asked about each of them

CREATE TABLE new_allegations (
    reference    TEXT PRIMARY KEY,
    concern      TEXT NOT NULL REFERENCES concerns ON DELETE CASCADE,
    match        TEXT REFERENCES new_matches ON DELETE SET NULL,
    opened_at    TEXT NOT NULL,
    due_on       TEXT NOT NULL,                 -- a date: one working day
    lado_told_at TEXT,
    closed_at    TEXT,
    CHECK (closed_at IS NULL OR lado_told_at IS NOT NULL)
) STRICT, WITHOUT ROWID;
INSERT INTO new_allegations SELECT reference, concern, match, opened_at, due_on, lado_told_at, closed_at FROM allegations;

DROP TABLE allegations;
DROP TABLE visits;
DROP TABLE matches;
ALTER TABLE new_matches RENAME TO matches;
ALTER TABLE new_visits RENAME TO visits;
ALTER TABLE new_allegations RENAME TO allegations;
CREATE UNIQUE INDEX matches_one_at_a_time ON matches (interest) WHERE ended_at IS NULL;
CREATE INDEX matches_interest ON matches (interest);
CREATE INDEX matches_volunteer ON matches (volunteer);
CREATE INDEX visits_match ON visits (match, planned_for);
CREATE INDEX visits_planned ON visits (planned_for) WHERE status = 'planned';
CREATE INDEX visits_paused ON visits (planned_for) WHERE status = 'paused';
CREATE INDEX visits_created_by ON visits (created_by);
CREATE INDEX allegations_concern ON allegations (concern);
CREATE INDEX allegations_match ON allegations (match);
CREATE INDEX allegations_untold ON allegations (due_on) WHERE lado_told_at IS NULL;

-- Nobody is matched, and no visit planned, before every stage is passed, in date, signed and unsuspended.
CREATE TRIGGER matches_need_a_ready_volunteer BEFORE INSERT ON matches
WHEN NEW.ended_at IS NULL AND NOT EXISTS (SELECT 1 FROM ready WHERE volunteer = NEW.volunteer
    AND clear_from <= substr(NEW.created_at, 1, 10) AND coalesce(clear_until > substr(NEW.created_at, 1, 10), 1))
BEGIN SELECT RAISE(ABORT, 'the volunteer is not ready: no match'); END;

CREATE TRIGGER volunteers_leave_nobody BEFORE UPDATE OF left_at ON volunteers
WHEN NEW.left_at IS NOT NULL AND EXISTS (SELECT 1 FROM matches WHERE volunteer = NEW.reference AND ended_at IS NULL)
BEGIN SELECT RAISE(ABORT, 'a volunteer leaves when their matches have ended'); END;

CREATE TRIGGER matches_stay_as_they_are BEFORE UPDATE OF interest, volunteer, created_at, ended_at ON matches
WHEN (OLD.interest, OLD.volunteer, OLD.created_at) IS NOT (NEW.interest, NEW.volunteer, NEW.created_at)
  OR OLD.ended_at IS NOT NULL AND NEW.ended_at IS NULL
BEGIN SELECT RAISE(ABORT, 'a match has one child and one volunteer, and ends once'); END;

CREATE TRIGGER visits_need_a_ready_volunteer BEFORE INSERT ON visits
WHEN NEW.status = 'planned' AND NOT EXISTS (SELECT 1 FROM matches m JOIN ready r USING (volunteer)
    WHERE m.reference = NEW.match AND m.ended_at IS NULL AND clear_from <= substr(NEW.planned_at, 1, 10)
    AND coalesce(clear_until > substr(NEW.planned_at, 1, 10), 1))
BEGIN SELECT RAISE(ABORT, 'the volunteer is not ready: no visit can be planned'); END;

CREATE TRIGGER visits_are_planned_anew BEFORE UPDATE OF status, match, planned_for, planned_at ON visits
WHEN NEW.status = 'planned'
 AND (OLD.status, OLD.match, OLD.planned_for, OLD.planned_at) IS NOT (NEW.status, NEW.match, NEW.planned_for, NEW.planned_at)
 AND (NEW.planned_at <= OLD.planned_at OR NOT EXISTS (SELECT 1 FROM matches m JOIN ready r USING (volunteer)
    WHERE m.reference = NEW.match AND m.ended_at IS NULL AND clear_from <= substr(NEW.planned_at, 1, 10)
    AND coalesce(clear_until > substr(NEW.planned_at, 1, 10), 1)))
BEGIN SELECT RAISE(ABORT, 'the volunteer is not ready: no visit can be planned'); END;

CREATE TRIGGER visits_recorded_are_over BEFORE INSERT ON visits
WHEN NEW.status = 'recorded' AND NEW.planned_for > NEW.created_at
BEGIN SELECT RAISE(ABORT, 'a visit is recorded afterwards'); END;

CREATE TRIGGER visits_stay_recorded BEFORE UPDATE OF status, planned_for, created_at ON visits
WHEN (OLD.status = 'recorded') != (NEW.status = 'recorded') OR NEW.created_at != OLD.created_at
  OR NEW.status = 'recorded' AND NEW.planned_for > NEW.created_at
BEGIN SELECT RAISE(ABORT, 'a visit is recorded afterwards'); END;

CREATE TRIGGER volunteers_suspended AFTER UPDATE OF suspended_at ON volunteers
WHEN NEW.suspended_at IS NOT NULL AND NEW.lifted_at IS NULL
BEGIN
    UPDATE visits SET status = 'paused', changes = changes + 1
        WHERE match IN (SELECT reference FROM matches WHERE volunteer = NEW.reference)
        AND status = 'planned' AND planned_for > NEW.suspended_at;
END;

CREATE TRIGGER matches_ended AFTER UPDATE OF ended_at ON matches
WHEN NEW.ended_at IS NOT NULL
BEGIN
    UPDATE visits SET status = 'cancelled', changes = changes + 1 WHERE match = NEW.reference AND status = 'paused';
END;

-- What came of a visit, told by the volunteer (or by a coordinator for them).
CREATE TABLE visit_reports (
    visit       TEXT PRIMARY KEY REFERENCES visits ON DELETE CASCADE,
    happened    INTEGER NOT NULL CHECK (happened IN (0, 1)),
    why_not     TEXT NOT NULL DEFAULT '' CHECK (why_not IN ('', 'i_could_not', 'child_could_not', 'child_did_not_want',
                    'nobody_there', 'called_off_by_adults', 'weather', 'other')),
    minutes     INTEGER NOT NULL DEFAULT 0 CHECK (minutes BETWEEN 0 AND 1440),
    activity    TEXT NOT NULL DEFAULT '',
    chosen_by   TEXT NOT NULL DEFAULT '' CHECK (chosen_by IN ('', 'child', 'both', 'visitor')),
    child_mood  INTEGER CHECK (child_mood BETWEEN 1 AND 5),  -- as the volunteer saw it
    outcomes    TEXT NOT NULL DEFAULT '' CHECK (outcomes NOT GLOB '*[^a-i]*'),  -- letters (domain.md, section 9)
    for_child   TEXT NOT NULL DEFAULT '',       -- the part the child reads
    pass_on     TEXT NOT NULL DEFAULT '',       -- for the coordinator
    explained   INTEGER CHECK (explained IN (0, 1)),  -- how to complain, at the first visit; null: not asked
    reported_at TEXT NOT NULL,
    reported_by TEXT REFERENCES people ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED,
    CHECK (happened = 1 OR minutes = 0),
    CHECK (happened = 0 OR why_not = '')
) STRICT, WITHOUT ROWID;
CREATE INDEX visit_reports_reported_by ON visit_reports (reported_by);

-- Money outlives the visit it was for, and all that was known of its volunteer but their reference.
CREATE TABLE expenses (
    visit        TEXT PRIMARY KEY,
    volunteer    TEXT NOT NULL REFERENCES volunteers,
    spent_on     TEXT NOT NULL,                 -- a date
    pence        INTEGER NOT NULL CHECK (pence >= 0),
    miles_tenths INTEGER NOT NULL CHECK (miles_tenths >= 0),
    mileage_pence INTEGER NOT NULL,             -- for a mile, on that day
    paid_at      TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX expenses_volunteer ON expenses (volunteer, spent_on);

-- The one place that says what became of a visit: every count reads it here.
CREATE VIEW visit_log AS
SELECT v.reference, v.match, m.interest, m.volunteer, v.planned_for, v.status, v.confirmed_at, v.child_said,
    v.child_missed, v.child_face, r.happened, r.reported_at,
    iif(v.status NOT IN ('cancelled', 'paused'), coalesce(r.minutes, 0), 0) AS minutes,
    CASE WHEN v.status IN ('cancelled', 'paused') THEN v.status
         WHEN r.happened = 1 THEN 'happened'
         WHEN r.happened = 0 OR v.child_missed THEN 'missed'
         WHEN v.confirmed_at IS NOT NULL THEN 'confirmed'
         ELSE 'planned' END AS outcome
FROM visits v JOIN matches m ON m.reference = v.match LEFT JOIN visit_reports r ON r.visit = v.reference;

-- A concern a volunteer raised from the report of a visit.
ALTER TABLE concerns ADD COLUMN visit TEXT REFERENCES visits ON DELETE SET NULL;
CREATE INDEX concerns_visit ON concerns (visit);

-- What a child knows of their visits: nothing of one, or of a new time for it, before their visitor has confirmed it.
CREATE VIEW visits_told AS
SELECT reference, match, iif(confirmed_at IS NULL, coalesce(moved_from, planned_for), planned_for) AS planned_for,
    iif(confirmed_at IS NULL, '', plan) AS plan, status, child_said, child_words, child_missed, child_face
FROM visits WHERE confirmed_at IS NOT NULL OR moved_from IS NOT NULL OR status = 'recorded';

-- A third yes of a child: to be referred, where the service asks for it by itself.
DROP TRIGGER interests_need_the_childs_yes;
CREATE TABLE new_consents (
    id           INTEGER PRIMARY KEY,
    person       TEXT NOT NULL REFERENCES people DEFERRABLE INITIALLY DEFERRED,
    interest     TEXT NOT NULL REFERENCES interests ON DELETE CASCADE,
    purpose      TEXT NOT NULL CHECK (purpose IN ('send', 'share', 'refer')),
    given        INTEGER NOT NULL CHECK (given IN (0, 1)),
    words        TEXT NOT NULL,
    version      TEXT NOT NULL,
    language     TEXT NOT NULL,
    answered_at  TEXT NOT NULL,
    withdrawn_at TEXT
) STRICT;
INSERT INTO new_consents SELECT * FROM consents;
DROP TABLE consents;
ALTER TABLE new_consents RENAME TO consents;
CREATE INDEX consents_interest ON consents (interest, purpose);
CREATE INDEX consents_person ON consents (person);

CREATE TRIGGER consents_keep_their_words BEFORE UPDATE ON consents
WHEN OLD.withdrawn_at IS NOT NULL OR NEW.withdrawn_at IS NULL
  OR (OLD.id, OLD.person, OLD.interest, OLD.purpose, OLD.given, OLD.words, OLD.version, OLD.language, OLD.answered_at)
  IS NOT (NEW.id, NEW.person, NEW.interest, NEW.purpose, NEW.given, NEW.words, NEW.version, NEW.language, NEW.answered_at)
BEGIN SELECT RAISE(ABORT, 'a consent keeps its words: it can only be withdrawn, once'); END;

CREATE TRIGGER interests_need_the_childs_yes BEFORE UPDATE OF status ON interests
WHEN NEW.status NOT IN ('awaiting_child', 'declined', 'withdrawn')
 AND NOT EXISTS (SELECT 1 FROM consents WHERE interest = NEW.reference AND person = NEW.person
                 AND purpose = 'send' AND given = 1 AND withdrawn_at IS NULL)
BEGIN SELECT RAISE(ABORT, 'nothing moves before the child''s own yes'); END;

-- More may happen beside the road.
CREATE TABLE new_interest_notes (
    id        INTEGER PRIMARY KEY,
    interest  TEXT NOT NULL REFERENCES interests ON DELETE CASCADE,
    at        TEXT NOT NULL,
    by_person TEXT REFERENCES people ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED,
    kind      TEXT NOT NULL CHECK (kind IN ('added', 'changed', 'another_visitor', 'stop', 'new_social_worker', 'moved',
                  'no_social_worker', 'new_provider', 'to_flag', 'flagged', 'to_refer')),
    words     TEXT NOT NULL DEFAULT ''
) STRICT;
INSERT INTO new_interest_notes SELECT * FROM interest_notes;
DROP TABLE interest_notes;
ALTER TABLE new_interest_notes RENAME TO interest_notes;
CREATE INDEX interest_notes_interest ON interest_notes (interest);
CREATE INDEX interest_notes_by_person ON interest_notes (by_person);
