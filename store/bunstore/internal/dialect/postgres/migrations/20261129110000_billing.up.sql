-- How far the entries of an account were gone through. NULL is the zero value of an instant.
CREATE TABLE IF NOT EXISTS clientaccount_books (
    account_id        uuid PRIMARY KEY REFERENCES clientaccount_accounts,
    version           bigint NOT NULL,
    cut_at            timestamptz,
    cut_day           text NOT NULL DEFAULT '',
    opening_entry     bigint NOT NULL DEFAULT 0,
    opening_balance   numeric(21,6) NOT NULL DEFAULT 0,
    opening_held      numeric(21,6) NOT NULL DEFAULT 0,
    to_entry          bigint NOT NULL DEFAULT 0,
    to_balance        numeric(21,6) NOT NULL DEFAULT 0,
    to_held           numeric(21,6) NOT NULL DEFAULT 0,
    statement_at      timestamptz,
    statement_day     text NOT NULL DEFAULT '',
    statement_entry   bigint NOT NULL DEFAULT 0,
    statement_balance numeric(21,6) NOT NULL DEFAULT 0,
    statement_held    numeric(21,6) NOT NULL DEFAULT 0,
    daily_at          timestamptz,
    daily_day         text NOT NULL DEFAULT '',
    due_at            timestamptz,
    CHECK (greatest(opening_balance, opening_held, to_balance, to_held, statement_balance, statement_held) <> 'NaN')
) WITH (fillfactor = 50);

CREATE INDEX IF NOT EXISTS clientaccount_books_due ON clientaccount_books (due_at, account_id) WHERE due_at IS NOT NULL;

-- Accounts that there are already are looked at soon. No documents are made of what is past by now,
-- which is why this is not when they were made.
INSERT INTO clientaccount_books (account_id, version, due_at)
    SELECT id, 1, now() FROM clientaccount_accounts ON CONFLICT DO NOTHING;

-- What the entries of a period, which begins behind an entry, come to.
CREATE TABLE IF NOT EXISTS clientaccount_usage (
    account_id uuid NOT NULL REFERENCES clientaccount_accounts,
    period     bigint NOT NULL,
    day        text COLLATE "C" NOT NULL,
    kind       text COLLATE "C" NOT NULL,
    price      text COLLATE "C" NOT NULL,
    refund     text COLLATE "C" NOT NULL,
    shared     boolean NOT NULL,
    entries    bigint NOT NULL,
    messages   bigint NOT NULL,
    moved      numeric NOT NULL,
    held       numeric NOT NULL,
    PRIMARY KEY (account_id, period, day, kind, shared, refund, price),
    CHECK (greatest(moved, held) <> 'NaN')
);

-- The number that was given out last.
CREATE TABLE IF NOT EXISTS clientaccount_document_numbers (
    series text COLLATE "C" NOT NULL,
    year   integer NOT NULL,
    number bigint NOT NULL,
    PRIMARY KEY (series, year)
);

-- number_key is the number folded, to be looked for; mailed is the state of the document's mails.
CREATE TABLE IF NOT EXISTS clientaccount_documents (
    id         uuid PRIMARY KEY,
    account_id uuid NOT NULL REFERENCES clientaccount_accounts,
    kind       text COLLATE "C" NOT NULL,
    origin     text COLLATE "C" NOT NULL,
    number     text COLLATE "C",
    number_key text COLLATE "C",
    of_invoice uuid,
    at         timestamptz NOT NULL,
    issued     text COLLATE "C" NOT NULL,
    first_day  text NOT NULL,
    last_day   text NOT NULL,
    total      numeric CHECK (total <> 'NaN'),
    currency   text NOT NULL,
    content    text NOT NULL,
    mailed     text COLLATE "C" NOT NULL DEFAULT '',
    UNIQUE (account_id, origin)
);

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
