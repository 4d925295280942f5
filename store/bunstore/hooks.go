package bunstore

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/rows"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/session"
)

// HookStatuses is [store.OutboxReader]'s: two statements, however many hooks.
func (s reader) HookStatuses(ctx context.Context, id account.ID) ([]store.HookStatus, error) {
	claimed, err := session.Query(ctx, s.Session, `SELECT `+rows.HookHealths.Columns().List("")+` FROM clientaccount_hooks
		WHERE account_id = $1`, rows.HookHealths, rows.IDText(id))
	if err != nil {
		return nil, err
	}
	counted, err := session.Query(ctx, s.Session, countDeliveries, rows.HookCounts, rows.IDText(id))
	if err != nil {
		return nil, err
	}
	statuses := map[account.HookKind]store.HookStatus{}
	for _, h := range claimed {
		statuses[h.Hook.Kind] = store.HookStatus{Hook: h.Hook, Health: h.Health}
	}
	for _, c := range counted {
		status, found := statuses[c.Kind]
		if found || c.Waiting+c.Dead > 0 {
			status.Hook, status.Waiting, status.Dead = store.Hook{Account: id, Kind: c.Kind}, c.Waiting, c.Dead
			statuses[c.Kind] = status
		}
	}
	return inOrderOf(account.HookKinds(), statuses), nil
}

// inOrderOf returns the values of those keys that have one.
func inOrderOf[K comparable, V any](keys []K, values map[K]V) (ordered []V) {
	for _, key := range keys {
		if v, ok := values[key]; ok {
			ordered = append(ordered, v)
		}
	}
	return ordered
}

// countDeliveries counts those of each hook of the account $1 up to store.MaxCount. The
// state stands in the text, for the partial indexes.
var countDeliveries = func() string {
	count := func(kind account.HookKind, state store.DeliveryState) string {
		return fmt.Sprintf(`(SELECT count(*) FROM (SELECT 1 FROM clientaccount_deliveries
		WHERE account_id = $1 AND kind = '%s' AND state = '%s' LIMIT %d) AS counted)`, kind, state, store.MaxCount)
	}
	var parts []string
	for _, kind := range account.HookKinds() {
		parts = append(parts, fmt.Sprintf("SELECT '%s' AS kind, %s AS waiting, %s AS dead",
			kind, count(kind, store.DeliveryWaiting), count(kind, store.DeliveryDead)))
	}
	return strings.Join(parts, "\nUNION ALL ")
}()

func (s reader) HookSecrets(ctx context.Context, id account.ID) ([]account.HookSecret, error) {
	return session.Query(ctx, s.Session, `SELECT `+rows.Secrets.Columns().List("")+` FROM clientaccount_hook_secrets
		WHERE account_id = $1 ORDER BY position`, rows.Secrets, rows.IDText(id))
}

func (t *tx) SetHookSecrets(ctx context.Context, id account.ID, secrets []account.HookSecret) error {
	if _, err := t.Execute(ctx, `DELETE FROM clientaccount_hook_secrets WHERE account_id = $1`, rows.IDText(id)); err != nil {
		return err
	}
	for i, secret := range secrets {
		args, err := rows.Secrets.Args(&secret)
		if err != nil {
			return err
		}
		_, err = t.Execute(ctx, `INSERT INTO clientaccount_hook_secrets (account_id, position, `+rows.Secrets.Columns().List("")+`)
			VALUES ($1, $2, $3, $4, $5)`, append([]any{rows.IDText(id), i}, args...)...)
		if err != nil {
			return err
		}
	}
	return nil
}

// Extend is [store.Outbox]'s.
func (s *Store) Extend(ctx context.Context, owner account.ID, hooks []store.Hook, until time.Time) (held []store.Hook, err error) {
	keys, err := session.Packed(rows.HookKeys, hooks)
	if err != nil {
		return nil, err
	}
	err = s.work(ctx, func(ctx context.Context, t *tx) (err error) {
		held, err = session.Query(ctx, t.Session, t.Unpacked(rows.HookKeys.Columns())+`
			UPDATE clientaccount_hooks AS h SET leased_until = $2
			FROM r WHERE h.account_id = r.hook_account AND h.kind = r.hook_kind AND COALESCE(h.owner = $3, FALSE)
			RETURNING account_id, kind`, rows.Hooks, keys, rows.InstantText(until), rows.IDText(owner))
		return err
	})
	return held, err
}

// work is Update for what the outbox does by itself.
func (s *Store) work(ctx context.Context, do func(context.Context, *tx) error) error {
	return s.Update(ctx, func(ctx context.Context, inner store.Tx) error {
		t := inner.(*tx) // Update's own
		if hint := t.Dialect.Hint(); hint != "" {
			if _, err := t.Execute(ctx, hint); err != nil {
				return err
			}
		}
		return do(ctx, t)
	})
}
