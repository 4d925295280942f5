package billing

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/storetest/internal/support"
)

var duePromises = []promise{
	{Name: "a book is due from its instant on, and never without one", Test: dueFrom},
	{Name: "those due longest come first, at most so many, without those to be skipped", Test: dueOrder},
	{Name: "a book that was put elsewhere is due then alone", Test: dueMoved},
	{Name: "a book is made due earlier, and not later", Test: madeDue},
	{Name: "an account without a book gets one when it is made due", Test: madeDueWithout},
	{Name: "a book of an account that is not there is not made due", Test: madeDueOfNobody},
	{Name: "what is made due while its book is worked on is due afterwards", Test: madeDueMeanwhile},
	{Name: "many may make one account due at once", Test: madeDueAtOnce},
}

// requireDue asks which accounts are due.
func (r rig) requireDue(t support.TB, now time.Time, want ...account.ID) {
	t.Helper()
	got, err := r.DueBooks(t.Context(), now, 10, nil)
	require.NoError(t, err)
	require.Equal(t, want, append([]account.ID(nil), got...))
}

func makingDue(id account.ID, at time.Time) write {
	return func(ctx context.Context, tx store.BillingTx) error { return tx.MakeDue(ctx, id, at) }
}

func dueFrom(t *testing.T, r rig) {
	r.requireDue(t, r.after(time.Hour))
	r.must(t, keeping(store.Book{Account: r.one, Version: 1, DueAt: r.after(minute)}, 0))
	r.must(t, keeping(store.Book{Account: r.two, Version: 1}, 0))
	r.requireDue(t, r.after(minute-time.Microsecond))
	r.requireDue(t, r.after(minute), r.one)
	r.requireDue(t, r.after(1e6*time.Hour), r.one)
}

func dueOrder(t *testing.T, r rig) {
	var all []account.ID
	for n, login := range []string{"c", "a", "d", "b", "e"} {
		a := client(login)
		support.Insert(t, r, a)
		r.must(t, keeping(store.Book{Account: a.ID, Version: 1, DueAt: r.after(time.Duration(n) * time.Microsecond)}, 0))
		all = append(all, a.ID)
	}
	due := func(now time.Time, limit int, skip ...account.ID) []account.ID {
		got, err := r.DueBooks(t.Context(), now, limit, skip)
		require.NoError(t, err)
		return got
	}
	later := r.after(minute)
	require.Equal(t, all, due(later, 10))
	require.Equal(t, all[:2], due(later, 2))
	require.Equal(t, all[:3], due(r.after(2*time.Microsecond), 10))
	require.Equal(t, []account.ID{all[1], all[3]}, due(later, 2, all[0], r.nobody, all[2]), "those of skip do not count")
	require.Empty(t, due(later, 10, all...))
	require.Empty(t, due(later, 0))
	var many []account.ID
	for n := range 1500 {
		many = append(many, accounttest.ID(100_000+n))
	}
	require.Equal(t, all[1:], due(later, 10, append(many, all[0])...), "a long list to be skipped")
}

func dueMoved(t *testing.T, r rig) {
	r.must(t, keeping(store.Book{Account: r.one, Version: 1, DueAt: r.now}, 0))
	r.must(t, keeping(store.Book{Account: r.one, Version: 2, DueAt: r.after(minute)}, 1))
	r.requireDue(t, r.now)
	r.requireDue(t, r.after(minute), r.one)
	r.must(t, keeping(store.Book{Account: r.one, Version: 3}, 2))
	r.requireDue(t, r.after(time.Hour))
	r.must(t, keeping(store.Book{Account: r.one, Version: 4, DueAt: r.now}, 3))
	r.requireDue(t, r.now, r.one)
}

func madeDue(t *testing.T, r rig) {
	b := r.wholeBook(r.one, 5)
	b.DueAt = r.after(2 * minute)
	r.must(t, keeping(b, 0))
	r.must(t, makingDue(r.one, r.after(3*minute)))
	r.requireBook(t, b)
	r.must(t, makingDue(r.one, r.after(minute)))
	b.DueAt = r.after(minute)
	r.requireBook(t, b)
	r.requireDue(t, r.after(minute), r.one)
	r.requireDue(t, r.after(minute-1))

	b.DueAt, b.Version = time.Time{}, 6
	r.must(t, keeping(b, 5))
	r.must(t, makingDue(r.one, r.after(4*minute)))
	b.DueAt = r.after(4 * minute)
	r.requireBook(t, b)
	r.requireDue(t, r.after(4*minute), r.one)
}

func madeDueWithout(t *testing.T, r rig) {
	r.must(t, makingDue(r.one, r.now.Add(999).In(time.FixedZone("elsewhere", 3600))))
	r.requireBook(t, store.Book{Account: r.one, Version: 1, DueAt: r.now})
	r.requireNoBook(t, r.two)
	r.must(t, visiting(r.one))
	fresh := client("fresh")
	support.Update(t, r, func(ctx context.Context, tx store.Tx) error {
		return errors.Join(support.Inserting(fresh)(ctx, tx), makingDue(fresh.ID, r.after(minute)).in(ctx, tx))
	})
	r.requireBook(t, store.Book{Account: fresh.ID, Version: 1, DueAt: r.after(minute)})
}

func madeDueOfNobody(t *testing.T, r rig) {
	for _, id := range []account.ID{r.nobody, {}} {
		r.refused(t, account.ErrConflict, makingDue(id, r.now))
		r.requireNoBook(t, id)
	}
	r.requireDue(t, r.after(time.Hour))
}

// madeDueMeanwhile makes an account due while a transaction has its book, and is about to put
// it as due much later.
func madeDueMeanwhile(t *testing.T, r rig) {
	r.must(t, keeping(store.Book{Account: r.one, Version: 1, DueAt: r.now}, 0))
	made := make(chan error, 1)
	r.must(t, func(ctx context.Context, tx store.BillingTx) error {
		b, err := tx.Book(ctx, r.one)
		if err != nil {
			return err
		}
		go func() { made <- support.Retry(t.Context(), r, makingDue(r.one, r.after(minute)).in) }()
		time.Sleep(grace)
		b.Version, b.DueAt = 2, r.after(time.Hour)
		return tx.PutBook(ctx, b, 1)
	})
	require.NoError(t, <-made)
	r.requireBook(t, store.Book{Account: r.one, Version: 2, DueAt: r.after(minute)})
}

func madeDueAtOnce(t *testing.T, r rig) {
	for _, id := range []account.ID{r.one, r.two} {
		var wg sync.WaitGroup
		for n := range 8 {
			wg.Go(func() {
				assert.NoError(t, support.Retry(t.Context(), r, makingDue(id, r.after(time.Duration(8-n)*minute)).in))
			})
		}
		wg.Wait()
		r.requireBook(t, store.Book{Account: id, Version: 1, DueAt: r.after(minute)})
	}
}
