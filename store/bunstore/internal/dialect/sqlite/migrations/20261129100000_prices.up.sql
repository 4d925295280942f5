-- What a message costs, by whose list it is: a product's or a client's, the other being the id
-- of zeros. Whoever removes the product removes its list.
CREATE TABLE IF NOT EXISTS clientaccount_prices (
    account_id TEXT NOT NULL,
    product    TEXT NOT NULL,
    mcc        TEXT NOT NULL,
    mnc        TEXT NOT NULL,
    from_at    TEXT NOT NULL,
    price      TEXT NOT NULL,
    state      TEXT NOT NULL,
    PRIMARY KEY (account_id, product, mcc, mnc, from_at)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS clientaccount_price_drafts (
    account_id TEXT NOT NULL,
    product    TEXT NOT NULL,
    revision   INTEGER NOT NULL,
    undo       TEXT, -- JSON; NULL is none
    added      TEXT, -- JSON
    actor_id   TEXT NOT NULL,
    actor_name TEXT NOT NULL,
    at         TEXT NOT NULL,
    PRIMARY KEY (account_id, product)
) STRICT;

CREATE TABLE IF NOT EXISTS clientaccount_price_announcements (
    id         TEXT PRIMARY KEY,
    account_id TEXT NOT NULL,
    product    TEXT NOT NULL,
    at         TEXT NOT NULL,
    actor_id   TEXT NOT NULL,
    actor_name TEXT NOT NULL,
    reason     TEXT NOT NULL,
    added      TEXT, -- JSON; NULL is none
    undone     TEXT, -- JSON
    told       TEXT NOT NULL, -- clients up to it were told
    done       INTEGER NOT NULL
) STRICT;

CREATE INDEX IF NOT EXISTS clientaccount_price_announcements_owner
    ON clientaccount_price_announcements (account_id, product, id);
CREATE INDEX IF NOT EXISTS clientaccount_price_announcements_untold
    ON clientaccount_price_announcements (id) WHERE NOT done;
