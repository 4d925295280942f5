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

func (e postgres) dueOf() string {
	return `WITH j AS (` + e.unpack("$1", heldColumns) + `), r AS MATERIALIZED (` + ofOwner + `)
		SELECT x.* FROM r CROSS JOIN LATERAL (
			SELECT ` + deliveryColumns + `, ` + overtaken + ` FROM clientaccount_deliveries d
			WHERE d.account_id = r.hook_account AND d.kind = r.hook_kind AND ` + isDue + `
				AND d.id <> ALL (r.skip) ORDER BY d.due_at, d.seq LIMIT $3) x
		ORDER BY x.due_at, x.seq`
}

func (postgres) unpack(parameter string, columns []jsonColumn) string {
	described := make([]string, len(columns))
	for i, c := range columns {
		described[i] = c.name + " " + c.kind
	}
	return `SELECT * FROM jsonb_to_recordset(CAST(` + parameter + ` AS jsonb)) AS j(` + strings.Join(described, ", ") + `)`
}

func (postgres) elements(parameter string) string {
	return `(SELECT CAST(j AS uuid) FROM jsonb_array_elements_text(CAST(` + parameter + ` AS jsonb)) AS j)`
}

// hint keeps a short list of ids from being looked up by reading a whole table, which
// the planner holds for cheap as long as it believes the table to be small.
func (postgres) hint() string { return "SET LOCAL enable_seqscan = off" }

func (postgres) skipLocked(table string) string { return "FOR UPDATE OF " + table + " SKIP LOCKED" }

// dueHooks is PostgreSQL's for what SQLite's planner makes good use of: the next entry
// is found by its number, first under the same account, then under the next.
func (sqlite) dueHooks() string {
	const first = `SELECT d.seq FROM clientaccount_deliveries d WHERE d.state = 'waiting'`
	const order = ` ORDER BY d.account_id, d.kind, d.due_at, d.seq LIMIT 1`
	const columns = `SELECT n.account_id, n.kind, n.due_at FROM `
	const next = `COALESCE((` + first + ` AND d.account_id = w.account_id AND d.kind > w.kind` + order + `), (` +
		first + ` AND d.account_id > w.account_id` + order + `))`
	return `WITH RECURSIVE w(account_id, kind, due_at) AS (` +
		columns + `clientaccount_deliveries n WHERE n.seq = (` + first + order + `) UNION ALL ` +
		columns + `w JOIN clientaccount_deliveries n ON n.seq = ` + next + `)` + wanted
}

// dueOf finds the numbers of each hook's deliveries in a subquery, where its index gives
// their order.
func (e sqlite) dueOf() string {
	return `WITH j AS (` + e.unpack("$1", heldColumns) + `), r AS MATERIALIZED (` + ofOwner + `)
		SELECT ` + deliveryColumns + `, ` + overtaken + ` FROM r CROSS JOIN clientaccount_deliveries d
		WHERE d.seq IN (SELECT f.seq FROM (
			SELECT d.seq FROM clientaccount_deliveries d
			WHERE d.account_id = r.hook_account AND d.kind = r.hook_kind AND ` + isDue + `
				AND d.id NOT IN (SELECT value FROM json_each(r.skip)) ORDER BY d.due_at, d.seq LIMIT $3) f)
		ORDER BY d.due_at, d.seq`
}

func (sqlite) unpack(parameter string, columns []jsonColumn) string {
	picked := make([]string, len(columns))
	for i, c := range columns {
		picked[i] = "value ->> '" + c.name + "' AS " + c.name
	}
	return `SELECT ` + strings.Join(picked, ", ") + ` FROM json_each(` + parameter + `)`
}

func (sqlite) elements(parameter string) string {
	return `(SELECT value FROM json_each(` + parameter + `))`
}

func (sqlite) hint() string { return "" }

// skipLocked has nothing to add: nobody else writes.
func (sqlite) skipLocked(string) string { return "" }
