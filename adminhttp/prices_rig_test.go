package adminhttp_test

import (
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/account/price"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/memstore"
)

// tariff is a Service with price lists, and a clock that tests set.
type tariff struct {
	testing.TB
	svc     *clientaccount.Service
	at      time.Time
	product store.PriceOwner
}

// newTariff has a product with a price for all of Ukraine and for one network, which will change.
func newTariff(tb testing.TB) *tariff {
	tb.Helper()
	t := &tariff{TB: tb, at: accounttest.Now()}
	t.svc = clientaccount.New(memstore.New(), &clientaccount.Options{
		Clock: func() time.Time { return t.at }, Hash: clientaccount.HashCost{MemoryKiB: 64, Iterations: 1, Parallelism: 1},
		Documents: clientaccount.DocumentOptions{Network: func(_, mnc string) string { return map[string]string{"01": "Vodafone", "03": "Kyivstar"}[mnc] }},
	})
	p, err := t.svc.SaveProduct(tb.Context(), account.Product{Name: "Gold", Currency: "EUR"}, account.Actor{}, "")
	require.NoError(tb, err)
	t.product = store.PriceOwner{Product: p.ID}
	t.announce(t.product, "Autumn", row("255", "", "0.03", t.at), row("255", "01", "0.04", t.at), row("255", "01", "0.05", t.at.Add(48*time.Hour)))
	t.at = t.at.Add(time.Hour)
	return t
}

// priced makes a client who pays by the product's list, and is told of changes.
func (t *tariff) priced(a *account.Account) {
	sending(a)
	a.Notes.Product, a.Mail.Email, a.Mail.PriceFormat = t.product.Product, "noc@client.example", account.PriceCSV
}

func row(mcc, mnc, of string, from time.Time) price.Row {
	return price.Row{Network: price.Network{MCC: mcc, MNC: mnc}, From: from, Price: decimal.RequireFromString(of)}
}

// gather puts rows into a list's draft, instead of what it has.
func (t *tariff) gather(of store.PriceOwner, rows ...price.Row) store.PriceDraft {
	t.Helper()
	d, err := t.svc.PriceDraft(t.Context(), of)
	require.NoError(t, err)
	d.Owner, d.Draft, d.Actor = of, price.Draft{Rows: rows}, account.Actor{ID: "u1", Name: "Olena Koval"}
	d, err = t.svc.SavePriceDraft(t.Context(), d)
	require.NoError(t, err)
	return d
}

func (t *tariff) announce(of store.PriceOwner, reason string, rows ...price.Row) store.Announcement {
	t.Helper()
	made, err := t.svc.AnnouncePrices(t.Context(), of, t.gather(of, rows...).Revision, account.Actor{ID: "u1", Name: "Olena Koval"}, reason)
	require.NoError(t, err)
	return made
}

func (t *tariff) draft(of store.PriceOwner) store.PriceDraft {
	t.Helper()
	d, err := t.svc.PriceDraft(t.Context(), of)
	require.NoError(t, err)
	return d
}
