ALTER TABLE clientaccount_accounts
    ADD COLUMN IF NOT EXISTS credit_shared boolean NOT NULL DEFAULT false,
    ADD COLUMN IF NOT EXISTS credit_cap    numeric(21,6) CHECK (credit_cap <> 'NaN');

-- What an account has, and the terms it may spend it under, in narrow rows of their
-- own: a movement writes such a row anew, and half of each page is left free so that
-- the new one fits beside the old one and no index has to know. A table has one check
-- for NaN, which is greater than every number: each is read anew by every statement.
CREATE TABLE IF NOT EXISTS clientaccount_balances (
    account_id         uuid PRIMARY KEY REFERENCES clientaccount_accounts,
    version            bigint NOT NULL,
    entries            bigint NOT NULL, -- number of the last entry
    events             bigint NOT NULL, -- number of the last event
    amount             numeric(21,6) NOT NULL,
    held               numeric(21,6) NOT NULL,
    expires_at         timestamptz, -- no hold times out before
    spent              numeric(21,6) NOT NULL, -- shared money in month
    month              integer NOT NULL,
    low                boolean NOT NULL,
    exhausted          boolean NOT NULL,
    overdraw_over      boolean NOT NULL,
    currency           text NOT NULL, -- from here on the terms
    credit             numeric(21,6) NOT NULL,
    overdraw           numeric(21,6) NOT NULL,
    overdraw_ends      timestamptz,
    closed             boolean NOT NULL,
    shares             uuid REFERENCES clientaccount_accounts,
    cap                numeric(21,6),
    zone               text NOT NULL,
    notification_limit text NOT NULL,
    price              numeric(21,6),
    CHECK (greatest(amount, held, spent, credit, overdraw, cap, price) <> 'NaN')
) WITH (fillfactor = 50);

-- Overdraws whose end is still to be told. No movement changes the columns that the
-- index has or asks about, so balances are still written without touching it.
CREATE INDEX IF NOT EXISTS clientaccount_balances_overdraw ON clientaccount_balances (overdraw_ends)
    WHERE NOT overdraw_over AND overdraw <> '0';

-- NULL is none, and of amounts 0: a plain charge leaves most columns out.
CREATE TABLE IF NOT EXISTS clientaccount_entries (
    account_id   uuid NOT NULL,
    number       bigint NOT NULL,
    at           timestamptz NOT NULL,
    fingerprint  uuid NOT NULL, -- 16 bytes
    messages     integer NOT NULL,
    kind         text NOT NULL,
    reference    text COLLATE "C" NOT NULL,
    amount       numeric(21,6) NOT NULL,
    after        numeric(21,6) NOT NULL,
    credit_limit numeric(22,6), -- overdraw included, as it counted
    actor_id     text,
    actor_name   text,
    held         numeric(21,6),
    held_after   numeric(21,6),
    shared       numeric(21,6),
    spent        numeric(21,6),
    spent_after  numeric(21,6),
    reason       text,
    hold         text,
    until_at     timestamptz,
    of_entry     bigint,
    other        uuid,
    chain        text, -- ids with commas between
    PRIMARY KEY (account_id, number),
    CHECK (greatest(amount, after, credit_limit, held, held_after, shared, spent, spent_after) <> 'NaN')
);

CREATE UNIQUE INDEX IF NOT EXISTS clientaccount_entries_reference ON clientaccount_entries (account_id, reference);
CREATE INDEX IF NOT EXISTS clientaccount_entries_refunds ON clientaccount_entries (account_id, of_entry)
    WHERE of_entry IS NOT NULL;

-- The holds that no entry ended yet.
CREATE TABLE IF NOT EXISTS clientaccount_holds (
    account_id uuid NOT NULL,
    reference  text COLLATE "C" NOT NULL,
    amount     numeric(21,6) NOT NULL CHECK (amount <> 'NaN'),
    messages   integer NOT NULL,
    at         timestamptz NOT NULL,
    until_at   timestamptz NOT NULL,
    chain      text,
    PRIMARY KEY (account_id, reference)
);

-- By time-out: of one account, which may hold for many thousand messages, and of all.
CREATE INDEX IF NOT EXISTS clientaccount_holds_account ON clientaccount_holds (account_id, until_at, reference);
CREATE INDEX IF NOT EXISTS clientaccount_holds_due ON clientaccount_holds (until_at, account_id);

CREATE TABLE IF NOT EXISTS clientaccount_events (
    account_id         uuid NOT NULL,
    number             bigint NOT NULL,
    kind               text NOT NULL,
    at                 timestamptz NOT NULL,
    balance            numeric(21,6) NOT NULL,
    held               numeric(21,6) NOT NULL,
    available          numeric(22,6) NOT NULL,
    notification_limit text NOT NULL,
    PRIMARY KEY (account_id, number),
    CHECK (greatest(balance, held, available) <> 'NaN')
);

-- Accounts that are older than their money begin with none. What they have by their
-- limits is no news, and neither is an overdraw that ended before.
INSERT INTO clientaccount_balances (
    account_id, version, entries, events, amount, held, spent, month, low, exhausted, overdraw_over,
    currency, credit, overdraw, overdraw_ends, closed, zone, notification_limit, price)
SELECT a.id, 1, 0, 0, 0, 0, 0, 0, false,
    coalesce(a.credit_limit, p.credit_limit, 0) = 0
        AND NOT (coalesce(a.credit_overdraw_limit, 0) > 0 AND a.credit_overdraw_expires_at > now()),
    coalesce(a.credit_overdraw_limit > 0 AND a.credit_overdraw_expires_at <= now(), false),
    a.currency, coalesce(a.credit_limit, p.credit_limit, 0), coalesce(a.credit_overdraw_limit, 0), a.credit_overdraw_expires_at,
    a.status = 'closed', a.time_zone, a.notification_limit, p.price
FROM clientaccount_accounts a LEFT JOIN clientaccount_products p ON p.id = a.notes_product
ON CONFLICT (account_id) DO NOTHING;
