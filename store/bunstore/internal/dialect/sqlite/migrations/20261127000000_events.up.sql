-- Whether the host was told of an event. The first untold one of an account also says who
-- tells it and those behind it, until when; or from when on to try again, after how many
-- failures. Events that are older than this are yet to be told.
ALTER TABLE clientaccount_events ADD COLUMN told INTEGER NOT NULL DEFAULT 0;

--bun:split

ALTER TABLE clientaccount_events ADD COLUMN teller TEXT;

--bun:split

ALTER TABLE clientaccount_events ADD COLUMN due_at TEXT;

--bun:split

ALTER TABLE clientaccount_events ADD COLUMN failures INTEGER NOT NULL DEFAULT 0;

--bun:split

CREATE INDEX IF NOT EXISTS clientaccount_events_untold ON clientaccount_events (account_id, number) WHERE NOT told;
