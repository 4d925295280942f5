-- Who is told of events. Nobody is told of those from before its since.
CREATE TABLE IF NOT EXISTS clientaccount_subscriptions (
    name  TEXT NOT NULL PRIMARY KEY,
    since TEXT -- NULL for all
) WITHOUT ROWID;

--bun:split

-- What a subscription is yet to be told of an account: the events behind told, up to latest.
-- There is no row where nothing is. Each is claimed when it is due: who tells it has it until
-- then, or it is tried again then, after so many failures.
CREATE TABLE IF NOT EXISTS clientaccount_untold (
    subscription TEXT NOT NULL,
    account_id   TEXT NOT NULL,
    told         INTEGER NOT NULL,
    latest       INTEGER NOT NULL,
    teller       TEXT,
    due_at       TEXT NOT NULL,
    failures     INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (subscription, account_id)
) WITHOUT ROWID;

--bun:split

CREATE INDEX IF NOT EXISTS clientaccount_untold_due ON clientaccount_untold (subscription, due_at, account_id);

--bun:split

-- One row, whose version is changed by everything that adds to what is untold.
CREATE TABLE IF NOT EXISTS clientaccount_event_feed (
    id      INTEGER PRIMARY KEY CHECK (id = 1),
    version INTEGER NOT NULL
);

--bun:split

INSERT INTO clientaccount_event_feed (id, version) VALUES (1, 1) ON CONFLICT (id) DO NOTHING;

--bun:split

-- That an event is told now means that it is noted for all subscriptions. Who was told up to
-- now goes on as the one without a name, and is told of the rest. The other columns that noted
-- that in the events are of no use any more.
INSERT INTO clientaccount_subscriptions (name)
SELECT '' WHERE EXISTS (SELECT 1 FROM clientaccount_events e WHERE e.told)
    AND NOT EXISTS (SELECT 1 FROM clientaccount_subscriptions)
ON CONFLICT (name) DO NOTHING;
