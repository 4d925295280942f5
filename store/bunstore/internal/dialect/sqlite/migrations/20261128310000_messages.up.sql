-- A message, from when it is admitted until it is purged: what a client asked for, the terms
-- that were agreed, and how far it has come. stage and due_at follow from the rest. counted is
-- false from a step on until the figures have it; counted_state and counted_money are what it
-- counted for then.
CREATE TABLE IF NOT EXISTS clientaccount_messages (
    account_id     TEXT NOT NULL,
    id             TEXT NOT NULL,
    hold_entry     INTEGER NOT NULL,
    client_ref     TEXT,
    channel        TEXT NOT NULL,
    sender         TEXT NOT NULL,
    destination    TEXT NOT NULL,
    parts          INTEGER NOT NULL,
    mcc            TEXT,
    mnc            TEXT,
    price          TEXT NOT NULL,
    round          INTEGER NOT NULL,
    currency       TEXT NOT NULL,
    pricing        TEXT NOT NULL,
    refund_states  INTEGER NOT NULL, -- a bit for each state
    refund_timeout INTEGER NOT NULL,
    send_within_ns INTEGER NOT NULL,
    wait_ns        INTEGER NOT NULL,
    day            TEXT NOT NULL,
    admitted_at    TEXT NOT NULL,
    stage          TEXT NOT NULL, -- from here on what steps change
    tracked_parts  INTEGER NOT NULL,
    state          INTEGER NOT NULL,
    due_at         TEXT,
    version        INTEGER NOT NULL,
    sent_at        TEXT,
    ended_at       TEXT,
    err            TEXT,
    deadline       TEXT,
    told           INTEGER NOT NULL,
    reported       INTEGER NOT NULL,
    timed_out      INTEGER NOT NULL,
    late           INTEGER NOT NULL,
    refund_due     INTEGER NOT NULL,
    ended_parts    TEXT, -- JSON
    delivered      INTEGER NOT NULL,
    worst          INTEGER NOT NULL,
    worst_err      TEXT,
    worst_at       TEXT,
    worst_part     INTEGER NOT NULL,
    worst_final    INTEGER NOT NULL,
    money          TEXT NOT NULL,
    network_ids    TEXT, -- JSON
    end_entry      INTEGER,
    refund_entry   INTEGER,
    counted        INTEGER NOT NULL DEFAULT 0,
    counted_state  INTEGER, -- NULL: not counted yet; -1: on the way
    counted_money  TEXT,
    PRIMARY KEY (account_id, id)
) STRICT;

-- Pages, newest first. The sums keep the index of all messages of an account from being taken
-- for the narrower ones, as in clientaccount_entries_kind.
CREATE INDEX IF NOT EXISTS clientaccount_messages_hold ON clientaccount_messages (account_id, hold_entry);
CREATE INDEX IF NOT EXISTS clientaccount_messages_destination
    ON clientaccount_messages (account_id, destination, hold_entry + 0);
CREATE INDEX IF NOT EXISTS clientaccount_messages_client_ref
    ON clientaccount_messages (account_id, client_ref, hold_entry + 0) WHERE client_ref IS NOT NULL;
CREATE INDEX IF NOT EXISTS clientaccount_messages_stage
    ON clientaccount_messages (account_id, stage, state, hold_entry + 0);

-- What time ends, what is to be counted, and what may go.
CREATE INDEX IF NOT EXISTS clientaccount_messages_due
    ON clientaccount_messages (due_at, account_id, id) WHERE due_at IS NOT NULL;
CREATE INDEX IF NOT EXISTS clientaccount_messages_uncounted
    ON clientaccount_messages (account_id, id) WHERE NOT counted;
CREATE INDEX IF NOT EXISTS clientaccount_messages_ended
    ON clientaccount_messages (ended_at) WHERE ended_at IS NOT NULL;

-- Which message a network calls so: the last one that it gave the id to.
CREATE TABLE IF NOT EXISTS clientaccount_network_ids (
    id         TEXT NOT NULL,
    network    TEXT NOT NULL,
    account_id TEXT NOT NULL,
    message    TEXT NOT NULL,
    PRIMARY KEY (id, network)
) STRICT, WITHOUT ROWID;

-- What networks said of ids that no message had yet.
CREATE TABLE IF NOT EXISTS clientaccount_early_reports (
    id      TEXT NOT NULL,
    network TEXT NOT NULL,
    last_at TEXT NOT NULL, -- when the last of them came
    reports TEXT NOT NULL, -- JSON
    PRIMARY KEY (id, network)
) STRICT, WITHOUT ROWID;

CREATE INDEX IF NOT EXISTS clientaccount_early_reports_last ON clientaccount_early_reports (last_at);

-- What messages come to. state is that of a message's end, -1 while it is on the way.
CREATE TABLE IF NOT EXISTS clientaccount_message_figures (
    account_id TEXT NOT NULL,
    day        TEXT NOT NULL,
    mcc        TEXT NOT NULL,
    mnc        TEXT NOT NULL,
    channel    TEXT NOT NULL,
    state      INTEGER NOT NULL,
    messages   INTEGER NOT NULL,
    parts      INTEGER NOT NULL,
    taken      TEXT NOT NULL,
    given_back TEXT NOT NULL,
    PRIMARY KEY (account_id, day, mcc, mnc, channel, state)
) STRICT, WITHOUT ROWID;
