-- A note that stands at the top of every page of the client.
ALTER TABLE clientaccount_accounts ADD COLUMN notes_pinned TEXT NOT NULL DEFAULT '';
