-- How long a URL has failed: the last failure, the different hours in which there was one,
-- and the time without quiet spells. told_off is what the account's events say last.
ALTER TABLE clientaccount_hooks ADD COLUMN failed_at TEXT;

--bun:split

ALTER TABLE clientaccount_hooks ADD COLUMN failing_hours INTEGER NOT NULL DEFAULT 0;

--bun:split

ALTER TABLE clientaccount_hooks ADD COLUMN failing_us INTEGER NOT NULL DEFAULT 0;

--bun:split

ALTER TABLE clientaccount_hooks ADD COLUMN told_off INTEGER NOT NULL DEFAULT 0;

--bun:split

-- Of an event of a webhook: which one, and why.
ALTER TABLE clientaccount_events ADD COLUMN hook TEXT;

--bun:split

ALTER TABLE clientaccount_events ADD COLUMN code TEXT;
