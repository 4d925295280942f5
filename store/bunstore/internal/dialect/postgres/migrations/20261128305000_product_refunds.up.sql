-- What clients of a product pay for, and the ends of a message after which they get it back.
ALTER TABLE clientaccount_products
    ADD COLUMN IF NOT EXISTS pricing text NOT NULL DEFAULT 'sent',
    ADD COLUMN IF NOT EXISTS refunds text NOT NULL DEFAULT '';
