CREATE TABLE IF NOT EXISTS clientaccount_managers (
    id       uuid PRIMARY KEY,
    revision bigint NOT NULL,
    name     text NOT NULL,
    name_key text COLLATE "C" NOT NULL, -- the name folded, to sort by
    email    text NOT NULL,
    phone    text NOT NULL
);

CREATE TABLE IF NOT EXISTS clientaccount_products (
    id           uuid PRIMARY KEY,
    revision     bigint NOT NULL,
    name         text NOT NULL,
    name_key     text COLLATE "C" NOT NULL,
    currency     text NOT NULL,
    price        numeric(21,6) CHECK (price <> 'NaN'),
    credit_limit numeric(21,6) CHECK (credit_limit <> 'NaN'),
    priority     integer,
    dlr_days     integer,
    moderation   text NOT NULL
);

-- A column per field of the field table, named after its path; before them what is
-- no field, and what is derived: company_key to sort by, search_text to search in.
CREATE TABLE IF NOT EXISTS clientaccount_accounts (
    id                         uuid PRIMARY KEY,
    revision                   bigint NOT NULL,
    parent                     uuid REFERENCES clientaccount_accounts,
    created_at                 timestamptz NOT NULL,
    updated_at                 timestamptz NOT NULL,
    company_key                text COLLATE "C" NOT NULL,
    search_text                text COLLATE "C" NOT NULL,
    login                      text COLLATE "C" NOT NULL,
    manager                    uuid REFERENCES clientaccount_managers,
    notification_limit         text NOT NULL DEFAULT '',
    moderation                 text NOT NULL DEFAULT '',
    time_zone                  text NOT NULL DEFAULT '',
    dispatch                   text NOT NULL DEFAULT '',
    currency                   text NOT NULL DEFAULT '',
    credit_limit               numeric(21,6) CHECK (credit_limit <> 'NaN'),
    credit_overdraw_limit      numeric(21,6) CHECK (credit_overdraw_limit <> 'NaN'),
    credit_overdraw_expires_at timestamptz,
    credit_overdraw_reason     text NOT NULL DEFAULT '',
    routing_priority           text NOT NULL DEFAULT '',
    routing_bypass_blacklist   boolean NOT NULL DEFAULT false,
    routing_dynamic_sender     boolean NOT NULL DEFAULT false,
    routing_senders            text NOT NULL DEFAULT '',
    routing_mo_smpp            boolean NOT NULL DEFAULT false,
    mail_daily_statistics      boolean NOT NULL DEFAULT false,
    contact_first_name         text NOT NULL DEFAULT '',
    contact_last_name          text NOT NULL DEFAULT '',
    contact_contract           text COLLATE "C" NOT NULL DEFAULT '',
    contact_company            text NOT NULL DEFAULT '',
    contact_credential         text NOT NULL DEFAULT '',
    contact_phone              text NOT NULL DEFAULT '',
    contact_country            text NOT NULL DEFAULT '',
    contact_telegram           text NOT NULL DEFAULT '',
    contact_skype              text NOT NULL DEFAULT '',
    sending_dlr_days           integer,
    status                     text NOT NULL DEFAULT '',
    expires_at                 timestamptz,
    sending_smpp               boolean NOT NULL DEFAULT false,
    sending_api                boolean NOT NULL DEFAULT false,
    sending_web                boolean NOT NULL DEFAULT false,
    sending_rest               boolean NOT NULL DEFAULT false,
    sending_subaccounts        boolean NOT NULL DEFAULT false,
    mail_email                 text NOT NULL DEFAULT '',
    mail_price_update          text NOT NULL DEFAULT '',
    mail_billing               text NOT NULL DEFAULT '',
    mail_price_format          text NOT NULL DEFAULT '',
    webhooks_api_state         text NOT NULL DEFAULT '',
    webhooks_api_incoming      text NOT NULL DEFAULT '',
    webhooks_rest_state        text NOT NULL DEFAULT '',
    webhooks_rest_incoming     text NOT NULL DEFAULT '',
    billing_enterprise         text NOT NULL DEFAULT '',
    billing_invoice_days       text NOT NULL DEFAULT '',
    billing_send_stats         boolean NOT NULL DEFAULT false,
    billing_send_invoices      boolean NOT NULL DEFAULT false,
    billing_to_email           boolean NOT NULL DEFAULT false,
    notes_comments             text NOT NULL DEFAULT '',
    notes_product              uuid REFERENCES clientaccount_products
);

CREATE UNIQUE INDEX IF NOT EXISTS clientaccount_accounts_login ON clientaccount_accounts (login);
CREATE UNIQUE INDEX IF NOT EXISTS clientaccount_accounts_contract ON clientaccount_accounts (contact_contract)
    WHERE contact_contract <> '';
CREATE INDEX IF NOT EXISTS clientaccount_accounts_manager ON clientaccount_accounts (manager, status, login);
CREATE INDEX IF NOT EXISTS clientaccount_accounts_company ON clientaccount_accounts (company_key, id);
CREATE INDEX IF NOT EXISTS clientaccount_accounts_updated ON clientaccount_accounts (updated_at, id);
CREATE INDEX IF NOT EXISTS clientaccount_accounts_created ON clientaccount_accounts (created_at, id);
CREATE INDEX IF NOT EXISTS clientaccount_accounts_parent ON clientaccount_accounts (parent);
CREATE INDEX IF NOT EXISTS clientaccount_accounts_product ON clientaccount_accounts (notes_product);

CREATE TABLE IF NOT EXISTS clientaccount_credentials (
    account_id uuid NOT NULL REFERENCES clientaccount_accounts,
    kind       text NOT NULL,
    hash       text NOT NULL,
    PRIMARY KEY (account_id, kind)
);

CREATE TABLE IF NOT EXISTS clientaccount_changes (
    account_id uuid NOT NULL REFERENCES clientaccount_accounts,
    revision   bigint NOT NULL,
    at         timestamptz NOT NULL,
    kind       text NOT NULL,
    actor_id   text NOT NULL,
    actor_name text NOT NULL,
    reason     text NOT NULL,
    undoes     bigint NOT NULL,
    PRIMARY KEY (account_id, revision)
);

CREATE TABLE IF NOT EXISTS clientaccount_change_fields (
    account_id uuid NOT NULL,
    revision   bigint NOT NULL,
    position   integer NOT NULL,
    path       text NOT NULL,
    old_text   text NOT NULL,
    new_text   text NOT NULL,
    secret     boolean NOT NULL,
    PRIMARY KEY (account_id, revision, position),
    FOREIGN KEY (account_id, revision) REFERENCES clientaccount_changes
);

CREATE INDEX IF NOT EXISTS clientaccount_change_fields_path
    ON clientaccount_change_fields (account_id, path, revision);

-- Without the extension the search reads every client: slower, and just as right.
DO $$
BEGIN
    CREATE EXTENSION IF NOT EXISTS pg_trgm;
    CREATE INDEX IF NOT EXISTS clientaccount_accounts_search
        ON clientaccount_accounts USING gin (search_text gin_trgm_ops)
        WITH (fastupdate = off); -- accounts change seldom; a list of pending entries slows every search
EXCEPTION
    WHEN insufficient_privilege OR undefined_file OR undefined_object OR feature_not_supported OR unique_violation THEN
        RAISE NOTICE 'clientaccount: no index for the search: %', SQLERRM;
END
$$;
