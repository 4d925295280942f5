package bunstore

import (
	"context"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/rows"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/session"
)

// SwitchOn is [store.OutboxTx]'s.
func (t *tx) SwitchOn(ctx context.Context, h store.Hook, at time.Time) error {
	if !rows.Storable(string(h.Kind)) {
		return nil
	}
	healthy, err := session.Packed(rows.HookUpdates, []store.HookUpdate{{Hook: h}})
	if err != nil {
		return err
	}
	found, err := session.Query(ctx, t.Session, t.Unpacked(rows.HookUpdates.Columns())+`
		UPDATE clientaccount_hooks AS h SET owner = NULL, leased_until = NULL, `+rows.Health.Columns().Set("r.")+`
		FROM r WHERE h.account_id = r.hook_account AND h.kind = r.hook_kind
			AND (h.failures > 0 OR h.off_at IS NOT NULL OR h.paused_until IS NOT NULL)
		RETURNING account_id, kind, told_off`, rows.ToldHooks, healthy)
	if err != nil || len(found) == 0 || !found[0].Off {
		return err
	}
	return t.tellSwitches(ctx, []store.HookUpdate{{Hook: h, At: at}})
}

// tellSwitches writes the events of hooks whose health is not what their accounts' events
// say. It locks the balances, which number them.
func (t *tx) tellSwitches(ctx context.Context, switched []store.HookUpdate) error {
	ids := make([]account.ID, len(switched))
	for i, u := range switched {
		ids[i] = u.Hook.Account
	}
	locked, err := t.Lock(ctx, ids...)
	if err != nil {
		return err
	}
	balances := map[account.ID]account.Balance{}
	for _, b := range locked {
		balances[b.Account] = b
	}
	for _, u := range switched {
		b, ok := balances[u.Hook.Account]
		if !ok {
			continue
		}
		p := u.Health.Switched(b, u.Hook.Kind, u.At)
		if err := t.tellSwitch(ctx, u, p); err != nil {
			return err
		}
		balances[u.Hook.Account] = p.Balance
	}
	return nil
}

func (t *tx) tellSwitch(ctx context.Context, u store.HookUpdate, p store.Posting) error {
	if err := t.Post(ctx, p); err != nil {
		return err
	}
	_, err := t.Execute(ctx, `UPDATE clientaccount_hooks SET told_off = $3 WHERE account_id = $1 AND kind = $2`,
		rows.IDText(u.Hook.Account), string(u.Hook.Kind), u.Health.IsOff())
	return err
}

// Replay is [store.Outbox]'s.
func (s *Store) Replay(ctx context.Context, r store.Replay) (int, error) {
	where, err := s.replayed(r)
	if err != nil {
		return 0, err
	}
	var n int
	err = s.work(ctx, func(ctx context.Context, t *tx) (err error) {
		now := where.Next()
		n, err = t.Execute(ctx, `UPDATE clientaccount_deliveries SET state = 'waiting', tries = 0, ended_at = NULL,
			due_at = `+now+` WHERE `+where.String(), append(where.Args, rows.InstantText(r.Now))...)
		return err
	})
	return n, err
}

func (s reader) replayed(r store.Replay) (session.Conditions, error) {
	where := session.Conditions{Parts: []string{"state = 'dead'"}}
	if r.Done {
		where.Parts = []string{"state IN ('dead', 'done')"}
	}
	where.Add("account_id = ?", rows.IDText(r.Account))
	if len(r.IDs) > 0 {
		ids, err := rows.IDList(r.IDs)
		if err != nil {
			return where, err
		}
		where.Add("id IN "+s.Dialect.Elements("?"), ids)
	}
	if r.Kind != "" {
		where.Add("kind = ?", string(r.Kind))
	}
	if !r.From.IsZero() {
		where.Add("created_at >= ?", rows.InstantText(rows.Kept(r.From)))
	}
	if !r.To.IsZero() {
		where.Add("created_at < ?", rows.InstantText(rows.Kept(r.To)))
	}
	return where, nil
}
