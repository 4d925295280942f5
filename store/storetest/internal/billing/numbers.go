package billing

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/storetest/internal/support"
)

var numberPromises = []promise{
	{Name: "numbers of each series and year are 1, 2, 3", Test: eachSeries},
	{Name: "series are told apart byte for byte", Test: seriesTexts},
	{Name: "a number that was rolled back is the next one", Test: numberRolledBack},
	{Name: "numbers given out at once have no gap, whatever is rolled back", Test: numbersAtOnce},
	{Name: "the next number is not given out before a transaction ends", Test: numberWaits},
}

// numbering takes a number, and notes it.
func numbering(series string, year int, got *int64) write {
	return func(ctx context.Context, tx store.BillingTx) (err error) {
		*got, err = tx.NextNumber(ctx, series, year)
		return err
	}
}

func (r rig) next(t support.TB, series string, year int) (got int64) {
	t.Helper()
	require.NoError(t, support.Retry(t.Context(), r, numbering(series, year, &got).in))
	return got
}

func eachSeries(t *testing.T, r rig) {
	for want := range int64(3) {
		for _, series := range []string{"INV", "CN", ""} {
			for _, year := range []int{2026, 2027, 1} {
				require.Equal(t, want+1, r.next(t, series, year))
			}
		}
	}
	r.must(t, func(ctx context.Context, tx store.BillingTx) error {
		for want := range int64(3) {
			got, err := tx.NextNumber(ctx, "INV", 2026)
			assert.NoError(t, err)
			assert.Equal(t, want+4, got, "several of one transaction")
		}
		return nil
	})
	require.Equal(t, int64(7), r.next(t, "INV", 2026))
}

func seriesTexts(t *testing.T, r rig) {
	for name, text := range support.Awkward() {
		text = support.Head(text, 60)
		require.Equal(t, int64(1), r.next(t, text, 2026), name)
		require.Equal(t, int64(2), r.next(t, text, 2026), name)
	}
	require.Equal(t, int64(1), r.next(t, "aabb", 2026), "another case")
	require.Equal(t, int64(1), r.next(t, "a", 2026), "without spaces")
}

func numberRolledBack(t *testing.T, r rig) {
	boom := errors.New("boom")
	for want := range int64(3) {
		for range 2 {
			var got int64
			require.ErrorIs(t, r.Update(t.Context(), func(ctx context.Context, tx store.Tx) error {
				return errors.Join(numbering("INV", 2026, &got).in(ctx, tx), boom)
			}), boom)
			require.Equal(t, want+1, got)
		}
		require.Equal(t, want+1, r.next(t, "INV", 2026))
	}
}

func numbersAtOnce(t *testing.T, r rig) {
	const goroutines, each = 8, 6
	boom := errors.New("boom")
	var mu sync.Mutex
	var kept []int64
	var wg sync.WaitGroup
	for range goroutines {
		wg.Go(func() {
			for n := range each {
				var got int64
				err := support.Retry(t.Context(), r, func(ctx context.Context, tx store.Tx) error {
					if err := numbering("INV", 2026, &got).in(ctx, tx); err != nil || n%3 > 0 {
						return err
					}
					return boom
				})
				if n%3 == 0 {
					assert.ErrorIs(t, err, boom)
					continue
				}
				assert.NoError(t, err)
				mu.Lock()
				kept = append(kept, got)
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	slices.Sort(kept)
	require.Len(t, kept, goroutines*each*2/3)
	for i, number := range kept {
		require.Equal(t, int64(i+1), number)
	}
}

// numberWaits asks for a number while another transaction, which is then rolled back, has one.
func numberWaits(t *testing.T, r rig) {
	boom := errors.New("boom")
	require.Equal(t, int64(1), r.next(t, "INV", 2026))
	var first, second int64
	done := make(chan error, 1)
	require.ErrorIs(t, r.Update(t.Context(), func(ctx context.Context, tx store.Tx) error {
		if err := numbering("INV", 2026, &first).in(ctx, tx); err != nil {
			return err
		}
		go func() { done <- support.Retry(t.Context(), r, numbering("INV", 2026, &second).in) }()
		time.Sleep(grace)
		return boom
	}), boom)
	require.NoError(t, <-done)
	require.Equal(t, []int64{2, 2}, []int64{first, second})
}
