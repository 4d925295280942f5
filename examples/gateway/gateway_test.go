package gateway_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/examples/gateway"
	"github.com/clientaccount/clientaccount/store/memstore"
	"github.com/clientaccount/clientaccount/webhook"
	"github.com/clientaccount/clientaccount/webhook/webhooktest"
)

// platform is a gateway with a client who has 1.00, and whose URL is at a receiver. It
// takes messages eight days ago, so that today their reports are overdue.
func platform(t *testing.T) (*gateway.Gateway, account.ID, *webhooktest.Receiver) {
	t.Helper()
	st, receiver := memstore.New(), webhooktest.New(t)
	svc := clientaccount.New(st, &clientaccount.Options{Clock: func() time.Time { return time.Now().AddDate(0, 0, -8) }})
	actor := account.Actor{ID: "u1", Name: "Olena Koval"}
	made, err := svc.Create(t.Context(), clientaccount.Edit{Actor: actor, Apply: func(a *account.Account) error {
		a.Core.Login, a.Contact.Company = "acme", "Acme Telecom Ltd"
		a.Core.Password = account.SetPassword("seven-Herons-at-dusk", "seven-Herons-at-dusk")
		a.Status, a.Sending.REST, a.Routing.DynamicSender = account.StatusActive, true, true
		a.Webhooks.RESTState = receiver.URL("/states")
		return nil
	}})
	require.NoError(t, err)
	client := made.Account.ID
	secret, _, err := svc.NewHookSecret(t.Context(), client, made.Account.Revision, actor, 0)
	require.NoError(t, err)
	receiver.Trust(secret)
	_, err = svc.TopUp(t.Context(), account.Movement{Account: client, Amount: decimal.NewFromInt(1), Reference: "payment 1", Actor: actor})
	require.NoError(t, err)

	var config webhook.Config
	receiver.Reach(&config)
	dispatcher, err := webhook.NewDispatcher(st, &config)
	require.NoError(t, err)
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- dispatcher.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		assert.NoError(t, <-ended)
	})
	sends := func(context.Context, string, account.Request) error { return nil }
	return &gateway.Gateway{Accounts: svc, Network: sends}, client, receiver
}

var request = account.Request{
	Channel: account.ChannelREST, Sender: "ACME", Destination: "380501112233", Parts: 2, Price: account.Some(decimal.New(4, -1)),
}

func available(t *testing.T, g *gateway.Gateway, client account.ID) string {
	t.Helper()
	b, err := g.Accounts.Balance(t.Context(), client)
	require.NoError(t, err)
	return b.Available.String()
}

func TestDeliveredMessageIsPaidAndTold(t *testing.T) {
	g, client, receiver := platform(t)
	for range 2 { // the client's own retry
		d, err := g.Take(t.Context(), client, "m-1", request)
		require.NoError(t, err)
		assert.Equal(t, account.VerdictAccept, d.Verdict)
	}
	assert.Equal(t, "0.2", available(t, g, client))
	d, err := g.Take(t.Context(), client, "m-2", request)
	require.NoError(t, err)
	assert.Equal(t, account.VerdictRefuse, d.Verdict, "no money for another one")

	now := time.Now().AddDate(0, 0, -8)
	for range 2 { // networks repeat themselves
		require.NoError(t, g.Report(t.Context(), "m-1", account.Report{State: account.StateDelivered, DoneAt: now}, now))
	}
	call := receiver.Await(1)[0]
	require.NoError(t, call.Unverified)
	assert.Contains(t, call.Body, `"messageId":"m-1"`)
	assert.Contains(t, call.Body, `"state":"DELIVRD"`)
	assert.Equal(t, "0.2", available(t, g, client))
}

func TestLostMessageIsPaidBack(t *testing.T) {
	g, client, receiver := platform(t)
	_, err := g.Take(t.Context(), client, "m-1", request)
	require.NoError(t, err)
	for range 2 {
		require.NoError(t, g.Tick(t.Context(), "m-1", time.Now()))
	}
	assert.Contains(t, receiver.Await(1)[0].Body, `"state":"EXPIRED"`)
	assert.Equal(t, "1", available(t, g, client))
}

func TestUnsentMessageCostsNothing(t *testing.T) {
	g, client, _ := platform(t)
	down := errors.New("the network is down")
	g.Network = func(context.Context, string, account.Request) error { return down }
	_, err := g.Take(t.Context(), client, "m-1", request)
	require.ErrorIs(t, err, down)
	assert.Equal(t, "1", available(t, g, client))
}
