package bunstore

import (
	"context"
	"strconv"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/rows"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/session"
)

var _ store.OutboxTx = (*tx)(nil)

var deliveryColumns = rows.Deliveries.Columns().List("d.")

func (s reader) Delivery(ctx context.Context, id, delivery account.ID) (store.Delivery, error) {
	return session.Only(session.Query(ctx, s.Session, `SELECT `+deliveryColumns+` FROM clientaccount_deliveries d
		WHERE d.account_id = $1 AND d.id = $2`, rows.Deliveries, rows.IDText(id), rows.IDText(delivery)))
}

func (s reader) Deliveries(ctx context.Context, q store.DeliveryQuery) ([]store.Delivery, error) {
	if !rows.Storable(string(q.Kind), string(q.State), q.Message) {
		return nil, ctx.Err()
	}
	var where session.Conditions
	where.Add("d.account_id = ?", rows.IDText(q.Account))
	if q.Kind != "" {
		where.Add("d.kind = ?", string(q.Kind))
	}
	switch q.State {
	case "":
	case store.DeliveryDead: // in the text, for the index of the dead
		where.Parts = append(where.Parts, "d.state = 'dead'")
	default:
		where.Add("d.state = ?", string(q.State))
	}
	if q.Message != "" {
		where.Add("d.message = ?", q.Message)
	}
	if q.Before != 0 {
		where.Add("d.seq < ?", q.Before)
	}
	return session.Query(ctx, s.Session, `SELECT `+deliveryColumns+` FROM clientaccount_deliveries d WHERE `+where.String()+
		` ORDER BY d.seq DESC LIMIT `+strconv.Itoa(q.PageSize()), rows.Deliveries, where.Args...)
}
