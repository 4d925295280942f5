package clientaccount

import (
	"context"
	"fmt"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/validate"
)

// The types of package store in which webhooks are asked about: see there.
type (
	// Delivery is a call of a client's webhook, without the URL that it goes to.
	Delivery = store.Delivery
	// DeliveryQuery asks for a page of an account's deliveries.
	DeliveryQuery = store.DeliveryQuery
	// DeliveryState is how far a delivery is.
	DeliveryState = store.DeliveryState
	// Try is what came of one call.
	Try = store.Try
	// Hook is one of the URLs of an account.
	Hook = store.Hook
	// HookStatus is how a hook fares.
	HookStatus = store.HookStatus
	// Health is how its calls have gone.
	Health = store.Health
)

// A delivery waits for its first or next try, was taken by the far end, or was given up.
const (
	DeliveryWaiting = store.DeliveryWaiting
	DeliveryDone    = store.DeliveryDone
	DeliveryDead    = store.DeliveryDead
)

// MaxHookCount is where the counts of a HookStatus stop: more is not told apart from it.
const MaxHookCount = store.MaxCount

// Deliveries returns a page of an account's webhook deliveries, the newest first; the page
// after it is asked for with Before set to the last row's Seq. An unknown account has none.
//
// Errors: [account.Faults], [ErrNoOutbox].
func (s *Service) Deliveries(ctx context.Context, q DeliveryQuery) ([]Delivery, error) {
	outbox, err := s.outbox()
	q.Message = validate.Text(q.Message)
	if err == nil {
		err = q.Faults().Err()
	}
	if err != nil || !storable(q.Message) {
		return nil, err
	}
	return outbox.Deliveries(ctx, q)
}

// HookStatuses returns how the URLs of an account fare, by kind: those that have deliveries
// or ever had. What a URL did that the account has no more does not count. An unknown
// account has none.
//
// Errors: [ErrNoOutbox].
func (s *Service) HookStatuses(ctx context.Context, id account.ID) ([]HookStatus, error) {
	outbox, err := s.outbox()
	if err != nil {
		return nil, err
	}
	a, err := found(s.stored().Account(ctx, id))
	if err != nil || a == nil {
		return nil, err
	}
	statuses, err := outbox.HookStatuses(ctx, id)
	for i := range statuses {
		status := &statuses[i]
		status.Health = status.Health.Of(a.Webhooks.URL(status.Hook.Kind))
	}
	return statuses, err
}

// SecretTimes are the lifetime of a secret that webhooks are signed with, whose text
// is not shown.
type SecretTimes struct {
	CreatedAt time.Time `json:"created_at"`
	EndsAt    time.Time `json:"ends_at"` // no longer used from then on; zero for the present one
}

// HookSecrets returns the lifetimes of the secrets that an account's webhooks are signed
// with now, the present one first. An account without any gets its first one when it is
// first called, which nobody has seen: show clients one of [Service.NewHookSecret].
//
// Errors: [ErrNoOutbox].
func (s *Service) HookSecrets(ctx context.Context, id account.ID) ([]SecretTimes, error) {
	outbox, err := s.outbox()
	if err != nil {
		return nil, err
	}
	secrets, err := outbox.HookSecrets(ctx, id)
	if err != nil {
		return nil, err
	}
	now := s.now()
	var times []SecretTimes
	for _, secret := range secrets {
		if secret.ActiveAt(now) {
			times = append(times, SecretTimes{CreatedAt: secret.CreatedAt, EndsAt: secret.EndsAt})
		}
	}
	return times, nil
}

// MaxReplayIDs is how many deliveries one Replay may name.
const MaxReplayIDs = 1000

// MaxOverlap is for how long two secrets may be valid at once.
const MaxOverlap = 30 * 24 * time.Hour

// Replay says which deliveries of an account are to be sent again. What is left empty
// does not narrow it; at least one of IDs, Kind, From and To must.
type Replay struct {
	Account account.ID       `json:"account"`
	IDs     []account.ID     `json:"ids"` // at most MaxReplayIDs
	Kind    account.HookKind `json:"kind"`
	From    time.Time        `json:"from"` // accepted then or later
	To      time.Time        `json:"to"`   // accepted before
	Done    bool             `json:"done"` // also what was taken by the far end
}

