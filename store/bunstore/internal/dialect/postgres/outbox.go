package postgres

import (
	"strings"

	"github.com/clientaccount/clientaccount/store/bunstore/internal/dialect"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/rows"
)

// DueHooks goes from hook to hook through the index of what waits, reading one entry
// of each, however many there are.
func (*Dialect) DueHooks() string {
	const first = `SELECT d.account_id, d.kind, d.due_at FROM clientaccount_deliveries d WHERE d.state = 'waiting'`
	const order = ` ORDER BY d.account_id, d.kind, d.due_at, d.seq LIMIT 1`
	return `WITH RECURSIVE w AS ((` + first + order + `) UNION ALL SELECT n.account_id, n.kind, n.due_at
		FROM w CROSS JOIN LATERAL (` + first + ` AND (d.account_id, d.kind) > (w.account_id, w.kind)` + order + `) n)` + dialect.Wanted
}

// DueOf goes to each hook's index once.
func (e *Dialect) DueOf() string {
	return `WITH j AS (` + e.Unpack("$1", rows.HeldColumns) + `), r AS MATERIALIZED (` + dialect.OfOwner + `)
		SELECT x.* FROM r CROSS JOIN LATERAL (
			SELECT ` + dialect.DueColumns + ` FROM clientaccount_deliveries d
			WHERE d.account_id = r.hook_account AND d.kind = r.hook_kind AND ` + dialect.IsDue + `
				AND d.id <> ALL (r.skip) ORDER BY d.due_at, d.seq LIMIT $3) x
		ORDER BY x.due_at, x.seq`
}

// Unpack names the type of each column.
func (*Dialect) Unpack(parameter string, cs rows.Columns) string {
	described := make([]string, len(cs))
	for i, c := range cs {
		described[i] = c.Name + " " + c.Type
	}
	return `SELECT * FROM jsonb_to_recordset(CAST(` + parameter + ` AS jsonb)) AS j(` + strings.Join(described, ", ") + `)`
}

// Elements are of the type uuid.
func (*Dialect) Elements(parameter string) string {
	return `(SELECT CAST(j AS uuid) FROM jsonb_array_elements_text(CAST(` + parameter + ` AS jsonb)) AS j)`
}

// Delete joins: for IN, rows that are taken for few may be gone through for each row of the table.
func (*Dialect) Delete(table string, keys rows.Columns) string {
	return `DELETE FROM ` + table + ` AS t USING r WHERE ` + keys.Equal("t.", "r.")
}

// Hint keeps a short list of ids from being looked up by reading a whole table, which
// the planner holds for cheap as long as it believes the table to be small.
func (*Dialect) Hint() string { return "SET LOCAL enable_seqscan = off" }

// LockRows waits.
func (*Dialect) LockRows(table string) string { return "FOR UPDATE OF " + table }

// SkipLocked locks and passes over.
func (*Dialect) SkipLocked(table string) string { return "FOR UPDATE OF " + table + " SKIP LOCKED" }

// Impatient is worked out once, before the first row is written. Of a statement without a
// transaction the setting ends with the statement.
func (*Dialect) Impatient() string {
	return "(SELECT set_config('lock_timeout', '" + moment + "', true)) IS NOT NULL"
}

// moment is longer than another transaction of this kind takes.
const moment = "20ms"
