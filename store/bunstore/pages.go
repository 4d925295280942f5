package bunstore

import (
	"context"
	"time"

	"github.com/clientaccount/clientaccount/account"
)

// Holds is [store.LedgerReader]'s.
func (s session) Holds(ctx context.Context, q account.HoldQuery) ([]account.Hold, error) {
	sel := s.from(holdsTable).Where("account_id = ?", idText(q.Account))
	if !q.Due.IsZero() {
		sel.Where("until_at <= ?", instantText(q.Due))
	}
	if q.After != nil {
		if !storable(q.After.Reference) {
			return nil, errText
		}
		bound, reference := boundText(q.After.Until), q.After.Reference
		if bound != instantText(q.After.Until) {
			reference = "" // between two microseconds: whatever times out next is behind
		}
		sel.Where("(until_at, reference) > (?, ?)", bound, reference)
	}
	sel.OrderExpr("until_at, reference").Limit(int64(q.PageSize()))
	return list(ctx, s, sel, holdColumns.names(), holdRow)
}

// Events is [store.LedgerReader]'s.
func (s session) Events(ctx context.Context, q account.EventQuery) ([]account.Event, error) {
	sel := s.from(eventsTable).Where("account_id = ?", idText(q.Account)).Where("number > ?", q.After)
	return list(ctx, s, sel.OrderExpr("number").Limit(int64(q.PageSize())), eventColumns.names(), eventRow)
}

// Due is [store.LedgerReader]'s. It asks for the overdraws in the words of their index.
func (s session) Due(ctx context.Context, now time.Time, after account.ID, limit int) ([]account.ID, error) {
	if limit < 1 {
		return nil, ctx.Err()
	}
	holds := s.from(holdsTable).Column("account_id").
		Where("until_at <= ?", instantText(now)).Where("account_id > ?", idText(after))
	overdraws := s.from(balancesTable).Column("account_id").
		Where("NOT overdraw_over AND overdraw <> '0'").
		Where("overdraw_ends <= ?", instantText(now)).Where("account_id > ?", idText(after))
	sel := s.db.NewSelect().Conn(s.conn).TableExpr("(?) AS due", holds.Union(overdraws)).
		OrderExpr("account_id").Limit(int64(limit))
	return list(ctx, s, sel, []string{"account_id"}, (*row).id)
}
