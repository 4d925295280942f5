-- What clients of a product pay for, and the ends of a message after which they get it back.
ALTER TABLE clientaccount_products ADD COLUMN pricing TEXT NOT NULL DEFAULT 'sent';

--bun:split

ALTER TABLE clientaccount_products ADD COLUMN refunds TEXT NOT NULL DEFAULT '';
