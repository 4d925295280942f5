-- Amounts, times and ids are text: SQLite's own numbers would round amounts.
CREATE TABLE IF NOT EXISTS clientaccount_managers (
    id       TEXT PRIMARY KEY,
    revision INTEGER NOT NULL,
    name     TEXT NOT NULL,
    name_key TEXT NOT NULL, -- the name folded, to sort by
    email    TEXT NOT NULL,
    phone    TEXT NOT NULL
) STRICT;

CREATE TABLE IF NOT EXISTS clientaccount_products (
    id           TEXT PRIMARY KEY,
    revision     INTEGER NOT NULL,
    name         TEXT NOT NULL,
    name_key     TEXT NOT NULL,
    currency     TEXT NOT NULL,
    price        TEXT,
    credit_limit TEXT,
    priority     INTEGER,
    dlr_days     INTEGER,
    moderation   TEXT NOT NULL
) STRICT;

-- A column per field of the field table, named after its path; before them what is
-- no field, and what is derived: company_key to sort by, search_text to search in.
CREATE TABLE IF NOT EXISTS clientaccount_accounts (
    id                         TEXT PRIMARY KEY,
    revision                   INTEGER NOT NULL,
    parent                     TEXT REFERENCES clientaccount_accounts,
    created_at                 TEXT NOT NULL,
    updated_at                 TEXT NOT NULL,
    company_key                TEXT NOT NULL,
    search_text                TEXT NOT NULL,
    login                      TEXT NOT NULL,
    manager                    TEXT REFERENCES clientaccount_managers,
    notification_limit         TEXT NOT NULL DEFAULT '',
    moderation                 TEXT NOT NULL DEFAULT '',
    time_zone                  TEXT NOT NULL DEFAULT '',
    dispatch                   TEXT NOT NULL DEFAULT '',
    currency                   TEXT NOT NULL DEFAULT '',
    credit_limit               TEXT,
    credit_overdraw_limit      TEXT,
    credit_overdraw_expires_at TEXT,
    credit_overdraw_reason     TEXT NOT NULL DEFAULT '',
    routing_priority           TEXT NOT NULL DEFAULT '',
    routing_bypass_blacklist   INTEGER NOT NULL DEFAULT 0,
    routing_dynamic_sender     INTEGER NOT NULL DEFAULT 0,
    routing_senders            TEXT NOT NULL DEFAULT '',
    routing_mo_smpp            INTEGER NOT NULL DEFAULT 0,
    mail_daily_statistics      INTEGER NOT NULL DEFAULT 0,
    contact_first_name         TEXT NOT NULL DEFAULT '',
    contact_last_name          TEXT NOT NULL DEFAULT '',
    contact_contract           TEXT NOT NULL DEFAULT '',
    contact_company            TEXT NOT NULL DEFAULT '',
    contact_credential         TEXT NOT NULL DEFAULT '',
    contact_phone              TEXT NOT NULL DEFAULT '',
    contact_country            TEXT NOT NULL DEFAULT '',
    contact_telegram           TEXT NOT NULL DEFAULT '',
    contact_skype              TEXT NOT NULL DEFAULT '',
    sending_dlr_days           INTEGER,
    status                     TEXT NOT NULL DEFAULT '',
    expires_at                 TEXT,
    sending_smpp               INTEGER NOT NULL DEFAULT 0,
    sending_api                INTEGER NOT NULL DEFAULT 0,
    sending_web                INTEGER NOT NULL DEFAULT 0,
    sending_rest               INTEGER NOT NULL DEFAULT 0,
    sending_subaccounts        INTEGER NOT NULL DEFAULT 0,
    mail_email                 TEXT NOT NULL DEFAULT '',
    mail_price_update          TEXT NOT NULL DEFAULT '',
    mail_billing               TEXT NOT NULL DEFAULT '',
    mail_price_format          TEXT NOT NULL DEFAULT '',
    webhooks_api_state         TEXT NOT NULL DEFAULT '',
    webhooks_api_incoming      TEXT NOT NULL DEFAULT '',
    webhooks_rest_state        TEXT NOT NULL DEFAULT '',
    webhooks_rest_incoming     TEXT NOT NULL DEFAULT '',
    billing_enterprise         TEXT NOT NULL DEFAULT '',
    billing_invoice_days       TEXT NOT NULL DEFAULT '',
    billing_send_stats         INTEGER NOT NULL DEFAULT 0,
    billing_send_invoices      INTEGER NOT NULL DEFAULT 0,
    billing_to_email           INTEGER NOT NULL DEFAULT 0,
    notes_comments             TEXT NOT NULL DEFAULT '',
    notes_product              TEXT REFERENCES clientaccount_products
) STRICT;

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
    account_id TEXT NOT NULL REFERENCES clientaccount_accounts,
    kind       TEXT NOT NULL,
    hash       TEXT NOT NULL,
    PRIMARY KEY (account_id, kind)
) STRICT;

CREATE TABLE IF NOT EXISTS clientaccount_changes (
    account_id TEXT NOT NULL REFERENCES clientaccount_accounts,
    revision   INTEGER NOT NULL,
    at         TEXT NOT NULL,
    kind       TEXT NOT NULL,
    actor_id   TEXT NOT NULL,
    actor_name TEXT NOT NULL,
    reason     TEXT NOT NULL,
    undoes     INTEGER NOT NULL,
    PRIMARY KEY (account_id, revision)
) STRICT;

CREATE TABLE IF NOT EXISTS clientaccount_change_fields (
    account_id TEXT NOT NULL,
    revision   INTEGER NOT NULL,
    position   INTEGER NOT NULL,
    path       TEXT NOT NULL,
    old_text   TEXT NOT NULL,
    new_text   TEXT NOT NULL,
    secret     INTEGER NOT NULL,
    PRIMARY KEY (account_id, revision, position),
    FOREIGN KEY (account_id, revision) REFERENCES clientaccount_changes
) STRICT;

CREATE INDEX IF NOT EXISTS clientaccount_change_fields_path
    ON clientaccount_change_fields (account_id, path, revision);
