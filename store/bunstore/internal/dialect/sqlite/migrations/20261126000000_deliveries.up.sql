-- A webhook delivery, from when it is accepted until it is purged.
CREATE TABLE IF NOT EXISTS clientaccount_deliveries (
    account_id TEXT NOT NULL REFERENCES clientaccount_accounts,
    seq        INTEGER PRIMARY KEY AUTOINCREMENT,
    id         TEXT NOT NULL,
    kind       TEXT NOT NULL,
    message    TEXT NOT NULL,
    final      INTEGER NOT NULL,
    body       TEXT NOT NULL,
    created_at TEXT NOT NULL,
    due_at     TEXT NOT NULL,
    state      TEXT NOT NULL,
    tries      INTEGER NOT NULL,
    ended_at   TEXT,
    try_at     TEXT,
    try_ms     INTEGER NOT NULL DEFAULT 0,
    try_code   TEXT NOT NULL DEFAULT '',
    try_status INTEGER NOT NULL DEFAULT 0,
    try_reply  TEXT NOT NULL DEFAULT '',
    UNIQUE (account_id, id)
) STRICT;

CREATE INDEX IF NOT EXISTS clientaccount_deliveries_seq ON clientaccount_deliveries (account_id, seq);
CREATE INDEX IF NOT EXISTS clientaccount_deliveries_due
    ON clientaccount_deliveries (account_id, kind, due_at, seq) WHERE state = 'waiting';
CREATE INDEX IF NOT EXISTS clientaccount_deliveries_message
    ON clientaccount_deliveries (account_id, kind, message, seq) WHERE message <> '';
CREATE INDEX IF NOT EXISTS clientaccount_deliveries_dead
    ON clientaccount_deliveries (account_id, seq) WHERE state = 'dead';
CREATE INDEX IF NOT EXISTS clientaccount_deliveries_ended
    ON clientaccount_deliveries (state, ended_at) WHERE ended_at IS NOT NULL;

-- A hook is one URL of an account: who holds it, and how it fares.
CREATE TABLE IF NOT EXISTS clientaccount_hooks (
    account_id      TEXT NOT NULL REFERENCES clientaccount_accounts,
    kind            TEXT NOT NULL,
    owner           TEXT,
    leased_until    TEXT,
    served_at       TEXT,
    target          TEXT NOT NULL DEFAULT '',
    failures        INTEGER NOT NULL DEFAULT 0,
    failing_since   TEXT,
    paused_until    TEXT,
    pauses          INTEGER NOT NULL DEFAULT 0,
    off_at          TEXT,
    off_code        TEXT NOT NULL DEFAULT '',
    minute_at       TEXT,
    minute_tries    INTEGER NOT NULL DEFAULT 0,
    minute_failures INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (account_id, kind)
) STRICT;

CREATE TABLE IF NOT EXISTS clientaccount_hook_secrets (
    account_id TEXT NOT NULL REFERENCES clientaccount_accounts,
    position   INTEGER NOT NULL,
    secret     TEXT NOT NULL,
    created_at TEXT NOT NULL,
    ends_at    TEXT,
    PRIMARY KEY (account_id, position)
) STRICT;
