package bunstore

import (
	"context"
	"strconv"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/dialect"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/rows"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/session"
)

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

// recordHooks writes to the hooks that the owner still holds, and returns of each whether its
// account's events say that it is off. That an owner holds many is not for the planner to
// see: it takes it for one, and would compare each with all that are given.
func (t *tx) recordHooks(ctx context.Context, owner account.ID, updates []store.HookUpdate) (toldOff map[store.Hook]bool, err error) {
	given, err := session.Packed(rows.HookUpdates, updates)
	if err != nil {
		return nil, err
	}
	found, err := session.Query(ctx, t.Session, t.Unpacked(rows.HookUpdates.Columns())+`
		UPDATE clientaccount_hooks AS h SET `+rows.Health.Columns().Set("r.")+`,
			owner = CASE WHEN r.released THEN NULL ELSE h.owner END,
			leased_until = CASE WHEN r.released THEN NULL ELSE h.leased_until END
		FROM r WHERE h.account_id = r.hook_account AND h.kind = r.hook_kind AND COALESCE(h.owner = $2, FALSE)
		RETURNING account_id, kind, told_off`, rows.ToldHooks, given, rows.IDText(owner))
	toldOff = map[store.Hook]bool{}
	for _, h := range found {
		toldOff[h.Hook] = h.Off
	}
	return toldOff, err
}

// recordDeliveries writes what came of deliveries. What waits behind one that is to be
// tried again waits as long.
func (t *tx) recordDeliveries(ctx context.Context, updates []store.HookUpdate) error {
	var outcomes, again []store.Delivery
	for _, u := range updates {
		for _, v := range u.Verdicts {
			d := store.Delivery{ID: v.ID, Hook: u.Hook, State: v.State, Tries: v.Tries, EndedAt: u.At, Last: v.Last}
			if v.State == store.DeliveryWaiting {
				d.EndedAt, d.DueAt = time.Time{}, v.DueAt
				again = append(again, d)
			}
			outcomes = append(outcomes, d)
		}
	}
	err := t.writeVerdicts(ctx, outcomes, `UPDATE clientaccount_deliveries AS d SET due_at = COALESCE(r.due_at, d.due_at), `+
		rows.Outcomes.Columns().Set("r.")+`
		FROM r WHERE d.account_id = r.account_id AND d.id = r.id AND d.kind = r.kind`)
	if err != nil {
		return err
	}
	return t.writeVerdicts(ctx, again, `UPDATE clientaccount_deliveries AS e SET due_at = r.due_at
		FROM r JOIN clientaccount_deliveries d ON d.account_id = r.account_id AND d.id = r.id AND d.kind = r.kind
		WHERE e.account_id = d.account_id AND e.kind = d.kind AND e.message = d.message AND e.message <> ''
			AND `+dialect.EarlierWaits+` AND e.seq > d.seq AND e.due_at < r.due_at`)
}

// writeVerdicts runs a statement over the verdicts, r, if there are any.
func (t *tx) writeVerdicts(ctx context.Context, ds []store.Delivery, statement string) error {
	if len(ds) == 0 {
		return nil
	}
	given, err := session.Packed(rows.Verdicts, ds)
	if err != nil {
		return err
	}
	_, err = t.Execute(ctx, `WITH r AS (`+t.Dialect.Unpack("$1", rows.Verdicts.Columns())+`) `+statement, given)
	return err
}

func (t *tx) buryAll(ctx context.Context, updates []store.HookUpdate) error {
	for _, u := range updates {
		if u.Bury == "" {
			continue
		}
		_, err := t.Execute(ctx, `UPDATE clientaccount_deliveries SET state = 'dead', ended_at = $3, try_at = $3,
				try_ms = 0, try_code = $4, try_status = 0, try_reply = ''
			WHERE account_id = $1 AND seq IN (SELECT d.seq FROM clientaccount_deliveries d
				WHERE d.account_id = $1 AND d.kind = $2 AND d.state = 'waiting' LIMIT `+strconv.Itoa(store.MaxCount)+`)`,
			rows.IDText(u.Hook.Account), string(u.Hook.Kind), rows.InstantText(u.At), u.Bury)
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
	return t.Execute(ctx, `DELETE FROM clientaccount_deliveries WHERE (account_id, seq) IN (
		SELECT d.account_id, d.seq FROM clientaccount_deliveries d WHERE d.state = $1 AND d.ended_at < $2
		ORDER BY d.ended_at, d.seq LIMIT $3)`, string(state), rows.InstantText(before), limit)
}
