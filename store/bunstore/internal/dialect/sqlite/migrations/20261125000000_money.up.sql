-- SQLite cannot add a column only where it is missing. Run again, these two statements
-- fail with "duplicate column name", and have nothing to do.
ALTER TABLE clientaccount_accounts ADD COLUMN credit_shared INTEGER NOT NULL DEFAULT 0;

--bun:split

ALTER TABLE clientaccount_accounts ADD COLUMN credit_cap TEXT;

--bun:split

-- What an account has, and the terms it may spend it under. Amounts, times and ids are
-- text.
CREATE TABLE IF NOT EXISTS clientaccount_balances (
    account_id         TEXT PRIMARY KEY REFERENCES clientaccount_accounts,
    version            INTEGER NOT NULL,
    entries            INTEGER NOT NULL, -- number of the last entry
    events             INTEGER NOT NULL, -- number of the last event
    amount             TEXT NOT NULL,
    held               TEXT NOT NULL,
    expires_at         TEXT, -- no hold times out before
    spent              TEXT NOT NULL, -- shared money in month
    month              INTEGER NOT NULL,
    low                INTEGER NOT NULL,
    exhausted          INTEGER NOT NULL,
    overdraw_over      INTEGER NOT NULL,
    currency           TEXT NOT NULL, -- from here on the terms
    credit             TEXT NOT NULL,
    overdraw           TEXT NOT NULL,
    overdraw_ends      TEXT,
    closed             INTEGER NOT NULL,
    shares             TEXT REFERENCES clientaccount_accounts,
    cap                TEXT,
    zone               TEXT NOT NULL,
    notification_limit TEXT NOT NULL,
    price              TEXT
) STRICT, WITHOUT ROWID;

-- Overdraws whose end is still to be told. Zero is written as 0 and in no other way.
CREATE INDEX IF NOT EXISTS clientaccount_balances_overdraw ON clientaccount_balances (overdraw_ends)
    WHERE NOT overdraw_over AND overdraw <> '0';

-- NULL is none, and of amounts 0: a plain charge leaves most columns out.
CREATE TABLE IF NOT EXISTS clientaccount_entries (
    account_id   TEXT NOT NULL,
    number       INTEGER NOT NULL,
    at           TEXT NOT NULL,
    fingerprint  TEXT NOT NULL, -- 16 bytes, written like an id
    messages     INTEGER NOT NULL,
    kind         TEXT NOT NULL,
    reference    TEXT NOT NULL,
    amount       TEXT NOT NULL,
    after        TEXT NOT NULL,
    credit_limit TEXT, -- overdraw included, as it counted
    actor_id     TEXT,
    actor_name   TEXT,
    held         TEXT,
    held_after   TEXT,
    shared       TEXT,
    spent        TEXT,
    spent_after  TEXT,
    reason       TEXT,
    hold         TEXT,
    until_at     TEXT,
    of_entry     INTEGER,
    other        TEXT,
    chain        TEXT, -- ids with commas between
    PRIMARY KEY (account_id, number)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX IF NOT EXISTS clientaccount_entries_reference ON clientaccount_entries (account_id, reference);
CREATE INDEX IF NOT EXISTS clientaccount_entries_refunds ON clientaccount_entries (account_id, of_entry)
    WHERE of_entry IS NOT NULL;

-- The holds that no entry ended yet.
CREATE TABLE IF NOT EXISTS clientaccount_holds (
    account_id TEXT NOT NULL,
    reference  TEXT NOT NULL,
    amount     TEXT NOT NULL,
    messages   INTEGER NOT NULL,
    at         TEXT NOT NULL,
    until_at   TEXT NOT NULL,
    chain      TEXT,
    PRIMARY KEY (account_id, reference)
) STRICT, WITHOUT ROWID;

-- By time-out: of one account, which may hold for many thousand messages, and of all.
CREATE INDEX IF NOT EXISTS clientaccount_holds_account ON clientaccount_holds (account_id, until_at, reference);
CREATE INDEX IF NOT EXISTS clientaccount_holds_due ON clientaccount_holds (until_at, account_id);

CREATE TABLE IF NOT EXISTS clientaccount_events (
    account_id         TEXT NOT NULL,
    number             INTEGER NOT NULL,
    kind               TEXT NOT NULL,
    at                 TEXT NOT NULL,
    balance            TEXT NOT NULL,
    held               TEXT NOT NULL,
    available          TEXT NOT NULL,
    notification_limit TEXT NOT NULL,
    PRIMARY KEY (account_id, number)
) STRICT, WITHOUT ROWID;

-- Accounts that are older than their money begin with none. What they have by their
-- limits is no news, and neither is an overdraw that ended before. Zero is written as
-- 0 in the older tables, too.
INSERT INTO clientaccount_balances (
    account_id, version, entries, events, amount, held, spent, month, low, exhausted, overdraw_over,
    currency, credit, overdraw, overdraw_ends, closed, zone, notification_limit, price)
SELECT a.id, 1, 0, 0, '0', '0', '0', 0, 0,
    coalesce(a.credit_limit, p.credit_limit, '0') = '0'
        AND NOT (coalesce(a.credit_overdraw_limit, '0') <> '0' AND a.credit_overdraw_expires_at > strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
    coalesce(a.credit_overdraw_limit <> '0' AND a.credit_overdraw_expires_at <= strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), 0),
    a.currency, coalesce(a.credit_limit, p.credit_limit, '0'), coalesce(a.credit_overdraw_limit, '0'), a.credit_overdraw_expires_at,
    a.status = 'closed', a.time_zone, a.notification_limit, p.price
FROM clientaccount_accounts a LEFT JOIN clientaccount_products p ON p.id = a.notes_product
WHERE true -- without it ON would be read as that of a join
ON CONFLICT (account_id) DO NOTHING;
