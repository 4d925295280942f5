package sqlite

import (
	"strings"

	"github.com/clientaccount/clientaccount/store/bunstore/internal/dialect"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/rows"
)

// DueHooks is PostgreSQL's for what SQLite's planner makes good use of: the next entry
// is found by its number, first under the same account, then under the next.
func (*Dialect) DueHooks() string {
	const first = `SELECT d.seq FROM clientaccount_deliveries d WHERE d.state = 'waiting'`
	const order = ` ORDER BY d.account_id, d.kind, d.due_at, d.seq LIMIT 1`
	const columns = `SELECT n.account_id, n.kind, n.due_at FROM `
	const next = `COALESCE((` + first + ` AND d.account_id = w.account_id AND d.kind > w.kind` + order + `), (` +
		first + ` AND d.account_id > w.account_id` + order + `))`
	return `WITH RECURSIVE w(account_id, kind, due_at) AS (` +
		columns + `clientaccount_deliveries n WHERE n.seq = (` + first + order + `) UNION ALL ` +
		columns + `w JOIN clientaccount_deliveries n ON n.seq = ` + next + `)` + dialect.Wanted
}

// DueOf finds the numbers of each hook's deliveries in a subquery, where its index gives
// their order.
func (e *Dialect) DueOf() string {
	return `WITH j AS (` + e.Unpack("$1", rows.HeldColumns) + `), r AS MATERIALIZED (` + dialect.OfOwner + `)
		SELECT ` + dialect.DueColumns + ` FROM r CROSS JOIN clientaccount_deliveries d
		WHERE d.seq IN (SELECT f.seq FROM (
			SELECT d.seq FROM clientaccount_deliveries d
			WHERE d.account_id = r.hook_account AND d.kind = r.hook_kind AND ` + dialect.IsDue + `
				AND d.id NOT IN (SELECT value FROM json_each(r.skip)) ORDER BY d.due_at, d.seq LIMIT $3) f)
		ORDER BY d.due_at, d.seq`
}

// Unpack takes values as they come.
func (*Dialect) Unpack(parameter string, cs rows.Columns) string {
	picked := make([]string, len(cs))
	for i, c := range cs {
		picked[i] = "value ->> '" + c.Name + "' AS " + c.Name
	}
	return `SELECT ` + strings.Join(picked, ", ") + ` FROM json_each(` + parameter + `)`
}

// Elements are texts.
func (*Dialect) Elements(parameter string) string {
	return `(SELECT value FROM json_each(` + parameter + `))`
}

// Delete goes by the index of the keys.
func (*Dialect) Delete(table string, keys rows.Columns) string {
	return `DELETE FROM ` + table + ` WHERE (` + keys.List("") + `) IN (SELECT ` + keys.List("r.") + ` FROM r)`
}

// Hint has nothing to say.
func (*Dialect) Hint() string { return "" }

// LockRows has nothing to add: nobody else writes.
func (*Dialect) LockRows(string) string { return "" }

// SkipLocked has nothing to add: nobody else writes.
func (*Dialect) SkipLocked(string) string { return "" }

// Impatient has nothing to do: nobody else writes.
func (*Dialect) Impatient() string { return "TRUE" }
