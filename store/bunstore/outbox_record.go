package bunstore

import (
	"context"
	"strconv"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
)

// hookChange is an update of a hook in a JSON parameter.
type hookChange struct {
	AccountID      string `json:"hook_account"`
	Kind           string `json:"hook_kind"`
	Release        bool   `json:"released"`
	Target         string `json:"target"`
	Failures       int    `json:"failures"`
	FailingSince   any    `json:"failing_since"`
	FailedAt       any    `json:"failed_at"`
	FailingHours   int    `json:"failing_hours"`
	FailingUS      int64  `json:"failing_us"`
	PausedUntil    any    `json:"paused_until"`
	Pauses         int    `json:"pauses"`
	OffAt          any    `json:"off_at"`
	OffCode        string `json:"off_code"`
	MinuteAt       any    `json:"minute_at"`
	MinuteTries    int    `json:"minute_tries"`
	MinuteFailures int    `json:"minute_failures"`
}

var hookChangeColumns = []jsonColumn{
	{"hook_account", "uuid"},
	{"hook_kind", "text"},
	{"released", "boolean"},
	{"target", "text"},
	{"failures", "integer"},
	{"failing_since", "timestamptz"},
	{"failed_at", "timestamptz"},
	{"failing_hours", "integer"},
	{"failing_us", "bigint"},
	{"paused_until", "timestamptz"},
	{"pauses", "integer"},
	{"off_at", "timestamptz"},
	{"off_code", "text"},
	{"minute_at", "timestamptz"},
	{"minute_tries", "integer"},
	{"minute_failures", "integer"},
}

func newHookChange(u store.HookUpdate) hookChange {
	h := u.Health
	return hookChange{
		idText(u.Hook.Account), string(u.Hook.Kind), u.Release, h.Target, h.Failures, orNullInstant(h.FailingSince),
		orNullInstant(h.FailedAt), h.FailingHours, h.FailingFor.Microseconds(), orNullInstant(h.PausedUntil), h.Pauses, orNullInstant(h.OffAt), h.OffCode, orNullInstant(h.Minute),
		h.MinuteTries, h.MinuteFailures,
	}
}

// deliveryChange is what came of a delivery in a JSON parameter.
type deliveryChange struct {
	AccountID string `json:"account_id"`
	Kind      string `json:"kind"`
	ID        string `json:"id"`
	State     string `json:"state"`
	Tries     int    `json:"tries"`
	DueAt     any    `json:"due_at"`
	EndedAt   any    `json:"ended_at"`
	TryAt     any    `json:"try_at"`
	TryMS     int64  `json:"try_ms"`
	TryCode   string `json:"try_code"`
	TryStatus int    `json:"try_status"`
	TryReply  string `json:"try_reply"`
}

var deliveryChangeColumns = []jsonColumn{
	{"account_id", "uuid"},
	{"kind", "text"},
	{"id", "uuid"},
	{"state", "text"},
	{"tries", "integer"},
	{"due_at", "timestamptz"},
	{"ended_at", "timestamptz"},
	{"try_at", "timestamptz"},
	{"try_ms", "bigint"},
	{"try_code", "text"},
	{"try_status", "integer"},
	{"try_reply", "text"},
}

func newDeliveryChange(u store.HookUpdate, v store.Verdict) deliveryChange {
	c := deliveryChange{
		AccountID: idText(u.Hook.Account), Kind: string(u.Hook.Kind), ID: idText(v.ID), State: string(v.State),
		Tries: v.Tries, EndedAt: instantText(u.At), TryAt: orNullInstant(v.Last.At), TryMS: v.Last.Took.Milliseconds(),
		TryCode: v.Last.Code, TryStatus: v.Last.Status, TryReply: v.Last.Reply,
	}
	if v.State == store.DeliveryWaiting {
		c.EndedAt, c.DueAt = nil, instantText(v.DueAt)
	}
	return c
}

// Record is [store.Outbox]'s.
func (s *Store) Record(ctx context.Context, owner account.ID, updates []store.HookUpdate) ([]store.Hook, error) {
	var lost []store.Hook
	err := s.work(ctx, func(ctx context.Context, t *tx) error {
		written, err := t.recordHooks(ctx, owner, updates)
		if err != nil {
			return err
		}
		lost = nil
		var kept, switched []store.HookUpdate
		for _, u := range updates {
			told, held := written[u.Hook]
			switch {
			case !held:
				lost = append(lost, u.Hook)
				continue
			case told != u.Health.IsOff():
				switched = append(switched, u)
			}
			kept = append(kept, u)
		}
		if err := t.tellSwitches(ctx, switched); err != nil {
			return err
		}
		if err := t.recordDeliveries(ctx, kept); err != nil {
			return err
		}
		return t.buryAll(ctx, kept)
	})
	return lost, err
}

