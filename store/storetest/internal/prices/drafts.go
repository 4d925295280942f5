package prices

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/storetest/internal/support"
)

var draftPromises = []promise{
	{Name: "an owner without a draft is ErrNotFound", Test: noDraft},
	{Name: "a draft is replaced at its revision alone", Test: replacedDraft},
	{Name: "a second draft of an owner is ErrConflict", Test: secondDraft},
	{Name: "a draft of an owner that is not there is ErrConflict", Test: draftsOfStrangers},
	{Name: "a draft is dropped at its revision alone, and may be begun again", Test: droppedDraft},
	{Name: "of many who replace a draft at one revision, one does", Test: draftRace},
	{Name: "of many who begin a draft, one does", Test: beginRace},
}

func noDraft(t *testing.T, r rig) {
	for _, of := range r.owners() {
		_, err := r.PriceDraft(t.Context(), of)
		require.ErrorIs(t, err, account.ErrNotFound)
		r.refused(t, account.ErrNotFound, drafting(r.draft(of, 2), 1))
		r.refused(t, account.ErrNotFound, dropping(of, 1))
	}
	r.must(t, drafting(r.draft(r.product, 1), 0))
	_, err := r.PriceDraft(t.Context(), r.clientOfSameName)
	require.ErrorIs(t, err, account.ErrNotFound, "another's of the same id")
	_, err = r.PriceDraft(t.Context(), store.PriceOwner{})
	require.ErrorIs(t, err, account.ErrNotFound, "nobody's")
}

func replacedDraft(t *testing.T, r rig) {
	first, second := r.draft(r.product, 1, r.row("255", "01", "1", 0)), r.draft(r.product, 2, r.row("255", "02", "2", 1))
	r.must(t, drafting(first, 0))
	r.refused(t, account.ErrStale, drafting(second, 2))
	requireDraft(t, r, first)
	r.must(t, drafting(second, 1))
	requireDraft(t, r, second)
	r.refused(t, account.ErrStale, drafting(r.draft(r.product, 2), 1))
	requireDraft(t, r, second)
}

func secondDraft(t *testing.T, r rig) {
	first := r.draft(r.client, 1, r.row("255", "01", "1", 0))
	r.must(t, drafting(first, 0))
	r.refused(t, account.ErrConflict, drafting(r.draft(r.client, 1), 0))
	requireDraft(t, r, first)
	r.must(t, drafting(r.draft(r.product, 1), 0))
}

func draftsOfStrangers(t *testing.T, r rig) {
	for name, of := range r.strangers() {
		r.refused(t, account.ErrConflict, drafting(r.draft(of, 1), 0), name)
		_, err := r.PriceDraft(t.Context(), of)
		require.ErrorIs(t, err, account.ErrNotFound, name)
	}
}

func droppedDraft(t *testing.T, r rig) {
	d := r.draft(r.product, 5)
	r.must(t, drafting(d, 0))
	r.must(t, drafting(r.draft(r.other, 5), 0))
	r.refused(t, account.ErrStale, dropping(r.product, 4))
	r.refused(t, account.ErrStale, dropping(r.product, 6))
	requireDraft(t, r, d)
	r.must(t, dropping(r.product, 5))
	_, err := r.PriceDraft(t.Context(), r.product)
	require.ErrorIs(t, err, account.ErrNotFound)
	r.refused(t, account.ErrNotFound, dropping(r.product, 5))
	requireDraft(t, r, r.draft(r.other, 5))
	again := r.draft(r.product, 1, r.row("255", "01", "1", 0))
	r.must(t, drafting(again, 0))
	requireDraft(t, r, again)
}

// atOnce runs a write of many at once, and returns how many were made.
func (r rig) atOnce(t *testing.T, write func(n int) write) int {
	t.Helper()
	var made atomic.Int64
	var wg sync.WaitGroup
	for n := range 6 {
		wg.Go(func() {
			err := r.Update(t.Context(), write(n).in)
			if err == nil {
				made.Add(1)
				return
			}
			assert.True(t, support.Lost(err), "%v", err)
		})
	}
	wg.Wait()
	return int(made.Load())
}

func draftRace(t *testing.T, r rig) {
	r.must(t, drafting(r.draft(r.product, 1), 0))
	for revision := range int64(4) {
		made := r.atOnce(t, func(n int) write {
			d := r.draft(r.product, revision+2)
			d.Actor.ID = accounttest.ID(n).String()
			return drafting(d, revision+1)
		})
		require.Equal(t, 1, made)
		d, err := r.PriceDraft(t.Context(), r.product)
		require.NoError(t, err)
		require.Equal(t, revision+2, d.Revision)
	}
}

func beginRace(t *testing.T, r rig) {
	for _, of := range r.owners() {
		require.Equal(t, 1, r.atOnce(t, func(n int) write {
			d := r.draft(of, 1)
			d.At = r.now.Add(time.Duration(n) * time.Second)
			return drafting(d, 0)
		}))
	}
}
