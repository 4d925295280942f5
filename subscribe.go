package clientaccount

import (
	"context"
	"log/slog"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/internal/again"
	"github.com/clientaccount/clientaccount/store"
)

// How events are handed out.
const (
	eventsAtOnce = 100             // at most, of one account
	callFor      = time.Minute     // one call of the host's function
	noteFor      = 5 * time.Second // what came of it, also when the subscription has ended
	firstPause   = time.Second     // after a failure, twice as long after the next
	longestPause = 5 * time.Minute
)

// Subscribe hands the events of all accounts to the host, those before the first
// subscription included, until ctx ends; then it returns nil. It calls handle, one call at
// a time, with events of one account in their order, at most 100. When handle returns nil,
// these are done, for good. When it fails, the same events come again, after a pause that
// grows from a second to five minutes; other accounts' events come meanwhile. handle has a
// minute: then its context ends, and soon other subscriptions are handed the same.
//
// So an event comes at least once, and may come again after a crash: who must not act on
// it twice knows it by its Account and Number. It comes after all earlier ones of its
// account were handled.
//
// Any number of Subscribe, in this process or others, share the events: each is handed to
// one of them. Several in one process work on as many accounts at once. An event comes
// some time after it is committed, within Options.EventsEvery when nothing else is to be
// handled. Failures are logged, those of the store too: they end nothing.
//
// Errors: [ErrNoEventFeed], [ErrNoHandler], and that of Options.Random.
func (s *Service) Subscribe(ctx context.Context, handle func(ctx context.Context, events []account.Event) error) error {
	feed, ok := s.stored().(store.EventFeed)
	if !ok {
		return ErrNoEventFeed
	}
	if handle == nil {
		return ErrNoHandler
	}
	owner, err := s.newID()
	if err != nil {
		return err
	}
	sub := &subscription{Service: s, feed: feed, owner: owner, handle: handle}
	for ctx.Err() == nil {
		if !sub.step(ctx) {
			_ = again.Sleep(ctx, s.opts.EventsEvery) // the loop looks whether ctx ended
		}
	}
	return nil
}

// subscription is one call of Subscribe.
type subscription struct {
	*Service
	feed   store.EventFeed
	owner  account.ID
	handle func(context.Context, []account.Event) error
	after  account.ID // the account handled last, so that all are served
}

// step handles events of the next account, and reports whether there may be more.
func (s *subscription) step(ctx context.Context) (more bool) {
	round := s.after
	lease, err := s.claim(ctx)
	switch {
	case err != nil:
		s.failed(ctx, "events could not be read", err)
		return false
	case len(lease.Events) == 0:
		s.after = account.ID{}
		return !round.IsZero() // from the first account on again
	}
	s.after = lease.Events[0].Account
	s.note(ctx, lease, s.call(ctx, lease))
	return true
}

// claim leases events for a call and for noting what came of it.
func (s *subscription) claim(ctx context.Context) (lease store.EventLease, err error) {
	err = s.again(ctx, func() error {
		now := s.now()
		lease, err = s.feed.ClaimEvents(ctx, store.EventClaim{
			Owner: s.owner, Now: now, Until: now.Add(callFor + noteFor), After: s.after, Events: eventsAtOnce,
		})
		return err
	})
	return lease, err
}

// call calls the host's function, whose context ends before the lease does.
func (s *subscription) call(ctx context.Context, lease store.EventLease) error {
	ctx, cancel := context.WithTimeout(ctx, callFor)
	defer cancel()
	return s.handle(ctx, lease.Events)
}

// note writes what came of a call. That the subscription ended meanwhile does not count
// as a failure of the host's function.
func (s *subscription) note(ctx context.Context, lease store.EventLease, failure error) {
	noting, cancel := context.WithTimeout(context.WithoutCancel(ctx), noteFor)
	defer cancel()
	until := s.now()
	if failure != nil && ctx.Err() == nil {
		s.failed(ctx, "events could not be handled", failure, slog.String("account", lease.Events[0].Account.String()))
		until = until.Add(pauseAfter(lease.Failures))
		lease.Failures++
	}
	err := s.again(noting, func() error {
		if failure == nil {
			return s.feed.MarkTold(noting, lease)
		}
		return s.feed.PutOff(noting, lease, until)
	})
	if err != nil {
		s.failed(ctx, "what came of handling events could not be noted", err)
	}
}

// pauseAfter is how long events wait whose handling failed again and again.
func pauseAfter(failures int) time.Duration {
	return min(firstPause<<min(failures, 16), longestPause)
}

func (s *subscription) failed(ctx context.Context, what string, err error, more ...any) {
	if ctx.Err() == nil {
		s.opts.Logger.WarnContext(ctx, what, append(more, slog.Any("error", err))...)
	}
}
