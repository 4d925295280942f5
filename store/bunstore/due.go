package bunstore

import (
	"context"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
)

// heldHook is a hook and what is in hand of it, in a JSON parameter.
type heldHook struct {
	HookAccount string   `json:"hook_account"`
	HookKind    string   `json:"hook_kind"`
	Skip        []string `json:"skip"`
}

var heldColumns = []jsonColumn{{"hook_account", "uuid"}, {"hook_kind", "text"}, {"skip", "uuid[]"}}

// dueWidth is that of a delivery, and whether it was overtaken.
const dueWidth = deliveryWidth + 1

func dueRow(r *row) store.Delivery {
	d := deliveryRow(r)
	d.Overtaken = r.flag()
	return d
}

// What is asked about a delivery d that is due: whether a later one of its message was
// done, or a final one where it is not; and whether an earlier one waits. With OFFSET,
// PostgreSQL asks the latter row by row; else it may first read all that waits.
//
// eWaits says that e waits so that no planner goes through the index of all that waits
// for a hook to find those of one message: a queue outruns its statistics.
const (
	eWaits      = `e.state || '' = 'waiting'`
	sameMessage = `SELECT 1 FROM clientaccount_deliveries e
		WHERE e.account_id = d.account_id AND e.kind = d.kind AND e.message = d.message AND e.message <> ''`
	overtaken = `EXISTS (` + sameMessage + ` AND e.state = 'done' AND (e.seq > d.seq OR e.final AND NOT d.final)) AS overtaken`
	isDue     = `d.state = 'waiting' AND d.due_at <= $2
		AND NOT EXISTS (` + sameMessage + ` AND ` + eWaits + ` AND e.seq < d.seq LIMIT 1 OFFSET 0)`
	// ofOwner narrows the hooks to those that the owner holds.
	ofOwner = `SELECT j.* FROM j WHERE EXISTS (SELECT 1 FROM clientaccount_hooks h
		WHERE h.account_id = j.hook_account AND h.kind = j.hook_kind AND h.owner = $4)`
)

// More is [store.Outbox]'s.
func (s *Store) More(ctx context.Context, m store.More) ([]store.Delivery, error) {
	return s.due(ctx, m)
}

// due are the deliveries of hooks that may be sent, in one statement.
func (s session) due(ctx context.Context, m store.More) ([]store.Delivery, error) {
	hooks, err := heldHooks(m.Hooks)
	if err != nil {
		return nil, err
	}
	return query(ctx, s, s.engine.dueOf(), dueWidth, dueRow, hooks, instantText(m.Now), m.Limit, idText(m.Owner))
}

func heldHooks(held []store.Held) (string, error) {
	hooks := make([]heldHook, len(held))
	for i, h := range held {
		hooks[i] = heldHook{idText(h.Hook.Account), string(h.Hook.Kind), idTexts(h.Skip)}
	}
	return asJSON(hooks)
}

func idTexts(ids []account.ID) []string {
	texts := make([]string, len(ids))
	for i, id := range ids {
		texts[i] = idText(id)
	}
	return texts
}
