package billing

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/document"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/storetest/internal/support"
)

var bookPromises = []promise{
	{Name: "an account without a book is ErrNotFound", Test: noBook},
	{Name: "every field of a book comes back, also where it is zero", Test: bookFields},
	{Name: "instants of a book are kept to the microsecond, in UTC", Test: bookInstants},
	{Name: "a book is inserted where there is none, and replaced at its version alone", Test: bookVersions},
	{Name: "a book of an account that is not there is ErrConflict", Test: bookOfNobody},
	{Name: "a book read in a transaction is locked until its end", Test: bookLocked},
	{Name: "no visit of many at once is lost", Test: visits},
	{Name: "of many who put a book at one version, one does", Test: bookRace},
	{Name: "who locks an account and then its book is not held up for good", Test: accountFirst},
}

// keeping puts a book at a version that it reads first.
func keeping(b store.Book, was int64) write {
	return func(ctx context.Context, tx store.BillingTx) error {
		if _, err := tx.Book(ctx, b.Account); err != nil && !errors.Is(err, account.ErrNotFound) {
			return err
		}
		return tx.PutBook(ctx, b, was)
	}
}

func (r rig) requireBook(t support.TB, want store.Book) {
	t.Helper()
	requireBookIn(t, r, want)
}

func requireBookIn(t support.TB, from store.BillingReader, want store.Book) {
	t.Helper()
	got, err := from.Book(t.Context(), want.Account)
	require.NoError(t, err)
	support.RequireFacts(t, []store.Book{want}, []store.Book{got}, "the book")
}

func (r rig) requireNoBook(t support.TB, id account.ID) {
	t.Helper()
	_, err := r.Book(t.Context(), id)
	require.ErrorIs(t, err, account.ErrNotFound)
}

func noBook(t *testing.T, r rig) {
	for _, id := range []account.ID{r.one, r.nobody, {}} {
		r.requireNoBook(t, id)
		r.must(t, func(ctx context.Context, tx store.BillingTx) error {
			_, err := tx.Book(ctx, id)
			assert.ErrorIs(t, err, account.ErrNotFound)
			return nil
		})
	}
}

func (r rig) wholeBook(id account.ID, version int64) store.Book {
	cut := func(n int) account.Cut {
		return account.Cut{At: r.after(time.Duration(n)*time.Hour + 123456*time.Microsecond), Day: day(n)}
	}
	return store.Book{
		Account: id, Version: version, Cut: cut(1), Opening: mark(11, "-0.000001", "999999999999999.999999"),
		To: mark(1<<40, "123456789012345.678901", "0.1"), StatementCut: cut(2), Statement: mark(7, "900719925474099.3", "12"),
		Daily: cut(3), DueAt: r.after(4*time.Hour + time.Microsecond),
	}
}

// requireFilled fails for a value that has a field without a value, which would not be tested, but
// for those that are named.
func requireFilled(t *testing.T, of any, but ...string) {
	t.Helper()
	v := reflect.ValueOf(of)
	for i := range v.NumField() {
		name := v.Type().Field(i).Name
		require.True(t, slices.Contains(but, name) || !v.Field(i).IsZero(), "the test gives %s no value", name)
	}
}

func bookFields(t *testing.T, r rig) {
	whole, bare := r.wholeBook(r.one, 3), store.Book{Account: r.two, Version: 1}
	requireFilled(t, whole)
	r.must(t, keeping(whole, 0))
	r.must(t, keeping(bare, 0))
	r.requireBook(t, whole)
	r.requireBook(t, bare)
	emptied, filled := store.Book{Account: r.one, Version: 4}, r.wholeBook(r.two, 2)
	r.must(t, keeping(emptied, 3))
	r.must(t, keeping(filled, 1))
	r.requireBook(t, emptied)
	r.requireBook(t, filled)
}

func bookInstants(t *testing.T, r rig) {
	given := r.now.Add(999).In(time.FixedZone("elsewhere", 5*3600+1800))
	b := store.Book{Account: r.one, Version: 1, Cut: account.Cut{At: given}, StatementCut: account.Cut{At: given}, Daily: account.Cut{At: given}, DueAt: given}
	r.must(t, keeping(b, 0))
	b.Cut.At, b.StatementCut.At, b.Daily.At, b.DueAt = r.now, r.now, r.now, r.now
	r.requireBook(t, b)
	r.requireDue(t, r.now, r.one)
}

