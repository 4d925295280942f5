package accesstest_test

import (
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/account/message"
	"github.com/clientaccount/clientaccount/adminhttp"
	"github.com/clientaccount/clientaccount/store"
)

// messages makes those that the Service keeps: of the main client one in each stage that says
// something, and one of others beneath, above and outside. What the settings of the client
// would say of them does not count.
func (w *world) messages() {
	w.Helper()
	w.admit("main", "kept/1", planted380)
	w.admit("main", "..", planted380)
	w.admit("spends", "spent/1", planted380)
	w.admit("outside", w.out.login, w.out.login)
	for key, id := range map[string]string{"main": "kept/1", "outside": w.out.login} {
		_, err := w.svc.Sent(w.Context(), w.ids[key], id, message.Handover{Network: "net", IDs: []string{id + "#1"}})
		w.must(err)
		_, err = w.svc.Reported(w.Context(), message.NetworkReport{Network: "net", ID: id + "#1", Report: account.Report{
			State: account.StateUndeliverable, Err: "27", DoneAt: accounttest.Now(),
		}})
		w.must(err)
	}
	w.overdue("main", "silent")
	w.must(w.svc.Tick(w.Context()))
}

// planted380 is whom messages go to.
const planted380 = "380509998877"

// admit holds a price, and keeps the message whose it is.
func (w *world) admit(key, id, destination string) {
	w.Helper()
	w.keep(w.admitted(key, id, destination, accounttest.Now()), nil)
}

// overdue keeps a message that was sent so long ago that no report of it can come in time.
func (w *world) overdue(key, id string) {
	w.Helper()
	at := accounttest.Now().Add(-message.MaxWait)
	step, err := w.admitted(key, id, planted380, at).Sent(message.Handover{Network: "net", IDs: []string{id + "#1"}}, nil, at)
	w.must(err)
	w.keep(w.moved(step), step.Message.NetworkIDs)
}

// admitted holds the price of a message, and returns it.
func (w *world) admitted(key, id, destination string, at time.Time) message.Message {
	w.Helper()
	a, err := w.store.Account(w.Context(), w.ids[key])
	w.must(err)
	settings, err := w.svc.Settings(w.Context(), a)
	w.must(err)
	zone, err := a.Location()
	w.must(err)
	terms := message.TermsOf(account.Client{Account: a, Settings: settings, Zone: zone}, at)
	terms.Refunds.States = account.States(account.StateUndeliverable)
	step, err := message.Message{}.Admitted(message.Envelope{
		Account: a.ID, ID: id, ClientRef: "order-" + id, Channel: account.ChannelREST, Sender: "ACME", Destination: destination,
		Parts: 1, Price: decimal.New(1234, -4), Currency: a.Core.Currency,
	}, terms, at)
	w.must(err)
	return w.moved(step)
}

// moved has the money of a step moved, and returns the message.
func (w *world) moved(step message.Step) message.Message {
	w.Helper()
	receipt, err := w.svc.Move(w.Context(), step.Movement)
	w.must(err)
	step.Message.Note(receipt.Entry)
	return step.Message
}

// keep writes a new message.
func (w *world) keep(m message.Message, ids []message.NetworkID) {
	w.Helper()
	found, err := w.store.Ledger(w.Context(), []store.Lookup{{Account: m.Account}})
	w.must(err)
	p := store.Posting{From: found[0].Balance.Version, Balance: found[0].Balance, Messages: []store.KeptMessage{{Message: m, NetworkIDs: ids}}}
	p.Balance.Version++
	outcomes, err := w.store.Append(w.Context(), []store.Posting{p})
	w.must(err)
	assert.Equal(w, store.OutcomeWritten, outcomes[0].Kind)
}

// messageAsks are the routes of messages and what they come to.
func (w *world) messageAsks(at asking, query func(route, query string)) {
	at("GET clients/{id}/messages", "", "")
	for _, q := range []string{"id=kept%2F1", "client_ref=order-..", "network_id=kept%2F1%231", "state=UNDELIV", "stage=held&day=2026-11-23", "destination=" + planted380} {
		query("GET clients/{id}/messages", q)
		if q != "stage=held&day=2026-11-23" {
			query("GET api/clients/{id}/messages", q)
		}
	}
	at("GET api/clients/{id}/messages", "", "")
	at("GET api/clients/{id}/messages/{message}", "", "")
	for _, id := range []string{"kept%2F1", "..", "silent", "spent%2F1", "none"} {
		query("GET clients/{id}/message", "id="+id)
		query("GET api/clients/{id}/message", "id="+id)
	}
	at("GET api/clients/{id}/figures", "", "")
	query("GET api/clients/{id}/figures", "from=2026-11-22&to=2026-11-24")
	for _, id := range []string{"kept%2F1%231", w.out.login + "%231", "none"} {
		query("GET api/messages", "network=net&id="+id)
	}
}

// Who does not see whom messages go to is not told by any answer.
func TestDestinationsAreHidden(t *testing.T) {
	w := baseWorld(t, outsideHere)
	f, text := anyField()
	told := func() (n int) {
		for _, a := range w.requests("main", f, text) {
			if got := w.send(a); !strings.Contains(a.target, planted380) { // who asked for it knows it
				n += strings.Count(got.text, planted380)
			}
		}
		return n
	}
	assert.Positive(t, told())
	w = baseWorld(t, outsideHere)
	w.policy.Field = with(adminhttp.PathDestination, adminhttp.Hidden)
	assert.Zero(t, told())
}
