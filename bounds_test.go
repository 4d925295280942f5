package clientaccount_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
)

// Of no list a page is cut without a word.
func TestAPageOfMoreRowsThanThereAreInOneIsRefusedForAllLists(t *testing.T) {
	b := newBench(t)
	for _, limit := range []int{account.MaxPage + 1, math.MaxInt, -1, math.MinInt} {
		errs := map[string]error{}
		_, errs["List"] = b.svc.List(t.Context(), account.Query{Limit: limit}, "")
		_, errs["ListSeen"] = b.svc.ListSeen(t.Context(), account.Query{Limit: limit, Search: "a"}, "", func(string) bool { return false })
		_, errs["Changes"] = b.svc.Changes(t.Context(), account.ChangeQuery{Limit: limit})
		_, errs["Entries"] = b.svc.Entries(t.Context(), account.EntryQuery{Limit: limit})
		_, errs["Holds"] = b.svc.Holds(t.Context(), account.HoldQuery{Limit: limit})
		_, errs["Events"] = b.svc.Events(t.Context(), account.EventQuery{Limit: limit})
		_, errs["Deliveries"] = b.svc.Deliveries(t.Context(), clientaccount.DeliveryQuery{Limit: limit})
		for list, err := range errs {
			assert.Equal(t, []string{"limit limit.range"}, faults(err), "%s of %d", list, limit)
		}
	}
	_, err := b.svc.CountEach(t.Context(), 1, make([]account.Query, account.MaxPage+1)...)
	assert.Equal(t, []string{" limit.range"}, faults(err))
}
