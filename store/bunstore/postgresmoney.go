package bunstore

import (
	"context"
	"fmt"
	"strings"

	"github.com/clientaccount/clientaccount/account"
)

// rows come as an array for each column. The sub-select hides how long the array is,
// for which every execution would be planned anew; and the parameters are text, which
// every driver sends alike.
func (postgres) rows(n int, cs columns) (table string, next int) {
	arrays := make([]string, len(cs))
	for i, c := range cs {
		arrays[i] = fmt.Sprintf("(SELECT $%d::text::%s[])", n+i, c.pgType)
	}
	return fmt.Sprintf("unnest(%s) AS r(%s)", strings.Join(arrays, ", "), cs.list("")), n + len(cs)
}

// row is a row of parameters, as rows is many.
func (postgres) row(n int, cs columns) (table string, next int) {
	values := make([]string, len(cs))
	for i, c := range cs {
		values[i] = fmt.Sprintf("$%d::text::%s AS %s", n+i, c.pgType, c.name)
	}
	return fmt.Sprintf("(SELECT %s) AS r", strings.Join(values, ", ")), n + len(cs)
}

// each looks rows up one by one, by index: a join might read the whole table instead.
func (postgres) each(table, of, where string, all bool) string {
	limit := " LIMIT 1"
	if all {
		limit = " OFFSET 0"
	}
	return fmt.Sprintf("%s r CROSS JOIN LATERAL (SELECT * FROM %s t WHERE %s%s) t", table, of, where, limit)
}

// asText does not depend on the connection's time zone or style of dates.
func (postgres) asText(cs columns) []string {
	texts := make([]string, len(cs))
	for i, c := range cs {
		texts[i] = "t." + c.name + "::text"
		if c.pgType == "timestamptz" {
			texts[i] = "to_char(t." + c.name + ` AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`
		}
	}
	return texts
}

var postgresTexts = textsOf(postgres{})

func (postgres) texts() *texts { return &postgresTexts }

func (postgres) asking(cs columns) *sheet { return &sheet{form: newArrays(len(cs))} }

func (e postgres) writing(cs columns) *sheet { return e.asking(cs) }

func (e postgres) written(cs columns) string {
	table, _ := e.rows(1, cs)
	return table
}

// certain says whether an error tells that the statement, or transaction, it came from
// changed nothing and never will. The server's own word for a statement is certain;
// unless it speaks of the connection (class 08), of its own end (57P), of not knowing
// itself (40003), or of damage (58, XX).
func (postgres) certain(err error) bool {
	state := sqlState(err)
	for _, class := range []string{"08", "57P", "40003", "58", "XX"} {
		if strings.HasPrefix(state, class) {
			return false
		}
	}
	return state != ""
}

// blames goes by the classes of errors that speak of a value: data exception, violated
// integrity, and limits of the server, as of an index's row.
func (postgres) blames(err error) bool {
	state := sqlState(err)
	return strings.HasPrefix(state, "22") || strings.HasPrefix(state, "23") || strings.HasPrefix(state, "54")
}

// lockWait is for how long a transaction waits for one lock, unless the connection has
// a bound of its own.
const lockWait = "2s"

// lockStatement sets the bound, too: what does not depend on a row is worked out before
// the first one is locked. It gives each balance as it is once it is locked.
var lockStatement = fmt.Sprintf(`SELECT %s FROM %s t
	WHERE CASE current_setting('lock_timeout') WHEN '0' THEN set_config('lock_timeout', '%s', true) ELSE '' END IS NOT NULL
		AND t.account_id = ANY ((SELECT $1::text::uuid[])::uuid[])
	ORDER BY t.account_id FOR NO KEY UPDATE`,
	strings.Join(postgres{}.asText(balanceColumns), ", "), balancesTable, lockWait)

func (e postgres) lockBalances(ctx context.Context, t *tx, ids []account.ID) ([]account.Balance, error) {
	list := e.writing(columns{ofAccount})
	for _, id := range ids {
		list.key(id)
	}
	if t.hosted() {
		restore, err := lockTimeout(ctx, t)
		if err != nil {
			return nil, err
		}
		defer restore()
	}
	rows, err := t.ask(ctx, lockStatement, list.form.all())
	if err != nil {
		return nil, err
	}
	return decoded(ctx, t.session, rows, len(balanceColumns), balanceRow)
}

// lockTimeout notes the bound of the host's transaction, and gives what sets it again.
func lockTimeout(ctx context.Context, t *tx) (restore func(), err error) {
	var was string
	if err := t.conn.QueryRowContext(ctx, "SELECT current_setting('lock_timeout')").Scan(&was); err != nil {
		return nil, err
	}
	return func() { // fails where the transaction has failed, which takes the bound back too
		_, _ = t.conn.ExecContext(ctx, "SELECT set_config('lock_timeout', $1, true)", was)
	}, nil
}