// recordHooks writes to the hooks that the owner still holds, and gives of each whether its
// account's events say that it is off.
func (t *tx) recordHooks(ctx context.Context, owner account.ID, updates []store.HookUpdate) (toldOff map[store.Hook]bool, err error) {
	changes := make([]hookChange, len(updates))
	for i, u := range updates {
		changes[i] = newHookChange(u)
	}
	list, err := asJSON(changes)
	if err != nil {
		return nil, err
	}
	found, err := query(ctx, t.session, `WITH r AS MATERIALIZED (`+t.engine.unpack("$1", hookChangeColumns)+`)
		UPDATE clientaccount_hooks AS h SET target = r.target, failures = r.failures, failing_since = r.failing_since,
			failed_at = r.failed_at, failing_hours = r.failing_hours, failing_us = r.failing_us, paused_until = r.paused_until, pauses = r.pauses, off_at = r.off_at, off_code = r.off_code,
			minute_at = r.minute_at, minute_tries = r.minute_tries, minute_failures = r.minute_failures,
			owner = CASE WHEN r.released THEN NULL ELSE h.owner END,
			leased_until = CASE WHEN r.released THEN NULL ELSE h.leased_until END
		FROM r WHERE h.account_id = r.hook_account AND h.kind = r.hook_kind AND h.owner = $2
		RETURNING account_id, kind, told_off`, 3, toldRow, list, idText(owner))
	toldOff = map[store.Hook]bool{}
	for _, h := range found {
		toldOff[h.hook] = h.off
	}
	return toldOff, err
}

// recordDeliveries writes what came of deliveries. What waits behind one that is to be
// tried again waits as long.
func (t *tx) recordDeliveries(ctx context.Context, updates []store.HookUpdate) error {
	var changes, again []deliveryChange
	for _, u := range updates {
		for _, v := range u.Verdicts {
			if !storable(v.Last.Code, v.Last.Reply) {
				return errText
			}
			c := newDeliveryChange(u, v)
			changes = append(changes, c)
			if v.State == store.DeliveryWaiting {
				again = append(again, c)
			}
		}
	}
	err := t.change(ctx, changes, `UPDATE clientaccount_deliveries AS d SET state = r.state, tries = r.tries,
			due_at = COALESCE(r.due_at, d.due_at), ended_at = r.ended_at, try_at = r.try_at, try_ms = r.try_ms,
			try_code = r.try_code, try_status = r.try_status, try_reply = r.try_reply
		FROM r WHERE d.account_id = r.account_id AND d.id = r.id AND d.kind = r.kind`)
	if err != nil {
		return err
	}
	return t.change(ctx, again, `UPDATE clientaccount_deliveries AS e SET due_at = r.due_at
		FROM r JOIN clientaccount_deliveries d ON d.account_id = r.account_id AND d.id = r.id AND d.kind = r.kind
		WHERE e.account_id = d.account_id AND e.kind = d.kind AND e.message = d.message AND e.message <> ''
			AND `+eWaits+` AND e.seq > d.seq AND e.due_at < r.due_at`)
}

// change runs a statement over the changes, r, if there are any.
func (t *tx) change(ctx context.Context, changes []deliveryChange, statement string) error {
	if len(changes) == 0 {
		return nil
	}
	list, err := asJSON(changes)
	if err != nil {
		return err
	}
	_, err = t.execute(ctx, `WITH r AS (`+t.engine.unpack("$1", deliveryChangeColumns)+`) `+statement, list)
	return err
}

func (t *tx) buryAll(ctx context.Context, updates []store.HookUpdate) error {
	for _, u := range updates {
		if u.Bury == "" {
			continue
		}
		_, err := t.execute(ctx, `UPDATE clientaccount_deliveries SET state = 'dead', ended_at = $3, try_at = $3,
				try_ms = 0, try_code = $4, try_status = 0, try_reply = ''
			WHERE account_id = $1 AND seq IN (SELECT d.seq FROM clientaccount_deliveries d
				WHERE d.account_id = $1 AND d.kind = $2 AND d.state = 'waiting' LIMIT `+strconv.Itoa(store.MaxCount)+`)`,
			idText(u.Hook.Account), string(u.Hook.Kind), instantText(u.At), u.Bury)
		if err != nil {
			return err
		}
	}
	return nil
}

// Purge is [store.Outbox]'s.
func (s *Store) Purge(ctx context.Context, done, dead time.Time, limit int) (int, error) {
	var n int
	err := s.work(ctx, func(ctx context.Context, t *tx) (err error) {
		n, err = t.purge(ctx, store.DeliveryDone, done, limit)
		if err != nil || n == limit {
			return err
		}
		more, err := t.purge(ctx, store.DeliveryDead, dead, limit-n)
		n += more
		return err
	})
	return n, err
}

func (t *tx) purge(ctx context.Context, state store.DeliveryState, before time.Time, limit int) (int, error) {
	return t.execute(ctx, `DELETE FROM clientaccount_deliveries WHERE (account_id, seq) IN (
		SELECT d.account_id, d.seq FROM clientaccount_deliveries d WHERE d.state = $1 AND d.ended_at < $2
		ORDER BY d.ended_at, d.seq LIMIT $3)`, string(state), instantText(before), limit)
}
