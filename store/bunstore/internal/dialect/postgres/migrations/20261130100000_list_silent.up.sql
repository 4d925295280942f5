-- Those of any status by when they last moved: of active clients who are silent, else all who were
-- closed long ago would be gone through before the first.
DROP INDEX IF EXISTS clientaccount_listed_status_moved;
CREATE INDEX clientaccount_listed_status_moved ON clientaccount_listed (status, moved_at, account_id)
    INCLUDE (manager, product, parent, country, ends_at, created_at);
