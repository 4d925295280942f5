package clientaccount_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/store"
)

// effect is a field, a text to set it to, and something that comes to something else
// after an edit that sets it too, beside what is set with it.
type effect struct {
	path, text string
	outcome    func(edited) any
	with       []string // paths and texts in turn
}

const nextPassword = "two-Kettles-at-dawn"

// effects are the fields whose effect needs more than an account.
var effects = []effect{
	{"login", "acme-two", signedIn("acme-two", password), nil},
	{"password", nextPassword, signedIn("acme", nextPassword), []string{"password_retype", nextPassword}},
	{"password_retype", nextPassword, signedIn("acme", nextPassword), []string{"password", nextPassword}},
	{"manager", accounttest.Manager(1).ID.String(), seenByManager, nil},
	{"currency", "USD", toppedUpInEuro, nil},
	{"credit.overdraw.reason", "Invoice 17 is on its way", recorded("credit.overdraw.reason"), nil},
	{"contact.country", "UA", phone, []string{"contact.phone", "050 111 22 33"}},
	{"sending.subaccounts", "true", subaccount, nil},
	{"webhooks.api_state", "https://hooks.acme.example.com/1", delivered, nil},
	{"webhooks.api_incoming", "https://hooks.acme.example.com/2", delivered, nil},
	{"webhooks.rest_state", "https://hooks.acme.example.com/3", delivered, nil},
	{"webhooks.rest_incoming", "https://hooks.acme.example.com/4", delivered, nil},
	{"billing.enterprise", "private", refused, nil},
	{"notes.comments", "Pays late.", recorded("notes.comments"), nil},
	{"notes.pinned", "Call before noon.", recorded("notes.pinned"), nil},
	{"notes.product", accounttest.Product(1).ID.String(), decided, nil},
	{"notification_limit", "15 money", documented, nil},
	{"mail.email", "new@acme.example", documented, []string{"status", "suspended"}},
	{"mail.billing", "new@acme.example", documented, invoiced},
	{"mail.daily_statistics", "true", documented, []string{"mail.email", "office@acme.example"}},
	{"mail.price_update", "new@acme.example", pricesTold, []string{"mail.email", "office@acme.example", "mail.price_format", "csv"}},
	{"mail.price_format", "xlsx", pricesTold, []string{"mail.email", "office@acme.example"}},
	{"billing.invoice_days", "1", documented, []string{"mail.email", "office@acme.example", "billing.send_stats", "true"}},
	{"billing.send_stats", "true", documented, []string{"billing.invoice_days", "1"}},
	{"billing.send_invoices", "true", documented, []string{"billing.invoice_days", "1"}},
	{"billing.to_email", "true", documented, []string{"mail.email", "office@acme.example", "billing.invoice_days", "1", "billing.send_stats", "true"}},
}

// edited is a client after an edit: as it is now, or as it was where that was refused.
type edited struct {
	*bench
	client account.Account
	err    error
}

// after makes an active client in euro that has no money, and edits it.
func after(t *testing.T, pathsAndTexts ...string) edited {
	t.Helper()
	b := newBench(t)
	product := accounttest.Product(1)
	product.Currency, product.Moderation = "EUR", account.ModerationManual
	require.NoError(t, b.store.Update(t.Context(), func(ctx context.Context, tx store.Tx) error {
		if err := tx.PutItem(ctx, accounttest.Manager(1), 0); err != nil {
			return err
		}
		return tx.PutItem(ctx, product, 0)
	}))
	made := b.create("acme", sender)
	_, err := b.svc.Update(t.Context(), made.ID, made.Revision, set(pathsAndTexts...))
	return edited{b, b.get(made.ID), err}
}

func signedIn(login, plain string) func(edited) any {
	return func(e edited) any { return e.signIn(login, plain) == nil }
}

// seenByManager returns the clients that a manager sees who sees their own.
func seenByManager(e edited) any {
	return e.logins(account.Query{Managers: account.Some([]account.ID{accounttest.Manager(1).ID})})
}

