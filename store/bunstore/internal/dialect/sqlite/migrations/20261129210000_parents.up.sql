-- Most accounts have no parent. Once SQLite knows that (ANALYZE, PRAGMA optimize), it takes an index with
-- all of them for one that finds nothing, and goes through the whole table for those beneath an account.
DROP INDEX IF EXISTS clientaccount_listed_parent;
CREATE INDEX clientaccount_listed_parent ON clientaccount_listed (parent) WHERE parent IS NOT NULL;
DROP INDEX IF EXISTS clientaccount_accounts_parent;
CREATE INDEX clientaccount_accounts_parent ON clientaccount_accounts (parent) WHERE parent IS NOT NULL;
