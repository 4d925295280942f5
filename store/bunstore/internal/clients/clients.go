// Package clients keeps the rows of the Clients list, beside the accounts, and reads its pages.
package clients

import (
	"context"
	"errors"

	"github.com/uptrace/bun"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/rows"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/session"
)

// Reader reads the Clients list.
type Reader struct{ s session.Session }

// Tx writes the rows of accounts that are written in the same transaction.
type Tx struct{ s session.Session }

// NewReader returns the reader of a session.
func NewReader(s session.Session) Reader { return Reader{s} }

// NewTx returns the writer of a session within a transaction.
func NewTx(s session.Session) Tx { return Tx{s} }

// ever is an instant by which everything is due, and before which no overdraw ends.
const ever = `'0001-01-01T00:00:00.000000Z'`

var (
	listed    = rows.Listed.Columns()
	putListed = `INSERT INTO clientaccount_listed AS l (` + listed.List("") + `, due_at) VALUES (` + listed.Given(1) + `, ` + ever + `)
		ON CONFLICT (account_id) DO UPDATE SET ` + listed[1:].Set("excluded.") + `, due_at = excluded.due_at, marks = l.marks + 1`
)

// PutListed writes the row of an account that was written, and of those beneath it where its
// status, or its end, is another one for them.
func (t Tx) PutListed(ctx context.Context, row account.Summary, isNew bool) error {
	if !row.Parent.IsZero() {
		above, err := t.outlook(ctx, row.Parent)
		if err != nil {
			return err
		}
		row = row.Under(above)
	}
	args, err := rows.Listed.Args(&row)
	if err != nil {
		return err
	}
	if _, err := t.s.Execute(ctx, putListed, args...); err != nil || isNew {
		return err
	}
	return t.placeBeneath(ctx, []account.Summary{row})
}

// unlisted says that an account, a, has no row, l, or not that of how it is now: a host of an older
// version wrote it.
const unlisted = `(l.account_id IS NULL OR l.updated_at <> a.updated_at)`

// relist writes the rows of accounts that a host of an older version wrote. Accounts that others are
// about to write are passed over.
func (t Tx) relist(ctx context.Context, ids []string) error {
	sel := t.s.DB.NewSelect().Conn(t.s.Conn.IConn).TableExpr("clientaccount_accounts AS a").
		Join("LEFT JOIN clientaccount_listed AS l ON l.account_id = a.id").
		Where("a.id IN (?)", bun.List(ids)).Where(unlisted).OrderExpr("a.id ?", bun.Safe(t.s.Dialect.SkipLocked("a")))
	written, err := session.Listed(ctx, t.s, sel, within("a", rows.Summaries.Names()), rows.Summaries.Read)
	for _, row := range written {
		if row.Above = account.StatusActive; err == nil {
			err = t.PutListed(ctx, row, false)
		}
	}
	return err
}

// outlook returns the row of an account as those beneath it see it. It keeps others from changing
// that, who would not see the one beneath.
func (t Tx) outlook(ctx context.Context, id account.ID) (account.Summary, error) {
	read := func() (account.Summary, error) {
		q := t.s.Dialect.Share(t.s.From("clientaccount_listed").Where("account_id = ?", rows.IDText(id)))
		return session.Only(session.List(ctx, t.s, q, rows.Outlooks))
	}
	above, err := read()
	if !errors.Is(err, account.ErrNotFound) {
		return above, err
	}
	if err := t.relist(ctx, []string{rows.IDText(id)}); err != nil {
		return above, err
	}
	return read()
}

// placeBeneath writes the rows beneath others, level by level, where their place is another one.
func (t Tx) placeBeneath(ctx context.Context, above []account.Summary) error {
	for len(above) > 0 {
		moved, err := t.movedBeneath(ctx, above)
		if err != nil || len(moved) == 0 {
			return err
		}
		given, err := session.Packed(rows.Placed, moved)
		if err != nil {
			return err
		}
		_, err = t.s.Execute(ctx, t.s.Unpacked(rows.Placed.Columns())+`, mine AS (
				SELECT l.account_id FROM clientaccount_listed l WHERE l.account_id IN (SELECT r.account_id FROM r)
				ORDER BY l.account_id `+t.s.Dialect.LockRows("l")+`)
			UPDATE clientaccount_listed AS l SET `+rows.Placed.Columns()[1:].Set("r.")+`
			FROM r JOIN mine ON mine.account_id = r.account_id WHERE l.account_id = r.account_id`, given)
		if err != nil {
			return err
		}
		above = moved
	}
	return nil
}

// movedBeneath returns the rows directly beneath others whose place is another than it was.
func (t Tx) movedBeneath(ctx context.Context, above []account.Summary) (moved []account.Summary, _ error) {
	given, err := session.Packed(rows.Placed, above)
	if err != nil {
		return nil, err
	}
	type child struct{ own, above account.Summary }
	columns := len(rows.Accountwise) + len(rows.Outlooks)
	children, err := session.Queried(ctx, t.s, t.s.Unpacked(rows.Placed.Columns())+`SELECT `+
		rows.Accountwise.Columns().List("a.")+`, `+rows.Outlooks.Columns().List("r.")+`
		FROM r JOIN clientaccount_listed l ON l.parent = r.account_id JOIN clientaccount_accounts a ON a.id = l.account_id
		WHERE l.above <> r.status OR COALESCE(l.above_expires, `+ever+`) <> COALESCE(r.ends_at, `+ever+`)`, columns,
		func(r *rows.Row) (c child) {
			rows.Accountwise.ReadInto(r, &c.own)
			rows.Outlooks.ReadInto(r, &c.above)
			return c
		}, given)
	for _, c := range children {
		moved = append(moved, c.own.Under(c.above))
	}
	return moved, err
}

// MarkBehind says of accounts that their standings are to be put anew.
func (t Tx) MarkBehind(ctx context.Context, ids ...account.ID) error {
	given, err := rows.IDList(ids)
	if err != nil || len(ids) == 0 {
		return err
	}
	_, err = t.s.Execute(ctx, `UPDATE clientaccount_listed SET due_at = `+ever+`, marks = marks + 1
		WHERE account_id IN `+t.s.Dialect.Elements("$1"), given)
	return err
}
