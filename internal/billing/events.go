package billing

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
)

// Notices is the name of the subscription by which clients are told of events.
const Notices = "clientaccount.notices"

// Bounds of telling clients of events.
const (
	tellAccounts = 100 // that are leased at once
	tellEvents   = 100 // of one of them
	tellRounds   = 50  // of so many: the next Tick goes on
	tellFor      = time.Minute
	tellPause    = time.Minute // after what failed, twice as long after the next
	tellLongest  = 2 * time.Hour
)

// TellEvents makes notices of the events of all accounts, of those that happened since it was first
// called. It goes on after what failed, and returns the first error.
func (e *Engine) TellEvents(ctx context.Context, feed store.EventFeed) error {
	owner, err := e.NewID()
	if err != nil {
		return err
	}
	var failed error
	for range tellRounds {
		leases, err := e.claim(ctx, feed, owner)
		if err != nil {
			return errors.Join(failed, err)
		}
		if err := e.tellLeases(ctx, feed, leases); failed == nil {
			failed = err
		}
		if len(leases) < tellAccounts {
			break
		}
	}
	return failed
}

// claim leases events; the first time it makes the subscription.
func (e *Engine) claim(ctx context.Context, feed store.EventFeed, owner account.ID) ([]store.EventLease, error) {
	now := e.Clock()
	c := store.EventClaim{
		Subscription: Notices, Owner: owner, Now: now, Until: now.Add(tellFor), Accounts: tellAccounts, Events: tellEvents,
	}
	leases, err := feed.ClaimEvents(ctx, c)
	switch {
	case errors.Is(err, account.ErrNotFound):
		return nil, feed.Subscribe(ctx, store.Subscription{Name: Notices, Since: now})
	case errors.Is(err, account.ErrConflict): // somebody else is at it
		return nil, nil
	}
	return leases, err
}

// tellLeases tells what was leased, and notes what came of it.
func (e *Engine) tellLeases(ctx context.Context, feed store.EventFeed, leases []store.EventLease) (failed error) {
	var told, untold []store.EventLease
	for _, lease := range leases {
		now := e.Clock()
		err := e.tellEvents(ctx, lease.Events)
		if err == nil {
			lease.Until = now
			told = append(told, lease)
			continue
		}
		e.Logger.WarnContext(ctx, "notices could not be made", slog.String("account", lease.Account().String()), slog.Any("error", err))
		if failed == nil {
			failed = err
		}
		lease.Until = now.Add(min(tellPause<<min(lease.Failures, 8), tellLongest))
		lease.Failures++
		untold = append(untold, lease)
	}
	return errors.Join(failed, note(ctx, told, feed.MarkTold), note(ctx, untold, feed.PutOff))
}

func note(ctx context.Context, ls []store.EventLease, write func(context.Context, []store.EventLease) ([]account.ID, error)) error {
	if len(ls) == 0 {
		return nil
	}
	_, err := write(ctx, ls)
	if errors.Is(err, account.ErrConflict) { // they come again, and are made once
		return nil
	}
	return err
}
