package bunstore

import (
	"cmp"
	"context"
	"slices"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/due"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/rows"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/session"
)

var _ store.Outbox = (*Store)(nil)

// contested is how many more hooks are looked at than asked for, since others may have
// claimed the same.
const contested = 16

// Claim is [store.Outbox]'s. Looking for hooks that are due costs a step for each that has
// anything waiting, so all that is found is kept for the next claims, for a moment. Where
// nothing is due it is one question, and no transaction.
func (s *Store) Claim(ctx context.Context, c store.Claim) ([]store.Claimed, error) {
	claimed, err := s.claim(ctx, c, s.left.Take(c.Now))
	if err != nil || len(claimed) >= c.Hooks {
		return claimed, err
	}
	rest := c
	rest.Hooks -= len(claimed)
	found, err := session.Query(ctx, s.Session, s.Dialect.DueHooks(), rows.DueHooks, rows.InstantText(c.Now), max(due.Most, rest.Hooks+contested))
	if err != nil {
		return claimed, unlessAny(claimed, err)
	}
	more, err := s.claim(ctx, rest, due.Hooks{At: c.Now, Hooks: found})
	return append(claimed, more...), unlessAny(claimed, err)
}

// unlessAny drops an error that comes when some hooks are leased already: they are worked, and
// what failed is tried again.
func unlessAny(claimed []store.Claimed, err error) error {
	if len(claimed) > 0 {
		return nil
	}
	return err
}

// claim leases the first of hooks that were found due, and keeps those it did not come to.
func (s *Store) claim(ctx context.Context, c store.Claim, found due.Hooks) ([]store.Claimed, error) {
	if len(found.Hooks) == 0 {
		return nil, nil
	}
	var claimed []store.Claimed
	var left []rows.DueHook
	err := s.work(ctx, func(ctx context.Context, t *tx) (err error) {
		var leased []store.Claimed
		if leased, left, err = t.leaseFirst(ctx, c, found.Hooks); err != nil {
			return err
		}
		claimed, err = t.fill(ctx, c, leased)
		return err
	})
	if err != nil {
		return nil, err
	}
	s.left.Keep(due.Hooks{At: found.At, Hooks: left})
	return claimed, nil
}

// leaseFirst leases as many hooks as are wanted, and returns those that it did not come to.
func (t *tx) leaseFirst(ctx context.Context, c store.Claim, due []rows.DueHook) (leased []store.Claimed, left []rows.DueHook, err error) {
	for len(due) > 0 && len(leased) < c.Hooks {
		wanted := c.Hooks - len(leased)
		looked := due[:min(len(due), wanted+contested)]
		got, err := t.lease(ctx, c, looked, wanted)
		if err != nil {
			return nil, nil, err
		}
		if len(got) == wanted {
			looked = upToLast(looked, got)
		}
		leased, due = append(leased, got...), due[len(looked):]
	}
	return leased, due, nil
}

// upToLast returns the hooks up to the last one that was leased.
func upToLast(looked []rows.DueHook, got []store.Claimed) []rows.DueHook {
	leased := make(map[store.Hook]bool, len(got))
	for _, g := range got {
		leased[g.Hook] = true
	}
	for len(looked) > 0 && !leased[looked[len(looked)-1].Hook] {
		looked = looked[:len(looked)-1]
	}
	return looked
}

// lease takes at most limit of the hooks that are still free, and have something due. Rows
// that another claim holds are passed over, not waited for.
func (t *tx) lease(ctx context.Context, c store.Claim, due []rows.DueHook, limit int) ([]store.Claimed, error) {
	if err := t.makeKnown(ctx, due); err != nil {
		return nil, err
	}
	hooks := make([]store.Hook, len(due))
	for i, d := range due {
		hooks[i] = d.Hook
	}
	keys, err := session.Packed(rows.HookKeys, hooks)
	if err != nil {
		return nil, err
	}
	leased, err := session.Query(ctx, t.Session, t.Unpacked(rows.HookKeys.Columns())+`, free AS (
			SELECT f.account_id AS free_account, f.kind AS free_kind FROM clientaccount_hooks f JOIN r ON f.account_id = r.hook_account AND f.kind = r.hook_kind
			WHERE (f.leased_until IS NULL OR f.leased_until <= $2) AND (f.paused_until IS NULL OR f.paused_until <= $2)
				AND (SELECT d.due_at FROM clientaccount_deliveries d WHERE d.account_id = f.account_id AND d.kind = f.kind
					AND d.state = 'waiting' ORDER BY d.due_at, d.seq LIMIT 1) <= $2
			ORDER BY f.served_at NULLS FIRST, f.account_id, f.kind LIMIT $5 `+t.Dialect.SkipLocked("f")+`)
		UPDATE clientaccount_hooks AS h SET owner = $3, leased_until = $4, served_at = $2
		FROM free WHERE h.account_id = free.free_account AND h.kind = free.free_kind
		RETURNING `+rows.HookHealths.Columns().List(""), rows.HookHealths,
		keys, rows.InstantText(c.Now), rows.IDText(c.Owner), rows.InstantText(c.Until), limit)
	claimed := make([]store.Claimed, len(leased))
	for i, l := range leased {
		claimed[i] = store.Claimed{Hook: l.Hook, Health: l.Health}
	}
	return claimed, err
}

