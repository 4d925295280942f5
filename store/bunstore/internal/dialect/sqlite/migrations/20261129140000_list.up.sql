-- What the Clients list is sorted, narrowed and counted by, narrow and beside the accounts: their
-- fields, the worst status and the first end of an account and of those above it, and from moved_at
-- on what is put after the fact, when money has moved. due_at is when that is to be put anew; marks
-- counts how often it was said to be. Amounts are text that sorts as they do.
CREATE TABLE IF NOT EXISTS clientaccount_listed (
    account_id    TEXT PRIMARY KEY REFERENCES clientaccount_accounts,
    login         TEXT NOT NULL,
    company_key   TEXT NOT NULL,
    created_at    TEXT NOT NULL,
    updated_at    TEXT NOT NULL,
    manager       TEXT,
    product       TEXT,
    country       TEXT NOT NULL,
    parent        TEXT,
    above         TEXT NOT NULL,
    above_expires TEXT,
    status        TEXT NOT NULL,
    ends_at       TEXT,
    moved_at      TEXT NOT NULL DEFAULT '0001-01-01T00:00:00.000000Z',
    balance       TEXT NOT NULL DEFAULT '10000000000000000000000',
    available     TEXT NOT NULL DEFAULT '10000000000000000000000',
    exhausted     INTEGER NOT NULL DEFAULT 0,
    near_limit    INTEGER NOT NULL DEFAULT 0,
    mail_failing  INTEGER NOT NULL DEFAULT 0,
    hook_failing  INTEGER NOT NULL DEFAULT 0,
    overdraw_ends TEXT,
    version       INTEGER NOT NULL DEFAULT 0,
    marks         INTEGER NOT NULL DEFAULT 1,
    due_at        TEXT
) STRICT;

-- Accounts that are there already: the severest status from the top down, and the first end.
WITH RECURSIVE s (status, severity) AS (VALUES ('active', 0), ('pending', 1), ('suspended', 3), ('blocked', 4), ('closed', 5)),
t (id, above, above_expires, severity, ends_at) AS (
    SELECT a.id, 0, NULL, s.severity, a.expires_at
        FROM clientaccount_accounts a JOIN s ON s.status = a.status WHERE a.parent IS NULL
    UNION ALL
    SELECT a.id, t.severity, t.ends_at, max(t.severity, s.severity),
            coalesce(min(t.ends_at, a.expires_at), t.ends_at, a.expires_at)
        FROM t JOIN clientaccount_accounts a ON a.parent = t.id JOIN s ON s.status = a.status
)
INSERT INTO clientaccount_listed (account_id, login, company_key, created_at, updated_at, manager, product, country, parent,
    above, above_expires, status, ends_at, due_at)
SELECT a.id, a.login, a.company_key, a.created_at, a.updated_at, a.manager, a.notes_product, a.contact_country, a.parent,
    above.status, t.above_expires, worst.status, t.ends_at, '0001-01-01T00:00:00.000000Z'
FROM t JOIN clientaccount_accounts a ON a.id = t.id
    JOIN s above ON above.severity = t.above JOIN s worst ON worst.severity = t.severity
WHERE true -- without it ON would be read as that of a join
ON CONFLICT (account_id) DO NOTHING;

CREATE INDEX IF NOT EXISTS clientaccount_listed_login ON clientaccount_listed (login, account_id);
CREATE INDEX IF NOT EXISTS clientaccount_listed_company ON clientaccount_listed (company_key, account_id);
CREATE INDEX IF NOT EXISTS clientaccount_listed_updated ON clientaccount_listed (updated_at, account_id);
CREATE INDEX IF NOT EXISTS clientaccount_listed_created ON clientaccount_listed (created_at, account_id);
CREATE INDEX IF NOT EXISTS clientaccount_listed_moved ON clientaccount_listed (moved_at, account_id);
CREATE INDEX IF NOT EXISTS clientaccount_listed_balance ON clientaccount_listed (balance, account_id);
CREATE INDEX IF NOT EXISTS clientaccount_listed_available ON clientaccount_listed (available, account_id);
CREATE INDEX IF NOT EXISTS clientaccount_listed_manager ON clientaccount_listed (manager);
CREATE INDEX IF NOT EXISTS clientaccount_listed_product ON clientaccount_listed (product);
CREATE INDEX IF NOT EXISTS clientaccount_listed_parent ON clientaccount_listed (parent);
CREATE INDEX IF NOT EXISTS clientaccount_listed_hooks ON clientaccount_listed (account_id) WHERE hook_failing;
CREATE INDEX IF NOT EXISTS clientaccount_listed_due ON clientaccount_listed (due_at) WHERE due_at IS NOT NULL;

-- The list goes by these no more.
DROP INDEX IF EXISTS clientaccount_accounts_company;
DROP INDEX IF EXISTS clientaccount_accounts_updated;
DROP INDEX IF EXISTS clientaccount_accounts_created;

-- Which webhooks fail, or are off, and which mails failed.
CREATE INDEX IF NOT EXISTS clientaccount_hooks_failing ON clientaccount_hooks (account_id)
    WHERE failing_since IS NOT NULL OR off_at IS NOT NULL;
CREATE INDEX IF NOT EXISTS clientaccount_mails_account ON clientaccount_mails (account_id, to_address, try_at);

-- What waits for a second person.
CREATE INDEX IF NOT EXISTS clientaccount_tasks_unconfirmed ON clientaccount_tasks (account_id) WHERE state = 'unconfirmed';

-- Whose money is shared.
CREATE INDEX IF NOT EXISTS clientaccount_balances_shares ON clientaccount_balances (shares) WHERE shares IS NOT NULL;

-- References by which people look for what they booked, among all clients. No charge writes to it.
CREATE INDEX IF NOT EXISTS clientaccount_entries_found ON clientaccount_entries (reference)
    WHERE kind IN ('top_up', 'adjust', 'refund', 'transfer_out', 'transfer_in');