// Replay has deliveries that were given up sent again, with the same ids and in their order,
// and returns how many. Those that were purged are gone.
//
// Errors: [account.Faults], [ErrNoOutbox], [account.ErrConflict], [ErrNested].
func (s *Service) Replay(ctx context.Context, r Replay) (int, error) {
	outbox, ok := s.stored().(store.Outbox)
	if !ok {
		return 0, ErrNoOutbox
	}
	if err := s.calls.Check(s.store); err != nil {
		return 0, err
	}
	if faults := r.Faults(); faults != nil {
		return 0, faults
	}
	return outbox.Replay(ctx, store.Replay{
		Account: r.Account, IDs: r.IDs, Kind: r.Kind, From: r.From, To: r.To, Done: r.Done, Now: s.now(),
	})
}

// Faults returns everything wrong with what is asked for.
func (r Replay) Faults() (faults account.Faults) {
	if len(r.IDs) == 0 && r.Kind == "" && r.From.IsZero() && r.To.IsZero() {
		faults = append(faults, account.NewFault("", "replay.empty"))
	}
	if len(r.IDs) > MaxReplayIDs {
		faults = append(faults, account.NewFault("ids", "replay.length", MaxReplayIDs))
	}
	if r.Kind != "" && !r.Kind.IsKnown() {
		faults = append(faults, account.NewFault("kind", "hook.unknown"))
	}
	faults = append(faults, account.EntryQuery{From: r.From, To: r.To}.Faults()...)
	if !r.From.IsZero() && !r.To.IsZero() && !r.From.Before(r.To) {
		faults = append(faults, account.NewFault("to", "replay.order"))
	}
	return faults
}

// SwitchOn forgets the failures of a URL that was switched off, or pauses, so that it is
// called again at once. Where it was off, that it is on again is an event of the account,
// EventHookOn. It is no error when it was on.
//
// Errors: [account.Faults] for a kind that is none, [ErrNoOutbox], [account.ErrConflict],
// [ErrNested].
func (s *Service) SwitchOn(ctx context.Context, h Hook) error {
	if _, err := s.outbox(); err != nil {
		return err
	}
	if !h.Kind.IsKnown() {
		return account.Faults{account.NewFault("kind", "hook.unknown")}
	}
	return s.transact(ctx, func(ctx context.Context, tx store.Tx) error {
		outbox, ok := tx.(store.OutboxTx)
		if !ok {
			return ErrNoOutbox
		}
		return outbox.SwitchOn(ctx, h, s.now())
	})
}

// startAnew forgets the failures of the URLs that an edit set or replaced: what another
// URL did does not count for them. It is the last to write of an edit's money, since
// the events of hooks are numbered by the balance.
func (p plan) startAnew(ctx context.Context, tx store.Tx) error {
	outbox, ok := tx.(store.OutboxTx)
	if !ok || p.before.Revision == 0 {
		return nil
	}
	for _, kind := range account.HookKinds() {
		url := p.after.Webhooks.URL(kind)
		if url == "" || url == p.before.Webhooks.URL(kind) {
			continue
		}
		if err := outbox.SwitchOn(ctx, store.Hook{Account: p.after.ID, Kind: kind}, p.after.UpdatedAt); err != nil {
			return err
		}
	}
	return nil
}

// NewHookSecret makes a secret that the account's webhooks are signed with from now on, and
// returns its text: this once. The one before stays valid for the overlap, at most
// MaxOverlap, so that receivers can change over; with none it ends at once. The account's
// revision moves on, and the history says that the secret changed.
//
// Errors: [account.Faults], [account.ErrNotFound], [account.ErrStale] (as *[StaleError]),
// [ErrNoOutbox], [account.ErrConflict], [ErrNested], and that of Options.Random.
func (s *Service) NewHookSecret(ctx context.Context, id account.ID, revision int64, actor account.Actor, overlap time.Duration) (string, Result, error) {
	if err := s.made(); err != nil {
		return "", Result{}, err
	}
	if overlap < 0 || overlap > MaxOverlap {
		return "", Result{}, account.Faults{account.NewFault("overlap", "overlap.range")}
	}
	fresh, err := account.MakeHookSecret(s.opts.Random, s.now())
	if err != nil {
		return "", Result{}, fmt.Errorf("clientaccount: no randomness for a secret: %w", err)
	}
	var result Result
	err = s.transact(ctx, func(ctx context.Context, tx store.Tx) error {
		outbox, ok := tx.(store.OutboxTx)
		if !ok {
			return ErrNoOutbox
		}
		result, err = s.putSecret(ctx, tx, id, revision, actor, account.PathHookSecret, func() error {
			present, err := outbox.HookSecrets(ctx, id)
			if err != nil {
				return err
			}
			return outbox.SetHookSecrets(ctx, id, account.RotateHookSecrets(present, fresh, s.now(), overlap))
		})
		return err
	})
	s.Forget(id) // also where it is not known what became of it
	if err != nil {
		return "", Result{}, err
	}
	return fresh.Reveal(), result, nil
}
