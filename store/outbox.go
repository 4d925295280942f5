package store

import (
	"context"
	"time"

	"github.com/clientaccount/clientaccount/account"
)

// Outbox is the ability of a store to keep webhook deliveries until they are made.
// A store that has it also gives transactions that are an [OutboxTx]. The promises
// are tested by storetest.RunOutbox.
//
// Hooks are leased, not single deliveries: whoever holds a hook works it alone. So
// how many calls of one URL run at once, whether its circuit is open, and what is
// sent before what are decided in one place, and a claim need not write to each
// delivery. A lease that ran out is anybody's; its deliveries still wait.
//
// Instants are the caller's: hosts that share a database need clocks that agree to
// well within a lease. They are kept to the microsecond.
type Outbox interface {
	OutboxReader

	// Claim leases hooks that nobody holds, that are not paused, and that have a
	// delivery due which waits for no other, those longest without a lease first, as of
	// at most a second ago.
	// No two owners ever hold the same hook. Claim does not wait for others' locks.
	// A hook that is switched off is given like any other.
	Claim(ctx context.Context, c Claim) ([]Claimed, error)
	// More returns further due deliveries of hooks that the owner holds: those of each
	// hook in the order in which they fell due, none that waits for another. Of a hook
	// that the owner does not hold any more there are none.
	More(ctx context.Context, m More) ([]Delivery, error)
	// Record writes what came of deliveries, and how their hooks fare, all in one
	// transaction. Hooks that the owner does not hold any more are left alone, with
	// their deliveries, and returned.
	//
	// A hook that is switched off by its new Health, or on, is an event of its account,
	// written in the same transaction, see [Health.Switched]. It is told once, however often the
	// same is recorded. An account without a balance has no events; what its hooks came
	// to meanwhile is told with the first Record that finds one.
	Record(ctx context.Context, owner account.ID, updates []HookUpdate) (lost []Hook, err error)
	// Extend moves the end of the leases of hooks, and returns those of them that the owner
	// still holds. Others that it holds are left to run out: a claim whose answer was lost
	// leased hooks that nobody works.
	Extend(ctx context.Context, owner account.ID, hooks []Hook, until time.Time) (held []Hook, err error)

	// Replay lets ended deliveries wait again, their ids and order unchanged and
	// their tries counted anew, and says how many.
	Replay(ctx context.Context, r Replay) (int, error)
	// Purge removes deliveries that were done, or died, before an instant: the oldest
	// first, at most limit, and says how many.
	Purge(ctx context.Context, done, dead time.Time, limit int) (int, error)
}

// OutboxReader is what can be asked of an outbox.
type OutboxReader interface {
	// Delivery returns the delivery of an account and id, or ErrNotFound.
	Delivery(ctx context.Context, id, delivery account.ID) (Delivery, error)
	// Deliveries returns a page of an account's deliveries, the newest first.
	Deliveries(ctx context.Context, q DeliveryQuery) ([]Delivery, error)
	// HookStatuses returns the hooks of an account that were ever claimed or have
	// deliveries, by kind.
	HookStatuses(ctx context.Context, id account.ID) ([]HookStatus, error)
	// HookSecrets returns the secrets of an account, in the order in which they were set.
	HookSecrets(ctx context.Context, id account.ID) ([]account.HookSecret, error)
}

// OutboxTx is what a [Tx] of a store with an [Outbox] can do beside: deliveries are
// accepted together with what they tell of, or not at all.
type OutboxTx interface {
	OutboxReader

	// Enqueue accepts deliveries, in their order, or none of them. One whose account and
	// id are there already is left as it is; with another fingerprint it is
	// account.ErrReused, and nothing of the call is written. An unknown account is
	// ErrConflict, and so is another fingerprint that a transaction wrote meanwhile.
	Enqueue(ctx context.Context, ds ...Delivery) error
	// SwitchOn forgets a hook's failures, so that it is tried again at once, and ends its
	// lease: its holder decides by what it knew before. Where the account's events say
	// that the hook is off, that it is on again is the next of them, as of at. It is no
	// error when the hook had no failures, or was never used; then nothing changes.
	SwitchOn(ctx context.Context, h Hook, at time.Time) error
	// SetHookSecrets keeps secrets for an account in place of any before. They never
	// reach a statement's text, nor an error.
	SetHookSecrets(ctx context.Context, id account.ID, secrets []account.HookSecret) error
}

// Enqueuer is the ability of an [Outbox] to accept the deliveries of many callers at once. A
// store has it where a transaction for each of them costs more than one for all.
type Enqueuer interface {
	// EnqueueEach is Enqueue for each of calls, in their order and in transactions of its
	// own, and reports of each whether it was accepted: whole, or nothing of it. It waits
	// for no other transaction but for a moment, and what it cannot write does no harm to
	// the others. Why a call was not accepted is learned by who enqueues it alone; it need
	// not be its own fault.
	//
	// With the context of a function that Update of the same store runs it is ErrNested,
	// also without any calls.
	//
	// The error is for all calls: with ErrNothing in its chain nothing was written, else the
	// outcome is unknown.
	EnqueueEach(ctx context.Context, calls [][]Delivery) (accepted []bool, err error)
}

// Claim says who leases how much, and for how long.
type Claim struct {
	Owner      account.ID `json:"owner"` // of the leases: one per dispatcher
	Now        time.Time  `json:"now"`
	Until      time.Time  `json:"until"`      // the leases end
	Hooks      int        `json:"hooks"`      // at most
	Deliveries int        `json:"deliveries"` // of each hook, at most
}

// Claimed is a hook that was leased, and all that is needed to call it.
type Claimed struct {
	Hook       Hook                 `json:"hook"`
	URL        string               `json:"url"` // empty: the client has none any more
	Secrets    []account.HookSecret `json:"secrets"`
	Health     Health               `json:"health"`
	Deliveries []Delivery           `json:"deliveries"` // at least one
}

// More asks for deliveries of hooks that are held already.
type More struct {
	Owner account.ID `json:"owner"`
	Now   time.Time  `json:"now"`
	Hooks []Held     `json:"hooks"`
	Limit int        `json:"limit"` // deliveries of each hook, at most
}

// Held is a hook that is held, and its deliveries that are in hand: not to be given
// again.
type Held struct {
	Hook Hook         `json:"hook"`
	Skip []account.ID `json:"skip"`
}

// HookUpdate is what a holder of a hook has to write.
type HookUpdate struct {
	Hook     Hook      `json:"hook"`
	Health   Health    `json:"health"`
	Release  bool      `json:"release"` // the lease ends
	Bury     string    `json:"bury"`    // not empty: all that waits dies, with this as its code
	Verdicts []Verdict `json:"verdicts"`
	At       time.Time `json:"at"`
}

// Verdict is what came of one delivery.
type Verdict struct {
	ID    account.ID    `json:"id"`
	State DeliveryState `json:"state"`
	Tries int           `json:"tries"`
	DueAt time.Time     `json:"due_at"` // of the next try, where State is waiting
	Last  Try           `json:"last"`
}
