package billing

import (
	"context"
	"errors"
	"sync"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
)

// Bounds of a Tick.
const (
	tickBooks   = 100  // asked for at once
	tickVisits  = 5000 // the next Tick goes on
	tickAtOnce  = 2    // more make nothing sooner on two cores, and money slower: see docs/performance.md
	tickSkipped = 500  // accounts that are still due after a visit: more than this many wait behind them
)

// Tick visits accounts whose books are due, several at once. It goes on after what failed, and
// returns the first error.
func (e *Engine) Tick(ctx context.Context, books store.Billing) error {
	var failed error
	var skip []account.ID
	for visited := 0; visited < tickVisits && len(skip) < tickSkipped; {
		ids, err := books.DueBooks(ctx, e.Clock(), tickBooks, skip)
		if err != nil {
			return errors.Join(failed, err)
		}
		left, err := e.visitAll(ctx, ids)
		if failed == nil {
			failed = err
		}
		skip, visited = append(skip, left...), visited+len(ids)
		if len(ids) < tickBooks || ctx.Err() != nil {
			break
		}
	}
	return failed
}

// visitAll visits accounts and returns those that are left due, and the first error.
func (e *Engine) visitAll(ctx context.Context, ids []account.ID) (left []account.ID, failed error) {
	var mu sync.Mutex
	var all sync.WaitGroup
	next := make(chan account.ID)
	for range min(tickAtOnce, len(ids)) {
		all.Go(func() {
			for id := range next {
				done, err := e.Visit(ctx, id)
				mu.Lock()
				if !done {
					left = append(left, id)
				}
				if failed == nil {
					failed = err
				}
				mu.Unlock()
			}
		})
	}
	for _, id := range ids {
		next <- id
	}
	close(next)
	all.Wait()
	return left, failed
}
