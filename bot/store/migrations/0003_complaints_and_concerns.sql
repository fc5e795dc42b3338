-- Complaints that reach the right person in time, concerns, and allegations.

CREATE TABLE complaints (
    reference       TEXT PRIMARY KEY,
    person          TEXT REFERENCES people ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED,  -- whoever complained
    complainer      TEXT NOT NULL CHECK (complainer IN ('child', 'volunteer', 'adult')),
    channel         TEXT NOT NULL,
    language        TEXT NOT NULL,
    received_at     TEXT NOT NULL,
    about           TEXT NOT NULL CHECK (about IN ('visitor', 'coordinator', 'manager', 'service', 'social_worker', 'carer',
                        'council', 'complaints_team', 'child_arrangements', 'bot')),
    about_person    TEXT REFERENCES people ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED,  -- never sees it
    what_happened   TEXT NOT NULL,
    wanted_outcome  TEXT NOT NULL,
    anonymous       INTEGER NOT NULL CHECK (anonymous IN (0, 1)),
    name            TEXT NOT NULL,
    answer_way      TEXT NOT NULL,
    advocate_wanted INTEGER NOT NULL CHECK (advocate_wanted IN (0, 1)),
    route           TEXT NOT NULL CHECK (json_valid(route)),  -- contacts as they were; empty: it went outside
    stage           TEXT NOT NULL CHECK (stage IN ('local', 'investigation', 'panel', 'ombudsman')),
    status          TEXT NOT NULL CHECK (status IN ('received', 'acknowledged', 'asking', 'extended', 'paused', 'answered',
                        'closed', 'withdrawn')),
    -- The clock of this stage: dates where the service is, and what they were reckoned from.
    from_on         TEXT NOT NULL,
    days            INTEGER NOT NULL,
    due_on          TEXT NOT NULL,
    ack_days        INTEGER NOT NULL,
    ack_due_on      TEXT NOT NULL,
    paused_days     INTEGER NOT NULL,
    extended_days   INTEGER,
    extended_to     TEXT,
    acknowledged_at TEXT,
    extended_reason TEXT NOT NULL,
    paused_on       TEXT,
    answered_at     TEXT,
    outcome         TEXT NOT NULL CHECK (outcome IN ('upheld', 'partly', 'not_upheld', 'resolved', 'none')),
    learning        TEXT NOT NULL,
    request_by      TEXT,                       -- a date: the last day to ask for the next stage
    closed_at       TEXT,
    emptied_at      TEXT,                       -- its words were rubbed out; it is still counted
    -- The date each reminder was about: another date, and there is another reminder.
    not_acknowledged_for TEXT,
    due_soon_for    TEXT,
    overdue_for     TEXT,
    CHECK (NOT anonymous OR name = ''),
    CHECK ((extended_days IS NULL) = (extended_to IS NULL)),
    CHECK ((status = 'paused') = (paused_on IS NOT NULL)),
    CHECK (status NOT IN ('closed', 'withdrawn') OR closed_at IS NOT NULL),
    CHECK (status != 'extended' OR extended_to IS NOT NULL),
    CHECK (emptied_at IS NULL OR status IN ('closed', 'withdrawn')),
    CHECK (emptied_at IS NULL OR what_happened || wanted_outcome || name || answer_way || extended_reason = '')
) STRICT, WITHOUT ROWID;
CREATE INDEX complaints_person ON complaints (person);
CREATE INDEX complaints_about_person ON complaints (about_person);
CREATE INDEX complaints_received ON complaints (received_at);
CREATE INDEX complaints_open ON complaints (due_on)
    WHERE status IN ('received', 'acknowledged', 'asking', 'extended', 'paused');
CREATE INDEX complaints_answered ON complaints (request_by) WHERE status = 'answered';

CREATE TRIGGER complaints_start_received BEFORE INSERT ON complaints
WHEN NOT (NEW.status = 'received' AND NEW.stage = 'local' AND json_array_length(NEW.route) > 0
       OR NEW.status = 'closed' AND NEW.stage = 'ombudsman' AND json_array_length(NEW.route) = 0)
BEGIN SELECT RAISE(ABORT, 'a complaint starts as received and local, or goes outside'); END;

