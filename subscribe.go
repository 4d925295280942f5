package clientaccount

import (
	"context"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/internal/teller"
	"github.com/clientaccount/clientaccount/store"
)

// MaxSubscriptions is how many subscriptions there may be.
const MaxSubscriptions = store.MaxSubscriptions

const (
	maxSubscriptionName = 64 // bytes
	defaultConcurrency  = 8
)

// Subscription is one who is told of the events of all accounts. Several, by name, are
// each told of all of them, and do not wait for each other.
type Subscription struct {
	// Name says which one it is: it goes on where it was, after a restart too, and all
	// processes that run the same name share its events. At most 64 bytes of printable
	// text; it may be empty.
	Name string
	// Handle is called with events of one account in their order, at most 100. When it
	// returns nil, these are done, for good. When it fails, the same events come again,
	// after a pause that grows from a second to five minutes; other accounts' events come
	// meanwhile. It has a minute: then its context ends, and soon others who run the
	// subscription are handed the same. It must be safe for concurrent use, unless
	// Concurrency is 1.
	Handle func(ctx context.Context, events []account.Event) error
	// Since counts when there is no subscription of the name yet: this one is told of
	// events that happened then or later. Zero: of all there ever were.
	Since time.Time
	// Concurrency is how many calls of Handle may run at once, each for another account;
	// 8 if it is less than 1.
	Concurrency int
}

// Subscribe hands the events of all accounts to a subscription until ctx ends; then it
// returns nil. If there is no subscription of the name, it is made.
//
// An event comes at least once, and may come again after a crash: who must not act on it
// twice knows it by its Account and Number. It comes after all earlier ones of its account
// were handled. A call that fails, or takes long, holds up no other account, as long as
// fewer than Concurrency take long.
//
// Any number of Subscribe of a name, in this process or others, share its events: each is
// handed to one of them. An event comes some time after it is committed, within
// Options.EventsEvery when nothing else is to be handled. Failures are logged, those of the
// store too: they end nothing.
//
// Errors: [ErrNoEventFeed], [ErrNoHandler], [ErrSubscriptionName], [ErrManySubscriptions],
// account.ErrNotFound when [Service.Unsubscribe] removed it meanwhile, and that of
// Options.Random.
func (s *Service) Subscribe(ctx context.Context, sub Subscription) error {
	feed, err := s.eventFeed()
	switch {
	case err != nil:
		return err
	case sub.Handle == nil:
		return ErrNoHandler
	case !isSubscriptionName(sub.Name):
		return ErrSubscriptionName
	}
	if sub.Concurrency < 1 {
		sub.Concurrency = defaultConcurrency
	}
	owner, err := s.newID()
	if err != nil {
		return err
	}
	return teller.Run(ctx, teller.Config{
		Subscription: store.Subscription{Name: sub.Name, Since: sub.Since}, Handle: sub.Handle, Concurrency: sub.Concurrency,
		Feed: feed, Owner: owner, Clock: s.now, Logger: s.opts.Logger, Every: s.opts.EventsEvery, Again: s.again,
	})
}

// Subscriptions returns the names of all subscriptions that there are, in their order,
// whether anybody runs them or not.
//
// Errors: [ErrNoEventFeed].
func (s *Service) Subscriptions(ctx context.Context) ([]string, error) {
	feed, err := s.eventFeed()
	if err != nil {
		return nil, err
	}
	var all []store.Subscription
	err = s.again(ctx, func() error {
		all, err = feed.Subscriptions(ctx)
		return err
	})
	names := make([]string, len(all))
	for i, sub := range all {
		names[i] = sub.Name
	}
	return names, err
}

// Unsubscribe removes a subscription, with what it was yet to be told, and ends every
// Subscribe of it. One that nobody runs any more is best removed: the store notes for it
// what it was not told. Who subscribes by the name again makes a new one.
//
// Errors: [ErrNoEventFeed], [ErrSubscriptionName], account.ErrNotFound.
func (s *Service) Unsubscribe(ctx context.Context, name string) error {
	feed, err := s.eventFeed()
	if err != nil {
		return err
	}
	if !isSubscriptionName(name) {
		return ErrSubscriptionName
	}
	return s.again(ctx, func() error { return feed.Unsubscribe(ctx, name) })
}

func (s *Service) eventFeed() (store.EventFeed, error) {
	feed, ok := s.stored().(store.EventFeed)
	if !ok {
		return nil, ErrNoEventFeed
	}
	return feed, nil
}

func isSubscriptionName(name string) bool {
	return len(name) <= maxSubscriptionName && utf8.ValidString(name) &&
		!strings.ContainsFunc(name, func(r rune) bool { return !unicode.IsPrint(r) })
}
