package bunstore

import "strings"

// wanted ends the search for hooks that are due: w are those with anything waiting,
// and when the first of it is due.
const wanted = ` SELECT w.account_id, w.kind
	FROM w LEFT JOIN clientaccount_hooks h ON h.account_id = w.account_id AND h.kind = w.kind
	WHERE w.due_at <= $1 AND (h.leased_until IS NULL OR h.leased_until <= $1)
		AND (h.paused_until IS NULL OR h.paused_until <= $1)
	ORDER BY h.served_at NULLS FIRST, w.account_id, w.kind LIMIT $2`

// dueHooks goes from hook to hook through the index of what waits, reading one entry
// of each, however many there are.
func (postgres) dueHooks() string {
	const first = `SELECT d.account_id, d.kind, d.due_at FROM clientaccount_deliveries d WHERE d.state = 'waiting'`
	const order = ` ORDER BY d.account_id, d.kind, d.due_at, d.seq LIMIT 1`
	return `WITH RECURSIVE w AS ((` + first + order + `) UNION ALL SELECT n.account_id, n.kind, n.due_at
		FROM w CROSS JOIN LATERAL (` + first + ` AND (d.account_id, d.kind) > (w.account_id, w.kind)` + order + `) n)` + wanted
}

func (postgres) unpack(parameter string, columns []column) string {
	described := make([]string, len(columns))
	for i, c := range columns {
		described[i] = c.name + " " + c.kind
	}
	return `SELECT * FROM jsonb_to_recordset(CAST(` + parameter + ` AS jsonb)) AS j(` + strings.Join(described, ", ") + `)`
}

func (postgres) elements(parameter string) string {
	return `(SELECT CAST(j AS uuid) FROM jsonb_array_elements_text(CAST(` + parameter + ` AS jsonb)) AS j)`
}

func (postgres) skipLocked(table string) string { return "FOR UPDATE OF " + table + " SKIP LOCKED" }

// dueHooks is PostgreSQL's without LATERAL, which SQLite lacks: the next entry is
// found by its number.
func (sqlite) dueHooks() string {
	const first = `SELECT d.seq FROM clientaccount_deliveries d WHERE d.state = 'waiting'`
	const order = ` ORDER BY d.account_id, d.kind, d.due_at, d.seq LIMIT 1`
	const columns = `SELECT n.account_id, n.kind, n.due_at FROM `
	return `WITH RECURSIVE w(account_id, kind, due_at) AS (` +
		columns + `clientaccount_deliveries n WHERE n.seq = (` + first + order + `) UNION ALL ` +
		columns + `w JOIN clientaccount_deliveries n ON n.seq = (` +
		first + ` AND (d.account_id, d.kind) > (w.account_id, w.kind)` + order + `))` + wanted
}

func (sqlite) unpack(parameter string, columns []column) string {
	picked := make([]string, len(columns))
	for i, c := range columns {
		picked[i] = "value ->> '" + c.name + "' AS " + c.name
	}
	return `SELECT ` + strings.Join(picked, ", ") + ` FROM json_each(` + parameter + `)`
}

func (sqlite) elements(parameter string) string {
	return `(SELECT value FROM json_each(` + parameter + `))`
}

// skipLocked has nothing to add: nobody else writes.
func (sqlite) skipLocked(string) string { return "" }