CREATE TRIGGER complaints_keep_to_their_way BEFORE UPDATE OF status ON complaints
WHEN OLD.status != NEW.status AND OLD.status || '>' || NEW.status NOT IN (
    'received>acknowledged', 'received>paused', 'received>answered', 'received>withdrawn',
    'acknowledged>extended', 'acknowledged>asking', 'acknowledged>paused', 'acknowledged>answered', 'acknowledged>withdrawn',
    'asking>acknowledged', 'asking>extended', 'asking>paused', 'asking>answered', 'asking>withdrawn',
    'extended>asking', 'extended>paused', 'extended>answered', 'extended>withdrawn',
    'paused>received', 'paused>acknowledged', 'paused>extended', 'paused>withdrawn',
    'answered>received', 'answered>closed', 'answered>withdrawn',
    'closed>received'
)
BEGIN SELECT RAISE(ABORT, 'a complaint has no such step'); END;

-- Each further stage follows an answer, and none is left out or gone back to.
CREATE TRIGGER complaints_climb BEFORE UPDATE OF stage ON complaints
WHEN OLD.stage != NEW.stage AND (OLD.status NOT IN ('answered', 'closed')
  OR OLD.stage || '>' || NEW.stage NOT IN (
    'local>investigation', 'investigation>panel', 'investigation>ombudsman', 'panel>ombudsman')
  OR NEW.status != iif(NEW.stage = 'ombudsman', 'closed', 'received'))
BEGIN SELECT RAISE(ABORT, 'a complaint has no such stage after this one'); END;

CREATE TRIGGER complaints_reopen_at_the_next_stage BEFORE UPDATE OF status ON complaints
WHEN OLD.status IN ('answered', 'closed') AND NEW.status = 'received' AND OLD.stage = NEW.stage
BEGIN SELECT RAISE(ABORT, 'an answered complaint goes on at the next stage'); END;

CREATE TRIGGER complaints_extend_once BEFORE UPDATE OF extended_days ON complaints
WHEN OLD.stage = NEW.stage AND OLD.extended_days IS NOT NULL AND NEW.extended_days IS NOT OLD.extended_days
  OR OLD.extended_days IS NULL AND NEW.extended_days IS NOT NULL
     AND (NEW.extended_reason = '' OR NEW.extended_days <= NEW.days)
BEGIN SELECT RAISE(ABORT, 'a stage is extended once, to a later day, and with a reason'); END;

-- Nobody who is, manages or works for the subject of a complaint is on its route, whoever writes to this file.
CREATE TRIGGER complaints_keep_conflicts_out BEFORE INSERT ON complaints
WHEN EXISTS (SELECT 1 FROM json_each(NEW.route) WHERE NEW.about || '>' || value IN (
    'coordinator>coordinator', 'manager>manager', 'manager>coordinator', 'service>manager', 'service>coordinator',
    'complaints_team>complaints_team'))
BEGIN SELECT RAISE(ABORT, 'somebody on the route of a complaint may not see it'); END;

CREATE TRIGGER complaints_keep_conflicts_out_later BEFORE UPDATE OF route, about ON complaints
WHEN OLD.about != NEW.about OR EXISTS (SELECT 1 FROM json_each(NEW.route) WHERE NEW.about || '>' || value IN (
    'coordinator>coordinator', 'manager>manager', 'manager>coordinator', 'service>manager', 'service>coordinator',
    'complaints_team>complaints_team'))
BEGIN SELECT RAISE(ABORT, 'somebody on the route of a complaint may not see it'); END;

CREATE TABLE complaint_events (
    id        INTEGER PRIMARY KEY,
    complaint TEXT NOT NULL REFERENCES complaints ON DELETE CASCADE,
    at        TEXT NOT NULL,
    by_role   TEXT NOT NULL,                    -- child, volunteer, adult, coordinator, manager, guest (a handler), clock
    kind      TEXT NOT NULL,
    stage     TEXT NOT NULL
) STRICT;
CREATE INDEX complaint_events_complaint ON complaint_events (complaint);
CREATE TRIGGER complaint_events_no_update BEFORE UPDATE ON complaint_events
BEGIN SELECT RAISE(ABORT, 'what happened to a complaint is append-only'); END;
CREATE TRIGGER complaint_events_no_delete BEFORE DELETE ON complaint_events
WHEN EXISTS (SELECT 1 FROM complaints WHERE reference = OLD.complaint)
BEGIN SELECT RAISE(ABORT, 'what happened to a complaint is append-only'); END;

CREATE TABLE complaint_messages (
    id        INTEGER PRIMARY KEY,
    complaint TEXT NOT NULL REFERENCES complaints ON DELETE CASCADE,
    at        TEXT NOT NULL,
    by_person TEXT REFERENCES people ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED,
    kind      TEXT NOT NULL CHECK (kind IN ('question', 'answer', 'reply')),  -- reply: by whoever complained
    words     TEXT NOT NULL,
    read_at   TEXT                              -- by the other side
) STRICT;
CREATE INDEX complaint_messages_complaint ON complaint_messages (complaint);
CREATE INDEX complaint_messages_by_person ON complaint_messages (by_person);

