// Package teller hands the events of all accounts to one subscription.
package teller

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/internal/again"
	"github.com/clientaccount/clientaccount/store"
)

// How events are handed out.
const (
	eventsAtOnce   = 100             // at most, of one account
	accountsAtOnce = 512             // at most, leased together or noted together
	beginFor       = 5 * time.Second // from a claim to the call for the last account of it
	callFor        = time.Minute     // one call of the host's function
	noteFor        = 5 * time.Second // what came of it, also when the subscription has ended
	firstPause     = time.Second     // after a failure, twice as long after the next
	longestPause   = 5 * time.Minute
)

// Config is what a teller needs: whom it tells, and of what.
type Config struct {
	store.Subscription
	Handle      func(ctx context.Context, events []account.Event) error // the host's
	Concurrency int                                                     // of its calls, 1 or more

	Feed   store.EventFeed
	Owner  account.ID // of its leases
	Clock  func() time.Time
	Logger *slog.Logger
	Every  time.Duration                                    // it looks for events, while there are none
	Again  func(ctx context.Context, do func() error) error // do, again where it lost a race
}

// teller is one subscription that is run. It claims accounts, calls the host's function for
// several at once, and notes what came of that, all at the same time: what is called for
// while a claim or a note is written goes into the next.
type teller struct {
	Config

	accounts int // to be claimed next, at most: as many as are soon called for
	work     chan store.EventLease
	calls    chan call
	mu       sync.Mutex
	calling  map[account.ID]bool
	noted    chan struct{} // something was: an account may have more to tell
}

// call is a lease whose events were handed to the host's function, or were not.
type call struct {
	store.EventLease
	failure error
	passed  bool          // it was not called
	pause   time.Duration // before it may be claimed again, if it was not called
}

// Run returns when ctx has ended, or the subscription, and all calls of the host's function have
// returned and are noted. The error is one that stays, however often it is tried again.
func Run(ctx context.Context, c Config) error {
	t := &teller{
		Config: c, accounts: min(2*c.Concurrency, accountsAtOnce),
		work: make(chan store.EventLease), calls: make(chan call, accountsAtOnce), calling: map[account.ID]bool{},
		noted: make(chan struct{}, 1),
	}
	return t.run(ctx)
}

func (t *teller) run(ctx context.Context) error {
	var callers, noter sync.WaitGroup
	for range t.Concurrency {
		callers.Go(func() { t.callAll(ctx) })
	}
	noter.Go(func() { t.noteAll(ctx) })
	err := t.claimAll(ctx)
	close(t.work)
	callers.Wait()
	close(t.calls)
	noter.Wait()
	return err
}

// claimAll claims until ctx ends. An error is one that stays.
func (t *teller) claimAll(ctx context.Context) error {
	made := false
	for ctx.Err() == nil {
		var leases []store.EventLease
		err := t.makeOnce(ctx, &made)
		if err == nil {
			leases, err = t.claim(ctx)
		}
		switch {
		case endsSubscribe(err):
			return err
		case err != nil:
			t.failed(ctx, "events could not be read", err)
			_ = again.Sleep(ctx, t.Every) // the loop looks whether ctx ended
		case len(leases) == 0:
			t.await(ctx)
		default:
			t.hand(ctx, leases)
		}
	}
	return nil
}

// makeOnce makes the subscription, when it did not before.
func (t *teller) makeOnce(ctx context.Context, made *bool) error {
	if *made {
		return nil
	}
	err := t.Again(ctx, func() error { return t.Feed.Subscribe(ctx, t.Subscription) })
	*made = err == nil
	return err
}

func (t *teller) claim(ctx context.Context) (leases []store.EventLease, err error) {
	err = t.Again(ctx, func() error {
		now := t.Clock()
		leases, err = t.Feed.ClaimEvents(ctx, store.EventClaim{
			Subscription: t.Name, Owner: t.Owner, Now: now, Until: now.Add(beginFor + callFor + noteFor),
			Accounts: t.accounts, Events: eventsAtOnce,
		})
		return err
	})
	return leases, err
}

// await waits until there may be something to claim.
func (t *teller) await(ctx context.Context) {
	timer := time.NewTimer(t.Every)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-t.noted:
	case <-timer.C:
	}
}

