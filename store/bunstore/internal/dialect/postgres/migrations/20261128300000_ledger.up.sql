-- When the last entry was: entries ascend in time as their numbers do, so that the
-- number at an instant is found without an index of times.
ALTER TABLE clientaccount_balances ADD COLUMN IF NOT EXISTS last_at timestamptz;

UPDATE clientaccount_balances b SET last_at = e.at
    FROM (SELECT account_id, max(at) AS at FROM clientaccount_entries GROUP BY account_id) e
    WHERE e.account_id = b.account_id AND b.last_at IS NULL;

-- Entries of a kind, however rare it is in a ledger; and the end of a hold. The sum keeps
-- the primary key from being taken for this index, see entries.go.
CREATE INDEX IF NOT EXISTS clientaccount_entries_kind ON clientaccount_entries (account_id, kind, (number + 0));
CREATE INDEX IF NOT EXISTS clientaccount_entries_hold ON clientaccount_entries (account_id, hold, number)
    WHERE hold IS NOT NULL;