-- People who came by the link in an e-mail: they handle this one complaint, for one contact. They have no other role
-- here: staff see what their role sees.
CREATE TABLE complaint_handlers (
    complaint TEXT NOT NULL REFERENCES complaints ON DELETE CASCADE,
    person    TEXT NOT NULL REFERENCES people ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    contact   TEXT NOT NULL,
    at        TEXT NOT NULL,
    PRIMARY KEY (complaint, person)
) STRICT, WITHOUT ROWID;
CREATE INDEX complaint_handlers_person ON complaint_handlers (person);
CREATE TRIGGER complaint_handlers_keep_conflicts_out BEFORE INSERT ON complaint_handlers
WHEN NOT EXISTS (SELECT 1 FROM complaints c JOIN people p ON p.id = NEW.person WHERE c.reference = NEW.complaint
    AND c.person IS NOT p.id AND c.about_person IS NOT p.id AND p.role = 'guest'
    AND NEW.contact IN (SELECT value FROM json_each(c.route)))
BEGIN SELECT RAISE(ABORT, 'this person may not handle this complaint'); END;

-- A child may be in danger. The words stay as they were said until the case file has them.
CREATE TABLE concerns (
    reference       TEXT PRIMARY KEY,
    raised_at       TEXT NOT NULL,
    channel         TEXT NOT NULL,
    language        TEXT NOT NULL,
    person          TEXT REFERENCES people ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED,
    source          TEXT NOT NULL CHECK (source IN ('text', 'button', 'visit', 'volunteer', 'complaint')),
    kind            TEXT NOT NULL CHECK (kind IN ('danger', 'worry')),
    about           TEXT NOT NULL CHECK (about IN ('visitor', 'coordinator', 'manager', 'carer', 'social_worker',
                        'somebody_else', 'unknown')),
    about_person    TEXT REFERENCES people ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED,  -- never sees it
    words           TEXT NOT NULL,
    chain           TEXT NOT NULL CHECK (json_valid(chain)),
    complaint       TEXT REFERENCES complaints ON DELETE SET NULL,
    level           INTEGER NOT NULL,           -- how many times somebody was told
    told_at         TEXT,
    acknowledged_at TEXT,
    acknowledged_by TEXT REFERENCES people ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED,
    handed_over_at  TEXT,                       -- the case file's written receipt
    closed_at       TEXT,
    emptied_at      TEXT,
    CHECK (acknowledged_at IS NOT NULL OR handed_over_at IS NULL AND closed_at IS NULL),
    CHECK (emptied_at IS NULL OR words = '')
) STRICT, WITHOUT ROWID;
CREATE INDEX concerns_raised ON concerns (raised_at);
CREATE INDEX concerns_waiting ON concerns (told_at) WHERE acknowledged_at IS NULL;
CREATE INDEX concerns_person ON concerns (person);
CREATE INDEX concerns_about_person ON concerns (about_person);
CREATE INDEX concerns_complaint ON concerns (complaint);
CREATE INDEX concerns_acknowledged_by ON concerns (acknowledged_by);

CREATE TRIGGER concerns_keep_their_words BEFORE UPDATE OF words ON concerns
WHEN NEW.words != OLD.words AND (NEW.words != '' OR NEW.emptied_at IS NULL OR OLD.handed_over_at IS NULL)
 AND (OLD.emptied_at IS NOT NULL OR substr(NEW.words, 1, length(OLD.words)) != OLD.words)  -- more may be said
BEGIN SELECT RAISE(ABORT, 'a concern keeps its words until the case file has them'); END;

CREATE TRIGGER concerns_are_not_undone BEFORE UPDATE ON concerns
WHEN OLD.acknowledged_at IS NOT NULL AND NEW.acknowledged_at IS NOT OLD.acknowledged_at
  OR OLD.handed_over_at IS NOT NULL AND NEW.handed_over_at IS NOT OLD.handed_over_at
  OR OLD.closed_at IS NOT NULL AND NEW.closed_at IS NOT OLD.closed_at
  OR NEW.raised_at != OLD.raised_at
BEGIN SELECT RAISE(ABORT, 'what was done about a concern stays done'); END;

