-- How long a URL has failed: the last failure, the different hours in which there was one,
-- and the time without quiet spells. told_off is what the account's events say last.
ALTER TABLE clientaccount_hooks
    ADD COLUMN IF NOT EXISTS failed_at     timestamptz,
    ADD COLUMN IF NOT EXISTS failing_hours integer NOT NULL DEFAULT 0,
    ADD COLUMN IF NOT EXISTS failing_us    bigint NOT NULL DEFAULT 0,
    ADD COLUMN IF NOT EXISTS told_off      boolean NOT NULL DEFAULT false;

-- Of an event of a webhook: which one, and why.
ALTER TABLE clientaccount_events
    ADD COLUMN IF NOT EXISTS hook text,
    ADD COLUMN IF NOT EXISTS code text;
