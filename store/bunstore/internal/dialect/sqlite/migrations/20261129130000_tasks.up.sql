-- Who confirmed a change, and the batch that it was a part of.
ALTER TABLE clientaccount_changes ADD COLUMN second_id TEXT NOT NULL DEFAULT '';

--bun:split

ALTER TABLE clientaccount_changes ADD COLUMN second_name TEXT NOT NULL DEFAULT '';

--bun:split

ALTER TABLE clientaccount_changes ADD COLUMN batch_id TEXT;

--bun:split

CREATE TABLE IF NOT EXISTS clientaccount_batches (
    id         TEXT PRIMARY KEY,
    version    INTEGER NOT NULL,
    kind       TEXT NOT NULL,
    state      TEXT NOT NULL,
    title      TEXT NOT NULL,
    paths      TEXT, -- JSON; NULL is none
    actor_id   TEXT NOT NULL,
    actor_name TEXT NOT NULL,
    reason     TEXT NOT NULL,
    managers   TEXT, -- JSON; NULL is unset
    made_at    TEXT,
    ended_at   TEXT,
    tasks      INTEGER NOT NULL,
    undoes     TEXT,
    undone_by  TEXT
) STRICT;

CREATE INDEX IF NOT EXISTS clientaccount_batches_actor ON clientaccount_batches (actor_id, id);
CREATE INDEX IF NOT EXISTS clientaccount_batches_ended ON clientaccount_batches (ended_at, id) WHERE ended_at IS NOT NULL;

-- NULL is the zero value of an id or instant, and an empty list. since is the instant from which on
-- something is to be done about a task whatever becomes of its batch, NULL where there is none.
CREATE TABLE IF NOT EXISTS clientaccount_tasks (
    id          TEXT PRIMARY KEY,
    batch_id    TEXT REFERENCES clientaccount_batches,
    line        INTEGER NOT NULL,
    kind        TEXT NOT NULL,
    account_id  TEXT REFERENCES clientaccount_accounts,
    label       TEXT NOT NULL,
    state       TEXT NOT NULL,
    due_at      TEXT,
    expires_at  TEXT,
    since       TEXT,
    set_texts   TEXT, -- JSON, as are the other texts of this kind
    was_texts   TEXT,
    undoes      INTEGER NOT NULL,
    move        TEXT,
    actor_id    TEXT NOT NULL,
    actor_name  TEXT NOT NULL,
    reason      TEXT NOT NULL,
    managers    TEXT,
    made_at     TEXT,
    second_id   TEXT NOT NULL,
    second_name TEXT NOT NULL,
    answer      TEXT NOT NULL,
    ended_at    TEXT,
    revision    INTEGER NOT NULL,
    entry       INTEGER NOT NULL,
    faults      TEXT,
    warnings    TEXT
) STRICT;

-- Lines of a batch, all and by state; others by state, the newest first; and those of an account.
CREATE UNIQUE INDEX IF NOT EXISTS clientaccount_tasks_line ON clientaccount_tasks (batch_id, line) WHERE batch_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS clientaccount_tasks_batch_state ON clientaccount_tasks (batch_id, state, line) WHERE batch_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS clientaccount_tasks_lines_newest ON clientaccount_tasks (state, id) WHERE batch_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS clientaccount_tasks_state ON clientaccount_tasks (state, id) WHERE batch_id IS NULL;
CREATE INDEX IF NOT EXISTS clientaccount_tasks_account ON clientaccount_tasks (account_id, id) WHERE account_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS clientaccount_tasks_since ON clientaccount_tasks (since, id) WHERE since IS NOT NULL;
CREATE INDEX IF NOT EXISTS clientaccount_tasks_ended ON clientaccount_tasks (ended_at, id) WHERE batch_id IS NULL AND ended_at IS NOT NULL;
