-- The records of the first journey. Times are UTC, ISO 8601, to the millisecond: they sort as text.

CREATE TABLE people (
    id         TEXT PRIMARY KEY,
    role       TEXT NOT NULL DEFAULT 'guest' CHECK (role IN ('guest', 'volunteer', 'coordinator', 'manager')),
    language   TEXT NOT NULL DEFAULT '',  -- chosen by them; empty: follow the channel's hint
    name       TEXT NOT NULL DEFAULT '',  -- of staff, from their invite; children's names live in their interest
    created_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE addresses (
    channel    TEXT NOT NULL,
    address    TEXT NOT NULL,
    person     TEXT NOT NULL REFERENCES people ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    language   TEXT NOT NULL DEFAULT '',  -- what the channel says they read
    reachable  INTEGER NOT NULL DEFAULT 1 CHECK (reachable IN (0, 1)),
    seen_at    TEXT NOT NULL,
    PRIMARY KEY (channel, address)
) STRICT, WITHOUT ROWID;
CREATE INDEX addresses_person ON addresses (person);

-- Every event taken, so that none is taken twice. `said` is filled on the chat page only, and emptied with its session.
CREATE TABLE inbox (
    turn        INTEGER PRIMARY KEY,
    channel     TEXT NOT NULL,
    event_id    TEXT NOT NULL,
    address     TEXT NOT NULL,
    said        TEXT NOT NULL DEFAULT '',
    received_at TEXT NOT NULL,
    UNIQUE (channel, event_id)
) STRICT;
CREATE INDEX inbox_said ON inbox (address, turn) WHERE said != '';

-- What is to be said. A row leaves when it has been delivered; on the chat page, when its session ends.
CREATE TABLE outbox (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    turn       INTEGER NOT NULL,
    person     TEXT NOT NULL REFERENCES people ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    channel    TEXT NOT NULL,
    address    TEXT NOT NULL,             -- empty: waits until the person comes back
    body       TEXT NOT NULL CHECK (json_valid(body)),
    created_at TEXT NOT NULL,
    attempts   INTEGER NOT NULL DEFAULT 0,
    due_at     TEXT,                      -- null: not to be pushed (the chat page reads it), or given up
    failure    TEXT NOT NULL DEFAULT ''   -- why it was given up
) STRICT;
CREATE INDEX outbox_of_pages ON outbox (address, id) WHERE channel = 'web';
CREATE INDEX outbox_person ON outbox (person);

-- The one open form of a person; the answers are the whole state.
CREATE TABLE forms (
    person      TEXT PRIMARY KEY REFERENCES people ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    name        TEXT NOT NULL,
    answers     TEXT NOT NULL CHECK (json_valid(answers)),
    touched_at  TEXT NOT NULL,
    reminded_at TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE failed_events (
    id        INTEGER PRIMARY KEY,
    channel   TEXT NOT NULL,
    event_id  TEXT NOT NULL,
    event     TEXT NOT NULL CHECK (json_valid(event)),
    traceback TEXT NOT NULL,
    failed_at TEXT NOT NULL
) STRICT;

CREATE TABLE interests (
    reference       TEXT PRIMARY KEY,
    person          TEXT REFERENCES people DEFERRABLE INITIALLY DEFERRED,  -- the child; null until they have taken it over from an adult
    asked_by        TEXT NOT NULL,           -- 'child', or who the adult is to them
    asked_by_person TEXT REFERENCES people ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED,
    channel         TEXT NOT NULL,
    language        TEXT NOT NULL,
    received_at     TEXT NOT NULL,
    status          TEXT NOT NULL CHECK (status IN ('awaiting_child', 'asked', 'talking', 'referred', 'waiting',
                        'matched', 'visiting', 'ended', 'not_now', 'declined', 'withdrawn')),
    status_since    TEXT NOT NULL,
    name            TEXT NOT NULL DEFAULT '',
    age             INTEGER,
    area            TEXT NOT NULL DEFAULT '',
    likes           TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(likes)),
    visitor_wishes  TEXT NOT NULL DEFAULT '',
    contact_way     TEXT NOT NULL DEFAULT '',
    anything_else   TEXT NOT NULL DEFAULT '',
    withdrawn_at    TEXT,
    closed_reason   TEXT NOT NULL DEFAULT ''
) STRICT, WITHOUT ROWID;
CREATE INDEX interests_person ON interests (person);
CREATE INDEX interests_asked_by_person ON interests (asked_by_person);
CREATE INDEX interests_received ON interests (received_at);

CREATE TABLE interest_events (
    id          INTEGER PRIMARY KEY,
    interest    TEXT NOT NULL REFERENCES interests ON DELETE CASCADE,
    at          TEXT NOT NULL,
    by_person   TEXT REFERENCES people ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED,
    from_status TEXT NOT NULL,
    to_status   TEXT NOT NULL
) STRICT;
CREATE INDEX interest_events_interest ON interest_events (interest);
CREATE INDEX interest_events_by_person ON interest_events (by_person);

-- The exact words somebody said yes or no to. Four yeses are kept apart by `purpose`.
CREATE TABLE consents (
    id           INTEGER PRIMARY KEY,
    person       TEXT NOT NULL REFERENCES people DEFERRABLE INITIALLY DEFERRED,
    interest     TEXT NOT NULL REFERENCES interests ON DELETE CASCADE,
    purpose      TEXT NOT NULL CHECK (purpose IN ('send', 'share')),
    given        INTEGER NOT NULL CHECK (given IN (0, 1)),
    words        TEXT NOT NULL,
    version      TEXT NOT NULL,
    language     TEXT NOT NULL,
    answered_at  TEXT NOT NULL,
    withdrawn_at TEXT
) STRICT;
CREATE INDEX consents_interest ON consents (interest, purpose);
CREATE INDEX consents_person ON consents (person);

CREATE TRIGGER consents_keep_their_words BEFORE UPDATE ON consents
WHEN OLD.withdrawn_at IS NOT NULL OR NEW.withdrawn_at IS NULL
  OR (OLD.id, OLD.person, OLD.interest, OLD.purpose, OLD.given, OLD.words, OLD.version, OLD.language, OLD.answered_at)
  IS NOT (NEW.id, NEW.person, NEW.interest, NEW.purpose, NEW.given, NEW.words, NEW.version, NEW.language, NEW.answered_at)
BEGIN SELECT RAISE(ABORT, 'a consent keeps its words: it can only be withdrawn, once'); END;

-- No interest goes anywhere without the child's own yes (DESIGN.md, promise 3), whoever writes to this file.
CREATE TRIGGER interests_start_still BEFORE INSERT ON interests
WHEN NEW.status NOT IN ('awaiting_child', 'declined')
BEGIN SELECT RAISE(ABORT, 'an interest starts as awaiting_child or declined'); END;

CREATE TRIGGER interests_need_the_childs_yes BEFORE UPDATE OF status ON interests
WHEN NEW.status NOT IN ('awaiting_child', 'declined', 'withdrawn')
 AND NOT EXISTS (SELECT 1 FROM consents WHERE interest = NEW.reference AND person = NEW.person
                 AND purpose = 'send' AND given = 1 AND withdrawn_at IS NULL)
BEGIN SELECT RAISE(ABORT, 'nothing moves before the child''s own yes'); END;

-- Return codes, hashed: they open a person's story again.
CREATE TABLE receipts (
    hash       TEXT PRIMARY KEY,
    person     TEXT NOT NULL REFERENCES people ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    created_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX receipts_person ON receipts (person);

-- One-time codes, hashed: a role for staff and volunteers, or an adult's request for a child to take over.
CREATE TABLE invites (
    hash       TEXT PRIMARY KEY,
    role       TEXT NOT NULL CHECK (role IN ('child', 'volunteer', 'coordinator', 'manager')),
    name       TEXT NOT NULL DEFAULT '',
    interest   TEXT REFERENCES interests ON DELETE CASCADE,
    created_at TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    used_at    TEXT,
    used_by    TEXT REFERENCES people ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED,
    CHECK ((role = 'child') = (interest IS NOT NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX invites_interest ON invites (interest);
CREATE INDEX invites_used_by ON invites (used_by);

-- Who looked at or changed what. Each row carries a hash of itself and of the row before it.
CREATE TABLE audit (
    seq     INTEGER PRIMARY KEY,
    at      TEXT NOT NULL,
    person  TEXT NOT NULL,  -- an id, kept when the person is gone; empty: a command on the machine
    role    TEXT NOT NULL,
    action  TEXT NOT NULL,
    subject TEXT NOT NULL,
    hash    TEXT NOT NULL
) STRICT;
CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
