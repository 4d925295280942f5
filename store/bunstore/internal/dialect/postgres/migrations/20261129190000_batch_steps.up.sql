-- The first line of a batch with each kind of step, by its code: JSON; NULL is none.
ALTER TABLE clientaccount_batches ADD COLUMN IF NOT EXISTS steps text;
