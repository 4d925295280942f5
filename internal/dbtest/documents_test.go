package dbtest

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/uptrace/bun"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/document"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/bunstore"
)

// Several processes that tick at once make each document once, whatever they get into each other's
// way, and their numbers have no gap.
func TestManyTicksMakeEachDocumentOnce(t *testing.T) {
	forEachBackend(t, func(t *testing.T, _ *bun.DB, s *bunstore.Store) {
		var now atomic.Int64
		now.Store(time.Date(2026, time.November, 24, 9, 0, 0, 0, time.UTC).UnixMicro())
		open := func() *clientaccount.Service {
			return clientaccount.New(s, &clientaccount.Options{
				Clock: func() time.Time { return time.UnixMicro(now.Load()) }, Hash: clientaccount.HashCost{MemoryKiB: 64, Iterations: 1, Parallelism: 1},
			})
		}
		svc := open()
		const clients, months = 12, 2
		var ids []account.ID
		for n := range clients {
			made, err := svc.Create(t.Context(), clientaccount.Edit{Actor: account.Actor{ID: "u1"}, Apply: func(a *account.Account) error {
				a.Core.Login, a.Contact.Company = fmt.Sprint("acme", n), "Acme"
				a.Core.Password = account.SetPassword("seven-Herons-at-dusk", "seven-Herons-at-dusk")
				a.Credit.Limit, a.Mail.Email = account.Some(account.Amount("100")), "office@acme.example"
				a.Mail.DailyStatistics = n%4 == 0
				a.Billing = account.Billing{Enterprise: account.EnterpriseCompany, InvoiceDays: 1 << 1, SendStats: true, SendInvoices: true, ToEmail: true}
				return nil
			}})
			require.NoError(t, err)
			ids = append(ids, made.Account.ID)
		}
		for month := range months {
			for _, id := range ids {
				_, err := svc.Charge(t.Context(), clientaccount.Charge{
					Account: id, Price: account.Some(account.Amount("0.01")), Messages: 5, Reference: fmt.Sprint("m-", month),
				})
				require.NoError(t, err)
			}
			now.Add((31 * 24 * time.Hour).Microseconds())
			var ticks sync.WaitGroup
			for range 4 {
				other := open()
				ticks.Go(func() {
					for range 3 {
						assert.NoError(t, other.Tick(t.Context()))
					}
				})
			}
			ticks.Wait()
			require.NoError(t, svc.Tick(t.Context()))
		}
		rows, err := svc.Documents(t.Context(), store.DocumentQuery{Kinds: []document.Kind{document.KindInvoice}, Limit: account.MaxPage})
		require.NoError(t, err)
		require.Len(t, rows, clients*months)
		numbers := map[string]bool{}
		for _, row := range rows {
			numbers[row.Number] = true
		}
		for year, made := range map[int]int{2026: clients, 2027: clients} {
			for n := range made {
				assert.True(t, numbers[fmt.Sprintf("INV-%d-%06d", year, n+1)], "number %d of %d", n+1, year)
			}
		}
		for f, err := range svc.Verify(t.Context(), account.ID{}) {
			require.NoError(t, err)
			assert.Fail(t, f.String())
		}
	})
}
