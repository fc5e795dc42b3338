-- Everything a child may ask, want, change or take back.

ALTER TABLE people ADD COLUMN simple INTEGER NOT NULL DEFAULT 0 CHECK (simple IN (0, 1));  -- reads the short form of pages
ALTER TABLE people ADD COLUMN misses INTEGER NOT NULL DEFAULT 0;                           -- questions in a row not understood

-- The road. A move may have a reason, a day to look at it again, and who finds the visitor where the child lives.
ALTER TABLE interests ADD COLUMN review_on TEXT;                      -- a date; set while not_now
ALTER TABLE interests ADD COLUMN provider TEXT NOT NULL DEFAULT '';   -- empty: the service itself
ALTER TABLE interests ADD COLUMN nudged_at TEXT;                      -- when staff were last reminded of it where it stands
ALTER TABLE interest_events ADD COLUMN reason TEXT NOT NULL DEFAULT '';
CREATE INDEX interests_open ON interests (status, status_since)
    WHERE status IN ('asked', 'talking', 'referred', 'waiting', 'matched', 'visiting', 'not_now');

CREATE TRIGGER interests_keep_to_the_road BEFORE UPDATE OF status ON interests
WHEN OLD.status != NEW.status AND OLD.status || '>' || NEW.status NOT IN (
    'awaiting_child>asked',
    'asked>talking', 'talking>referred', 'referred>waiting', 'waiting>matched', 'matched>visiting', 'visiting>ended',
    'asked>referred', 'matched>waiting', 'visiting>waiting', 'matched>ended',
    'asked>not_now', 'talking>not_now', 'referred>not_now', 'waiting>not_now',
    'not_now>asked', 'not_now>talking', 'not_now>referred', 'not_now>waiting',
    'awaiting_child>declined', 'asked>declined', 'talking>declined', 'referred>declined', 'waiting>declined',
    'not_now>declined',
    'awaiting_child>withdrawn', 'asked>withdrawn', 'talking>withdrawn', 'referred>withdrawn', 'waiting>withdrawn',
    'matched>withdrawn', 'visiting>withdrawn', 'not_now>withdrawn'
)
BEGIN SELECT RAISE(ABORT, 'the road has no such step'); END;

