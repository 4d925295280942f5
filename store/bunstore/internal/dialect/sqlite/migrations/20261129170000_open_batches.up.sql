-- Batches that have not ended: what is looked through again and again.
CREATE INDEX IF NOT EXISTS clientaccount_batches_open ON clientaccount_batches (id) WHERE ended_at IS NULL;
