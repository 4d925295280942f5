-- What a delivery says, as a fingerprint: another content under the same id is refused. A
-- delivery that was accepted before this column has none, and is not compared.
ALTER TABLE clientaccount_deliveries ADD COLUMN fingerprint TEXT; -- 16 bytes, written like an id
