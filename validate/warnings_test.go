package validate_test

import (
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/validate"
)

// sending returns an active client about whom there is nothing to warn.
func sending() account.Account {
	a := base()
	a.Status = account.StatusActive
	a.Sending.API = true
	a.Routing.Senders = account.Senders{"ACME"}
	a.Webhooks.APIState, a.Webhooks.APIIncoming = "https://client.io/dlr", "https://client.io/mo"
	return a
}

func TestWarnings(t *testing.T) {
	past := accounttest.Now().Add(-time.Second)
	for name, tt := range map[string]struct {
		change func(*account.Account)
		want   []string
	}{
		"nothing":    {func(*account.Account) {}, nil},
		"no channel": {func(a *account.Account) { a.Sending.API = false }, []string{"sending.smpp warning.no_channel"}},
		"MO without SMPP": {
			func(a *account.Account) { a.Routing.MOviaSMPP = true },
			[]string{"routing.mo_smpp warning.no_smpp"},
		},
		"MO without SMPP and URL": {
			func(a *account.Account) { a.Routing.MOviaSMPP, a.Webhooks.APIIncoming = true, "" },
			[]string{"routing.mo_smpp warning.no_smpp", "webhooks.api_incoming warning.no_incoming_url"},
		},
		"no sender":      {func(a *account.Account) { a.Routing.Senders = nil }, []string{"routing.senders warning.no_sender"}},
		"dynamic sender": {func(a *account.Account) { a.Routing.Senders, a.Routing.DynamicSender = nil, true }, nil},
		"no URL for states": {
			func(a *account.Account) { a.Webhooks.APIState = "" },
			[]string{"webhooks.api_state warning.no_state_url"},
		},
		"the other family does not stand in": {
			func(a *account.Account) { a.Sending.REST = true },
			[]string{"webhooks.rest_state warning.no_state_url"},
		},
		"no URL for incoming": {
			func(a *account.Account) { a.Webhooks.APIIncoming = "" },
			[]string{"webhooks.api_incoming warning.no_incoming_url"},
		},
		"incoming over SMPP": {
			func(a *account.Account) { a.Webhooks.APIIncoming, a.Sending.SMPP, a.Routing.MOviaSMPP = "", true, true },
			nil,
		},
		"no reader": {
			func(a *account.Account) {
				a.Mail.DailyStatistics, a.Billing.SendInvoices, a.Billing.InvoiceDays = true, true, 1<<15
			},
			[]string{"mail.daily_statistics warning.no_reader", "billing.send_invoices warning.no_reader"},
		},
		"statistics on no day": {
			func(a *account.Account) { a.Billing.SendStats = true },
			[]string{"billing.send_stats warning.no_days"},
		},
		"overdraw that ended": {
			func(a *account.Account) {
				a.Credit.Overdraw = account.Overdraw{Limit: decimal.NewFromInt(5), ExpiresAt: accounttest.Now()}
			},
			[]string{"credit.overdraw.limit warning.overdraw_ended"},
		},
		"an end that has come": {
			func(a *account.Account) { a.Expires = past },
			[]string{"expires_at warning.ended"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			a := sending()
			tt.change(&a)
			var got []string
			for _, w := range validate.Warnings(a, edit(sending())) {
				got = append(got, w.Path+" "+w.Code)
				assert.NotEqual(t, account.NewFault("", "no such code").Text, w.Text)
				_, onPage := account.FieldAt(w.Path)
				assert.True(t, onPage, w.Path)
			}
			assert.Equal(t, tt.want, got)
		})
	}
}

