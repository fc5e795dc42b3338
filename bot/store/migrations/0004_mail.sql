-- A mail goes to somebody of the service who is on no chat: no person of ours, so `person` may be null.

CREATE TABLE outbox_with_mail (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    turn       INTEGER NOT NULL,
    person     TEXT REFERENCES people ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,  -- null: on no chat
    channel    TEXT NOT NULL,
    address    TEXT NOT NULL,             -- empty: waits until the person comes back
    body       TEXT NOT NULL CHECK (json_valid(body)),
    created_at TEXT NOT NULL,
    attempts   INTEGER NOT NULL DEFAULT 0,
    due_at     TEXT,                      -- null: not to be pushed (the chat page reads it), or given up
    failure    TEXT NOT NULL DEFAULT '',  -- why it was given up
    CHECK ((person IS NULL) = (channel = 'mail'))
) STRICT;

-- Numbers go on where they were: none is ever given to a second message.
INSERT INTO sqlite_sequence (name, seq) SELECT 'outbox_with_mail', seq FROM sqlite_sequence WHERE name = 'outbox';
INSERT INTO outbox_with_mail SELECT * FROM outbox;
DROP TABLE outbox;
ALTER TABLE outbox_with_mail RENAME TO outbox;
CREATE INDEX outbox_of_pages ON outbox (address, id) WHERE channel = 'web';
CREATE INDEX outbox_person ON outbox (person);
