-- What a message costs, by whose list it is: a product's or a client's, the other being the id
-- of zeros. Whoever removes the product removes its list.
CREATE TABLE IF NOT EXISTS clientaccount_prices (
    account_id uuid NOT NULL,
    product    uuid NOT NULL,
    mcc        text COLLATE "C" NOT NULL,
    mnc        text COLLATE "C" NOT NULL,
    from_at    timestamptz NOT NULL,
    price      numeric(21,6) NOT NULL CHECK (price <> 'NaN'),
    state      text NOT NULL,
    PRIMARY KEY (account_id, product, mcc, mnc, from_at)
);

CREATE TABLE IF NOT EXISTS clientaccount_price_drafts (
    account_id uuid NOT NULL,
    product    uuid NOT NULL,
    revision   bigint NOT NULL,
    undo       text, -- JSON; NULL is none
    added      text, -- JSON
    actor_id   text NOT NULL,
    actor_name text NOT NULL,
    at         timestamptz NOT NULL,
    PRIMARY KEY (account_id, product)
);

CREATE TABLE IF NOT EXISTS clientaccount_price_announcements (
    id         uuid PRIMARY KEY,
    account_id uuid NOT NULL,
    product    uuid NOT NULL,
    at         timestamptz NOT NULL,
    actor_id   text NOT NULL,
    actor_name text NOT NULL,
    reason     text NOT NULL,
    added      text, -- JSON; NULL is none
    undone     text, -- JSON
    told       uuid NOT NULL, -- clients up to it were told
    done       boolean NOT NULL
) WITH (fillfactor = 50);

CREATE INDEX IF NOT EXISTS clientaccount_price_announcements_owner
    ON clientaccount_price_announcements (account_id, product, id);
CREATE INDEX IF NOT EXISTS clientaccount_price_announcements_untold
    ON clientaccount_price_announcements (id) WHERE NOT done;
