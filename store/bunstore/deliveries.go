package bunstore

import (
	"context"
	"strconv"
	"strings"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/rows"
)

var _ store.OutboxTx = (*tx)(nil)

var deliveryColumns = rows.Deliveries.Columns().List("d.")

func (s session) Delivery(ctx context.Context, id, delivery account.ID) (store.Delivery, error) {
	return only(query(ctx, s, `SELECT `+deliveryColumns+` FROM clientaccount_deliveries d
		WHERE d.account_id = $1 AND d.id = $2`, rows.Deliveries, rows.IDText(id), rows.IDText(delivery)))
}

func (s session) Deliveries(ctx context.Context, q store.DeliveryQuery) ([]store.Delivery, error) {
	if !rows.Storable(string(q.Kind), string(q.State), q.Message) {
		return nil, ctx.Err()
	}
	var where conditions
	where.add("d.account_id = ?", rows.IDText(q.Account))
	if q.Kind != "" {
		where.add("d.kind = ?", string(q.Kind))
	}
	switch q.State {
	case "":
	case store.DeliveryDead: // in the text, for the index of the dead
		where.parts = append(where.parts, "d.state = 'dead'")
	default:
		where.add("d.state = ?", string(q.State))
	}
	if q.Message != "" {
		where.add("d.message = ?", q.Message)
	}
	if q.Before != 0 {
		where.add("d.seq < ?", q.Before)
	}
	return query(ctx, s, `SELECT `+deliveryColumns+` FROM clientaccount_deliveries d WHERE `+where.String()+
		` ORDER BY d.seq DESC LIMIT `+strconv.Itoa(q.PageSize()), rows.Deliveries, where.args...)
}

// conditions are the parts of a WHERE that are there or not, with their parameters.
type conditions struct {
	parts []string
	args  []any
}

// add joins a condition, in which ? stands for the parameter.
func (c *conditions) add(condition string, arg any) {
	c.parts = append(c.parts, strings.ReplaceAll(condition, "?", c.next()))
	c.args = append(c.args, arg)
}

// next stands for a parameter behind those that there are.
func (c *conditions) next() string { return "$" + strconv.Itoa(len(c.args)+1) }

func (c *conditions) String() string { return strings.Join(c.parts, " AND ") }
