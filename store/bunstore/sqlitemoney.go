package bunstore

import (
	"context"
	"fmt"
	"strings"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
)

// rows come as one JSON array of arrays.
func (sqlite) rows(n int, cs columns) (table string, next int) {
	values := make([]string, len(cs))
	for i, c := range cs {
		values[i] = fmt.Sprintf("value ->> %d AS %s", i, c.name)
	}
	return fmt.Sprintf("(SELECT %s FROM json_each(?%d)) AS r", strings.Join(values, ", "), n), n + 1
}

// each keeps the order of the tables: SQLite does not turn a CROSS JOIN round.
func (sqlite) each(table, of, where string, _ bool) string {
	return fmt.Sprintf("%s r CROSS JOIN %s t ON %s", table, of, where)
}

func (sqlite) asText(cs columns) []string {
	names := cs.names()
	for i, name := range names {
		names[i] = "t." + name
	}
	return names
}

var sqliteTexts = textsOf(sqlite{})

func (sqlite) texts() *texts { return &sqliteTexts }

func (sqlite) asking(cs columns) *sheet { return &sheet{form: &lists{width: len(cs)}} }

// writing takes a call for each row: a prepared statement costs less than taking rows
// out of JSON.
func (sqlite) writing(cs columns) *sheet { return &sheet{form: &singles{width: len(cs)}} }

func (sqlite) written(cs columns) string {
	values := make([]string, len(cs))
	for i, c := range cs {
		values[i] = fmt.Sprintf("?%d AS %s", i+1, c.name)
	}
	return fmt.Sprintf("(SELECT %s) AS r", strings.Join(values, ", "))
}

// blames goes by the text, which is SQLite's own in every driver.
func (sqlite) blames(err error) bool { return strings.Contains(err.Error(), "constraint failed") }

// certain: what fails before the end of a transaction is marked as such; how the end
// itself failed, nobody knows.
func (sqlite) certain(error) bool { return false }

// lockBalances only reads: the transaction is the only one that writes.
func (sqlite) lockBalances(ctx context.Context, t *tx, ids []account.ID) ([]account.Balance, error) {
	lookups := make([]store.Lookup, len(ids))
	for i, id := range ids {
		lookups[i].Account = id
	}
	found, err := t.Ledger(ctx, lookups)
	var balances []account.Balance
	for i := range found {
		if found[i].Balance.Version > 0 {
			balances = append(balances, found[i].Balance)
		}
	}
	return balances, err
}
