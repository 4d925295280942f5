-- What a delivery says, as a fingerprint: another content under the same id is refused. A
-- delivery that was accepted before this column has none, and is not compared.
ALTER TABLE clientaccount_deliveries ADD COLUMN IF NOT EXISTS fingerprint uuid; -- 16 bytes
