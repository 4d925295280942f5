-- Who confirmed an entry, where a second person had to: JSON; NULL is nobody.
ALTER TABLE clientaccount_entries ADD COLUMN confirmed_by TEXT;

-- The batch that took the same back before, whose refused tasks this one tries again; NULL is none.
ALTER TABLE clientaccount_batches ADD COLUMN rest_of TEXT;
