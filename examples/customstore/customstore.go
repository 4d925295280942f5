// Package customstore shows how a platform puts a store of its own under the accounts:
// here one that counts and times what goes to the store beneath it. Whatever a store
// does, it must pass the contract, which is one line of a test.
package customstore

import (
	"context"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/clientaccount/clientaccount/store"
)

// Watched is a store that counts its writes, and logs those that take too long. What it
// does not name goes straight to the store beneath. It is safe for concurrent use.
//
// It embeds [store.Store], and so has no further abilities, even if the one beneath does:
// one that is to keep webhook deliveries ([store.Outbox]), to hand out events
// ([store.EventFeed]), or to keep messages ([store.Messages]), price lists ([store.Prices]),
// documents ([store.Billing]) or tasks ([store.Tasks]), passes their methods on, too.
type Watched struct {
	store.Store
	Slow   time.Duration // what takes longer is logged
	Logger *slog.Logger

	transactions, batches atomic.Int64
}

// Update is [store.Transactor]'s.
func (w *Watched) Update(ctx context.Context, fn func(context.Context, store.Tx) error) error {
	defer w.watch(ctx, "update", time.Now())
	w.transactions.Add(1)
	return w.Store.Update(ctx, fn)
}

// Append is [store.Appender]'s.
func (w *Watched) Append(ctx context.Context, ps []store.Posting) ([]store.Outcome, error) {
	defer w.watch(ctx, "append", time.Now())
	w.batches.Add(1)
	return w.Store.Append(ctx, ps)
}

// Writes returns how many transactions and batches there were.
func (w *Watched) Writes() (transactions, batches int64) {
	return w.transactions.Load(), w.batches.Load()
}

func (w *Watched) watch(ctx context.Context, what string, began time.Time) {
	if took := time.Since(began); took > w.Slow {
		w.Logger.WarnContext(ctx, "the account store is slow", slog.String("call", what), slog.Duration("took", took))
	}
}
