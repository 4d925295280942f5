// Package committer writes movements of money: those of all callers together, compare and
// append, and under locks where that will not do. It caches the balances that it saw
// last, and applies each movement to them by the rule of internal/ledger; the store finds
// out when they were old.
package committer

import (
	"context"
	"errors"
	"log/slog"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
)

// A Committer writes the movements of all callers together: while one batch is on its way
// to the store, the next one gathers. One goroutine at most writes batches; it is started
// by the first movement and ends when none is left, so a lone caller waits for nobody.
// What cannot go that way is written under a lock, by the queue of its account. All methods
// are safe for concurrent use.
type Committer struct {
	store     store.Transactor
	fast      store.Appender // nil within a transaction of the host's
	clock     func() time.Time
	logger    *slog.Logger
	snapshots *snapshots
	direct    bool          // callers write for themselves, see store.Immediate
	hosted    bool          // within a transaction of the host's, which alone can repeat it
	mostEnded int           // holds of an account that one transaction ends at most
	slots     chan struct{} // a token for each lock queue that may run at once

	alone sync.Mutex // held by whoever writes for itself
	own   pending    // of whoever holds alone
	batch []*pending // likewise

	space

	mu      sync.Mutex
	waiting []*pending
	running bool // the goroutine that writes batches
	queues  map[account.ID]*lockQueue
	stopped atomic.Bool
	working sync.WaitGroup // that goroutine, and those of queues
}

// space is what a round works in. Rounds follow each other, so it serves again.
type space struct {
	groups   []*group
	taken    int // of groups
	byID     map[account.ID]*group
	going    []*group
	written  []*group
	claims   claims // of the round's calls
	postings []store.Posting
}

// Config adjusts a Committer. All of it is needed.
type Config struct {
	Clock     func() time.Time // the present instant, as stores keep it
	Logger    *slog.Logger
	Balances  int // accounts whose balances are cached
	MostEnded int // holds of an account that one transaction ends at most, after their time-out
}

// Bounds of one write.
const (
	maxBatch     = 512              // movements
	writeTimeout = 30 * time.Second // of one call of the store, whatever its callers' contexts
	maxQueues    = 4                // at once
)

// New returns a Committer over a store. It starts nothing until the first movement.
func New(st store.Store, c Config) *Committer {
	_, direct := st.(store.Immediate)
	return &Committer{
		store: st, fast: st, clock: c.Clock, logger: c.Logger, snapshots: newSnapshots(c.Balances),
		direct: direct, mostEnded: c.MostEnded,
		slots: make(chan struct{}, maxQueues), queues: map[account.ID]*lockQueue{}, space: space{byID: map[account.ID]*group{}, claims: claims{}},
	}
}

// Within returns a Committer that writes in a transaction of the host's: under a lock, one
// movement at a time, and trying nothing again.
func (c *Committer) Within(st store.Transactor) *Committer {
	return &Committer{
		store: st, clock: c.clock, logger: c.logger, snapshots: newSnapshots(account.MaxDepth),
		direct: true, hosted: true, mostEnded: c.mostEnded,
	}
}

// checkNested returns store.ErrNested where a movement would wait for what waits for it.
// Batches do not go by their callers' contexts, so that these are shown to the store first.
func (c *Committer) checkNested(ctx context.Context) error {
	if c.fast == nil || !store.IsInside(ctx, nil) {
		return nil
	}
	if _, err := c.fast.Append(ctx, nil); errors.Is(err, store.ErrNested) {
		return err
	}
	return nil
}

// Move writes a movement and returns what was written.
//
// Errors: the refusals of package account, store.ErrNested, ErrStopped, an *UncertainError,
// the store's, and the context's before anything was sent.
func (c *Committer) Move(ctx context.Context, m Checked) (Written, error) {
	if err := c.checkNested(ctx); err != nil {
		return Written{}, err
	}
	if c.direct {
		return c.directly(ctx, m.m, nil)
	}
	p := newPending(m)
	c.enqueue([]*pending{p})
	return p.wait(ctx)
}

// MoveMany is Move for many movements at once, each with its own result. They are tried in
// their order.
func (c *Committer) MoveMany(ctx context.Context, ms []Checked) []Result {
	results := make([]Result, len(ms))
	if err := c.checkNested(ctx); err != nil {
		for i := range results {
			results[i].Err = err
		}
		return results
	}
	if c.direct {
		for i, m := range ms {
			results[i].Written, results[i].Err = c.directly(ctx, m.m, nil)
		}
		return results
	}
	movements := make([]*pending, len(ms))
	for i, m := range ms {
		movements[i] = newPending(m)
	}
	c.enqueue(movements)
	for i, p := range movements {
		results[i].Written, results[i].Err = p.wait(ctx)
	}
	return results
}

// enqueue takes movements; each of them is answered sooner or later.
func (c *Committer) enqueue(movements []*pending) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.stopped.Load() {
		for _, p := range movements {
			p.refuse(ErrStopped)
		}
		return
	}
	c.waiting = append(c.waiting, movements...)
	if !c.running {
		c.running = true
		c.working.Add(1)
		go c.run()
	}
}

// directly writes a movement, or makes a call, in the caller's own goroutine.
func (c *Committer) directly(ctx context.Context, m account.Movement, on *call) (Written, error) {
	if err := ctx.Err(); err != nil {
		return Written{}, err
	}
	c.alone.Lock()
	defer c.alone.Unlock()
	if c.stopped.Load() {
		return Written{}, ErrStopped
	}
	p := &c.own // nobody else has it meanwhile
	*p = pending{m: m, call: on}
	c.batch = append(c.batch[:0], p)
	if c.hosted {
		c.writeAlone(ctx, c.batch)
		return p.written, p.err
	}
	for batch := c.batch; len(batch) > 0; {
		batch = c.round(ctx, batch)
	}
	return p.written, p.err
}

// run writes batches. After a round it lets those go first who were answered: what
// they ask for next is written with what waits, instead of after it.
func (c *Committer) run() {
	defer c.working.Done()
	var again []*pending
	for ; ; runtime.Gosched() {
		batch := c.next(again)
		if len(batch) == 0 {
			return
		}
		ctx, cancel := context.WithTimeout(context.Background(), writeTimeout)
		again = c.round(ctx, batch)
		cancel()
	}
}

// next is the batch to write now: what is to be tried again, then what waits.
// Without any, run is over.
func (c *Committer) next(again []*pending) []*pending {
	c.mu.Lock()
	defer c.mu.Unlock()
	batch := again
	for i, p := range c.waiting {
		if len(batch) >= maxBatch {
			c.waiting = append([]*pending(nil), c.waiting[i:]...)
			return batch
		}
		if p.take() {
			batch = append(batch, p)
		}
	}
	c.waiting = nil
	c.running = len(batch) > 0
	return batch
}

// Close refuses new movements and returns when all that were accepted are answered, or
// with the context's cause.
func (c *Committer) Close(ctx context.Context) error {
	c.mu.Lock() // nothing is being started meanwhile
	c.stopped.Store(true)
	c.mu.Unlock()
	drained := make(chan struct{})
	go func() {
		c.working.Wait()
		c.alone.Lock() // whoever writes for itself has come to its end
		defer c.alone.Unlock()
		close(drained)
	}()
	select {
	case <-drained:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