func TestSteps(t *testing.T) {
	past := accounttest.Now().Add(-time.Second)
	for name, tt := range map[string]struct {
		change func(*account.Account)
		want   []string
	}{
		"nothing":          {func(a *account.Account) { a.Contact.Company = "Other" }, nil},
		"another login":    {func(a *account.Account) { a.Core.Login = "other" }, []string{"step.login"}},
		"suspended":        {func(a *account.Account) { a.Status = account.StatusSuspended }, []string{"step.stops_sending"}},
		"closed":           {func(a *account.Account) { a.Status, a.Sending.API = account.StatusClosed, false }, []string{"step.closes"}},
		"an end that came": {func(a *account.Account) { a.Expires = past }, []string{"step.stops_sending", "step.ended"}},
		"an end to come":   {func(a *account.Account) { a.Expires = past.Add(time.Hour) }, nil},
		"the last channel": {func(a *account.Account) { a.Sending.API = false }, []string{"step.last_channel"}},
		"another currency": {func(a *account.Account) { a.Core.Currency = "UAH" }, []string{"step.currency"}},
		"another for one":  {func(a *account.Account) { a.Sending.API, a.Sending.Web = false, true }, nil},
	} {
		t.Run(name, func(t *testing.T) {
			a := sending()
			tt.change(&a)
			var got []string
			for _, s := range validate.Steps(a, edit(sending())) {
				got = append(got, s.Code)
			}
			assert.Equal(t, tt.want, got)
		})
	}
	assert.Empty(t, validate.Steps(sending(), validate.Facts{Now: accounttest.Now()}), "what is new")
}

// TestStepsOfAnotherProduct tell what a client gains and loses, but for what is its own.
func TestStepsOfAnotherProduct(t *testing.T) {
	gold := account.Product{ID: accounttest.ID(7), Currency: "EUR", Price: account.Some(account.Amount("0.041")), CreditLimit: account.Some(account.Amount("5000")), DLRDays: account.Some(5)}
	basic := account.Product{ID: accounttest.ID(8), Currency: "EUR", Price: account.Some(account.Amount("0.05")), Moderation: account.ModerationManual, Pricing: account.PricingDelivered}
	was := sending()
	was.Notes.Product, was.Sending.DLRDays = gold.ID, account.Some(2)
	facts := edit(was)
	facts.Product, facts.ProductBefore = &basic, &gold
	is := was
	is.Notes.Product = basic.ID
	var got []string
	for _, s := range validate.Steps(is, facts) {
		got = append(got, s.Path+" "+s.Text)
	}
	assert.Equal(t, []string{
		"notes.product Price of a message part: 0.05 EUR then, 0.041 EUR before.",
		"credit.limit By the other product this becomes 0.00 EUR; it was 5,000.00 EUR.",
		"moderation By the other product this becomes Manual; it was None.",
		"notes.product Pay for: Delivered messages then, Sent messages before.",
	}, got)
	is.Notes.Product, facts.Product = account.ID{}, nil
	assert.Contains(t, validate.Steps(is, facts), account.NewFault("notes.product", "step.product", "Price of a message part", "none", "0.041 EUR"))

	assert.NoError(t, account.ProductTable().Set(&gold, "refunds", "UNDELIV, REJECTD, timeout"))
	assert.Contains(t, validate.Steps(is, facts), account.NewFault("notes.product", "step.product", "Give money back when", "none", "Undeliverable, Rejected, No report in time"),
		"as the pages say it")
}

// A step is told to who was shown one that says as much, whatever the words: of the money that stays in
// a closed client there may be less by now. One without a figure is not known to.
func TestLookedComparesFigures(t *testing.T) {
	closing := func(balance string) account.Fault {
		a := sending()
		a.Status = account.StatusClosed
		f := edit(sending())
		f.Balance = account.Balance{Amount: decimal.RequireFromString(balance)}
		for _, step := range validate.Steps(a, f) {
			if step.Code == "step.closes_money" {
				return step
			}
		}
		return account.Fault{}
	}
	at := closing("1639.16")
	assert.Equal(t, "1639.16", at.Figure)
	other := at
	other.Text = "У ньому назавжди залишиться 1 639,16 EUR."
	unsaid := at
	unsaid.Figure = ""
	for want, seen := range map[bool][]account.Fault{true: {at, other, closing("1639.170000")}, false: {closing("1639.15"), unsaid}} {
		for _, step := range seen {
			assert.Equal(t, want, validate.Looked([]account.Fault{step}, at), "%q", step)
		}
	}
}
