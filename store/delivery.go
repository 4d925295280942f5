package store

import (
	"crypto/sha256"
	"encoding/hex"
	"time"

	"github.com/clientaccount/clientaccount/account"
)

// Hook names one webhook URL of one account, whatever text it has today.
type Hook struct {
	Account account.ID       `json:"account"`
	Kind    account.HookKind `json:"kind"`
}

// DeliveryState is how far a delivery is.
type DeliveryState string

// A delivery waits for its first or next try, was taken by the far end, or was
// given up.
const (
	DeliveryWaiting DeliveryState = "waiting"
	DeliveryDone    DeliveryState = "done"
	DeliveryDead    DeliveryState = "dead"
)

// Delivery is one message for a client's webhook, from when it is accepted until
// it is purged. It does not hold the URL, which may carry a token and may change
// while the delivery waits.
type Delivery struct {
	ID   account.ID `json:"id"` // the webhook-id, the same for every try and every replay
	Hook Hook       `json:"hook"`
	// Message is what order is kept by: of one hook's deliveries of one message, a
	// later one waits for the earlier ones. Empty: it waits for none.
	Message string `json:"message"`
	// Final says that no delivery of the message that is not final may follow it.
	Final bool   `json:"final"`
	Body  string `json:"body"` // what is sent: UTF-8 without NUL
	// Fingerprint tells deliveries of different content apart. The body does not: it says
	// when it was made.
	Fingerprint account.Fingerprint `json:"fingerprint"`
	CreatedAt   time.Time           `json:"created_at"`
	DueAt       time.Time           `json:"due_at"` // not tried before

	// What the store and the dispatcher keep; not looked at by Enqueue.
	Seq     int64         `json:"seq"` // the place in the order of acceptance; unique, with gaps
	State   DeliveryState `json:"state"`
	Tries   int           `json:"tries"`    // since it was accepted or replayed
	Last    Try           `json:"last"`     // the last try; zero before the first
	EndedAt time.Time     `json:"ended_at"` // when it was done or given up; zero while it waits
	// Overtaken, in what Claim and More return: a later delivery of its message, or a
	// final one where this is not, was done. It must not be sent.
	Overtaken bool `json:"overtaken"`
}

// Try is what came of one call of a URL. It holds nothing of the URL.
type Try struct {
	At     time.Time     `json:"at"`
	Took   time.Duration `json:"took"`   // to the millisecond
	Code   string        `json:"code"`   // "ok", or why it failed: the codes of package webhook
	Status int           `json:"status"` // of HTTP; 0 without an answer
	Reply  string        `json:"reply"`  // the beginning of the answer's body: UTF-8 without NUL
}

// Health is how a hook has fared. The zero value is a hook that never failed.
type Health struct {
	Target       string    `json:"target"`        // a digest of the URL that the rest is about
	Failures     int       `json:"failures"`      // tries that failed since one succeeded
	FailingSince time.Time `json:"failing_since"` // the first of these failures; zero for none
	FailedAt     time.Time `json:"failed_at"`     // the last of them, by the clocks of all who tried
	FailingHours int       `json:"failing_hours"` // different hours, of UTC, in which one of them was
	// FailingFor is how long it has failed, without spells in which nothing was tried.
	FailingFor  time.Duration `json:"failing_for"`
	PausedUntil time.Time     `json:"paused_until"` // the circuit is open: no try before
	Pauses      int           `json:"pauses"`       // times it opened since a try succeeded
	OffAt       time.Time     `json:"off_at"`       // switched off since; zero while it is on
	OffCode     string        `json:"off_code"`     // why

	// The minute that is being counted, for the circuit.
	Minute         time.Time `json:"minute"` // when it began
	MinuteTries    int       `json:"minute_tries"`
	MinuteFailures int       `json:"minute_failures"`
}

// Of returns the health that counts for a URL: of another one nothing is known.
func (h Health) Of(url string) Health {
	sum := sha256.Sum256([]byte(url))
	target := hex.EncodeToString(sum[:8]) // tells URLs apart without keeping them
	if h.Target != target {
		return Health{Target: target}
	}
	return h
}

// IsOff reports whether the hook is switched off.
func (h Health) IsOff() bool { return !h.OffAt.IsZero() }

// Switched returns the posting that tells an account, which has the balance b, that its hook of
// a kind is switched off, or that it is on again as of at. Events are numbered by the
// balance, whatever they are about.
func (h Health) Switched(b account.Balance, kind account.HookKind, at time.Time) Posting {
	from := b.Version
	b.Version++
	b.Events++
	event := account.Event{Account: b.Account, Number: b.Events, Kind: account.EventHookOn, At: at, Hook: kind}
	if h.IsOff() {
		event.Kind, event.At, event.Code = account.EventHookOff, h.OffAt, h.OffCode
	}
	return Posting{From: from, Balance: b, Events: []account.Event{event}}
}

// HookStatus is a hook as an operator sees it.
type HookStatus struct {
	Hook    Hook   `json:"hook"`
	Health  Health `json:"health"`
	Waiting int    `json:"waiting"` // deliveries, counted up to MaxCount
	Dead    int    `json:"dead"`    // likewise
}

// MaxCount is where counting stops: more than it is not told apart from it.
const MaxCount = 10_000

// DeliveryQuery asks for a page of an account's deliveries, the newest first.
type DeliveryQuery struct {
	Account account.ID       `json:"account"`
	Kind    account.HookKind `json:"kind"`    // empty: all
	State   DeliveryState    `json:"state"`   // empty: all
	Message string           `json:"message"` // empty: all
	Before  int64            `json:"before"`  // only those of a lower Seq; 0 for all
	Limit   int              `json:"limit"`   // as in account.Query
}

// PageSize returns Limit within its bounds.
func (q DeliveryQuery) PageSize() int { return account.Query{Limit: q.Limit}.PageSize() }

// Faults returns everything wrong with the query by itself, nil for nothing.
func (q DeliveryQuery) Faults() account.Faults {
	faults := account.Query{Limit: q.Limit}.Faults()
	if q.Kind != "" && !q.Kind.IsKnown() {
		faults = append(faults, account.NewFault("kind", "hook.unknown"))
	}
	if q.State != "" && q.State != DeliveryWaiting && q.State != DeliveryDone && q.State != DeliveryDead {
		faults = append(faults, account.NewFault("state", "delivery.state"))
	}
	return faults
}

// Replay says which dead deliveries of an account are to be sent again. What is left
// empty does not narrow it.
type Replay struct {
	Account account.ID       `json:"account"`
	IDs     []account.ID     `json:"ids"`
	Kind    account.HookKind `json:"kind"`
	From    time.Time        `json:"from"` // created then or later
	To      time.Time        `json:"to"`   // created before
	Done    bool             `json:"done"` // those that were done as well
	Now     time.Time        `json:"now"`  // when they fall due
}
