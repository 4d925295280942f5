package bunstore

import (
	"context"
	"strconv"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
)

const healthColumns = `target, failures, failing_since, failed_at, failing_hours, failing_us, paused_until, pauses,
	off_at, off_code, minute_at, minute_tries, minute_failures`

const healthWidth = 13

func healthRow(r *row) store.Health {
	return store.Health{
		Target: r.text(), Failures: int(r.integer()), FailingSince: r.instant(), FailedAt: r.instant(),
		FailingHours: int(r.integer()), FailingFor: time.Duration(r.integer()) * time.Microsecond, PausedUntil: r.instant(),
		Pauses: int(r.integer()), OffAt: r.instant(), OffCode: r.text(),
		Minute: r.instant(), MinuteTries: int(r.integer()), MinuteFailures: int(r.integer()),
	}
}

func (s session) HookStatuses(ctx context.Context, id account.ID) ([]store.HookStatus, error) {
	known, err := query(ctx, s, `SELECT account_id, kind, `+healthColumns+` FROM clientaccount_hooks
		WHERE account_id = $1`, 2+healthWidth, statusRow, idText(id))
	if err != nil {
		return nil, err
	}
	health := map[account.HookKind]store.HookStatus{}
	for _, status := range known {
		health[status.Hook.Kind] = status
	}
	var statuses []store.HookStatus
	for _, kind := range account.HookKinds() {
		status, claimed := health[kind]
		status.Hook = store.Hook{Account: id, Kind: kind}
		if status.Waiting, err = s.count(ctx, status.Hook, store.DeliveryWaiting); err != nil {
			return nil, err
		}
		if status.Dead, err = s.count(ctx, status.Hook, store.DeliveryDead); err != nil {
			return nil, err
		}
		if claimed || status.Waiting+status.Dead > 0 {
			statuses = append(statuses, status)
		}
	}
	return statuses, nil
}

func statusRow(r *row) store.HookStatus {
	return store.HookStatus{Hook: hookRow(r), Health: healthRow(r)}
}

// count stops at store.MaxCount. The state stands in the text, for the partial indexes.
func (s session) count(ctx context.Context, h store.Hook, state store.DeliveryState) (int, error) {
	found, err := query(ctx, s, `SELECT count(*) FROM (SELECT 1 FROM clientaccount_deliveries
		WHERE account_id = $1 AND kind = $2 AND state = '`+string(state)+`' LIMIT `+strconv.Itoa(store.MaxCount)+`) AS counted`,
		1, (*row).integer, idText(h.Account), string(h.Kind))
	if err != nil || len(found) == 0 {
		return 0, err
	}
	return int(found[0]), nil
}

func secretRow(r *row) account.HookSecret {
	secret := account.NewHookSecret(r.text(), r.instant())
	secret.EndsAt = r.instant()
	return secret
}

func (s session) HookSecrets(ctx context.Context, id account.ID) ([]account.HookSecret, error) {
	return query(ctx, s, `SELECT secret, created_at, ends_at FROM clientaccount_hook_secrets
		WHERE account_id = $1 ORDER BY position`, 3, secretRow, idText(id))
}

func (t *tx) SetHookSecrets(ctx context.Context, id account.ID, secrets []account.HookSecret) error {
	if _, err := t.execute(ctx, `DELETE FROM clientaccount_hook_secrets WHERE account_id = $1`, idText(id)); err != nil {
		return err
	}
	for i, secret := range secrets {
		if !storable(secret.Reveal()) {
			return errText
		}
		_, err := t.execute(ctx, `INSERT INTO clientaccount_hook_secrets (account_id, position, secret, created_at, ends_at)
			VALUES ($1, $2, $3, $4, $5)`,
			idText(id), i, secret.Reveal(), instantText(secret.CreatedAt), orNullInstant(secret.EndsAt))
		if err != nil {
			return err
		}
	}
	return nil
}

// Extend is [store.Outbox]'s.
func (s *Store) Extend(ctx context.Context, owner account.ID, until time.Time) ([]store.Hook, error) {
	var held []store.Hook
	err := s.work(ctx, func(ctx context.Context, t *tx) (err error) {
		held, err = query(ctx, t.session, `UPDATE clientaccount_hooks SET leased_until = $1 WHERE owner = $2
			RETURNING account_id, kind`, 2, hookRow, instantText(until), idText(owner))
		return err
	})
	return held, err
}

// work is Update for what the outbox does by itself.
func (s *Store) work(ctx context.Context, do func(context.Context, *tx) error) error {
	return s.Update(ctx, func(ctx context.Context, inner store.Tx) error {
		t := inner.(*tx) // Update's own
		if hint := t.engine.hint(); hint != "" {
			if _, err := t.execute(ctx, hint); err != nil {
				return err
			}
		}
		return do(ctx, t)
	})
}
