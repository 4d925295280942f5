-- Batches that have not ended: what is looked through again and again.
CREATE INDEX IF NOT EXISTS clientaccount_batches_open ON clientaccount_batches (id) WHERE ended_at IS NULL;

-- A batch of many is counted by its index alone where rows are known to be seen by all: that is found
-- out by a vacuum, which is to come while a large batch is there, and not when it is a fifth of all.
ALTER TABLE clientaccount_tasks SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02);
