package rows

import (
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
)

// Subscriptions is a row of clientaccount_subscriptions.
var Subscriptions = Codec[store.Subscription]{
	text("name", func(s *store.Subscription) *string { return &s.Name }),
	instantOrNull("since", func(s *store.Subscription) *time.Time { return &s.Since }),
}

// FeedState is what a claim goes by.
type FeedState struct {
	Version int64 // of the feed
	Known   bool  // there is such a subscription
	News    bool  // there are events that no subscription has noted
	Due     bool  // the subscription has something to be told
}

// FeedStates is a row of it.
var FeedStates = Codec[FeedState]{
	bigint("version", func(s *FeedState) *int64 { return &s.Version }),
	flag("known", func(s *FeedState) *bool { return &s.Known }),
	flag("news", func(s *FeedState) *bool { return &s.News }),
	flag("due", func(s *FeedState) *bool { return &s.Due }),
}

// Untold is what a subscription is yet to be told of an account.
type Untold struct {
	Account      account.ID
	Told, Latest int64 // numbers of the last event that was told, and of the last to be told
	Failures     int
}

// Untolds is a row of clientaccount_untold, as far as a claim reads it.
var Untolds = Codec[Untold]{
	key("account_id", func(u *Untold) *account.ID { return &u.Account }),
	bigint("told", func(u *Untold) *int64 { return &u.Told }),
	bigint("latest", func(u *Untold) *int64 { return &u.Latest }),
	integer("failures", func(u *Untold) *int { return &u.Failures }),
}

// EventRange are events of an account: those behind one, up to another.
type EventRange struct {
	Account    account.ID
	From, Last int64
}

// EventRanges are they as a parameter.
var EventRanges = Codec[EventRange]{
	key("of_account", func(e *EventRange) *account.ID { return &e.Account }),
	bigint("from_number", func(e *EventRange) *int64 { return &e.From }),
	bigint("last_number", func(e *EventRange) *int64 { return &e.Last }),
}

// LeaseEnd is how a lease ends. Its names are no columns' of the tables, as those of
// HookKeys.
type LeaseEnd struct {
	Subscription string
	Account      account.ID
	Owner        account.ID
	Was, Told    int64 // what was told before, and is now
	Due          time.Time
	Failed       int
}

// LeaseEnds are they as a parameter.
var LeaseEnds = Codec[LeaseEnd]{
	text("of_subscription", func(e *LeaseEnd) *string { return &e.Subscription }),
	key("of_account", func(e *LeaseEnd) *account.ID { return &e.Account }),
	key("of_owner", func(e *LeaseEnd) *account.ID { return &e.Owner }),
	bigint("was_told", func(e *LeaseEnd) *int64 { return &e.Was }),
	bigint("now_told", func(e *LeaseEnd) *int64 { return &e.Told }),
	instant("now_due", func(e *LeaseEnd) *time.Time { return &e.Due }),
	integer("failed", func(e *LeaseEnd) *int { return &e.Failed }),
}

// AccountKeys is a row with nothing but an account.
var AccountKeys = Codec[account.ID]{
	key("account_id", func(id *account.ID) *account.ID { return id }),
}