func bookVersions(t *testing.T, r rig) {
	first, second := store.Book{Account: r.one, Version: 1, To: mark(1, "1", "0")}, store.Book{Account: r.one, Version: 2, To: mark(2, "2", "0")}
	r.refused(t, account.ErrConflict, keeping(second, 1), "there is none")
	r.requireNoBook(t, r.one)
	r.must(t, keeping(first, 0))
	r.refused(t, account.ErrConflict, keeping(second, 0), "there is one")
	r.refused(t, account.ErrConflict, keeping(second, 2), "it is at another version")
	r.requireBook(t, first)
	r.must(t, keeping(second, 1))
	r.refused(t, account.ErrConflict, keeping(second, 1), "it moved on")
	r.requireBook(t, second)
	r.requireNoBook(t, r.two)
}

func bookOfNobody(t *testing.T, r rig) {
	for _, id := range []account.ID{r.nobody, {}} {
		r.refused(t, account.ErrConflict, keeping(store.Book{Account: id, Version: 1}, 0))
		r.requireNoBook(t, id)
	}
}

// grace is how long a transaction waits for another that should be waiting for it.
const grace = 50 * time.Millisecond

// bookLocked starts a second transaction while the first has read a book and is about to put it.
// The second must read the one that was put, or lose the race.
func bookLocked(t *testing.T, r rig) {
	r.must(t, keeping(store.Book{Account: r.one, Version: 1}, 0))
	var seen store.Book
	second := make(chan error, 1)
	r.must(t, func(ctx context.Context, tx store.BillingTx) error {
		b, err := tx.Book(ctx, r.one)
		if err != nil {
			return err
		}
		go func() {
			second <- r.Update(t.Context(), write(func(ctx context.Context, tx store.BillingTx) (err error) {
				seen, err = tx.Book(ctx, r.one)
				return err
			}).in)
		}()
		time.Sleep(grace)
		b.Version++
		return tx.PutBook(ctx, b, 1)
	})
	if err := <-second; err != nil {
		require.ErrorIs(t, err, account.ErrConflict)
		return
	}
	require.Equal(t, int64(2), seen.Version, "the second transaction read what the first had locked")
}

// visiting moves a book on by an entry.
func visiting(id account.ID) write {
	return func(ctx context.Context, tx store.BillingTx) error {
		b, err := tx.Book(ctx, id)
		if err != nil {
			return err
		}
		b.To.Entry++
		b.Version++
		return tx.PutBook(ctx, b, b.Version-1)
	}
}

func visits(t *testing.T, r rig) {
	const goroutines, each = 8, 5
	r.must(t, keeping(store.Book{Account: r.one, Version: 1}, 0))
	var wg sync.WaitGroup
	for range goroutines {
		wg.Go(func() {
			for range each {
				assert.NoError(t, support.Retry(t.Context(), r, visiting(r.one).in))
			}
		})
	}
	wg.Wait()
	r.requireBook(t, store.Book{Account: r.one, Version: 1 + goroutines*each, To: document.Mark{Entry: goroutines * each}})
}

func bookRace(t *testing.T, r rig) {
	for version := range int64(5) {
		var made atomic.Int64
		var wg sync.WaitGroup
		for n := range int64(6) {
			wg.Go(func() {
				b := store.Book{Account: r.one, Version: version + 1, To: document.Mark{Entry: n}}
				err := r.Update(t.Context(), keeping(b, version).in)
				if err == nil {
					made.Add(1)
				} else {
					assert.ErrorIs(t, err, account.ErrConflict)
				}
			})
		}
		wg.Wait()
		require.Equal(t, int64(1), made.Load())
	}
}

func accountFirst(t *testing.T, r rig) {
	r.must(t, keeping(store.Book{Account: r.one, Version: 1}, 0))
	visit := func() error {
		return support.Retry(t.Context(), r, func(ctx context.Context, tx store.Tx) error {
			if _, err := tx.Account(ctx, r.one); err != nil {
				return err
			}
			return visiting(r.one).in(ctx, tx)
		})
	}
	for range 5 {
		one, two := support.Both(visit, visit)
		require.NoError(t, errors.Join(one, two))
	}
	r.requireBook(t, store.Book{Account: r.one, Version: 11, To: document.Mark{Entry: 10}})
}
