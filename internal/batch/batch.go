// Package batch gathers what callers ask for, and has it done for many of them at once:
// while one batch is on its way, the next one gathers.
package batch

import (
	"context"
	"runtime"
	"sync"
	"time"
)

// LeftError says that a caller left while its batch was on its way: what it asked for may
// have been done, or may be yet.
type LeftError struct{ Err error }

// Error says so.
func (e *LeftError) Error() string { return "batch: left while it was being done: " + e.Err.Error() }

// Unwrap returns why the caller left.
func (e *LeftError) Unwrap() error { return e.Err }

// Config says how a [Batcher] works. All of it is needed.
type Config[T, R any] struct {
	// Do does what a batch asks for and returns a result for each, in their order. Its
	// context is nobody's: it ends after Timeout.
	Do      func(ctx context.Context, batch []T) []Result[R]
	Most    int // in a batch
	Timeout time.Duration
	Closed  error // of calls after Close
}

// Result is what became of one call.
type Result[R any] struct {
	Value R
	Err   error
}

// A Batcher has calls done in batches, one after the other. One goroutine at most works; it is
// started by the first call and ends when none is left, so a lone caller waits for nobody.
// Make one with [New]. It is safe for concurrent use.
type Batcher[T, R any] struct {
	config Config[T, R]

	mu      sync.Mutex
	waiting []*call[T, R]
	running bool
	closed  bool
	working sync.WaitGroup // that goroutine, and those who entered
}

// call is one caller's, until it is answered.
type call[T, R any] struct {
	asked  T
	left   bool // by its caller, before it was taken; guarded by the Batcher's mu
	taken  bool // likewise
	done   chan struct{}
	result Result[R] // set before done is closed
}

// New returns a Batcher. It starts nothing until the first call.
func New[T, R any](c Config[T, R]) *Batcher[T, R] { return &Batcher[T, R]{config: c} }

// Enter reports what is done beside the batches and is a part of what Close waits for,
// until leave is called.
//
// Errors: Config.Closed.
func (b *Batcher[T, R]) Enter() (leave func(), err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		return nil, b.config.Closed
	}
	b.working.Add(1)
	return b.working.Done, nil
}

// Do has one call done, and waits for the result. A caller whose context ends before the call
// was taken for a batch leaves no trace.
//
// Errors: the result's, Config.Closed, the context's before the call was taken, and *LeftError.
func (b *Batcher[T, R]) Do(ctx context.Context, asked T) (R, error) {
	c := &call[T, R]{asked: asked, done: make(chan struct{})}
	if err := b.add(c); err != nil {
		return c.result.Value, err
	}
	select {
	case <-c.done:
		return c.result.Value, c.result.Err
	case <-ctx.Done():
		return b.leave(ctx, c)
	}
}

func (b *Batcher[T, R]) add(c *call[T, R]) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		return b.config.Closed
	}
	b.waiting = append(b.waiting, c)
	if !b.running {
		b.running = true
		b.working.Add(1)
		go b.run()
	}
	return nil
}

func (b *Batcher[T, R]) leave(ctx context.Context, c *call[T, R]) (none R, _ error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !c.taken {
		c.left = true
		return none, ctx.Err()
	}
	select {
	case <-c.done: // both were ready
		return c.result.Value, c.result.Err
	default:
		return none, &LeftError{ctx.Err()}
	}
}

// run works on batches. After one it lets those go first who were answered: what they ask for
// next is done with what waits, instead of after it.
func (b *Batcher[T, R]) run() {
	defer b.working.Done()
	for ; ; runtime.Gosched() {
		calls := b.next()
		if len(calls) == 0 {
			return
		}
		b.do(calls)
	}
}

// next takes the calls of a batch whose callers still wait. Without any, run is over.
func (b *Batcher[T, R]) next() (calls []*call[T, R]) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for i, c := range b.waiting {
		if len(calls) == b.config.Most {
			b.waiting = append([]*call[T, R](nil), b.waiting[i:]...)
			return calls
		}
		if !c.left {
			c.taken = true
			calls = append(calls, c)
		}
	}
	b.waiting = nil
	b.running = len(calls) > 0
	return calls
}

func (b *Batcher[T, R]) do(calls []*call[T, R]) {
	ctx, cancel := context.WithTimeout(context.Background(), b.config.Timeout)
	defer cancel()
	asked := make([]T, len(calls))
	for i, c := range calls {
		asked[i] = c.asked
	}
	for i, result := range b.config.Do(ctx, asked) {
		calls[i].result = result
		close(calls[i].done)
	}
}

// Close refuses new calls and returns when all that were accepted are answered, or with the
// context's cause.
func (b *Batcher[T, R]) Close(ctx context.Context) error {
	b.mu.Lock() // nothing is being started meanwhile
	b.closed = true
	b.mu.Unlock()
	drained := make(chan struct{})
	go func() {
		b.working.Wait()
		close(drained)
	}()
	select {
	case <-drained:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