func toppedUpInEuro(e edited) any {
	m := topUpOf(e.client.ID, "5", "in euro")
	m.Currency = "EUR"
	_, err := e.svc.TopUp(e.Context(), m)
	return faults(err)
}

// recorded returns the values that the history keeps of a field.
func recorded(path string) func(edited) any {
	return func(e edited) any {
		var kept []string
		for _, r := range e.history(e.client.ID) {
			if fc, ok := r.Change.At(path); ok {
				kept = append(kept, fc.New)
			}
		}
		return kept
	}
}

func phone(e edited) any { return e.client.Contact.Phone }

// subaccount returns what stands against an account beneath the client.
func subaccount(e edited) any {
	_, err := e.svc.PreviewCreate(e.Context(), client("child", func(a *account.Account) { a.Parent = e.client.ID }))
	return faults(err)
}

func refused(e edited) any { return faults(e.err) }

func decided(e edited) any { return e.decide(e.client.ID, message("0")) }

// A field that is only stored is not done: an edit that sets it comes to something else
// than the same edit without it. Tests of account show the effects of all other fields.
func TestEveryFieldHasAnEffect(t *testing.T) {
	var shown []string
	for _, e := range effects {
		shown = append(shown, e.path)
		t.Run(e.path, func(t *testing.T) {
			without, with := after(t, e.with...), after(t, append(e.with, e.path, e.text)...)
			for _, f := range account.Fields() {
				if f.Path != e.path && with.err == nil && without.err == nil {
					assert.Equal(t, f.Text(without.client), f.Text(with.client), "only %s is set, not %s", e.path, f.Path)
				}
			}
			assert.NotEqual(t, e.outcome(without), e.outcome(with))
		})
	}
	assert.ElementsMatch(t, accounttest.Beyond(), shown, "each field that account's own tests leave out has a row")
}

// What is written about a client is for staff: it is in nothing that leaves.
func TestCommentsStayInside(t *testing.T) {
	const remark = "c0nfidential remark"
	e := after(t, "notes.comments", remark, "mail.email", "office@acme.example", "mail.daily_statistics", "true", "mail.price_format", "csv",
		"billing.invoice_days", "1", "billing.send_invoices", "true", "billing.to_email", "true", "notification_limit", "100 money",
		"webhooks.api_state", "https://hooks.acme.example.com/1", "webhooks.api_incoming", "https://hooks.acme.example.com/2",
		"webhooks.rest_state", "https://hooks.acme.example.com/3", "webhooks.rest_incoming", "https://hooks.acme.example.com/4")
	require.NoError(t, e.err)
	require.Equal(t, remark, e.client.Notes.Comments)
	a, zone := e.client, time.UTC
	leaves := map[string]any{"webhooks": delivered(e), "the list's row": a.Summary(), "the log": e.log.String()}
	for s := range a.Statements(account.Cut{}, a.CreatedAt.AddDate(0, 1, 0), zone) {
		leaves["an invoice"] = s
	}
	for r := range a.DailyReports(account.Cut{}, a.CreatedAt.AddDate(0, 0, 2), zone) {
		leaves["a daily report"] = r
	}
	to, format, ok := a.Mail.PriceUpdates()
	leaves["price updates"] = fmt.Sprint(to, format, ok)
	leaves["a top-up"] = e.do(e.svc.TopUp(t.Context(), topUpOf(a.ID, "1", "t")))
	events, err := e.svc.Events(t.Context(), account.EventQuery{Account: a.ID})
	require.NoError(t, err)
	leaves["events"] = events
	_, err = e.svc.Authenticate(t.Context(), clientaccount.Attempt{Channel: account.ChannelREST, Login: "acme", Password: "wrong"})
	leaves["a refusal"] = err
	decision, err := e.svc.Decide(t.Context(), a.ID, message("1000"))
	require.NoError(t, err)
	leaves["a decision"] = decision
	require.Len(t, leaves, 10)
	for what, it := range leaves {
		assert.NotContains(t, fmt.Sprintf("%+v", it), remark, what)
	}
}
