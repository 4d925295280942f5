-- Accounts of a manager, a product or a country that spent all, or are near: a page of some thousands of them
-- is gathered in the index alone, in whatever order it is asked for.
DROP INDEX IF EXISTS clientaccount_listed_exhausted_manager;
DROP INDEX IF EXISTS clientaccount_listed_exhausted_product;
DROP INDEX IF EXISTS clientaccount_listed_exhausted_country;
CREATE INDEX clientaccount_listed_exhausted_manager ON clientaccount_listed (manager, status, ends_at)
    INCLUDE (login, company_key, created_at, updated_at, moved_at, balance, available, account_id) WHERE exhausted;
CREATE INDEX clientaccount_listed_exhausted_product ON clientaccount_listed (product, status, ends_at)
    INCLUDE (login, company_key, created_at, updated_at, moved_at, balance, available, account_id) WHERE exhausted;
CREATE INDEX clientaccount_listed_exhausted_country ON clientaccount_listed (country, status, ends_at)
    INCLUDE (login, company_key, created_at, updated_at, moved_at, balance, available, account_id) WHERE exhausted;
DROP INDEX IF EXISTS clientaccount_listed_near_manager;
DROP INDEX IF EXISTS clientaccount_listed_near_product;
DROP INDEX IF EXISTS clientaccount_listed_near_country;
CREATE INDEX clientaccount_listed_near_manager ON clientaccount_listed (manager, status, ends_at)
    INCLUDE (login, company_key, created_at, updated_at, moved_at, balance, available, account_id) WHERE near_limit;
CREATE INDEX clientaccount_listed_near_product ON clientaccount_listed (product, status, ends_at)
    INCLUDE (login, company_key, created_at, updated_at, moved_at, balance, available, account_id) WHERE near_limit;
CREATE INDEX clientaccount_listed_near_country ON clientaccount_listed (country, status, ends_at)
    INCLUDE (login, company_key, created_at, updated_at, moved_at, balance, available, account_id) WHERE near_limit;
