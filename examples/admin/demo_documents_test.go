package main

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/document"
	"github.com/clientaccount/clientaccount/store"
)

// The demo has documents of every kind, mails of every fate, price lists and drafts, and its
// books agree with its ledgers.
func TestDemoHasDocumentsOfEveryKind(t *testing.T) {
	st, rows := told(t, demoDay)
	svc := clientaccount.New(st, &clientaccount.Options{Clock: func() time.Time { return demoDay }, Documents: documentOptions()})
	kinds, fates := map[document.Kind]int{}, map[store.MailState]int{}
	var at *store.DocumentPosition
	for {
		page, err := svc.Documents(t.Context(), store.DocumentQuery{After: at, Limit: account.MaxPage})
		require.NoError(t, err)
		for _, d := range page {
			kinds[d.Kind]++
			fates[d.Mailed]++
			assert.False(t, d.At.After(demoDay), "%s of the future", d.Origin)
		}
		if len(page) < account.MaxPage {
			break
		}
		last := store.PositionOf(page[len(page)-1])
		at = &last
	}
	for _, kind := range document.Kinds() {
		assert.NotZero(t, kinds[kind], kind)
	}
	assert.Greater(t, kinds[document.KindInvoice], 30)
	for _, fate := range []store.MailState{"", store.MailSent, store.MailFailed, store.MailWaiting} {
		assert.NotZero(t, fates[fate], "mails %q", fate)
	}
	for _, row := range rows {
		for f, err := range svc.Verify(t.Context(), row.ID) {
			require.NoError(t, err)
			assert.Fail(t, row.Login+": "+f.String())
		}
	}
	t.Log(kinds, fates)
}

func TestTaxesAreAtHomeOrReverseOrNone(t *testing.T) {
	for country, want := range map[account.Country]string{"LT": "VAT 2.1", "DE": "VAT, reverse charge 0", "UA": ""} {
		got, err := taxes(document.Invoice{
			Head:   document.Head{Currency: "EUR", Digits: 2, Customer: document.Customer{Country: country}},
			Totals: document.Totals{Net: account.Amount("10")},
		})
		require.NoError(t, err)
		text := ""
		for _, tax := range got {
			text = tax.Name + " " + tax.Amount.String()
		}
		assert.Equal(t, want, text, country)
	}
}
