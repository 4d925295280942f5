package clientaccount_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/document"
	"github.com/clientaccount/clientaccount/store"
)

// Several processes that tick at once, while money moves and settings are edited, make each
// document once, and their numbers have no gap.
func TestManyTicksMakeEachDocumentOnce(t *testing.T) {
	b := newBench(t)
	b.store.LoseRaces(3)
	const clients, months = 20, 3
	var ids []account.ID
	for n := range clients {
		a := b.billed(fmt.Sprint("acme", n), func(a *account.Account) { a.Mail.DailyStatistics = n%2 == 0 })
		ids = append(ids, a.ID)
	}
	for month := range months {
		for _, id := range ids {
			b.do(b.svc.Charge(t.Context(), clientaccount.Charge{
				Account: id, Price: account.Some(account.Amount("0.01")), Messages: 5, Reference: fmt.Sprint("m-", month),
			}))
		}
		b.clock.Advance(31 * 24 * time.Hour)
		var ticks sync.WaitGroup
		for range 4 {
			svc := b.service(cheap)
			ticks.Go(func() {
				for range 5 {
					assert.NoError(t, svc.Tick(t.Context()))
				}
			})
		}
		ticks.Wait()
		b.tick(0)
	}
	numbers := map[string]bool{}
	for _, id := range ids {
		assert.Len(t, b.documents(id, document.KindStatement), months)
		for _, d := range b.documents(id, document.KindInvoice) {
			i := d.(document.Invoice)
			assert.Equal(t, "0.05", i.Total.String())
			assert.Len(t, b.mails(d), 1)
			numbers[fmt.Sprint(i.Number.Year, " ", i.Number.Number)] = true
		}
	}
	require.Len(t, numbers, clients*months)
	for year, made := range map[int]int{2026: clients, 2027: 2 * clients} {
		for n := range made {
			assert.True(t, numbers[fmt.Sprint(year, " ", n+1)], "number %d of %d", n+1, year)
		}
	}
	rows, err := b.svc.Documents(t.Context(), store.DocumentQuery{Kinds: []document.Kind{document.KindInvoice}, Limit: account.MaxPage})
	require.NoError(t, err)
	assert.Len(t, rows, clients*months)
	b.verified()
}
