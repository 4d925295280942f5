package bunstore

import (
	"context"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
)

var _ store.Outbox = (*Store)(nil)

// contested is how many more hooks are looked at than asked for, since others may be
// about to claim the same.
const contested = 4

// Claim is [store.Outbox]'s. Where nothing is due it is one question, and no
// transaction.
func (s *Store) Claim(ctx context.Context, c store.Claim) ([]store.Claimed, error) {
	due, err := query(ctx, s.session, s.engine.dueHooks(), 2, hookRow, instantText(c.Now), contested*c.Hooks)
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

// hookKey is a hook in a JSON parameter. Its names are no columns' of the tables:
// SQLite's RETURNING takes only names without a table, which must mean one thing.
type hookKey struct {
	AccountID string `json:"hook_account"`
	Kind      string `json:"hook_kind"`
}

var hookKeyColumns = []column{{"hook_account", "uuid"}, {"hook_kind", "text"}}

func hookKeys(hooks []store.Hook) (string, error) {
	keys := make([]hookKey, len(hooks))
	for i, h := range hooks {
		keys[i] = hookKey{idText(h.Account), string(h.Kind)}
	}
	return asJSON(keys)
}

// lease takes those of the hooks that are still free. Rows that another claim holds are
// passed over, not waited for.
func (t *tx) lease(ctx context.Context, c store.Claim, due []store.Hook) ([]store.Claimed, error) {
	keys, err := hookKeys(due)
	if err != nil {
		return nil, err
	}
	unpacked := `WITH r AS (` + t.engine.unpack("$1", hookKeyColumns) + `) `
	_, err = t.execute(ctx, unpacked+`INSERT INTO clientaccount_hooks (account_id, kind)
		SELECT r.hook_account, r.hook_kind FROM r WHERE NOT EXISTS (
			SELECT 1 FROM clientaccount_hooks h WHERE h.account_id = r.hook_account AND h.kind = r.hook_kind)
		ORDER BY r.hook_account, r.hook_kind ON CONFLICT DO NOTHING`, keys)
	if err != nil {
		return nil, err
	}
	return query(ctx, t.session, unpacked+`, free AS (
			SELECT f.account_id AS free_account, f.kind AS free_kind FROM clientaccount_hooks f JOIN r ON f.account_id = r.hook_account AND f.kind = r.hook_kind
			WHERE (f.leased_until IS NULL OR f.leased_until <= $2) AND (f.paused_until IS NULL OR f.paused_until <= $2)
			ORDER BY f.served_at NULLS FIRST, f.account_id, f.kind LIMIT $5 `+t.engine.skipLocked("f")+`)
		UPDATE clientaccount_hooks AS h SET owner = $3, leased_until = $4, served_at = $2
		FROM free WHERE h.account_id = free.free_account AND h.kind = free.free_kind
		RETURNING account_id, kind, `+healthColumns, 2+healthWidth, claimedRow,
		keys, instantText(c.Now), idText(c.Owner), instantText(c.Until), c.Hooks)
}

func claimedRow(r *row) store.Claimed { return store.Claimed{Hook: hookRow(r), Health: healthRow(r)} }

// fill gives the hooks their deliveries, URLs and secrets. Those that turn out to have
// nothing to do are let go.
func (t *tx) fill(ctx context.Context, c store.Claim, leased []store.Claimed) ([]store.Claimed, error) {
	var claimed []store.Claimed
	var idle []store.Hook
	for _, l := range leased {
		ds, err := t.due(ctx, store.More{Hook: l.Hook, Now: c.Now, Limit: c.Deliveries}, "")
		if err != nil {
			return nil, err
		}
		if l.Deliveries = ds; len(ds) == 0 {
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
	keys, err := hookKeys(hooks)
	if err != nil {
		return err
	}
	_, err = t.execute(ctx, `WITH r AS (`+t.engine.unpack("$1", hookKeyColumns)+`)
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
	keys, err := hookKeys(hooks)
	if err != nil {
		return err
	}
	of := `(SELECT hook_account FROM (` + t.engine.unpack("$1", hookKeyColumns) + `) AS keys)`
	urls, err := query(ctx, t.session, `SELECT id, webhooks_api_state, webhooks_api_incoming, webhooks_rest_state,
		webhooks_rest_incoming FROM clientaccount_accounts WHERE id IN `+of, 5, clientURLsRow, keys)
	if err != nil {
		return err
	}
	secrets, err := query(ctx, t.session, `SELECT account_id, secret, created_at, ends_at FROM clientaccount_hook_secrets
		WHERE account_id IN `+of+` ORDER BY account_id, position`, 4, clientSecretRow, keys)
	if err != nil {
		return err
	}
	for i, c := range claimed {
		for _, u := range urls {
			if u.id == c.Hook.Account {
				claimed[i].URL = u.urls.URL(c.Hook.Kind)
			}
		}
		for _, s := range secrets {
			if s.id == c.Hook.Account {
				claimed[i].Secrets = append(claimed[i].Secrets, s.secret)
			}
		}
	}
	return nil
}

// clientURLs are the URLs of one account.
type clientURLs struct {
	id   account.ID
	urls account.Webhooks
}

func clientURLsRow(r *row) clientURLs {
	return clientURLs{r.id(), account.Webhooks{
		APIState: r.text(), APIIncoming: r.text(), RESTState: r.text(), RESTIncoming: r.text(),
	}}
}

// clientSecret is one of an account's secrets.
type clientSecret struct {
	id     account.ID
	secret account.HookSecret
}

func clientSecretRow(r *row) clientSecret { return clientSecret{r.id(), secretRow(r)} }

// More is [store.Outbox]'s.
func (s *Store) More(ctx context.Context, m store.More) ([]store.Delivery, error) {
	return s.due(ctx, m, ` AND EXISTS (SELECT 1 FROM clientaccount_hooks h
		WHERE h.account_id = $1 AND h.kind = $2 AND h.owner = $6)`, idText(m.Owner))
}

// dueWidth is that of a delivery, and whether it was overtaken.
const dueWidth = deliveryWidth + 1

// due are the deliveries of a hook that may be sent. With OFFSET, PostgreSQL asks for
// each row whether an earlier one waits; else it may read all that wait first.
func (s session) due(ctx context.Context, m store.More, and string, args ...any) ([]store.Delivery, error) {
	skipped, err := asJSON(idTexts(m.Skip))
	if err != nil {
		return nil, err
	}
	const same = `e.account_id = d.account_id AND e.kind = d.kind AND e.message = d.message AND e.message <> ''`
	statement := `SELECT ` + deliveryColumns + `, EXISTS (SELECT 1 FROM clientaccount_deliveries e WHERE ` + same + `
			AND e.state = 'done' AND (e.seq > d.seq OR e.final AND NOT d.final))
		FROM clientaccount_deliveries d
		WHERE d.account_id = $1 AND d.kind = $2 AND d.state = 'waiting' AND d.due_at <= $3
			AND NOT EXISTS (SELECT 1 FROM clientaccount_deliveries e WHERE ` + same + `
				AND e.state = 'waiting' AND e.seq < d.seq LIMIT 1 OFFSET 0)
			AND d.id NOT IN ` + s.engine.elements("$4") + and + `
		ORDER BY d.due_at, d.seq LIMIT $5`
	return query(ctx, s, statement, dueWidth, func(r *row) store.Delivery {
		d := deliveryRow(r)
		d.Overtaken = r.flag()
		return d
	}, append([]any{idText(m.Hook.Account), string(m.Hook.Kind), instantText(m.Now), skipped, m.Limit}, args...)...)
}
