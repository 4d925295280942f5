-- When the last entry was: entries ascend in time as their numbers do, so that the
-- number at an instant is found without an index of times. Run again, the first statement
-- fails with "duplicate column name", and has nothing to do.
ALTER TABLE clientaccount_balances ADD COLUMN last_at TEXT;

--bun:split

UPDATE clientaccount_balances SET last_at =
    (SELECT max(e.at) FROM clientaccount_entries e WHERE e.account_id = clientaccount_balances.account_id)
    WHERE last_at IS NULL AND entries > 0;

-- Entries of a kind, however rare it is in a ledger; and the end of a hold. The sum keeps
-- the primary key from being taken for this index, see entries.go.
CREATE INDEX IF NOT EXISTS clientaccount_entries_kind ON clientaccount_entries (account_id, kind, number + 0);
CREATE INDEX IF NOT EXISTS clientaccount_entries_hold ON clientaccount_entries (account_id, hold, number)
    WHERE hold IS NOT NULL;
