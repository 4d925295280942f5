package bunstore

import (
	"context"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/dialect"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/rows"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/session"
)

// Holds is [store.LedgerReader]'s.
func (s reader) Holds(ctx context.Context, q account.HoldQuery) ([]account.Hold, error) {
	sel := s.From(dialect.HoldsTable).Where("account_id = ?", rows.IDText(q.Account))
	if !q.Due.IsZero() {
		sel.Where("until_at <= ?", rows.InstantText(q.Due))
	}
	if q.After != nil {
		if !rows.Storable(q.After.Reference) {
			return nil, rows.ErrText
		}
		bound, reference := rows.BoundText(q.After.Until), q.After.Reference
		if bound != rows.InstantText(q.After.Until) {
			reference = "" // between two microseconds: whatever times out next is behind
		}
		sel.Where("(until_at, reference) > (?, ?)", bound, reference)
	}
	sel.OrderExpr("until_at, reference").Limit(int64(q.PageSize()))
	return session.List(ctx, s.Session, sel, rows.Holds)
}

// Events is [store.LedgerReader]'s.
func (s reader) Events(ctx context.Context, q account.EventQuery) ([]account.Event, error) {
	sel := s.From(dialect.EventsTable).Where("account_id = ?", rows.IDText(q.Account)).Where("number > ?", q.After)
	return session.List(ctx, s.Session, sel.OrderExpr("number").Limit(int64(q.PageSize())), rows.Events)
}

// Due is [store.LedgerReader]'s. It asks for the overdraws in the words of their index.
func (s reader) Due(ctx context.Context, now time.Time, after account.ID, limit int) ([]account.ID, error) {
	if limit < 1 {
		return nil, ctx.Err()
	}
	holds := s.From(dialect.HoldsTable).Column("account_id").
		Where("until_at <= ?", rows.InstantText(now)).Where("account_id > ?", rows.IDText(after))
	overdraws := s.From(dialect.BalancesTable).Column("account_id").
		Where("NOT overdraw_over AND overdraw <> '0'").
		Where("overdraw_ends <= ?", rows.InstantText(now)).Where("account_id > ?", rows.IDText(after))
	sel := s.DB.NewSelect().Conn(s.Conn.IConn).TableExpr("(?) AS due", holds.Union(overdraws)).
		OrderExpr("account_id").Limit(int64(limit))
	return session.Listed(ctx, s.Session, sel, []string{"account_id"}, (*rows.Row).ID)
}
