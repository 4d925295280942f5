package adminhttp_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/account/message"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/memstore"
)

// traffic is a Service that keeps messages, with a clock that tests set.
type traffic struct {
	testing.TB
	svc   *clientaccount.Service
	at    time.Time
	fails error // of every reading of messages, from now on
}

func newTraffic(tb testing.TB) *traffic {
	tb.Helper()
	t := &traffic{TB: tb, at: accounttest.Now()}
	t.svc = clientaccount.New(failing{memstore.New(), &t.fails}, &clientaccount.Options{
		Clock: func() time.Time { return t.at }, Hash: clientaccount.HashCost{MemoryKiB: 64, Iterations: 1, Parallelism: 1},
	})
	return t
}

// sending makes a client whose messages are accepted by SMPP, and whose states go to a URL.
func sending(a *account.Account) {
	a.Status, a.Sending.SMPP, a.Routing.DynamicSender = account.StatusActive, true, true
	a.Core.TimeZone, a.Credit.Limit = "Europe/Kyiv", account.Some(decimal.NewFromInt(100))
	a.Webhooks.RESTState = "https://client.io/3"
}

// admit takes a message of so many parts at 0.0312.
func (t *traffic) admit(id account.ID, name string, parts int, terms ...func(*clientaccount.Keep)) {
	t.Helper()
	keep := &clientaccount.Keep{
		ClientRef: "order-" + name, Pricing: message.PricingSent,
		Refunds: account.Some(account.RefundPolicy{States: account.States(account.StateUndeliverable)}),
	}
	for _, alter := range terms {
		alter(keep)
	}
	_, err := t.svc.Admit(t.Context(), id, account.Request{
		Channel: account.ChannelSMPP, Sender: "ACME", Destination: canaryNumber, MCC: "255", MNC: "01", Parts: parts, Price: account.Some(decimal.New(312, -4)),
	}, clientaccount.MessageHold{Reference: name, Keep: keep})
	require.NoError(t, err)
}

// canaryNumber is whom messages go to.
const canaryNumber = "380509998877"

// sent hands a message to a network, which calls its parts by name and number.
func (t *traffic) sent(id account.ID, name string, parts int) {
	t.Helper()
	h := message.Handover{Network: "kyivstar"}
	for part := range parts {
		h.IDs = append(h.IDs, fmt.Sprint(name, "#", part+1))
	}
	_, err := t.svc.Sent(t.Context(), id, name, h)
	require.NoError(t, err)
}

func (t *traffic) unsent(id account.ID, name string) {
	t.Helper()
	_, err := t.svc.Unsent(t.Context(), id, name, message.Failure{State: account.StateRejected, Err: "88"})
	require.NoError(t, err)
}

// reported says what became of a part, a second ago by the network's clock.
func (t *traffic) reported(name string, part int, state account.MessageState, code string) {
	t.Helper()
	_, err := t.svc.Reported(t.Context(), message.NetworkReport{Network: "kyivstar", ID: fmt.Sprint(name, "#", part), Report: account.Report{
		State: state, Err: code, DoneAt: t.at.Add(-time.Second),
	}})
	require.NoError(t, err)
}

// pass lets time pass, and what follows from it.
func (t *traffic) pass(d time.Duration) {
	t.Helper()
	t.at = t.at.Add(d)
	require.NoError(t, t.svc.Tick(t.Context()))
}

// ways sends a client's messages one of each way that there is: delivered, undelivered,
// unsent, without reports, late, partly ended, sent without ids, held.
func (t *traffic) ways(id account.ID) {
	t.Helper()
	for _, name := range []string{"silent", "late"} {
		t.admit(id, name, 1)
		t.sent(id, name, 1)
	}
	t.pass(73 * time.Hour)
	t.reported("late", 1, account.StateDelivered, "000")
	t.admit(id, "whole", 2)
	t.pass(time.Second)
	t.sent(id, "whole", 2)
	t.pass(4 * time.Second)
	t.reported("whole", 1, account.StateEnroute, "000")
	t.reported("whole", 1, account.StateDelivered, "000")
	t.pass(2 * time.Second)
	t.reported("whole", 2, account.StateDelivered, "000")
	t.admit(id, "failed", 1)
	t.sent(id, "failed", 1)
	t.reported("failed", 1, account.StateUndeliverable, "27")
	t.admit(id, "unsent", 1)
	t.unsent(id, "unsent")
	t.admit(id, "partly", 3)
	t.sent(id, "partly", 3)
	t.reported("partly", 2, account.StateDelivered, "000")
	t.admit(id, "nameless", 1)
	t.sent(id, "nameless", 0)
	t.admit(id, "held", 1, func(k *clientaccount.Keep) { k.Pricing = message.PricingDelivered })
	t.pass(time.Second)
}

// failing is a store in memory whose messages cannot be read while there is an error.
type failing struct {
	*memstore.Store
	err *error
}

func (s failing) Message(ctx context.Context, key store.MessageKey) (message.Message, error) {
	if *s.err != nil {
		return message.Message{}, *s.err
	}
	return s.Store.Message(ctx, key)
}

func (s failing) MessagePage(ctx context.Context, q message.Query) ([]message.Message, error) {
	if *s.err != nil {
		return nil, *s.err
	}
	return s.Store.MessagePage(ctx, q)
}
