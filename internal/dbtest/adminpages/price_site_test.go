package adminpages_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/price"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/memstore"
)

// priceSite is a site whose product and client have price lists: prices that hold, some that will
// change, and drafts.
type priceSite struct {
	hookSite
	at      time.Time // the Service's clock
	product store.PriceOwner
	own     store.PriceOwner
}

func newPriceSite(t *testing.T) *priceSite {
	t.Helper()
	now := time.Now().Truncate(time.Second)
	s := &priceSite{at: now.AddDate(0, 0, -20)}
	s.store = memstore.New()
	s.svc = clientaccount.New(s.store, &clientaccount.Options{Hash: cheap, Clock: func() time.Time { return s.at }, Documents: clientaccount.DocumentOptions{
		Network: func(mcc, mnc string) string {
			return map[string]string{"25501": "Vodafone", "25503": "Kyivstar", "25506": "lifecell"}[mcc+mnc]
		},
	}})
	s.fill(t)
	s.client = s.update(t, "Marko Lis", account.Change{}.Set("mail.email", "noc@acme-telecom.com").Set("mail.price_format", "csv"))
	s.product, s.own = store.PriceOwner{Product: s.client.Notes.Product}, store.PriceOwner{Account: s.client.ID}
	var rows []price.Row
	for i := range 240 {
		rows = append(rows, rowOf(fmt.Sprintf("%03d", 202+i), "", int64(100+i), s.at))
	}
	rows = append(rows, rowOf("255", "01", 312, s.at), rowOf("255", "03", 298, s.at), rowOf("255", "06", 305, s.at))
	s.announce(t, s.product, "The prices of the autumn", rows...)
	s.at = s.at.AddDate(0, 0, 5)
	s.announce(t, s.own, "As agreed with their sales", rowOf("255", "03", 275, s.at), rowOf("255", "03", 265, now.AddDate(0, 0, 12)))
	s.at = now.Add(-time.Hour)
	closed := rowOf("204", "", 0, now.AddDate(0, 0, 30))
	closed.State = price.StateClosed
	s.announce(t, s.product, "From December on", rowOf("202", "", 125, now.AddDate(0, 0, 3)), closed)
	s.at = now
	s.gather(t, s.product, rowOf("255", "01", 345, now.AddDate(0, 0, 7)), rowOf("255", "06", 290, now.AddDate(0, 0, 7)), rowOf("999", "01", 500000, now.AddDate(0, 1, 0)))
	s.gather(t, s.own, rowOf("255", "", 300, now.AddDate(0, 0, 2)))
	s.serve(t, nil)
	return s
}

func rowOf(mcc, mnc string, tenThousandths int64, from time.Time) price.Row {
	return price.Row{Network: price.Network{MCC: mcc, MNC: mnc}, From: from, Price: decimal.New(tenThousandths, -4)}
}

// gather puts rows into the draft of a list.
func (s *priceSite) gather(t *testing.T, of store.PriceOwner, rows ...price.Row) store.PriceDraft {
	t.Helper()
	d, err := s.svc.SavePriceDraft(t.Context(), store.PriceDraft{Owner: of, Draft: price.Draft{Rows: rows}, Actor: olena})
	require.NoError(t, err)
	return d
}

func (s *priceSite) announce(t *testing.T, of store.PriceOwner, reason string, rows ...price.Row) {
	t.Helper()
	_, err := s.svc.AnnouncePrices(t.Context(), of, s.gather(t, of, rows...).Revision, olena, reason)
	require.NoError(t, err)
}
