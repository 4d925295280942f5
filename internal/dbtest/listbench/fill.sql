-- Indexes are made anew when the rows are there: that is many times as fast.
CREATE TEMPORARY TABLE indexes ON COMMIT DROP AS SELECT indexname, indexdef FROM pg_indexes
    WHERE schemaname = current_schema() AND tablename IN ('clientaccount_accounts', 'clientaccount_listed', 'clientaccount_balances') AND indexname NOT LIKE '%pkey';
DO $$ DECLARE i record; BEGIN FOR i IN SELECT * FROM indexes LOOP EXECUTE 'DROP INDEX ' || i.indexname; END LOOP; END $$;

INSERT INTO clientaccount_managers (id, revision, name, name_key, email, phone)
    SELECT md5('manager' || n)::uuid, 1, 'Manager ' || n, 'manager ' || n, '', '' FROM generate_series(1, 60) n;

INSERT INTO clientaccount_products (id, revision, name, name_key, currency, moderation)
    SELECT md5('product' || n)::uuid, 1, 'Product ' || n, 'product ' || n, 'EUR', '' FROM generate_series(1, 20) n;

SELECT setseed(0.25);

INSERT INTO clientaccount_accounts (id, revision, parent, created_at, updated_at, company_key, search_text, login, status, expires_at,
        manager, notes_product, contact_country, contact_company, contact_contract, contact_phone, currency, time_zone)
    SELECT md5('c' || n)::uuid, 1, CASE WHEN n > 20000 AND n % 10 = 0 THEN md5('c' || 1 + n % 9973)::uuid END,
        now() - random() * interval '3 years', now() - random() * interval '400 days',
        company, 'client-' || n || E'\n' || company || E'\n' || 'c-' || n || E'\n+38050' || 1000000 + n, 'client-' || n,
        CASE WHEN r < 0.85 THEN 'active' WHEN r < 0.88 THEN 'pending' WHEN r < 0.93 THEN 'suspended' WHEN r < 0.95 THEN 'blocked' ELSE 'closed' END,
        CASE WHEN n % 20 = 7 THEN now() + (random() * 200 - 80) * interval '1 day' END,
        CASE WHEN n % 50 > 0 THEN md5('manager' || 1 + floor(60 * random() * random()))::uuid END,
        md5('product' || 1 + floor(20 * random()))::uuid,
        (ARRAY['UA','UA','UA','DE','PL','GB','FR','IT','ES','RO','CZ','SK','HU','BG','GR','NL','BE','AT','CH','SE'])[1 + floor(20 * random())],
        company, 'C-' || n, '+38050' || 1000000 + n, 'EUR', 'UTC'
    FROM (SELECT n, random() AS r, (ARRAY['acme','north','orion','vela','delta','kyiv','nova','terra','lux','zenit'])[1 + floor(10 * random())] || ' ' || substr(md5(n::text), 1, 6) || ' llc' AS company
        FROM generate_series(1, 1000000) n) c ORDER BY n;

CREATE INDEX listbench_parent ON clientaccount_accounts (parent) WHERE parent IS NOT NULL;
ANALYZE clientaccount_accounts;

WITH RECURSIVE s (status, severity) AS (VALUES ('active', 0), ('pending', 1), ('suspended', 3), ('blocked', 4), ('closed', 5)),
t AS (
    SELECT a.id, 0 AS above, NULL::timestamptz AS above_expires, s.severity, a.expires_at AS ends_at
        FROM clientaccount_accounts a JOIN s ON s.status = a.status WHERE a.parent IS NULL
    UNION ALL
    SELECT a.id, t.severity, t.ends_at, greatest(t.severity, s.severity), least(t.ends_at, a.expires_at)
        FROM t JOIN clientaccount_accounts a ON a.parent = t.id JOIN s ON s.status = a.status
)
INSERT INTO clientaccount_listed (account_id, login, company_key, created_at, updated_at, manager, product, country, parent,
    above, above_expires, status, ends_at, moved_at, balance, available, exhausted, near_limit, mail_failing, overdraw_ends, version)
SELECT a.id, a.login, a.company_key, a.created_at, a.updated_at, a.manager, a.notes_product, a.contact_country, a.parent,
    above.status, t.above_expires, worst.status, t.ends_at,
    -- Those whose work has ended moved last long ago, and those who can pay for nothing are the last by what is available.
    now() - random() * random() * interval '200 days' - CASE WHEN worst.severity > 3 THEN interval '90 days' ELSE interval '0' END,
    lpad((10000000000000000000000 + left_over + floor((random() - 0.5) * 500000000))::numeric::text, 23, '0'),
    lpad((10000000000000000000000 + left_over)::numeric::text, 23, '0'),
    left_over < 50000, left_over BETWEEN 50000 AND 300000000 AND random() < 0.6,
    random() < 0.002, CASE WHEN random() < 0.01 THEN now() + random() * interval '60 days' END, 1
FROM (SELECT *, floor((random() * 1.05 - 0.05) * 6000000000) AS left_over FROM t) t JOIN clientaccount_accounts a ON a.id = t.id
    JOIN s above ON above.severity = t.above JOIN s worst ON worst.severity = t.severity;

INSERT INTO clientaccount_balances (account_id, version, entries, events, amount, held, spent, month, low, exhausted, overdraw_over, last_at,
        currency, credit, overdraw, closed, zone, notification_limit)
    SELECT account_id, 1, 1, 0, (balance::numeric - 10000000000000000000000) / 1000000, 0, 0, 0, near_limit, exhausted, false, moved_at,
        'EUR', 0, 0, status = 'closed', 'UTC', '' FROM clientaccount_listed;

INSERT INTO clientaccount_hooks (account_id, kind, failures, failing_since)
    SELECT id, 'rest_state', CASE WHEN random() < 0.03 THEN 3 ELSE 0 END, CASE WHEN random() < 0.03 THEN now() END
    FROM clientaccount_accounts WHERE random() < 0.1;

UPDATE clientaccount_listed SET hook_failing = true WHERE account_id IN (SELECT account_id FROM clientaccount_hooks WHERE failing_since IS NOT NULL);

INSERT INTO clientaccount_tasks (id, line, kind, account_id, label, state, undoes, actor_id, actor_name, reason, second_id, second_name, answer, revision, entry)
    SELECT md5('t' || id)::uuid, 0, 'change', id, '', CASE WHEN random() < 0.1 THEN 'unconfirmed' ELSE 'done' END, 0, '', '', '', '', '', '', 0, 0
    FROM clientaccount_accounts WHERE random() < 0.001;

DROP INDEX listbench_parent;
DO $$ DECLARE i record; BEGIN FOR i IN SELECT * FROM indexes LOOP EXECUTE i.indexdef; END LOOP; END $$;
