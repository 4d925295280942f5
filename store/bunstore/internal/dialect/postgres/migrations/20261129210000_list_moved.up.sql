-- Accounts that spent all, and those that are near, in the order of their last movement: else the
-- whole order is gone through for those of a status or a country.
CREATE INDEX IF NOT EXISTS clientaccount_listed_exhausted_moved ON clientaccount_listed (moved_at, account_id)
    INCLUDE (manager, product, parent, country, status, ends_at) WHERE exhausted;
CREATE INDEX IF NOT EXISTS clientaccount_listed_near_moved ON clientaccount_listed (moved_at, account_id)
    INCLUDE (manager, product, parent, country, status, ends_at) WHERE near_limit;

-- Those of a manager, a product or a country are counted in the index alone.
DROP INDEX IF EXISTS clientaccount_listed_exhausted_manager;
DROP INDEX IF EXISTS clientaccount_listed_exhausted_product;
DROP INDEX IF EXISTS clientaccount_listed_exhausted_country;
CREATE INDEX clientaccount_listed_exhausted_manager ON clientaccount_listed (manager, status, ends_at) WHERE exhausted;
CREATE INDEX clientaccount_listed_exhausted_product ON clientaccount_listed (product, status, ends_at) WHERE exhausted;
CREATE INDEX clientaccount_listed_exhausted_country ON clientaccount_listed (country, status, ends_at) WHERE exhausted;
DROP INDEX IF EXISTS clientaccount_listed_near_manager;
DROP INDEX IF EXISTS clientaccount_listed_near_product;
DROP INDEX IF EXISTS clientaccount_listed_near_country;
CREATE INDEX clientaccount_listed_near_manager ON clientaccount_listed (manager, status, ends_at) WHERE near_limit;
CREATE INDEX clientaccount_listed_near_product ON clientaccount_listed (product, status, ends_at) WHERE near_limit;
CREATE INDEX clientaccount_listed_near_country ON clientaccount_listed (country, status, ends_at) WHERE near_limit;

-- Those of a manager by when they last moved: who is silent.
CREATE INDEX IF NOT EXISTS clientaccount_listed_manager_moved ON clientaccount_listed (manager, moved_at, account_id)
    INCLUDE (product, parent, country, status, ends_at, created_at);
