package clientaccount

import (
	"context"
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