CREATE TABLE concern_events (
    id      INTEGER PRIMARY KEY,
    concern TEXT NOT NULL REFERENCES concerns ON DELETE CASCADE,
    at      TEXT NOT NULL,
    kind    TEXT NOT NULL,
    whom    TEXT NOT NULL                       -- told: the contact; otherwise the role of whoever did it
) STRICT;
CREATE INDEX concern_events_concern ON concern_events (concern);
CREATE TRIGGER concern_events_no_update BEFORE UPDATE ON concern_events
BEGIN SELECT RAISE(ABORT, 'what happened to a concern is append-only'); END;
CREATE TRIGGER concern_events_no_delete BEFORE DELETE ON concern_events
WHEN EXISTS (SELECT 1 FROM concerns WHERE reference = OLD.concern)
BEGIN SELECT RAISE(ABORT, 'what happened to a concern is append-only'); END;

-- Duty staff who came by the link in an e-mail. They have no other role here.
CREATE TABLE concern_handlers (
    concern TEXT NOT NULL REFERENCES concerns ON DELETE CASCADE,
    person  TEXT NOT NULL REFERENCES people ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    contact TEXT NOT NULL,
    at      TEXT NOT NULL,
    PRIMARY KEY (concern, person)
) STRICT, WITHOUT ROWID;
CREATE INDEX concern_handlers_person ON concern_handlers (person);
CREATE TRIGGER concern_handlers_keep_conflicts_out BEFORE INSERT ON concern_handlers
WHEN NOT EXISTS (SELECT 1 FROM concerns c JOIN people p ON p.id = NEW.person WHERE c.reference = NEW.concern
    AND c.person IS NOT p.id AND c.about_person IS NOT p.id AND p.role = 'guest')
BEGIN SELECT RAISE(ABORT, 'this person may not see this concern'); END;

-- What the LADO has to be told, by when. It closes by itself: not with its concern, nor with a complaint.
CREATE TABLE allegations (
    reference    TEXT PRIMARY KEY,
    concern      TEXT NOT NULL REFERENCES concerns ON DELETE CASCADE,
    match        TEXT REFERENCES matches ON DELETE SET NULL,
    opened_at    TEXT NOT NULL,
    due_on       TEXT NOT NULL,                 -- a date: one working day
    lado_told_at TEXT,
    closed_at    TEXT,
    CHECK (closed_at IS NULL OR lado_told_at IS NOT NULL)
) STRICT, WITHOUT ROWID;
CREATE INDEX allegations_concern ON allegations (concern);
CREATE INDEX allegations_match ON allegations (match);
CREATE INDEX allegations_untold ON allegations (due_on) WHERE lado_told_at IS NULL;

-- A visitor is suspended by the store; only a manager lifts it, with a reason.
ALTER TABLE matches ADD COLUMN suspended_at TEXT;
ALTER TABLE matches ADD COLUMN suspended_by TEXT REFERENCES people ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE matches ADD COLUMN lifted_at TEXT;
ALTER TABLE matches ADD COLUMN lifted_by TEXT REFERENCES people ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE matches ADD COLUMN lift_reason TEXT NOT NULL DEFAULT '';
CREATE INDEX matches_suspended_by ON matches (suspended_by);
CREATE INDEX matches_lifted_by ON matches (lifted_by);

-- Visits may be paused: the table is made again, for its CHECK.
CREATE TABLE visits_with_pauses (
    reference   TEXT PRIMARY KEY,
    match       TEXT NOT NULL REFERENCES matches ON DELETE CASCADE,
    planned_for TEXT NOT NULL,                  -- UTC
    plan        TEXT NOT NULL DEFAULT '',       -- what they will do, for the child
    status      TEXT NOT NULL DEFAULT 'planned' CHECK (status IN ('planned', 'paused', 'cancelled')),
    child_said  TEXT NOT NULL DEFAULT '' CHECK (child_said IN ('', 'yes', 'another_day', 'no', 'not_safe')),
    child_words TEXT NOT NULL DEFAULT '',       -- which day would be better
    child_missed INTEGER NOT NULL DEFAULT 0 CHECK (child_missed IN (0, 1)),  -- they say that it did not happen
    child_face  INTEGER CHECK (child_face BETWEEN 1 AND 5),  -- 5 is the happiest; never shown to the visitor
    created_at  TEXT NOT NULL,
    created_by  TEXT REFERENCES people ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED
) STRICT, WITHOUT ROWID;
INSERT INTO visits_with_pauses (reference, match, planned_for, plan, status, child_said, child_words, child_missed,
    child_face, created_at, created_by)
