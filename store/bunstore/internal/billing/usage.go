package billing

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/document"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/rows"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/session"
)

var usageColumns = rows.UsageOfAccounts.Columns()

// Usage is [store.BillingReader]'s. The order is that of Go, which knows kinds.
func (r Reader) Usage(ctx context.Context, q store.UsageQuery) ([]store.UsageRow, error) {
	var where session.Conditions
	where.Add("account_id = ?", rows.IDText(q.Account))
	where.Add("period >= ?", q.From)
	between(&where, "day", q.First, q.Last)
	found, err := session.Asked(ctx, r.s, `SELECT `+rows.Usage.Columns().List("")+` FROM clientaccount_usage WHERE `+where.String(),
		rows.Usage, where.Args...)
	slices.SortFunc(found, func(a, b store.UsageRow) int {
		return cmp.Or(cmp.Compare(a.Period, b.Period), a.Compare(b.UsageKey))
	})
	return found, err
}

// between narrows days, both included, zero for no bound.
func between(where *session.Conditions, column string, first, last account.Date) {
	if !first.IsZero() {
		where.Add(column+" >= ?", first.String())
	}
	if !last.IsZero() {
		where.Add(column+" <= ?", last.String())
	}
}

// atOnce is how many rows are written by one statement.
const atOnce = 10_000

// PutUsage is [store.BillingTx]'s.
func (t Tx) PutUsage(ctx context.Context, id account.ID, period int64, usage []document.UsageRow) error {
	if len(usage) == 0 {
		return ctx.Err()
	}
	days := map[account.Date]bool{}
	list := make([]rows.UsageOfAccount, len(usage))
	for i, u := range usage {
		days[u.Day] = true
		list[i] = rows.UsageOfAccount{Account: id, Usage: store.UsageRow{Period: period, UsageRow: u}}
	}
	given, err := session.Packed(rows.UsageDays, slices.Collect(maps.Keys(days)))
	if err != nil {
		return err
	}
	_, err = t.s.Change(ctx, t.s.Unpacked(rows.UsageDays.Columns())+`DELETE FROM clientaccount_usage
		WHERE account_id = $2 AND period = $3 AND day IN (SELECT r.day FROM r)`, given, rows.IDText(id), period)
	if err != nil {
		return err
	}
	return t.insertUsage(ctx, list)
}

func (t Tx) insertUsage(ctx context.Context, list []rows.UsageOfAccount) error {
	for some := range slices.Chunk(list, atOnce) {
		with, args, err := session.WithRows(t.s, rows.UsageOfAccounts, some)
		if err != nil {
			return err
		}
		_, err = t.s.Change(ctx, with+`INSERT INTO clientaccount_usage (`+usageColumns.List("")+`)
			SELECT `+usageColumns.List("r.")+` FROM r`, args...)
		if err != nil {
			return err
		}
	}
	return nil
}
