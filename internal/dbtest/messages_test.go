package dbtest

import (
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/uptrace/bun"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/message"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/bunstore"
)

// A message goes its whole way, by Append and in transactions, and is found all along.
func TestAMessageGoesItsWay(t *testing.T) {
	forEachBackend(t, func(t *testing.T, _ *bun.DB, s *bunstore.Store) {
		r := newMessageRig(newLedgerRig(t, s, 2))
		for k, write := range []func(int, *store.Posting){r.write, r.post} {
			p := r.posting(k)
			m := r.admit(p, r.envelope(k, "m-1"))
			write(k, p)
			requireMessage(t, s, m)

			p = r.posting(k)
			ids := []string{"17-" + string(rune('a'+k)), "18-" + string(rune('a'+k))}
			m = r.sent(p, m, ids...)
			write(k, p)
			requireMessage(t, s, m)
			of, err := s.MessagesOf(t.Context(), []store.NetworkKey{{Network: "acme", ID: ids[1]}, {Network: "beta", ID: ids[1]}, {Network: "acme", ID: ids[0]}})
			require.NoError(t, err)
			assert.Equal(t, []store.MessageKey{keyOf(m), {}, keyOf(m)}, of)

			p = r.posting(k)
			m = r.reported(p, m, ids[0], account.StateEnroute)
			write(k, p)
			p = r.posting(k)
			m = r.reported(p, m, ids[0], account.StateUndeliverable)
			m = r.reported(&store.Posting{}, m, ids[1], account.StateDelivered)
			p.Messages[0].Message = m
			write(k, p)
			requireMessage(t, s, m)
			assert.Equal(t, message.StageEnded, m.Stage())
			told, err := s.Deliveries(t.Context(), store.DeliveryQuery{Account: m.Account})
			require.NoError(t, err)
			assert.Len(t, told, 1)
		}
		n, err := s.CountMessages(t.Context(), 100)
		require.NoError(t, err)
		assert.Equal(t, 2, n)
	})
}

// requireMessage says that a message is read as it was written, in every way.
func requireMessage(t *testing.T, s *bunstore.Store, want message.Message) {
	t.Helper()
	got, err := s.Message(t.Context(), keyOf(want))
	require.NoError(t, err)
	assert.Equal(t, normal(want), normal(got))
	found, err := s.Ledger(t.Context(), []store.Lookup{{Account: want.Account, Messages: []string{want.ID, "none"}}})
	require.NoError(t, err)
	require.Len(t, found[0].Messages, 1)
	assert.Equal(t, normal(want), normal(found[0].Messages[0]))
	for name, q := range map[string]message.Query{
		"all": {}, "id": {ID: want.ID}, "destination": {Destination: want.Destination}, "client ref": {ClientRef: want.ClientRef}, "stage": {Stage: want.Stage()},
		"state": {State: account.Some(want.State())}, "both": {Stage: want.Stage(), State: account.Some(want.State()), Destination: want.Destination},
		"from": {From: want.AdmittedAt, To: want.AdmittedAt.Add(time.Nanosecond)},
	} {
		q.Account = want.Account
		page, err := s.MessagePage(t.Context(), q)
		require.NoError(t, err, name)
		require.Len(t, page, 1, name)
		assert.Equal(t, normal(want), normal(page[0]))
	}
}

// normal has the price in one form: 1.50 and 1.5 are the same price.
func normal(m message.Message) message.Message {
	m.Price = decimal.RequireFromString(m.Price.String())
	return m
}