SELECT reference, match, planned_for, plan, status, child_said, child_words, child_missed, child_face, created_at,
    created_by FROM visits;
DROP TABLE visits;
ALTER TABLE visits_with_pauses RENAME TO visits;
CREATE INDEX visits_match ON visits (match, planned_for);
CREATE INDEX visits_planned ON visits (planned_for) WHERE status = 'planned';
CREATE INDEX visits_created_by ON visits (created_by);

CREATE TRIGGER visits_are_not_planned_while_suspended BEFORE INSERT ON visits
WHEN NEW.status = 'planned'
 AND EXISTS (SELECT 1 FROM matches WHERE reference = NEW.match AND suspended_at IS NOT NULL AND lifted_at IS NULL)
BEGIN SELECT RAISE(ABORT, 'the visitor is suspended: no visit can be planned'); END;

CREATE TRIGGER visits_stay_paused_while_suspended BEFORE UPDATE OF status, match, planned_for ON visits
WHEN NEW.status = 'planned' AND EXISTS (SELECT 1 FROM matches WHERE reference = NEW.match AND lifted_at IS NULL
    AND suspended_at < NEW.planned_for)
BEGIN SELECT RAISE(ABORT, 'the visitor is suspended: no visit can be planned'); END;

CREATE TRIGGER matches_suspended AFTER UPDATE OF suspended_at ON matches
WHEN NEW.suspended_at IS NOT NULL
BEGIN
    UPDATE visits SET status = 'paused'
        WHERE match = NEW.reference AND status = 'planned' AND planned_for > NEW.suspended_at;
END;

CREATE TRIGGER matches_ended AFTER UPDATE OF ended_at ON matches
WHEN NEW.ended_at IS NOT NULL
BEGIN UPDATE visits SET status = 'cancelled' WHERE match = NEW.reference AND status = 'paused'; END;

CREATE TRIGGER matches_lifted_by_managers BEFORE UPDATE OF suspended_at, lifted_at, lifted_by, lift_reason ON matches
WHEN OLD.suspended_at IS NOT NULL AND OLD.lifted_at IS NULL AND (NEW.lifted_at IS NOT NULL OR NEW.suspended_at IS NULL)
 AND (NEW.suspended_at IS NULL OR NEW.lift_reason = ''
  OR NOT EXISTS (SELECT 1 FROM people WHERE id = NEW.lifted_by AND role = 'manager'))
BEGIN SELECT RAISE(ABORT, 'only a manager lifts a suspension, with a reason'); END;

-- One-time codes may also open one complaint or one concern, for a contact: the table is made again, for its CHECKs.
CREATE TABLE invites_for_all (
    hash       TEXT PRIMARY KEY,
    role       TEXT NOT NULL CHECK (role IN ('child', 'volunteer', 'coordinator', 'manager', 'handler')),
    name       TEXT NOT NULL DEFAULT '',
    interest   TEXT REFERENCES interests ON DELETE CASCADE,
    complaint  TEXT REFERENCES complaints ON DELETE CASCADE,
    concern    TEXT REFERENCES concerns ON DELETE CASCADE,
    contact    TEXT NOT NULL DEFAULT '',        -- for whom a handler comes
    created_at TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    used_at    TEXT,
    used_by    TEXT REFERENCES people ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED,
    CHECK ((role = 'child') = (interest IS NOT NULL)),
    CHECK ((role = 'handler') = (contact != '')),
    CHECK ((role = 'handler') = (complaint IS NOT NULL) + (concern IS NOT NULL))
) STRICT, WITHOUT ROWID;
INSERT INTO invites_for_all (hash, role, name, interest, created_at, expires_at, used_at, used_by)
SELECT hash, role, name, interest, created_at, expires_at, used_at, used_by FROM invites;
DROP TABLE invites;
ALTER TABLE invites_for_all RENAME TO invites;
CREATE INDEX invites_interest ON invites (interest);
CREATE INDEX invites_complaint ON invites (complaint);
CREATE INDEX invites_concern ON invites (concern);
CREATE INDEX invites_used_by ON invites (used_by);

-- When its words are rubbed out, whatever was said about it and whoever may read it goes as well.
CREATE TRIGGER complaints_emptied AFTER UPDATE OF emptied_at ON complaints
WHEN OLD.emptied_at IS NULL AND NEW.emptied_at IS NOT NULL
BEGIN
    DELETE FROM complaint_messages WHERE complaint = NEW.reference;
    DELETE FROM complaint_handlers WHERE complaint = NEW.reference;
    DELETE FROM invites WHERE complaint = NEW.reference;
END;