// hand gives leases to whoever is free to call. More are claimed the next time if that was
// soon done, and fewer if it was not; what would be called for late is let go.
func (t *teller) hand(ctx context.Context, leases []store.EventLease) {
	began := t.Clock()
	for _, lease := range leases {
		select {
		case t.work <- lease:
		case <-ctx.Done():
			t.calls <- call{EventLease: lease, passed: true}
		}
	}
	switch took := t.Clock().Sub(began); {
	case took < beginFor/10:
		t.accounts = min(2*t.accounts, accountsAtOnce)
	case took > beginFor/2:
		t.accounts = max(t.accounts/2, 1)
	}
}

// callAll calls the host's function for one lease after the other.
func (t *teller) callAll(ctx context.Context) {
	for lease := range t.work {
		t.calls <- t.call(ctx, lease)
	}
}

// call calls the host's function, whose context ends before the lease does. An account for
// which a call has not returned that should have is left to others.
func (t *teller) call(ctx context.Context, lease store.EventLease) call {
	if ctx.Err() != nil || t.Clock().After(lease.Until.Add(-callFor-noteFor)) {
		return call{EventLease: lease, passed: true}
	}
	id := lease.Account()
	if !t.enter(id) {
		return call{EventLease: lease, passed: true, pause: firstPause}
	}
	defer t.leave(id)
	ctx, cancel := context.WithTimeout(ctx, callFor)
	defer cancel()
	return call{EventLease: lease, failure: t.Handle(ctx, lease.Events)}
}

func (t *teller) enter(id account.ID) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.calling[id] {
		return false
	}
	t.calling[id] = true
	return true
}

func (t *teller) leave(id account.ID) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.calling, id)
}

// noteAll notes what came of calls, together those that returned meanwhile.
func (t *teller) noteAll(ctx context.Context) {
	for first := range t.calls {
		told, untold := t.sort(ctx, first, nil, nil)
		for more := true; more && len(told)+len(untold) < accountsAtOnce; {
			select {
			case next, open := <-t.calls:
				if more = open; open {
					told, untold = t.sort(ctx, next, told, untold)
				}
			default:
				more = false
			}
		}
		t.note(ctx, told, t.Feed.MarkTold)
		t.note(ctx, untold, t.Feed.PutOff)
		select {
		case t.noted <- struct{}{}:
		default:
		}
	}
}

// sort adds a lease to those that were told, or were not. That the subscription ended
// meanwhile does not count as a failure of the host's function.
func (t *teller) sort(ctx context.Context, c call, told, untold []store.EventLease) (_, _ []store.EventLease) {
	c.Until = t.Clock().Add(c.pause)
	if !c.passed && c.failure == nil {
		return append(told, c.EventLease), untold
	}
	if !c.passed && ctx.Err() == nil {
		t.failed(ctx, "events could not be handled", c.failure, slog.String("account", c.Account().String()))
		c.Until = c.Until.Add(pauseAfter(c.Failures))
		c.Failures++
	}
	return told, append(untold, c.EventLease)
}

// note writes how leases ended, also when the subscription has. Of those that did not stand
// any more others have the accounts.
func (t *teller) note(ctx context.Context, ls []store.EventLease, write func(context.Context, []store.EventLease) ([]account.ID, error)) {
	if len(ls) == 0 {
		return
	}
	noting, cancel := context.WithTimeout(context.WithoutCancel(ctx), noteFor)
	defer cancel()
	err := t.Again(noting, func() error {
		_, err := write(noting, ls)
		return err
	})
	if err != nil {
		t.failed(ctx, "what came of handling events could not be noted", err)
	}
}

// pauseAfter is how long events wait whose handling failed again and again.
func pauseAfter(failures int) time.Duration {
	return min(firstPause<<min(failures, 16), longestPause)
}

func (t *teller) failed(ctx context.Context, what string, err error, more ...any) {
	if ctx.Err() == nil {
		more = append(more, slog.String("subscription", t.Name), slog.Any("error", err))
		t.Logger.WarnContext(ctx, what, more...)
	}
}

// endsSubscribe reports whether an error stays, however often it is tried again.
func endsSubscribe(err error) bool {
	return errors.Is(err, store.ErrManySubscriptions) || errors.Is(err, account.ErrNotFound)
}
