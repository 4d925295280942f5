-- Whether the host was told of an event. The first untold one of an account also says who
-- tells it and those behind it, until when; or from when on to try again, after how many
-- failures. Events that are older than this are yet to be told.
ALTER TABLE clientaccount_events
    ADD COLUMN IF NOT EXISTS told     boolean NOT NULL DEFAULT false,
    ADD COLUMN IF NOT EXISTS teller   uuid,
    ADD COLUMN IF NOT EXISTS due_at   timestamptz,
    ADD COLUMN IF NOT EXISTS failures integer NOT NULL DEFAULT 0;

CREATE INDEX IF NOT EXISTS clientaccount_events_untold ON clientaccount_events (account_id, number) WHERE NOT told;
