package clientaccount_test

import (
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/webhook/payload"
)

// delivered returns what a client is sent, by the URL that it goes to, when a message of
// theirs arrives and another one comes in.
func delivered(e edited) any {
	id := func(account.HookKind) account.ID { return accounttest.ID(1) }
	states, err := payload.Report{MessageID: "m-1", State: account.StateDelivered, At: began}.Deliveries(e.client, id)
	require.NoError(e, err)
	incoming, err := payload.Incoming{MessageID: "m-2", Text: "STOP", At: began}.Deliveries(e.client, id)
	require.NoError(e, err)
	sent := map[string]string{}
	for _, d := range append(states, incoming...) {
		sent[e.client.Webhooks.URL(d.Hook.Kind)] = d.Body
	}
	return sent
}
