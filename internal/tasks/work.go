package tasks

import (
	"context"
	"fmt"
	"maps"
	"sync"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
)

// Work is what is under way in this process. The zero Work is ready; it is safe for concurrent use.
type Work struct {
	mu     sync.Mutex
	active map[account.ID]bool // batches that somebody works on
	claims map[account.ID]claims
	counts counted
	fails  map[account.ID]failure // of tasks of batches that run
}

// failure is since when a task fails, and how often it did.
type failure struct {
	since time.Time
	times int
}

// mostFailing bounds the tasks whose failures are counted, of some 70 bytes each: as many as a batch may
// have. Where there are more, all are counted anew.
const mostFailing = 200_000

// givesUp counts that a task failed, and reports whether it did for too long.
func (w *Work) givesUp(t store.Task, now time.Time) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	f, known := w.fails[t.ID]
	if !known && len(w.fails) >= mostFailing || w.fails == nil {
		w.fails = map[account.ID]failure{}
	}
	if !known {
		f.since = now
	}
	f.times++
	if f.times >= ranTimes && now.Sub(f.since) >= ranFor {
		delete(w.fails, t.ID)
		return true
	}
	w.fails[t.ID] = f
	return false
}

// counted are the tasks of a batch, of a version, by their states, as they were counted at an instant.
type counted struct {
	batch   account.ID
	version int64
	at      time.Time
	states  map[store.TaskState]int
}

// countedFor is for how long a count is told of a batch that others work on: a great many may look.
const countedFor = time.Second

// Counts returns how many tasks of a batch are in each state. While others work on it in this process
// it may be what was counted a moment ago.
func (e *Engine) Counts(ctx context.Context, b store.Batch) (map[store.TaskState]int, error) {
	at := e.Clock()
	if lately, known := e.Work.countedLately(b, at); known {
		return lately, nil
	}
	states, err := e.Store.TaskCounts(ctx, b.ID)
	if err == nil {
		e.Work.count(counted{b.ID, b.Version, at, states})
	}
	return states, err
}

func (w *Work) countedLately(b store.Batch, now time.Time) (map[store.TaskState]int, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	c := w.counts
	age := now.Sub(c.at)
	known := w.active[b.ID] && c.batch == b.ID && c.version == b.Version && age >= 0 && age < countedFor
	return maps.Clone(c.states), known
}

func (w *Work) count(c counted) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.counts = c
	w.counts.states = maps.Clone(c.states)
}

// begin reports whether nobody else works on a batch. Who begins ends.
func (w *Work) begin(batch account.ID) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.active[batch] {
		return false
	}
	if w.active == nil {
		w.active = map[account.ID]bool{}
	}
	w.active[batch] = true
	return true
}

func (w *Work) end(batch account.ID) {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.active, batch)
}

// mostClaims bounds the keys that are kept, of all batches that are judged in turn: each is some 30
// bytes.
const mostClaims = 1_000_000

// keep keeps the claims of a batch; those of others are dropped where they are too many.
func (w *Work) keep(batch account.ID, c claims) {
	w.mu.Lock()
	defer w.mu.Unlock()
	kept := len(c.first)
	for _, other := range w.claims {
		kept += len(other.first)
	}
	if w.claims == nil || kept > mostClaims {
		w.claims = map[account.ID]claims{}
	}
	w.claims[batch] = c
}

func (w *Work) known(batch account.ID) (claims, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	c, kept := w.claims[batch]
	return c, kept
}

func (w *Work) forget(batch account.ID) {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.claims, batch)
}

// failed is the first error of many, of several goroutines.
type failed struct {
	mu  sync.Mutex
	err error
}

func (f *failed) note(err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.err == nil {
		f.err = err
	}
}

// each calls do for 0 to n-1, several at once where that helps, and returns when all returned. What
// panics does so in the caller's goroutine.
func (e *Engine) each(n int, do func(i int)) {
	var all sync.WaitGroup
	var panicked failed
	for worker := 1; worker < min(e.Beside, n); worker++ {
		all.Go(func() {
			defer func() {
				if fault := recover(); fault != nil {
					panicked.note(fmt.Errorf("clientaccount: a task panicked: %v", fault))
				}
			}()
			for i := worker; i < n; i += e.Beside {
				do(i)
			}
		})
	}
	for i := 0; i < n; i += max(e.Beside, 1) {
		do(i)
	}
	all.Wait()
	if panicked.err != nil {
		panic(panicked.err)
	}
}
