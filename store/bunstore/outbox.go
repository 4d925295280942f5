package bunstore

import (
	"context"
	"slices"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/rows"
)

var _ store.Outbox = (*Store)(nil)

// contested is how many more hooks are looked at than asked for, since others may be
// about to claim the same.
const contested = 4

// Claim is [store.Outbox]'s. Where nothing is due it is one question, and no
// transaction.
func (s *Store) Claim(ctx context.Context, c store.Claim) ([]store.Claimed, error) {
	due, err := query(ctx, s.session, s.dialect.DueHooks(), rows.Hooks, rows.InstantText(c.Now), contested*c.Hooks)
	if err != nil || len(due) == 0 {
		return nil, err
	}
	var claimed []store.Claimed
	err = s.work(ctx, func(ctx context.Context, t *tx) error {
		leased, err := t.lease(ctx, c, due)
		if err != nil {
			return err
		}
		claimed, err = t.fill(ctx, c, leased)
		return err
	})
	return claimed, err
}

// lease takes those of the hooks that are still free. Rows that another claim holds are
// passed over, not waited for.
func (t *tx) lease(ctx context.Context, c store.Claim, due []store.Hook) ([]store.Claimed, error) {
	keys, err := packed(rows.HookKeys, due)
	if err != nil {
		return nil, err
	}
	unpacked := t.unpacked(rows.HookKeys.Columns())
	_, err = t.execute(ctx, unpacked+`INSERT INTO clientaccount_hooks (account_id, kind)
		SELECT r.hook_account, r.hook_kind FROM r WHERE NOT EXISTS (
			SELECT 1 FROM clientaccount_hooks h WHERE h.account_id = r.hook_account AND h.kind = r.hook_kind)
		ORDER BY r.hook_account, r.hook_kind ON CONFLICT DO NOTHING`, keys)
	if err != nil {
		return nil, err
	}
	leased, err := query(ctx, t.session, unpacked+`, free AS (
			SELECT f.account_id AS free_account, f.kind AS free_kind FROM clientaccount_hooks f JOIN r ON f.account_id = r.hook_account AND f.kind = r.hook_kind
			WHERE (f.leased_until IS NULL OR f.leased_until <= $2) AND (f.paused_until IS NULL OR f.paused_until <= $2)
			ORDER BY f.served_at NULLS FIRST, f.account_id, f.kind LIMIT $5 `+t.dialect.SkipLocked("f")+`)
		UPDATE clientaccount_hooks AS h SET owner = $3, leased_until = $4, served_at = $2
		FROM free WHERE h.account_id = free.free_account AND h.kind = free.free_kind
		RETURNING `+rows.HookHealths.Columns().List(""), rows.HookHealths,
		keys, rows.InstantText(c.Now), rows.IDText(c.Owner), rows.InstantText(c.Until), c.Hooks)
	claimed := make([]store.Claimed, len(leased))
	for i, l := range leased {
		claimed[i] = store.Claimed{Hook: l.Hook, Health: l.Health}
	}
	return claimed, err
}

// fill gives the hooks their deliveries, URLs and secrets. Those that turn out to have
// nothing to do are let go.
func (t *tx) fill(ctx context.Context, c store.Claim, leased []store.Claimed) ([]store.Claimed, error) {
	held := make([]store.Held, len(leased))
	for i, l := range leased {
		held[i].Hook = l.Hook
	}
	due, err := t.due(ctx, store.More{Owner: c.Owner, Now: c.Now, Hooks: held, Limit: c.Deliveries})
	if err != nil {
		return nil, err
	}
	of := map[store.Hook][]store.Delivery{}
	for _, d := range due {
		of[d.Hook] = append(of[d.Hook], d)
	}
	var claimed []store.Claimed
	var idle []store.Hook
	for _, l := range leased {
		if l.Deliveries = of[l.Hook]; len(l.Deliveries) == 0 {
			idle = append(idle, l.Hook)
			continue
		}
		claimed = append(claimed, l)
	}
	if err := t.letGo(ctx, idle); err != nil {
		return nil, err
	}
	return claimed, t.address(ctx, claimed)
}

func (t *tx) letGo(ctx context.Context, hooks []store.Hook) error {
	if len(hooks) == 0 {
		return nil
	}
	keys, err := packed(rows.HookKeys, hooks)
	if err != nil {
		return err
	}
	_, err = t.execute(ctx, t.unpacked(rows.HookKeys.Columns())+`
		UPDATE clientaccount_hooks AS h SET owner = NULL, leased_until = NULL
		FROM r WHERE h.account_id = r.hook_account AND h.kind = r.hook_kind`, keys)
	return err
}

// address adds where to send to, and what to sign with.
func (t *tx) address(ctx context.Context, claimed []store.Claimed) error {
	if len(claimed) == 0 {
		return nil
	}
	hooks := make([]store.Hook, len(claimed))
	for i, c := range claimed {
		hooks[i] = c.Hook
	}
	keys, err := packed(rows.HookKeys, hooks)
	if err != nil {
		return err
	}
	of := `(SELECT hook_account FROM (` + t.dialect.Unpack("$1", rows.HookKeys.Columns()) + `) AS keys)`
	urls, err := query(ctx, t.session, `SELECT `+rows.ClientsURLs.Columns().List("")+`
		FROM clientaccount_accounts WHERE id IN `+of, rows.ClientsURLs, keys)
	if err != nil {
		return err
	}
	secrets, err := query(ctx, t.session, `SELECT `+rows.ClientSecrets.Columns().List("")+`
		FROM clientaccount_hook_secrets WHERE account_id IN `+of+` ORDER BY account_id, position`, rows.ClientSecrets, keys)
	if err != nil {
		return err
	}
	called, signed := map[account.ID]account.Webhooks{}, map[account.ID][]account.HookSecret{}
	for _, u := range urls {
		called[u.Account] = u.URLs
	}
	for _, s := range secrets {
		signed[s.Account] = append(signed[s.Account], s.Secret)
	}
	for i, c := range claimed {
		id := c.Hook.Account
		claimed[i].URL, claimed[i].Secrets = called[id].URL(c.Hook.Kind), slices.Clone(signed[id])
	}
	return nil
}

// More is [store.Outbox]'s.
func (s *Store) More(ctx context.Context, m store.More) ([]store.Delivery, error) {
	return s.due(ctx, m)
}

// due returns the deliveries of hooks that may be sent, in one statement.
func (s session) due(ctx context.Context, m store.More) ([]store.Delivery, error) {
	hooks, err := rows.HeldHooks(m.Hooks)
	if err != nil {
		return nil, err
	}
	return query(ctx, s, s.dialect.DueOf(), rows.DueDeliveries, hooks, rows.InstantText(m.Now), m.Limit, rows.IDText(m.Owner))
}
