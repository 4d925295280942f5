-- What the Clients list is sorted, narrowed and counted by, narrow and beside the accounts: their
-- fields, the worst status and the first end of an account and of those above it, and from moved_at
-- on what is put after the fact, when money has moved. due_at is when that is to be put anew; marks
-- counts how often it was said to be. Amounts are text that sorts as they do.
CREATE TABLE IF NOT EXISTS clientaccount_listed (
    account_id    uuid PRIMARY KEY REFERENCES clientaccount_accounts,
    login         text COLLATE "C" NOT NULL,
    company_key   text COLLATE "C" NOT NULL,
    created_at    timestamptz NOT NULL,
    updated_at    timestamptz NOT NULL,
    manager       uuid,
    product       uuid,
    country       text COLLATE "C" NOT NULL,
    parent        uuid,
    above         text COLLATE "C" NOT NULL,
    above_expires timestamptz,
    status        text COLLATE "C" NOT NULL,
    ends_at       timestamptz,
    moved_at      timestamptz NOT NULL DEFAULT '0001-01-01T00:00:00Z',
    balance       text COLLATE "C" NOT NULL DEFAULT '10000000000000000000000',
    available     text COLLATE "C" NOT NULL DEFAULT '10000000000000000000000',
    exhausted     boolean NOT NULL DEFAULT false,
    near_limit    boolean NOT NULL DEFAULT false,
    mail_failing  boolean NOT NULL DEFAULT false,
    hook_failing  boolean NOT NULL DEFAULT false,
    overdraw_ends timestamptz,
    version       bigint NOT NULL DEFAULT 0,
    marks         bigint NOT NULL DEFAULT 1,
    due_at        timestamptz
);

-- Accounts that are there already: the severest status from the top down, and the first end.
WITH RECURSIVE s (status, severity) AS (VALUES ('active', 0), ('pending', 1), ('suspended', 3), ('blocked', 4), ('closed', 5)),
t AS (
    SELECT a.id, 0 AS above, NULL::timestamptz AS above_expires, s.severity, a.expires_at AS ends_at
        FROM clientaccount_accounts a JOIN s ON s.status = a.status WHERE a.parent IS NULL
    UNION ALL
    SELECT a.id, t.severity, t.ends_at, greatest(t.severity, s.severity), least(t.ends_at, a.expires_at)
        FROM t JOIN clientaccount_accounts a ON a.parent = t.id JOIN s ON s.status = a.status
)
INSERT INTO clientaccount_listed (account_id, login, company_key, created_at, updated_at, manager, product, country, parent,
    above, above_expires, status, ends_at, due_at)
SELECT a.id, a.login, a.company_key, a.created_at, a.updated_at, a.manager, a.notes_product, a.contact_country, a.parent,
    above.status, t.above_expires, worst.status, t.ends_at, '0001-01-01T00:00:00Z'
FROM t JOIN clientaccount_accounts a ON a.id = t.id
    JOIN s above ON above.severity = t.above JOIN s worst ON worst.severity = t.severity
ON CONFLICT (account_id) DO NOTHING;

-- Each order has with it what is narrowed by, so that it is gone through without the rows.
CREATE INDEX IF NOT EXISTS clientaccount_listed_login ON clientaccount_listed (login, account_id)
    INCLUDE (manager, product, parent, country, status, ends_at, exhausted, near_limit, mail_failing, hook_failing, overdraw_ends, moved_at, created_at);
CREATE INDEX IF NOT EXISTS clientaccount_listed_company ON clientaccount_listed (company_key, account_id)
    INCLUDE (manager, product, parent, country, status, ends_at, exhausted, near_limit, mail_failing, hook_failing, overdraw_ends, moved_at, created_at);
CREATE INDEX IF NOT EXISTS clientaccount_listed_updated ON clientaccount_listed (updated_at, account_id)
    INCLUDE (manager, product, parent, country, status, ends_at, exhausted, near_limit, mail_failing, hook_failing, overdraw_ends, moved_at, created_at);
CREATE INDEX IF NOT EXISTS clientaccount_listed_created ON clientaccount_listed (created_at, account_id)
    INCLUDE (manager, product, parent, country, status, ends_at, exhausted, near_limit, mail_failing, hook_failing, overdraw_ends, moved_at);
CREATE INDEX IF NOT EXISTS clientaccount_listed_moved ON clientaccount_listed (moved_at, account_id)
    INCLUDE (manager, product, parent, country, status, ends_at, exhausted, near_limit, mail_failing, hook_failing, overdraw_ends, created_at);
CREATE INDEX IF NOT EXISTS clientaccount_listed_balance ON clientaccount_listed (balance, account_id)
    INCLUDE (manager, product, parent, country, status, ends_at, exhausted, near_limit, mail_failing, hook_failing, overdraw_ends, moved_at, created_at);
