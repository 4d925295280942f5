package bunstore

import (
	"context"
	"strconv"
	"strings"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/dialect"
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

// Enqueue has a delivery wait as long as those of its message that are before it. One
// statement looks for other content under the same ids, and writes nothing if there is any;
// only where less was written than given is it asked whether that was why.
func (t *tx) Enqueue(ctx context.Context, ds ...store.Delivery) error {
	if len(ds) == 0 {
		return ctx.Err()
	}
	given, err := packedDeliveries(ds)
	if err != nil {
		return err
	}
	written, err := t.execute(ctx, t.unpacked(rows.PlacedDeliveries.Columns())+`
		INSERT INTO clientaccount_deliveries (account_id, id, kind, message, final, body, fingerprint, created_at, due_at, state, tries)
		SELECT r.account_id, r.id, r.kind, r.message, r.final, r.body, r.fingerprint, r.created_at, COALESCE((
			SELECT max(e.due_at) FROM clientaccount_deliveries e
			WHERE e.account_id = r.account_id AND e.kind = r.kind AND e.message = r.message AND e.message <> ''
				AND `+dialect.EarlierWaits+` AND e.due_at > r.due_at), r.due_at), 'waiting', 0
		FROM r WHERE NOT EXISTS (`+otherContent+`) ORDER BY r.position
		ON CONFLICT (account_id, id) DO NOTHING`, given)
	if err != nil || written == len(ds) {
		return err
	}
	return t.whyFewer(ctx, given, written)
}

// otherContent are new deliveries whose ids have another content. Those that were accepted
// before there were fingerprints have any.
const otherContent = `SELECT 1 FROM r n WHERE n.fingerprint <> (
	SELECT d.fingerprint FROM clientaccount_deliveries d WHERE d.account_id = n.account_id AND d.id = n.id)`

// whyFewer is the error of deliveries of which not all were written, or nil where all that
// was not is there already.
func (t *tx) whyFewer(ctx context.Context, given string, written int) error {
	other, err := queried(ctx, t.session, t.unpacked(rows.PlacedDeliveries.Columns())+otherContent, 1, (*rows.Row).Integer, given)
	switch {
	case err != nil || len(other) == 0:
		return err
	case written > 0: // by a transaction that was faster; the next try sees it beforehand
		return account.ErrConflict
	default:
		return account.ErrReused
	}
}

// packedDeliveries is the parameter of what is to be written.
func packedDeliveries(ds []store.Delivery) (string, error) {
	type key struct{ account, id account.ID }
	given := make(map[key]account.Fingerprint, len(ds))
	placed := make([]rows.PlacedDelivery, len(ds))
	for i, d := range ds {
		k := key{d.Hook.Account, d.ID}
		if was, twice := given[k]; twice && was != d.Fingerprint {
			return "", account.ErrReused
		}
		given[k] = d.Fingerprint
		placed[i] = rows.PlacedDelivery{Position: i, Delivery: d}
	}
	return packed(rows.PlacedDeliveries, placed)
}