-- What happened beside the road: it never starts the road again.
CREATE TABLE interest_notes (
    id        INTEGER PRIMARY KEY,
    interest  TEXT NOT NULL REFERENCES interests ON DELETE CASCADE,
    at        TEXT NOT NULL,
    by_person TEXT REFERENCES people ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED,
    kind      TEXT NOT NULL CHECK (kind IN ('added', 'changed', 'another_visitor', 'stop', 'new_social_worker', 'moved')),
    words     TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX interest_notes_interest ON interest_notes (interest);
CREATE INDEX interest_notes_by_person ON interest_notes (by_person);

-- A child and the visitor they both chose. One at a time.
CREATE TABLE matches (
    reference    TEXT PRIMARY KEY,
    interest     TEXT NOT NULL REFERENCES interests ON DELETE CASCADE,
    visitor      TEXT NOT NULL,                 -- the first name, as the child knows them
    about        TEXT NOT NULL DEFAULT '',      -- a few words for the child
    started_at   TEXT NOT NULL,
    ended_at     TEXT,
    ended_reason TEXT NOT NULL DEFAULT ''
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX matches_one_at_a_time ON matches (interest) WHERE ended_at IS NULL;

CREATE TABLE visits (
    reference   TEXT PRIMARY KEY,
    match       TEXT NOT NULL REFERENCES matches ON DELETE CASCADE,
    planned_for TEXT NOT NULL,                  -- UTC
    plan        TEXT NOT NULL DEFAULT '',       -- what they will do, for the child
    status      TEXT NOT NULL DEFAULT 'planned' CHECK (status IN ('planned', 'cancelled')),
    child_said  TEXT NOT NULL DEFAULT '' CHECK (child_said IN ('', 'yes', 'another_day', 'no', 'not_safe')),
    child_words TEXT NOT NULL DEFAULT '',       -- which day would be better
    child_missed INTEGER NOT NULL DEFAULT 0 CHECK (child_missed IN (0, 1)),  -- they say that it did not happen
    child_face  INTEGER CHECK (child_face BETWEEN 1 AND 5),  -- 5 is the happiest; never shown to the visitor
    created_at  TEXT NOT NULL,
    created_by  TEXT REFERENCES people ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED
) STRICT, WITHOUT ROWID;
CREATE INDEX visits_match ON visits (match, planned_for);
CREATE INDEX visits_planned ON visits (planned_for) WHERE status = 'planned';
CREATE INDEX visits_created_by ON visits (created_by);

-- Talking to a person: the child's words and the coordinator's, in turn. One talk a person: whatever they add goes there.
CREATE TABLE talks (
    reference  TEXT PRIMARY KEY,
    person     TEXT NOT NULL REFERENCES people ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    channel    TEXT NOT NULL,
    language   TEXT NOT NULL,
    reply_way  TEXT NOT NULL,                   -- 'here', other options, their own words: with commas between them
    opened_at  TEXT NOT NULL,
    waiting    INTEGER NOT NULL DEFAULT 1 CHECK (waiting IN (0, 1)),  -- for the coordinator
    touched_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX talks_person ON talks (person);
CREATE INDEX talks_waiting ON talks (touched_at) WHERE waiting = 1;

CREATE TABLE talk_messages (
    id        INTEGER PRIMARY KEY,
    talk      TEXT NOT NULL REFERENCES talks ON DELETE CASCADE,
    at        TEXT NOT NULL,
    by_staff  INTEGER NOT NULL CHECK (by_staff IN (0, 1)),
    by_person TEXT REFERENCES people ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED,
    words     TEXT NOT NULL,                    -- empty: please get in touch; by staff: answered another way
    read_at   TEXT                              -- by the other side
) STRICT;
CREATE INDEX talk_messages_talk ON talk_messages (talk);
CREATE INDEX talk_messages_by_person ON talk_messages (by_person);

-- Adults who may like to become a visitor.
CREATE TABLE enquiries (
    reference      TEXT PRIMARY KEY,
    person         TEXT REFERENCES people ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED,
    channel        TEXT NOT NULL,
    language       TEXT NOT NULL,
    received_at    TEXT NOT NULL,
    status         TEXT NOT NULL DEFAULT 'new' CHECK (status IN ('new', 'contacted', 'closed', 'withdrawn')),
    status_since   TEXT NOT NULL,
    name           TEXT NOT NULL DEFAULT '',
    reach          TEXT NOT NULL DEFAULT '',
    area           TEXT NOT NULL DEFAULT '',
    independent    TEXT NOT NULL DEFAULT '' CHECK (independent IN ('', 'yes', 'no', 'unsure')),  -- SI 2010/959 reg 47
    why            TEXT NOT NULL DEFAULT '',
    agreed_words   TEXT NOT NULL,
    agreed_version TEXT NOT NULL,
    agreed_at      TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX enquiries_person ON enquiries (person);
CREATE INDEX enquiries_received ON enquiries (received_at);

-- Standard 4: ideas, and what came of them. Whose an idea was is kept so that they can erase it, and never shown.
CREATE TABLE ideas (
    id       INTEGER PRIMARY KEY,
    at       TEXT NOT NULL,
    person   TEXT REFERENCES people ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED,
    language TEXT NOT NULL,
    words    TEXT NOT NULL,
    read_at  TEXT
) STRICT;
CREATE INDEX ideas_person ON ideas (person);

CREATE TABLE changes (
    id        INTEGER PRIMARY KEY,
    at        TEXT NOT NULL,
    by_person TEXT REFERENCES people ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED,
    you_said  TEXT NOT NULL,
    we_did    TEXT NOT NULL
) STRICT;
CREATE INDEX changes_by_person ON changes (by_person);

-- "Is this happening for you?", counted by month and without names.
CREATE TABLE standard_answers (
    standard INTEGER NOT NULL CHECK (standard BETWEEN 1 AND 14),
    answer   TEXT NOT NULL CHECK (answer IN ('yes', 'not_really', 'not_sure')),
    month    TEXT NOT NULL,                     -- 2026-06
    count    INTEGER NOT NULL,
    PRIMARY KEY (standard, answer, month)
) STRICT, WITHOUT ROWID;