CREATE INDEX IF NOT EXISTS clientaccount_listed_available ON clientaccount_listed (available, account_id)
    INCLUDE (manager, product, parent, country, status, ends_at, exhausted, near_limit, mail_failing, hook_failing, overdraw_ends, moved_at, created_at);

CREATE INDEX IF NOT EXISTS clientaccount_listed_manager ON clientaccount_listed (manager);
CREATE INDEX IF NOT EXISTS clientaccount_listed_product ON clientaccount_listed (product);
CREATE INDEX IF NOT EXISTS clientaccount_listed_parent ON clientaccount_listed (parent);
CREATE INDEX IF NOT EXISTS clientaccount_listed_country ON clientaccount_listed (country);
CREATE INDEX IF NOT EXISTS clientaccount_listed_status ON clientaccount_listed (status);

-- What few rows have, with all that they are sorted and narrowed by beside.
CREATE INDEX IF NOT EXISTS clientaccount_listed_ends ON clientaccount_listed (ends_at)
    INCLUDE (login, company_key, created_at, updated_at, moved_at, balance, available,
    manager, product, parent, country, status, account_id) WHERE ends_at IS NOT NULL;
CREATE INDEX IF NOT EXISTS clientaccount_listed_exhausted ON clientaccount_listed (account_id)
    INCLUDE (login, company_key, created_at, updated_at, moved_at, balance, available,
    manager, product, parent, country, status, ends_at) WHERE exhausted;
CREATE INDEX IF NOT EXISTS clientaccount_listed_near ON clientaccount_listed (account_id)
    INCLUDE (login, company_key, created_at, updated_at, moved_at, balance, available,
    manager, product, parent, country, status, ends_at) WHERE near_limit;
CREATE INDEX IF NOT EXISTS clientaccount_listed_mail ON clientaccount_listed (account_id)
    INCLUDE (login, company_key, created_at, updated_at, moved_at, balance, available,
    manager, product, parent, country, status, ends_at) WHERE mail_failing;
CREATE INDEX IF NOT EXISTS clientaccount_listed_hooks ON clientaccount_listed (account_id)
    INCLUDE (login, company_key, created_at, updated_at, moved_at, balance, available,
    manager, product, parent, country, status, ends_at) WHERE hook_failing;
CREATE INDEX IF NOT EXISTS clientaccount_listed_overdraw ON clientaccount_listed (overdraw_ends)
    INCLUDE (login, company_key, created_at, updated_at, moved_at, balance, available,
    manager, product, parent, country, status, ends_at, account_id) WHERE overdraw_ends IS NOT NULL;

CREATE INDEX IF NOT EXISTS clientaccount_listed_due ON clientaccount_listed (due_at) WHERE due_at IS NOT NULL;

-- The list goes by these no more.
DROP INDEX IF EXISTS clientaccount_accounts_company;
DROP INDEX IF EXISTS clientaccount_accounts_updated;
DROP INDEX IF EXISTS clientaccount_accounts_created;

-- Which webhooks fail, or are off, and which mails failed. What is tried often changes none of these.
CREATE INDEX IF NOT EXISTS clientaccount_hooks_failing ON clientaccount_hooks (account_id)
    WHERE failing_since IS NOT NULL OR off_at IS NOT NULL;
CREATE INDEX IF NOT EXISTS clientaccount_mails_account ON clientaccount_mails (account_id, to_address, try_at);

-- The hour of the last entry, by which it is found which accounts moved since it was looked last.
-- It changes once an hour: all other movements are still written without touching an index.
ALTER TABLE clientaccount_balances ADD COLUMN IF NOT EXISTS moved_hour timestamp
    GENERATED ALWAYS AS (date_trunc('hour', last_at AT TIME ZONE 'UTC')) STORED;
CREATE INDEX IF NOT EXISTS clientaccount_balances_moved ON clientaccount_balances (moved_hour) WHERE moved_hour IS NOT NULL;

-- What waits for a second person.
CREATE INDEX IF NOT EXISTS clientaccount_tasks_unconfirmed ON clientaccount_tasks (account_id) WHERE state = 'unconfirmed';

-- Whose money is shared.
CREATE INDEX IF NOT EXISTS clientaccount_balances_shares ON clientaccount_balances (shares) WHERE shares IS NOT NULL;

-- Up to when all that moved was found.
CREATE TABLE IF NOT EXISTS clientaccount_listed_seen (
    id      integer PRIMARY KEY CHECK (id = 1),
    seen_at timestamptz NOT NULL
);
INSERT INTO clientaccount_listed_seen (id, seen_at) VALUES (1, '0001-01-02T00:00:00Z') ON CONFLICT DO NOTHING;

-- References by which people look for what they booked, among all clients. No charge writes to it.
CREATE INDEX IF NOT EXISTS clientaccount_entries_found ON clientaccount_entries (reference)
    WHERE kind IN ('top_up', 'adjust', 'refund', 'transfer_out', 'transfer_in');
