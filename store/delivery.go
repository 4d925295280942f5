package store

import (
	"crypto/sha256"
	"encoding/hex"
	"time"

	"github.com/clientaccount/clientaccount/account"
)

// Hook names one webhook URL of one account, whatever text it has today.
type Hook struct {
	Account account.ID
	Kind    account.HookKind
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
	ID   account.ID // the webhook-id, the same for every try and every replay
	Hook Hook
	// Message is what order is kept by: of one hook's deliveries of one message, a
	// later one waits for the earlier ones. Empty: it waits for none.
	Message string
	// Final says that no delivery of the message that is not final may follow it.
	Final bool
	Body  string // what is sent: UTF-8 without NUL
	// Fingerprint tells deliveries of different content apart. The body does not: it says
	// when it was made.
	Fingerprint account.Fingerprint
	CreatedAt   time.Time
	DueAt       time.Time // not tried before

	// What the store and the dispatcher keep; not looked at by Enqueue.
	Seq     int64 // the place in the order of acceptance; unique, with gaps
	State   DeliveryState
	Tries   int       // since it was accepted or replayed
	Last    Try       // the last try; zero before the first
	EndedAt time.Time // when it was done or given up; zero while it waits
	// Overtaken, in what Claim and More give: a later delivery of its message, or a
	// final one where this is not, was done. It must not be sent.
	Overtaken bool
}

// Try is what came of one call of a URL. It holds nothing of the URL.
type Try struct {
	At     time.Time
	Took   time.Duration // to the millisecond
	Code   string        // "ok", or why it failed: the codes of package webhook
	Status int           // of HTTP; 0 without an answer
	Reply  string        // the beginning of the answer's body: UTF-8 without NUL
}

// Health is how a hook has fared. The zero value is a hook that never failed.
type Health struct {
	Target       string    // a digest of the URL that the rest is about
	Failures     int       // tries that failed since one succeeded
	FailingSince time.Time // the first of these failures; zero for none
	FailedAt     time.Time // the last of them, by the clocks of all who tried
	FailingHours int       // different hours, of UTC, in which one of them was
	// FailingFor is how long it has failed, without spells in which nothing was tried.
	FailingFor  time.Duration
	PausedUntil time.Time // the circuit is open: no try before
	Pauses      int       // times it opened since a try succeeded
	OffAt       time.Time // switched off since; zero while it is on
	OffCode     string    // why

	// The minute that is being counted, for the circuit.
	Minute         time.Time // when it began
	MinuteTries    int
	MinuteFailures int
}

// Of is the health that counts for a URL: of another one nothing is known.
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

// Switched is the posting that tells an account, which has the balance b, that its hook of
// a kind is switched off, or that it is on again as of at.
func (h Health) Switched(b account.Balance, kind account.HookKind, at time.Time) account.Posting {
	after, event := b.HookOn(kind, at)
	if h.IsOff() {
		after, event = b.HookOff(kind, h.OffCode, h.OffAt)
	}
	return account.Posting{From: b.Version, Balance: after, Events: []account.Event{event}}
}

// HookStatus is a hook as an operator sees it.
type HookStatus struct {
	Hook    Hook
	Health  Health
	Waiting int // deliveries, counted up to MaxCount
	Dead    int // likewise
}

// MaxCount is where counting stops: more than it is not told apart from it.
const MaxCount = 10_000

// DeliveryQuery asks for a page of an account's deliveries, the newest first.
type DeliveryQuery struct {
	Account account.ID
	Kind    account.HookKind // empty: all
	State   DeliveryState    // empty: all
	Message string           // empty: all
	Before  int64            // only those of a lower Seq; 0 for all
	Limit   int              // as in account.Query
}

// PageSize is Limit within its bounds.
func (q DeliveryQuery) PageSize() int { return account.Query{Limit: q.Limit}.PageSize() }

// Faults is everything wrong with the query by itself, nil for nothing.
func (q DeliveryQuery) Faults() account.Faults {
	faults := account.LimitFaults(q.Limit)
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
	Account account.ID
	IDs     []account.ID
	Kind    account.HookKind
	From    time.Time // created then or later
	To      time.Time // created before
	Done    bool      // those that were done as well
	Now     time.Time // when they fall due
}
