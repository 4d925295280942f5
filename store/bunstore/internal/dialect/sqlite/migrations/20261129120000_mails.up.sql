-- A document on its way to one address. to_address is that of the role when it was last tried.
CREATE TABLE IF NOT EXISTS clientaccount_mails (
    id           TEXT NOT NULL UNIQUE,
    seq          INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id   TEXT NOT NULL,
    document     TEXT NOT NULL REFERENCES clientaccount_documents,
    role         TEXT NOT NULL,
    to_address   TEXT NOT NULL,
    state        TEXT NOT NULL,
    made_at      TEXT NOT NULL,
    due_at       TEXT NOT NULL,
    tries        INTEGER NOT NULL,
    try_at       TEXT,
    try_code     TEXT NOT NULL,
    try_said     TEXT NOT NULL,
    owner        TEXT,
    leased_until TEXT
) STRICT;

CREATE INDEX IF NOT EXISTS clientaccount_mails_document ON clientaccount_mails (document, seq);
CREATE INDEX IF NOT EXISTS clientaccount_mails_due ON clientaccount_mails (due_at, id) WHERE state = 'waiting';
