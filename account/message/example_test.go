package message_test

import (
	"errors"
	"fmt"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/account/message"
)

// A message of two parts, of which the network could not deliver one. A host writes each
// step in a transaction: the message, the movement, and what the client is told.
func Example() {
	now := time.Date(2026, 11, 23, 8, 41, 0, 0, time.UTC)
	do := func(s message.Step, err error) message.Message {
		if err != nil {
			fmt.Println(err)
		}
		if s.Movement.Kind != "" {
			fmt.Println("money:", s.Movement.Kind)
			s.Message.Note(account.Entry{Kind: s.Movement.Kind, Number: 1}) // as the ledger numbered it
		}
		for _, u := range s.Updates {
			fmt.Println("tell the client:", u.State, u.Err)
		}
		return s.Message
	}

	m := do(message.Message{}.Admitted(
		message.Envelope{
			Account: accounttest.ID(1), ID: "order-17", Channel: account.ChannelREST, Sender: "ACME", Destination: "380501112233",
			Parts: 2, Price: account.Amount("0.0312"), Currency: "EUR",
		},
		message.Terms{
			Refunds: account.RefundPolicy{States: account.States(account.StateUndeliverable)},
			Wait:    72 * time.Hour, Day: account.DateOf(now, time.UTC),
		},
		now,
	))
	m = do(m.Sent(message.Handover{Network: "acme", IDs: []string{"7f01", "7f02"}}, nil, now))
	for id, state := range []account.MessageState{account.StateDelivered, account.StateUndeliverable} {
		m = do(m.Reported(message.NetworkReport{
			Network: "acme", ID: fmt.Sprintf("7f0%d", id+1), Report: account.Report{State: state, Err: "000"},
		}, now.Add(time.Minute)))
	}
	fmt.Println(m.Stage(), m.State(), m.Money)
	// Output:
	// money: hold
	// money: capture
	// money: refund
	// tell the client: UNDELIV 000
	// ended UNDELIV refunded
}

// A report may come before the network's answer to who handed the message over: it is kept
// by its id, and counts when Sent comes.
func ExampleEarlyReports() {
	now := time.Date(2026, 11, 23, 8, 41, 0, 0, time.UTC)
	report := message.NetworkReport{Network: "acme", ID: "7f01", Report: account.Report{State: account.StateDelivered}}
	s, _ := message.Message{}.Admitted(envelope(1), bySent(), now)

	var early message.EarlyReports
	if _, err := s.Message.Reported(report, now); errors.Is(err, account.ErrNotFound) {
		early = early.With(message.Early{NetworkReport: report, At: now})
	}
	s, _ = s.Message.Sent(message.Handover{Network: "acme", IDs: []string{"7f01"}}, early, now)
	fmt.Println(s.Movement.Kind, s.Updates[0].State)
	// Output: capture DELIVRD
}

// A call that contradicts an earlier one changes nothing, and says which it is.
func ExampleContradictionError() {
	now := time.Date(2026, 11, 23, 8, 41, 0, 0, time.UTC)
	s, _ := message.Message{}.Admitted(envelope(1), bySent(), now)
	s, _ = s.Message.Sent(message.Handover{Network: "acme", IDs: []string{"7f01"}}, nil, now)
	_, err := s.Message.Sent(message.Handover{Network: "beta", IDs: []string{"a9"}}, nil, now)
	if contradiction, is := errors.AsType[*message.ContradictionError](err); is {
		fmt.Println(contradiction.Code, contradiction.Was.Network, contradiction.Was.ID)
	}
	// Output: sent.other acme 7f01
}
