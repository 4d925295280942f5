package clientaccount

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

// till takes the orders of all callers and writes them together: while one batch is
// on its way to the store, the next one gathers. There is one committer at most; it
// is started by the first order and ends when none is left, so a lone caller waits
// for nobody. What cannot go that way is written under a lock, see money_lane.go.
type till struct {
	store  store.Transactor
	fast   store.Appender // nil within a transaction of the host's
	clock  func() time.Time
	logger *slog.Logger
	sheets *sheets
	direct bool          // callers write for themselves, see store.Immediate
	hosted bool          // within a transaction of the host's, which alone can repeat it
	slots  chan struct{} // a token for each lane that may run at once
	calls  *hostCalls

	turn  sync.Mutex // held by whoever writes for itself
	own   order      // of whoever has the turn
	batch []*order   // likewise

	space

	mu      sync.Mutex
	waiting []*order
	running bool // the committer
	lanes   map[account.ID]*lane
	stopped atomic.Bool
	working sync.WaitGroup // committer and lanes
}

// space is what a round works in. Rounds follow each other, so it serves again.
type space struct {
	parts    []*part
	taken    int // of parts
	byID     map[account.ID]*part
	going    []*part
	written  []*part
	postings []account.Posting
}

// Bounds of one write.
const (
	maxBatch     = 512              // orders
	writeTimeout = 30 * time.Second // of one call of the store, whatever its callers' contexts
	maxLanes     = 4                // at once
	maxTries     = 4                // of a store that fails
)

func newTill(st store.Store, o Options) *till {
	_, direct := st.(store.Immediate)
	return &till{
		calls: &hostCalls{}, store: st, fast: st, logger: o.Logger, sheets: newSheets(o.Balances), direct: direct,
		clock: func() time.Time { return o.Clock().UTC().Truncate(time.Microsecond) },
		slots: make(chan struct{}, maxLanes), lanes: map[account.ID]*lane{}, space: space{byID: map[account.ID]*part{}},
	}
}

// within is a till that writes in a transaction of the host's: under a lock, one order
// at a time, and trying nothing again.
func (t *till) within(st store.Transactor) *till {
	return &till{
		calls: t.calls, store: st, logger: t.logger, sheets: newSheets(account.MaxDepth), clock: t.clock,
		direct: true, hosted: true,
	}
}

// mayMove is ErrNested where a movement would wait for what waits for it. The committer
// does not go by its callers' contexts, so that they are shown to the store first.
func (t *till) mayMove(ctx context.Context) error {
	if err := t.calls.refuse(t.store); err != nil || t.fast == nil || !store.IsInside(ctx, nil) {
		return err
	}
	if _, err := t.fast.Append(ctx, nil); errors.Is(err, ErrNested) {
		return err
	}
	return nil
}

// move writes movements and gives the answer to each.
func (t *till) move(ctx context.Context, ms ...account.Movement) []Charged {
	answers := make([]Charged, len(ms))
	if err := t.mayMove(ctx); err != nil {
		for i := range answers {
			answers[i].Err = err
		}
		return answers
	}
	if t.direct {
		for i, m := range ms {
			answers[i].Receipt, answers[i].Err = t.moveDirectly(ctx, m)
		}
		return answers
	}
	orders := make([]*order, len(ms))
	for i, m := range ms {
		orders[i] = newOrder(m)
	}
	t.enqueue(orders)
	for i, o := range orders {
		answers[i].Receipt, answers[i].Err = o.wait(ctx)
	}
	return answers
}

// moveOne is move for one movement.
func (t *till) moveOne(ctx context.Context, m account.Movement) (Receipt, error) {
	if err := t.mayMove(ctx); err != nil {
		return Receipt{}, err
	}
	if t.direct {
		return t.moveDirectly(ctx, m)
	}
	o := newOrder(m)
	t.enqueue([]*order{o})
	return o.wait(ctx)
}

// enqueue takes orders; each of them is answered sooner or later.
func (t *till) enqueue(orders []*order) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.stopped.Load() {
		for _, o := range orders {
			o.refuse(ErrStopped)
		}
		return
	}
	t.waiting = append(t.waiting, orders...)
	if !t.running {
		t.running = true
		t.working.Add(1)
		go t.run()
	}
}

// moveDirectly writes a movement in the caller's own goroutine.
func (t *till) moveDirectly(ctx context.Context, m account.Movement) (Receipt, error) {
	if err := ctx.Err(); err != nil {
		return Receipt{}, err
	}
	t.turn.Lock()
	defer t.turn.Unlock()
	if t.stopped.Load() {
		return Receipt{}, ErrStopped
	}
	o := &t.own // nobody else has it while the turn is ours
	*o = order{m: m, print: m.Fingerprint()}
	t.batch = append(t.batch[:0], o)
	if t.hosted {
		t.writeLocked(ctx, t.batch, nil)
		return o.receipt, o.err
	}
	for batch := t.batch; len(batch) > 0; {
		batch = t.round(ctx, batch)
	}
	return o.receipt, o.err
}

// run is the committer. After a round it lets those go first who were answered: what
// they order next is written with what waits, instead of after it.
func (t *till) run() {
	defer t.working.Done()
	var again []*order
	for ; ; runtime.Gosched() {
		batch := t.next(again)
		if len(batch) == 0 {
			return
		}
		ctx, cancel := context.WithTimeout(context.Background(), writeTimeout)
		again = t.round(ctx, batch)
		cancel()
	}
}

// next is the batch to write now: what is to be tried again, then what waits.
// Without any the committer is over.
func (t *till) next(again []*order) []*order {
	t.mu.Lock()
	defer t.mu.Unlock()
	batch := again
	for i, o := range t.waiting {
		if len(batch) >= maxBatch {
			t.waiting = append([]*order(nil), t.waiting[i:]...)
			return batch
		}
		if o.take() {
			batch = append(batch, o)
		}
	}
	t.waiting = nil
	t.running = len(batch) > 0
	return batch
}

// close refuses new orders and waits until all that were accepted are answered, or
// the context ends.
func (t *till) close(ctx context.Context) error {
	t.mu.Lock() // no committer is being started meanwhile
	t.stopped.Store(true)
	t.mu.Unlock()
	drained := make(chan struct{})
	go func() {
		t.working.Wait()
		t.turn.Lock() // whoever writes for itself has come to its end
		defer t.turn.Unlock()
		close(drained)
	}()
	select {
	case <-drained:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
