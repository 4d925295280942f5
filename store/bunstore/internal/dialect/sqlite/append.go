package sqlite

import (
	"context"
	"fmt"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/dialect"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/prepared"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/rows"
)

// SideBySide is false: one transaction writes at a time.
func (*Dialect) SideBySide() bool { return false }

// Append is one transaction. Nobody else writes meanwhile, so what can be written is
// known beforehand.
func (d *Dialect) Append(ctx context.Context, pool *prepared.Pool, ps []store.Posting, outcomes []store.Outcome) error {
	defer pool.CatchUp(ctx)
	release, err := d.Acquire(ctx)
	if err != nil {
		return prepared.Unwritten(err)
	}
	defer release()
	var positions []int
	err = pool.Within(ctx, nil, func(conn prepared.Conn) (err error) {
		if positions, err = writable(ctx, conn, ps); err != nil {
			return err
		}
		return d.writeOver(ctx, conn, pick(ps, positions), false)
	})
	if err == nil {
		dialect.Written(positions, outcomes)
	}
	return err
}

// findWritable takes balances with the versions they are to be written over, and
// references.
var findWritable = func() string {
	balances, next := (*Dialect)(nil).Rows(1, balanceColumns)
	references, _ := (*Dialect)(nil).Rows(next, rows.References)
	return fmt.Sprintf(`SELECT r.n FROM %s CROSS JOIN %s t ON t.account_id = r.account_id AND t.version = r.was
		WHERE r.account_id NOT IN (SELECT r.account_id FROM %s CROSS JOIN %s t ON t.account_id = r.account_id AND t.reference = r.reference)`,
		balances, dialect.BalancesTable, references, dialect.EntriesTable)
}()

var balanceColumns = rows.Columns{rows.Position, rows.Account, rows.Was}

// writable are the positions of the postings that can be written.
func writable(ctx context.Context, conn prepared.Conn, ps []store.Posting) ([]int, error) {
	balances, references := asking(balanceColumns), asking(rows.References)
	for n := range ps {
		id := ps[n].Balance.Account
		balances.Integer(int64(n))
		balances.Key(id)
		balances.Integer(ps[n].From)
		for _, reference := range dialect.References(&ps[n]) {
			if rows.Storable(reference) { // else it was never used
				references.Key(id)
				references.Text(reference)
			}
		}
	}
	args, err := rows.Args(balances, references)
	if err != nil {
		return nil, err
	}
	found, err := conn.Ask(ctx, findWritable, args)
	if err != nil {
		return nil, err
	}
	return rows.Positions(found)
}

func pick(ps []store.Posting, positions []int) []store.Posting {
	picked := make([]store.Posting, len(positions))
	for i, n := range positions {
		picked[i] = ps[n]
	}
	return picked
}

// Post writes within the transaction that has the lock of all.
func (d *Dialect) Post(ctx context.Context, conn prepared.Conn, ps []store.Posting) error {
	return d.writeOver(ctx, conn, ps, true)
}

// writeOver writes postings, each over its version, or fails.
func (d *Dialect) writeOver(ctx context.Context, conn prepared.Conn, ps []store.Posting, terms bool) error {
	query := changeBalance
	if terms {
		query = changeTerms
	}
	balances := d.Writing(rows.ChangeColumns(terms))
	for i := range ps {
		rows.WriteChange(balances, &ps[i], terms)
	}
	changed, err := dialect.Change(ctx, conn, query, balances)
	if err != nil {
		return err
	}
	if changed != int64(len(ps)) {
		return account.ErrConflict
	}
	return dialect.WriteRows(ctx, d, conn, ps)
}

var (
	changeBalance = changeOf(rows.Moving, false)
	changeTerms   = changeOf(rows.Moving.And(rows.Terms), true)
)

func changeOf[T any](set rows.Codec[T], terms bool) string {
	return fmt.Sprintf("UPDATE %s AS b SET %s FROM %s WHERE b.account_id = r.account_id AND b.version = r.was",
		dialect.BalancesTable, set.Columns().Set("r."), (*Dialect)(nil).Written(rows.ChangeColumns(terms)))
}