// makeKnown makes the rows of hooks that were never claimed.
func (t *tx) makeKnown(ctx context.Context, due []rows.DueHook) error {
	var fresh []store.Hook
	for _, d := range due {
		if !d.Known {
			fresh = append(fresh, d.Hook)
		}
	}
	if len(fresh) == 0 {
		return nil
	}
	keys, err := session.Packed(rows.HookKeys, fresh)
	if err != nil {
		return err
	}
	_, err = t.Execute(ctx, t.Unpacked(rows.HookKeys.Columns())+`INSERT INTO clientaccount_hooks (account_id, kind)
		SELECT r.hook_account, r.hook_kind FROM r WHERE NOT EXISTS (
			SELECT 1 FROM clientaccount_hooks h WHERE h.account_id = r.hook_account AND h.kind = r.hook_kind)
		ORDER BY r.hook_account, r.hook_kind ON CONFLICT DO NOTHING`, keys)
	return err
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
	keys, err := session.Packed(rows.HookKeys, hooks)
	if err != nil {
		return err
	}
	_, err = t.Execute(ctx, t.Unpacked(rows.HookKeys.Columns())+`
		UPDATE clientaccount_hooks AS h SET owner = NULL, leased_until = NULL
		FROM r WHERE h.account_id = r.hook_account AND h.kind = r.hook_kind`, keys)
	return err
}

// address adds where to send to, and what to sign with.
func (t *tx) address(ctx context.Context, claimed []store.Claimed) error {
	if len(claimed) == 0 {
		return nil
	}
	called, signed := map[account.ID]account.Webhooks{}, map[account.ID][]account.HookSecret{}
	var clients []store.Hook // one of each account
	for _, c := range claimed {
		if _, twice := called[c.Hook.Account]; !twice {
			called[c.Hook.Account] = account.Webhooks{}
			clients = append(clients, c.Hook)
		}
	}
	keys, err := session.Packed(rows.HookKeys, clients)
	if err != nil {
		return err
	}
	urls, err := ofClients(ctx, t, "clientaccount_accounts", "t.id = r.hook_account", rows.ClientsURLs, keys)
	if err != nil {
		return err
	}
	secrets, err := ofClients(ctx, t, "clientaccount_hook_secrets", "t.account_id = r.hook_account", rows.ClientSecrets, keys)
	if err != nil {
		return err
	}
	for _, u := range urls {
		called[u.Account] = u.URLs
	}
	slices.SortFunc(secrets, func(a, b rows.ClientSecret) int { return cmp.Compare(a.Position, b.Position) })
	for _, s := range secrets {
		signed[s.Account] = append(signed[s.Account], s.Secret)
	}
	for i, c := range claimed {
		id := c.Hook.Account
		claimed[i].URL, claimed[i].Secrets = called[id].URL(c.Hook.Kind), slices.Clone(signed[id])
	}
	return nil
}

// ofClients returns the rows of a table, t, that belong to the accounts of hooks, r.
func ofClients[T any](ctx context.Context, t *tx, table, where string, c rows.Codec[T], keys string) ([]T, error) {
	return session.Query(ctx, t.Session, t.Unpacked(rows.HookKeys.Columns())+`SELECT `+c.Columns().List("t.")+` FROM `+
		t.Dialect.Each("r", table, where, true), c, keys)
}

// More is [store.Outbox]'s.
func (s *Store) More(ctx context.Context, m store.More) ([]store.Delivery, error) {
	return s.due(ctx, m)
}

// due returns the deliveries of hooks that may be sent, in one statement.
func (s reader) due(ctx context.Context, m store.More) ([]store.Delivery, error) {
	hooks, err := rows.HeldHooks(m.Hooks)
	if err != nil {
		return nil, err
	}
	return session.Query(ctx, s.Session, s.Dialect.DueOf(), rows.DueDeliveries, hooks, rows.InstantText(m.Now), m.Limit, rows.IDText(m.Owner))
}
