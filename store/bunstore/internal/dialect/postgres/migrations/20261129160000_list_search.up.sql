-- Few rows are found by any two of these, or by one, as fast as many are by going through an order:
-- each pair has an index, which is small, since it has few values.
DROP INDEX IF EXISTS clientaccount_listed_manager;
DROP INDEX IF EXISTS clientaccount_listed_product;
DROP INDEX IF EXISTS clientaccount_listed_country;
CREATE INDEX IF NOT EXISTS clientaccount_listed_manager_product ON clientaccount_listed (manager, product);
CREATE INDEX IF NOT EXISTS clientaccount_listed_product_country ON clientaccount_listed (product, country);
CREATE INDEX IF NOT EXISTS clientaccount_listed_country_manager ON clientaccount_listed (country, manager);

-- All statuses but one are rare, as are ends, and money that is used up, or nearly. Only such rows
-- are in these indexes. By money, where such rows stand together at one end, they have the order, too.
DROP INDEX IF EXISTS clientaccount_listed_status;
CREATE INDEX IF NOT EXISTS clientaccount_listed_status_manager ON clientaccount_listed (status, manager) WHERE status <> 'active';
CREATE INDEX IF NOT EXISTS clientaccount_listed_status_product ON clientaccount_listed (status, product) WHERE status <> 'active';
CREATE INDEX IF NOT EXISTS clientaccount_listed_status_country ON clientaccount_listed (status, country) WHERE status <> 'active';
CREATE INDEX IF NOT EXISTS clientaccount_listed_status_moved ON clientaccount_listed (status, moved_at, account_id)
    INCLUDE (manager, product, parent, country, ends_at, created_at) WHERE status <> 'active';

CREATE INDEX IF NOT EXISTS clientaccount_listed_ends_manager ON clientaccount_listed (manager, ends_at)
    INCLUDE (login, company_key, created_at, updated_at, moved_at, balance, available, status, account_id) WHERE ends_at IS NOT NULL;
CREATE INDEX IF NOT EXISTS clientaccount_listed_ends_product ON clientaccount_listed (product, ends_at)
    INCLUDE (login, company_key, created_at, updated_at, moved_at, balance, available, status, account_id) WHERE ends_at IS NOT NULL;
CREATE INDEX IF NOT EXISTS clientaccount_listed_ends_country ON clientaccount_listed (country, ends_at)
    INCLUDE (login, company_key, created_at, updated_at, moved_at, balance, available, status, account_id) WHERE ends_at IS NOT NULL;

DROP INDEX IF EXISTS clientaccount_listed_exhausted;
CREATE INDEX IF NOT EXISTS clientaccount_listed_exhausted_manager ON clientaccount_listed (manager, status) WHERE exhausted;
CREATE INDEX IF NOT EXISTS clientaccount_listed_exhausted_product ON clientaccount_listed (product, status) WHERE exhausted;
CREATE INDEX IF NOT EXISTS clientaccount_listed_exhausted_country ON clientaccount_listed (country, status) WHERE exhausted;
CREATE INDEX IF NOT EXISTS clientaccount_listed_exhausted_status ON clientaccount_listed (status, ends_at) WHERE exhausted;
CREATE INDEX IF NOT EXISTS clientaccount_listed_exhausted_balance ON clientaccount_listed (balance, account_id)
    INCLUDE (manager, product, parent, country, status, ends_at) WHERE exhausted;
CREATE INDEX IF NOT EXISTS clientaccount_listed_exhausted_available ON clientaccount_listed (available, account_id)
    INCLUDE (manager, product, parent, country, status, ends_at) WHERE exhausted;

DROP INDEX IF EXISTS clientaccount_listed_near;
CREATE INDEX IF NOT EXISTS clientaccount_listed_near_manager ON clientaccount_listed (manager, status) WHERE near_limit;
CREATE INDEX IF NOT EXISTS clientaccount_listed_near_product ON clientaccount_listed (product, status) WHERE near_limit;
CREATE INDEX IF NOT EXISTS clientaccount_listed_near_country ON clientaccount_listed (country, status) WHERE near_limit;
CREATE INDEX IF NOT EXISTS clientaccount_listed_near_status ON clientaccount_listed (status, ends_at) WHERE near_limit;
CREATE INDEX IF NOT EXISTS clientaccount_listed_near_balance ON clientaccount_listed (balance, account_id)
    INCLUDE (manager, product, parent, country, status, ends_at) WHERE near_limit;
CREATE INDEX IF NOT EXISTS clientaccount_listed_near_available ON clientaccount_listed (available, account_id)
    INCLUDE (manager, product, parent, country, status, ends_at) WHERE near_limit;

-- Rows of accounts that a host of an older version wrote are found by when these were written.
CREATE INDEX IF NOT EXISTS clientaccount_accounts_updated ON clientaccount_accounts (updated_at);

-- Rows are put anew all the time: the list is gone through in indexes alone where the table was
-- vacuumed lately.
ALTER TABLE clientaccount_listed SET (autovacuum_vacuum_scale_factor = 0.02);
