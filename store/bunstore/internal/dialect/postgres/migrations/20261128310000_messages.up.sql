-- A message, from when it is admitted until it is purged: what a client asked for, the terms
-- that were agreed, and how far it has come. stage and due_at follow from the rest. counted is
-- false from a step on until the figures have it; counted_state and counted_money are what it
-- counted for then.
CREATE TABLE IF NOT EXISTS clientaccount_messages (
    account_id     uuid NOT NULL,
    id             text COLLATE "C" NOT NULL,
    hold_entry     bigint NOT NULL,
    client_ref     text COLLATE "C",
    channel        text NOT NULL,
    sender         text NOT NULL,
    destination    text COLLATE "C" NOT NULL,
    parts          integer NOT NULL,
    mcc            text,
    mnc            text,
    price          numeric(21,6) NOT NULL CHECK (price <> 'NaN'),
    round          boolean NOT NULL,
    currency       text NOT NULL,
    pricing        text NOT NULL,
    refund_states  integer NOT NULL, -- a bit for each state
    refund_timeout boolean NOT NULL,
    send_within_ns bigint NOT NULL,
    wait_ns        bigint NOT NULL,
    day            text NOT NULL,
    admitted_at    timestamptz NOT NULL,
    stage          text COLLATE "C" NOT NULL, -- from here on what steps change
    tracked_parts  integer NOT NULL,
    state          smallint NOT NULL,
    due_at         timestamptz,
    version        bigint NOT NULL,
    sent_at        timestamptz,
    ended_at       timestamptz,
    err            text,
    deadline       timestamptz,
    told           bigint NOT NULL,
    reported       boolean NOT NULL,
    timed_out      boolean NOT NULL,
    late           smallint NOT NULL,
    refund_due     boolean NOT NULL,
    ended_parts    text, -- JSON
    delivered      integer NOT NULL,
    worst          smallint NOT NULL,
    worst_err      text,
    worst_at       timestamptz,
    worst_part     integer NOT NULL,
    worst_final    boolean NOT NULL,
    money          text NOT NULL,
    network_ids    text, -- JSON
    end_entry      bigint,
    refund_entry   bigint,
    counted        boolean NOT NULL DEFAULT false,
    counted_state  smallint, -- NULL: not counted yet; -1: on the way
    counted_money  text,
    PRIMARY KEY (account_id, id)
);

-- Pages, newest first. The sums keep the index of all messages of an account from being taken
-- for the narrower ones, as in clientaccount_entries_kind.
CREATE INDEX IF NOT EXISTS clientaccount_messages_hold ON clientaccount_messages (account_id, hold_entry);
CREATE INDEX IF NOT EXISTS clientaccount_messages_destination
    ON clientaccount_messages (account_id, destination, (hold_entry + 0));
CREATE INDEX IF NOT EXISTS clientaccount_messages_client_ref
    ON clientaccount_messages (account_id, client_ref, (hold_entry + 0)) WHERE client_ref IS NOT NULL;
CREATE INDEX IF NOT EXISTS clientaccount_messages_stage
    ON clientaccount_messages (account_id, stage, state, (hold_entry + 0));

-- What time ends, what is to be counted, and what may go.
CREATE INDEX IF NOT EXISTS clientaccount_messages_due
    ON clientaccount_messages (due_at, account_id, id) WHERE due_at IS NOT NULL;
CREATE INDEX IF NOT EXISTS clientaccount_messages_uncounted
    ON clientaccount_messages (account_id, id) WHERE NOT counted;
CREATE INDEX IF NOT EXISTS clientaccount_messages_ended
    ON clientaccount_messages (ended_at) WHERE ended_at IS NOT NULL;

-- Which message a network calls so: the last one that it gave the id to.
CREATE TABLE IF NOT EXISTS clientaccount_network_ids (
    id         text COLLATE "C" NOT NULL,
    network    text COLLATE "C" NOT NULL,
    account_id uuid NOT NULL,
    message    text COLLATE "C" NOT NULL,
    PRIMARY KEY (id, network)
) WITH (fillfactor = 90);

-- What networks said of ids that no message had yet.
CREATE TABLE IF NOT EXISTS clientaccount_early_reports (
    id      text COLLATE "C" NOT NULL,
    network text COLLATE "C" NOT NULL,
    last_at timestamptz NOT NULL, -- when the last of them came
    reports text NOT NULL, -- JSON
    PRIMARY KEY (id, network)
);

CREATE INDEX IF NOT EXISTS clientaccount_early_reports_last ON clientaccount_early_reports (last_at);

-- What messages come to. state is that of a message's end, -1 while it is on the way.
CREATE TABLE IF NOT EXISTS clientaccount_message_figures (
    account_id uuid NOT NULL,
    day        text COLLATE "C" NOT NULL,
    mcc        text COLLATE "C" NOT NULL,
    mnc        text COLLATE "C" NOT NULL,
    channel    text COLLATE "C" NOT NULL,
    state      smallint NOT NULL,
    messages   bigint NOT NULL,
    parts      bigint NOT NULL,
    taken      numeric NOT NULL,
    given_back numeric NOT NULL,
    PRIMARY KEY (account_id, day, mcc, mnc, channel, state),
    CHECK (greatest(taken, given_back) <> 'NaN')
) WITH (fillfactor = 50);
