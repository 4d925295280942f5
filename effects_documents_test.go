package clientaccount_test

import (
	"fmt"
	"slices"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/document"
	"github.com/clientaccount/clientaccount/account/price"
	"github.com/clientaccount/clientaccount/store"
)

// invoiced are settings by which invoices are made and mailed.
var invoiced = []string{"mail.email", "office@acme.example", "billing.invoice_days", "1", "billing.send_invoices", "true", "billing.to_email", "true"}

// documented returns what a client gets within ten days over the end of a month, and where it is
// mailed, of money that came and was spent.
func documented(e edited) any {
	e.tick(time.Minute)
	e.do(e.svc.TopUp(e.Context(), topUpOf(e.client.ID, "20", "in euro")))
	e.do(e.svc.Charge(e.Context(), chargeOf(e.client.ID, "7", "message")))
	e.tick(time.Minute)
	e.tick(10 * 24 * time.Hour)
	e.tick(0)
	return e.made()
}

// pricesTold returns which price updates a client gets.
func pricesTold(e edited) any {
	owner := store.PriceOwner{Account: e.client.ID}
	d, err := e.svc.SavePriceDraft(e.Context(), store.PriceDraft{Owner: owner, Draft: price.Draft{Rows: []price.Row{
		{Network: price.Network{MCC: "255"}, From: e.clock.Now().Add(time.Hour), Price: account.Amount("0.05")},
	}}})
	require.NoError(e, err)
	_, err = e.svc.AnnouncePrices(e.Context(), owner, d.Revision, olena, "")
	require.NoError(e, err)
	e.tick(time.Minute)
	return e.made()
}

// made returns the documents of a client and where each is mailed.
func (e edited) made() (all []string) {
	for _, d := range e.documents(e.client.ID) {
		said := string(d.Kind())
		if update, ok := d.(document.PriceUpdate); ok {
			said += " " + string(update.Format)
		}
		for _, m := range e.mails(d) {
			said += fmt.Sprintf(" [%s %s]", m.Role, m.To)
		}
		all = append(all, said)
	}
	slices.Sort(all)
	return all
}
