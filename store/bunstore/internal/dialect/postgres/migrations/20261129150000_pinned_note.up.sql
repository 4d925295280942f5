-- A note that stands at the top of every page of the client.
ALTER TABLE clientaccount_accounts ADD COLUMN IF NOT EXISTS notes_pinned text NOT NULL DEFAULT '';
