-- How far the entries of an account were gone through. NULL is the zero value of an instant.
CREATE TABLE IF NOT EXISTS clientaccount_books (
    account_id        TEXT PRIMARY KEY REFERENCES clientaccount_accounts,
    version           INTEGER NOT NULL,
    cut_at            TEXT,
    cut_day           TEXT NOT NULL DEFAULT '',
    opening_entry     INTEGER NOT NULL DEFAULT 0,
    opening_balance   TEXT NOT NULL DEFAULT '0',
    opening_held      TEXT NOT NULL DEFAULT '0',
    to_entry          INTEGER NOT NULL DEFAULT 0,
    to_balance        TEXT NOT NULL DEFAULT '0',
    to_held           TEXT NOT NULL DEFAULT '0',
    statement_at      TEXT,
    statement_day     TEXT NOT NULL DEFAULT '',
    statement_entry   INTEGER NOT NULL DEFAULT 0,
    statement_balance TEXT NOT NULL DEFAULT '0',
    statement_held    TEXT NOT NULL DEFAULT '0',
    daily_at          TEXT,
    daily_day         TEXT NOT NULL DEFAULT '',
    due_at            TEXT
) STRICT;

CREATE INDEX IF NOT EXISTS clientaccount_books_due ON clientaccount_books (due_at, account_id) WHERE due_at IS NOT NULL;

-- Accounts that there are already are looked at soon. No documents are made of what is past by now,
-- which is why this is not when they were made.
INSERT INTO clientaccount_books (account_id, version, due_at)
    SELECT id, 1, strftime('%Y-%m-%dT%H:%M:%f000Z', 'now') FROM clientaccount_accounts WHERE TRUE ON CONFLICT DO NOTHING;

-- What the entries of a period, which begins behind an entry, come to.
CREATE TABLE IF NOT EXISTS clientaccount_usage (
    account_id TEXT NOT NULL REFERENCES clientaccount_accounts,
    period     INTEGER NOT NULL,
    day        TEXT NOT NULL,
    kind       TEXT NOT NULL,
    price      TEXT NOT NULL,
    refund     TEXT NOT NULL,
    shared     INTEGER NOT NULL,
    entries    INTEGER NOT NULL,
    messages   INTEGER NOT NULL,
    moved      TEXT NOT NULL,
    held       TEXT NOT NULL,
    PRIMARY KEY (account_id, period, day, kind, shared, refund, price)
) STRICT;

-- The number that was given out last.
CREATE TABLE IF NOT EXISTS clientaccount_document_numbers (
    series TEXT NOT NULL,
    year   INTEGER NOT NULL,
    number INTEGER NOT NULL,
    PRIMARY KEY (series, year)
) STRICT;

-- number_key is the number folded, to be looked for; mailed is the state of the document's mails.
CREATE TABLE IF NOT EXISTS clientaccount_documents (
    id         TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES clientaccount_accounts,
    kind       TEXT NOT NULL,
    origin     TEXT NOT NULL,
    number     TEXT,
    number_key TEXT,
    of_invoice TEXT,
    at         TEXT NOT NULL,
    issued     TEXT NOT NULL,
    first_day  TEXT NOT NULL,
    last_day   TEXT NOT NULL,
    total      TEXT,
    currency   TEXT NOT NULL,
    content    TEXT NOT NULL,
    mailed     TEXT NOT NULL DEFAULT '',
    UNIQUE (account_id, origin)
) STRICT;

CREATE UNIQUE INDEX IF NOT EXISTS clientaccount_documents_number
    ON clientaccount_documents (number) WHERE number IS NOT NULL;
CREATE INDEX IF NOT EXISTS clientaccount_documents_number_key
    ON clientaccount_documents (number_key) WHERE number_key IS NOT NULL;
CREATE INDEX IF NOT EXISTS clientaccount_documents_of
    ON clientaccount_documents (of_invoice) WHERE of_invoice IS NOT NULL;

-- Pages, newest first: of all and of an account, whole and narrowed.
CREATE INDEX IF NOT EXISTS clientaccount_documents_at ON clientaccount_documents (at, id);
CREATE INDEX IF NOT EXISTS clientaccount_documents_kind ON clientaccount_documents (kind, at, id);
CREATE INDEX IF NOT EXISTS clientaccount_documents_mailed ON clientaccount_documents (mailed, at, id);
CREATE INDEX IF NOT EXISTS clientaccount_documents_account_at ON clientaccount_documents (account_id, at, id);
CREATE INDEX IF NOT EXISTS clientaccount_documents_account_kind ON clientaccount_documents (account_id, kind, at, id);
CREATE INDEX IF NOT EXISTS clientaccount_documents_account_mailed ON clientaccount_documents (account_id, mailed, at, id);
