package postgres

import (
	"context"
	"fmt"
	"strings"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/dialect"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/prepared"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/rows"
)

// Rows come as an array for each column. The sub-select hides how long the array is,
// for which every execution would be planned anew; and the parameters are text, which
// every driver sends alike.
func (*Dialect) Rows(n int, cs rows.Columns) (table string, next int) {
	arrays := make([]string, len(cs))
	for i, c := range cs {
		arrays[i] = fmt.Sprintf("(SELECT $%d::text::%s[])", n+i, c.Type)
	}
	return fmt.Sprintf("unnest(%s) AS r(%s)", strings.Join(arrays, ", "), cs.List("")), n + len(cs)
}

// row is a row of parameters, as Rows is many.
func row(n int, cs rows.Columns) (table string, next int) {
	values := make([]string, len(cs))
	for i, c := range cs {
		values[i] = fmt.Sprintf("$%d::text::%s AS %s", n+i, c.Type, c.Name)
	}
	return fmt.Sprintf("(SELECT %s) AS r", strings.Join(values, ", ")), n + len(cs)
}

// Each looks rows up one by one, by index: a join might read the whole table instead.
func (*Dialect) Each(table, of, where string, all bool) string {
	limit := " LIMIT 1"
	if all {
		limit = " OFFSET 0"
	}
	return fmt.Sprintf("%s r CROSS JOIN LATERAL (SELECT * FROM %s t WHERE %s%s) t", table, of, where, limit)
}

// AsText does not depend on the connection's time zone or style of dates.
func (*Dialect) AsText(cs rows.Columns) []string {
	texts := make([]string, len(cs))
	for i, c := range cs {
		texts[i] = "t." + c.Name + "::text"
		if c.Type == "timestamptz" {
			texts[i] = "to_char(t." + c.Name + ` AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`
		}
	}
	return texts
}

var queries = dialect.QueriesOf((*Dialect)(nil))

// Queries are made once.
func (*Dialect) Queries() *dialect.Queries { return &queries }

// Asking takes an array for each column.
func (*Dialect) Asking(cs rows.Columns) *rows.Params { return inArrays(cs) }

// Writing takes an array for each column.
func (*Dialect) Writing(cs rows.Columns) *rows.Params { return inArrays(cs) }

func inArrays(cs rows.Columns) *rows.Params { return rows.NewParams(newArrays(len(cs))) }

// Written is all rows in one call.
func (d *Dialect) Written(cs rows.Columns) string {
	table, _ := d.Rows(1, cs)
	return table
}

// Certain reports whether an error tells that the statement, or transaction, it came from
// changed nothing and never will. The server's own word for a statement is certain;
// unless it speaks of the connection (class 08), of its own end (57P), of not knowing
// itself (40003), or of damage (58, XX).
func (*Dialect) Certain(err error) bool {
	state := dialect.SQLState(err)
	for _, class := range []string{"08", "57P", "40003", "58", "XX"} {
		if strings.HasPrefix(state, class) {
			return false
		}
	}
	return state != ""
}

// Blames goes by the classes of errors that speak of a value: data exception, violated
// integrity, and limits of the server, as of an index's row.
func (*Dialect) Blames(err error) bool {
	state := dialect.SQLState(err)
	return strings.HasPrefix(state, "22") || strings.HasPrefix(state, "23") || strings.HasPrefix(state, "54")
}

// lockWait is for how long a transaction waits for one lock, unless the connection has
// a bound of its own.
const lockWait = "2s"

// lockStatement sets the bound, too: what does not depend on a row is worked out before
// the first one is locked. It gives each balance as it is once it is locked.
var lockStatement = lockStatementOf(fmt.Sprintf(
	"CASE current_setting('lock_timeout') WHEN '0' THEN set_config('lock_timeout', '%s', true) ELSE '' END IS NOT NULL", lockWait), "")

// tryLockStatement needs no bound.
var tryLockStatement = lockStatementOf("true", " SKIP LOCKED")

func lockStatementOf(first, others string) string {
	return fmt.Sprintf(`SELECT %s FROM %s t
	WHERE %s AND t.account_id = ANY ((SELECT $1::text::uuid[])::uuid[])
	ORDER BY t.account_id FOR NO KEY UPDATE%s`,
		strings.Join((*Dialect)(nil).AsText(rows.Balances.Columns()), ", "), dialect.BalancesTable, first, others)
}

// LockBalances waits for each lock, but within bounds.
func (*Dialect) LockBalances(ctx context.Context, conn prepared.Conn, ids []account.ID) ([]account.Balance, error) {
	if conn.Hosted() {
		restore, err := lockTimeout(ctx, conn)
		if err != nil {
			return nil, err
		}
		defer restore()
	}
	return lockedBy(ctx, conn, lockStatement, ids)
}

// TryLockBalances waits for none.
func (*Dialect) TryLockBalances(ctx context.Context, conn prepared.Conn, ids []account.ID) ([]account.Balance, error) {
	return lockedBy(ctx, conn, tryLockStatement, ids)
}

func lockedBy(ctx context.Context, conn prepared.Conn, statement string, ids []account.ID) ([]account.Balance, error) {
	list := inArrays(rows.Columns{rows.Account})
	for _, id := range ids {
		list.Key(id)
	}
	args, err := rows.Args(list)
	if err != nil {
		return nil, err
	}
	locked, err := conn.Ask(ctx, statement, args)
	if err != nil {
		return nil, err
	}
	return rows.All(locked, rows.Balances)
}

// lockTimeout notes the bound of the host's transaction, and gives what sets it again.
func lockTimeout(ctx context.Context, conn prepared.Conn) (restore func(), err error) {
	var was string
	if err := conn.QueryRowContext(ctx, "SELECT current_setting('lock_timeout')").Scan(&was); err != nil {
		return nil, err
	}
	return func() { // fails where the transaction has failed, which takes the bound back too
		_, _ = conn.ExecContext(ctx, "SELECT set_config('lock_timeout', $1, true)", was)
	}, nil
}
