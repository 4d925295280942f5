package sqlite

import (
	"context"
	"fmt"
	"strings"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/dialect"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/prepared"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/rows"
)

// Rows come as one JSON array of arrays.
func (*Dialect) Rows(n int, cs rows.Columns) (table string, next int) {
	values := make([]string, len(cs))
	for i, c := range cs {
		values[i] = fmt.Sprintf("value ->> %d AS %s", i, c.Name)
	}
	return fmt.Sprintf("(SELECT %s FROM json_each(?%d)) AS r", strings.Join(values, ", "), n), n + 1
}

// Each keeps the order of the tables: SQLite does not turn a CROSS JOIN round.
func (*Dialect) Each(table, of, where string, _ bool) string {
	return fmt.Sprintf("%s r CROSS JOIN %s t ON %s", table, of, where)
}

// AsText has nothing to do: a value is text in one form.
func (*Dialect) AsText(cs rows.Columns) []string {
	names := cs.Names()
	for i, name := range names {
		names[i] = "t." + name
	}
	return names
}

var queries = dialect.QueriesOf((*Dialect)(nil))

// Queries are made once.
func (*Dialect) Queries() *dialect.Queries { return &queries }

// Asking takes one JSON array.
func (*Dialect) Asking(cs rows.Columns) *rows.Params { return asking(cs) }

func asking(cs rows.Columns) *rows.Params { return rows.NewParams(&lists{width: len(cs)}) }

// Writing takes a call for each row: a prepared statement costs less than taking rows
// out of JSON.
func (*Dialect) Writing(cs rows.Columns) *rows.Params {
	return rows.NewParams(rows.NewSingles(len(cs)))
}

// Written returns one row of a call.
func (*Dialect) Written(cs rows.Columns) string {
	values := make([]string, len(cs))
	for i, c := range cs {
		values[i] = fmt.Sprintf("?%d AS %s", i+1, c.Name)
	}
	return fmt.Sprintf("(SELECT %s) AS r", strings.Join(values, ", "))
}

// Blames goes by the text, which is SQLite's own in every driver.
func (*Dialect) Blames(err error) bool { return strings.Contains(err.Error(), "constraint failed") }

// Certain: what fails before the end of a transaction is marked as such; how the end
// itself failed, nobody knows.
func (*Dialect) Certain(error) bool { return false }

// LockBalances only reads: the transaction is the only one that writes.
func (*Dialect) LockBalances(ctx context.Context, conn prepared.Conn, ids []account.ID) ([]account.Balance, error) {
	wanted := asking(rows.Columns{rows.Account})
	for _, id := range ids {
		wanted.Key(id)
	}
	args, err := rows.Args(wanted)
	if err != nil {
		return nil, err
	}
	found, err := conn.Ask(ctx, readBalances, args)
	if err != nil {
		return nil, err
	}
	return rows.All(found, rows.Balances)
}

// TryLockBalances has nobody to wait for.
func (d *Dialect) TryLockBalances(ctx context.Context, conn prepared.Conn, ids []account.ID) ([]account.Balance, error) {
	return d.LockBalances(ctx, conn, ids)
}

var readBalances = func() string {
	wanted, _ := (*Dialect)(nil).Rows(1, rows.Columns{rows.Account})
	return fmt.Sprintf("SELECT %s FROM %s CROSS JOIN %s t ON t.account_id = r.account_id ORDER BY t.account_id",
		rows.Balances.Columns().List("t."), wanted, dialect.BalancesTable)
}()
