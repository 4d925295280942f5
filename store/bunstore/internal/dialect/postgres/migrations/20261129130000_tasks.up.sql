-- Who confirmed a change, and the batch that it was a part of.
ALTER TABLE clientaccount_changes ADD COLUMN IF NOT EXISTS second_id text NOT NULL DEFAULT '';
ALTER TABLE clientaccount_changes ADD COLUMN IF NOT EXISTS second_name text NOT NULL DEFAULT '';
ALTER TABLE clientaccount_changes ADD COLUMN IF NOT EXISTS batch_id uuid;

CREATE TABLE IF NOT EXISTS clientaccount_batches (
    id         uuid PRIMARY KEY,
    version    bigint NOT NULL,
    kind       text COLLATE "C" NOT NULL,
    state      text COLLATE "C" NOT NULL,
    title      text NOT NULL,
    paths      text, -- JSON; NULL is none
    actor_id   text COLLATE "C" NOT NULL,
    actor_name text NOT NULL,
    reason     text NOT NULL,
    managers   text, -- JSON; NULL is unset
    made_at    timestamptz,
    ended_at   timestamptz,
    tasks      bigint NOT NULL,
    undoes     uuid,
    undone_by  uuid
);

CREATE INDEX IF NOT EXISTS clientaccount_batches_actor ON clientaccount_batches (actor_id, id);
CREATE INDEX IF NOT EXISTS clientaccount_batches_ended ON clientaccount_batches (ended_at, id) WHERE ended_at IS NOT NULL;

-- NULL is the zero value of an id or instant, and an empty list. since is the instant from which on
-- something is to be done about a task whatever becomes of its batch, NULL where there is none.
CREATE TABLE IF NOT EXISTS clientaccount_tasks (
    id          uuid PRIMARY KEY,
    batch_id    uuid REFERENCES clientaccount_batches,
    line        bigint NOT NULL,
    kind        text COLLATE "C" NOT NULL,
    account_id  uuid REFERENCES clientaccount_accounts,
    label       text NOT NULL,
    state       text COLLATE "C" NOT NULL,
    due_at      timestamptz,
    expires_at  timestamptz,
    since       timestamptz,
    set_texts   text, -- JSON, as are the other texts of this kind
    was_texts   text,
    undoes      bigint NOT NULL,
    move        text,
    actor_id    text NOT NULL,
    actor_name  text NOT NULL,
    reason      text NOT NULL,
    managers    text,
    made_at     timestamptz,
    second_id   text NOT NULL,
    second_name text NOT NULL,
    answer      text NOT NULL,
    ended_at    timestamptz,
    revision    bigint NOT NULL,
    entry       bigint NOT NULL,
    faults      text,
    warnings    text
) WITH (fillfactor = 70);

-- Lines of a batch, all and by state; others by state, the newest first; and those of an account.
CREATE UNIQUE INDEX IF NOT EXISTS clientaccount_tasks_line ON clientaccount_tasks (batch_id, line) WHERE batch_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS clientaccount_tasks_batch_state ON clientaccount_tasks (batch_id, state, line) WHERE batch_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS clientaccount_tasks_lines_newest ON clientaccount_tasks (state, id) WHERE batch_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS clientaccount_tasks_state ON clientaccount_tasks (state, id) WHERE batch_id IS NULL;
CREATE INDEX IF NOT EXISTS clientaccount_tasks_account ON clientaccount_tasks (account_id, id) WHERE account_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS clientaccount_tasks_since ON clientaccount_tasks (since, id) WHERE since IS NOT NULL;
CREATE INDEX IF NOT EXISTS clientaccount_tasks_ended ON clientaccount_tasks (ended_at, id) WHERE batch_id IS NULL AND ended_at IS NOT NULL;
