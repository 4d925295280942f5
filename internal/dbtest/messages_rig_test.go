package dbtest

import (
	"context"
	"fmt"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/message"
	"github.com/clientaccount/clientaccount/internal/ledger"
	"github.com/clientaccount/clientaccount/store"
)

// messageRig takes messages through a store, one committer at a time, as the Service does.
type messageRig struct {
	*ledgerRig
	now time.Time
}

func newMessageRig(r *ledgerRig) *messageRig {
	return &messageRig{r, time.Date(2026, 11, 28, 12, 0, 0, 0, time.UTC)}
}

// envelope returns a message of the kth account.
func (r *messageRig) envelope(k int, id string) message.Envelope {
	return message.Envelope{
		Account: r.balances[k].Account, ID: id, ClientRef: "ref-" + id, Channel: account.ChannelREST, Sender: "ACME", Destination: "380501112233",
		Parts: 2, MCC: "255", MNC: "01", Price: decimal.RequireFromString("0.0042"), Currency: "EUR",
	}
}

// posting begins to write to the kth account.
func (r *messageRig) posting(k int) *store.Posting {
	return &store.Posting{From: r.balances[k].Version, Balance: r.balances[k]}
}

// moves adds what a step's movement does, and the step.
func (r *messageRig) moves(p *store.Posting, was int64, s message.Step, ids []message.NetworkID, holds ...account.Hold) message.Message {
	r.Helper()
	if s.Movement.Kind != "" {
		against := ledger.Against{}
		for i := range holds {
			against.Hold = &holds[i]
		}
		step, err := ledger.Apply(p.Balance, s.Movement, against, r.now)
		require.NoError(r, err)
		step.AddTo(p)
		p.Balance = step.Balance
		s.Message.Note(step.Entry)
	} else if p.Balance.Version == p.From {
		p.Balance.Version++
	}
	p.Messages = append(p.Messages, store.KeptMessage{Message: s.Message, Was: was, NetworkIDs: ids, Deliveries: r.deliveries(s)})
	return s.Message
}

// deliveries tell the updates of a step.
func (r *messageRig) deliveries(s message.Step) (ds []store.Delivery) {
	for _, u := range s.Updates {
		r.made++
		ds = append(ds, store.Delivery{
			ID: account.ID{9, byte(r.made >> 16), byte(r.made >> 8), byte(r.made), 15: 1}, Hook: store.Hook{Account: s.Message.Account, Kind: account.HookRESTState},
			Message: s.Message.ID, Final: u.State.Final(), Body: fmt.Sprint(u.State), CreatedAt: r.now, DueAt: r.now,
		})
	}
	return ds
}

// admit adds a new message to a posting.
func (r *messageRig) admit(p *store.Posting, e message.Envelope) message.Message {
	r.Helper()
	terms := message.Terms{Wait: 72 * time.Hour, Day: account.Date{Year: 2026, Month: 11, Day: 28}, Refunds: account.RefundPolicy{States: account.States(account.StateUndeliverable)}}
	s, err := message.Message{}.Admitted(e, terms, r.now)
	require.NoError(r, err)
	return r.moves(p, 0, s, nil)
}

// sent adds that a network took a message.
func (r *messageRig) sent(p *store.Posting, m message.Message, ids ...string) message.Message {
	r.Helper()
	found, err := r.s.Ledger(r.Context(), []store.Lookup{{Account: m.Account, Holds: []string{m.ID}}})
	require.NoError(r, err)
	s, err := m.Sent(message.Handover{Network: "acme", IDs: ids}, nil, r.now)
	require.NoError(r, err)
	return r.moves(p, m.Version, s, s.Message.NetworkIDs, found[0].Holds...)
}

// reported adds what a network says of a message.
func (r *messageRig) reported(p *store.Posting, m message.Message, id string, state account.MessageState) message.Message {
	r.Helper()
	s, err := m.Reported(message.NetworkReport{Network: "acme", ID: id, Report: account.Report{State: state, DoneAt: r.now, Err: "7"}}, r.now)
	require.NoError(r, err)
	require.True(r, s.Changed)
	s.Movement.Kind = "" // what is refunded is not looked at here
	return r.moves(p, m.Version, s, nil)
}

// write writes a posting, which it ends.
func (r *messageRig) write(k int, p *store.Posting) {
	r.Helper()
	r.append([]store.Posting{*p})
	r.balances[k] = p.Balance
}

// post does so in a transaction.
func (r *messageRig) post(k int, p *store.Posting) {
	r.Helper()
	require.NoError(r, r.s.Update(r.Context(), func(ctx context.Context, tx store.Tx) error {
		if _, err := tx.Lock(ctx, p.Balance.Account); err != nil {
			return err
		}
		return tx.Post(ctx, *p)
	}))
	r.balances[k] = p.Balance
}

func keyOf(m message.Message) store.MessageKey {
	return store.MessageKey{Account: m.Account, ID: m.ID}
}
