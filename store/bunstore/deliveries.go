package bunstore

import (
	"context"
	"strconv"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
)

var _ store.OutboxTx = (*tx)(nil)

const deliveryColumns = `d.account_id, d.kind, d.seq, d.id, d.message, d.final, d.body, d.fingerprint, d.created_at,
	d.due_at, d.state, d.tries, d.ended_at, d.try_at, d.try_ms, d.try_code, d.try_status, d.try_reply`

const deliveryWidth = 18

func deliveryRow(r *row) store.Delivery {
	return store.Delivery{
		Hook: hookRow(r), Seq: r.integer(), ID: r.id(), Message: r.text(), Final: r.flag(), Body: r.text(),
		Fingerprint: account.Fingerprint(r.id()), CreatedAt: r.instant(), DueAt: r.instant(), State: store.DeliveryState(r.text()), Tries: int(r.integer()),
		EndedAt: r.instant(),
		Last: store.Try{
			At: r.instant(), Took: time.Duration(r.integer()) * time.Millisecond, Code: r.text(),
			Status: int(r.integer()), Reply: r.text(),
		},
	}
}

func hookRow(r *row) store.Hook {
	return store.Hook{Account: r.id(), Kind: account.HookKind(r.text())}
}

func parameter(n int) string { return "$" + strconv.Itoa(n) }

func (s session) Delivery(ctx context.Context, id, delivery account.ID) (store.Delivery, error) {
	found, err := query(ctx, s, `SELECT `+deliveryColumns+` FROM clientaccount_deliveries d
		WHERE d.account_id = $1 AND d.id = $2`, deliveryWidth, deliveryRow, idText(id), idText(delivery))
	switch {
	case err != nil:
		return store.Delivery{}, err
	case len(found) == 0:
		return store.Delivery{}, store.ErrNotFound
	}
	return found[0], nil
}

func (s session) Deliveries(ctx context.Context, q store.DeliveryQuery) ([]store.Delivery, error) {
	if !storable(string(q.Kind), string(q.State), q.Message) {
		return nil, ctx.Err()
	}
	var where conditions
	where.add("d.account_id = ?", idText(q.Account))
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
		` ORDER BY d.seq DESC LIMIT `+strconv.Itoa(q.PageSize()), deliveryWidth, deliveryRow, where.args...)
}

// newDelivery is a delivery as it is accepted.
type newDelivery struct {
	Position  int    `json:"position"`
	AccountID string `json:"account_id"`
	ID        string `json:"id"`
	Kind      string `json:"kind"`
	Message   string `json:"message"`
	Final     bool   `json:"final"`
	Body      string `json:"body"`
	Print     string `json:"fingerprint"`
	CreatedAt string `json:"created_at"`
	DueAt     string `json:"due_at"`
}

var newDeliveryColumns = []jsonColumn{
	{"position", "integer"},
	{"account_id", "uuid"},
	{"id", "uuid"},
	{"kind", "text"},
	{"message", "text"},
	{"final", "boolean"},
	{"body", "text"},
	{"fingerprint", "uuid"},
	{"created_at", "timestamptz"},
	{"due_at", "timestamptz"},
}

// Enqueue has a delivery wait as long as those of its message that are before it. One
// statement looks for other content under the same ids, and writes nothing if there is any;
// only where less was written than given is it asked whether that was why.
func (t *tx) Enqueue(ctx context.Context, ds ...store.Delivery) error {
	if len(ds) == 0 {
		return ctx.Err()
	}
	list, err := newDeliveries(ds)
	if err != nil {
		return err
	}
	written, err := t.execute(ctx, `WITH r AS MATERIALIZED (`+t.engine.unpack("$1", newDeliveryColumns)+`)
		INSERT INTO clientaccount_deliveries (account_id, id, kind, message, final, body, fingerprint, created_at, due_at, state, tries)
		SELECT r.account_id, r.id, r.kind, r.message, r.final, r.body, r.fingerprint, r.created_at, COALESCE((
			SELECT max(e.due_at) FROM clientaccount_deliveries e
			WHERE e.account_id = r.account_id AND e.kind = r.kind AND e.message = r.message AND e.message <> ''
				AND `+eWaits+` AND e.due_at > r.due_at), r.due_at), 'waiting', 0
		FROM r WHERE NOT EXISTS (`+otherContent+`) ORDER BY r.position
		ON CONFLICT (account_id, id) DO NOTHING`, list)
	if err != nil || written == len(ds) {
		return err
	}
	return t.whyFewer(ctx, list, written)
}

// otherContent are new deliveries whose ids have another content. Those that were accepted
// before there were fingerprints have any.
const otherContent = `SELECT 1 FROM r n WHERE n.fingerprint <> (
	SELECT d.fingerprint FROM clientaccount_deliveries d WHERE d.account_id = n.account_id AND d.id = n.id)`

// whyFewer is the error of deliveries of which not all were written, or nil where all that
// was not is there already.
func (t *tx) whyFewer(ctx context.Context, list string, written int) error {
	other, err := query(ctx, t.session, `WITH r AS MATERIALIZED (`+t.engine.unpack("$1", newDeliveryColumns)+`) `+
		otherContent, 1, (*row).integer, list)
	switch {
	case err != nil || len(other) == 0:
		return err
	case written > 0: // by a transaction that was faster; the next try sees it beforehand
		return store.ErrConflict
	default:
		return account.ErrReused
	}
}

// newDeliveries is the list of what is to be written.
func newDeliveries(ds []store.Delivery) (string, error) {
	type key struct{ account, id account.ID }
	given := make(map[key]account.Fingerprint, len(ds))
	rows := make([]newDelivery, len(ds))
	for i, d := range ds {
		if !storable(string(d.Hook.Kind), d.Message, d.Body) {
			return "", errText
		}
		k := key{d.Hook.Account, d.ID}
		if was, twice := given[k]; twice && was != d.Fingerprint {
			return "", account.ErrReused
		}
		given[k] = d.Fingerprint
		rows[i] = newDelivery{
			i, idText(d.Hook.Account), idText(d.ID), string(d.Hook.Kind), d.Message, d.Final, d.Body,
			idText(account.ID(d.Fingerprint)), instantText(d.CreatedAt), instantText(d.DueAt),
		}
	}
	return asJSON(rows)
}
