-- Accounts that spent all, and those that are near, in the order of their last movement: else the
-- whole order is gone through for those of a status or a country.
CREATE INDEX IF NOT EXISTS clientaccount_listed_exhausted_moved ON clientaccount_listed (moved_at, account_id)
    INCLUDE (manager, product, parent, country, status, ends_at) WHERE exhausted;
CREATE INDEX IF NOT EXISTS clientaccount_listed_near_moved ON clientaccount_listed (moved_at, account_id)
    INCLUDE (manager, product, parent, country, status, ends_at) WHERE near_limit;
