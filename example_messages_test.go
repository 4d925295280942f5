package clientaccount_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	messages "github.com/clientaccount/clientaccount/account/message"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/memstore"
)

// exampleMessage admits a message of two parts, for the Service to keep.
func exampleMessage(ctx context.Context, svc *clientaccount.Service, id account.ID, messageID string) {
	request := account.Request{
		Channel: account.ChannelREST, Sender: "ACME", Destination: "380501112233", MCC: "255", MNC: "01", Parts: 2,
		Price: account.Some(account.Amount("0.03")),
	}
	keep := clientaccount.Keep{ClientRef: "order-17"}
	admitted, err := svc.Admit(ctx, id, request, clientaccount.MessageHold{Reference: messageID, Keep: &keep})
	if err != nil || !admitted.Send() {
		fmt.Println(admitted.Verdict, err)
	}
}

func ExampleService_Sent() {
	ctx := context.Background()
	svc, acme := exampleClient(ctx)
	exampleMessage(ctx, svc, acme.ID, "message-1")
	handover := messages.Handover{Network: "carrier", IDs: []string{"7f01", "7f02"}} // an id for each part
	for range 2 {                                                                    // asked again, it changes nothing
		sent, err := svc.Sent(ctx, acme.ID, "message-1", handover)
		fmt.Println(sent.Message.Stage(), sent.Message.Money, sent.Changed, err)
	}
	// Output:
	// sent taken true <nil>
	// sent taken false <nil>
}

func ExampleService_Unsent() {
	ctx := context.Background()
	svc, acme := exampleClient(ctx)
	exampleMessage(ctx, svc, acme.ID, "message-1")
	unsent, err := svc.Unsent(ctx, acme.ID, "message-1", messages.Failure{State: account.StateRejected, Err: "no-route"})
	fmt.Println(unsent.Message.Stage(), unsent.Message.Money, unsent.Hooks, err)

	_, err = svc.Sent(ctx, acme.ID, "message-1", messages.Handover{Network: "carrier"})
	if contradiction, ok := errors.AsType[*messages.ContradictionError](err); ok {
		fmt.Println(contradiction.Code)
	}
	// Output:
	// unsent released [rest_state] <nil>
	// sent.unsent
}

func ExampleService_Reported() {
	ctx := context.Background()
	svc, acme := exampleClient(ctx)
	exampleMessage(ctx, svc, acme.ID, "message-1")
	early := messages.NetworkReport{Network: "carrier", ID: "7f01", Report: account.Report{State: account.StateEnroute}}
	kept, err := svc.Reported(ctx, early) // before the network's answer to who handed the message over
	fmt.Println("early:", kept.Early, err)

	sent, err := svc.Sent(ctx, acme.ID, "message-1", messages.Handover{Network: "carrier", IDs: []string{"7f01"}})
	fmt.Println(sent.Message.State(), err)
	last := messages.NetworkReport{Network: "carrier", ID: "7f01", Report: account.Report{State: account.StateDelivered}}
	ended, err := svc.Reported(ctx, last)
	for _, told := range ended.Updates {
		fmt.Println("tell the client:", told.State, "number", told.Seq)
	}
	fmt.Println(ended.Message.Stage(), ended.Message.Money, ended.Hooks, err)
	// Output:
	// early: true <nil>
	// ENROUTE <nil>
	// tell the client: DELIVRD number 2
	// ended taken [rest_state] <nil>
}

func ExampleService_KeepsMessages() {
	svc := clientaccount.New(memstore.New(), nil)
	fmt.Println(svc.KeepsMessages())
	// Output:
	// true
}

func ExampleService_Message() {
	ctx := context.Background()
	svc, acme := exampleClient(ctx)
	exampleMessage(ctx, svc, acme.ID, "message-1")
	m, err := svc.Message(ctx, acme.ID, "message-1")
	fmt.Println(m.ClientRef, m.Stage(), m.Cost(), m.Entries.Hold, err)
	// Output:
	// order-17 held 0.06 2 <nil>
}

func ExampleService_MessageOf() {
	ctx := context.Background()
	svc, acme := exampleClient(ctx)
	exampleMessage(ctx, svc, acme.ID, "message-1")
	_, err := svc.Sent(ctx, acme.ID, "message-1", messages.Handover{Network: "carrier", IDs: []string{"7f01"}})
	fmt.Println(err)
	m, err := svc.MessageOf(ctx, store.NetworkKey{Network: "carrier", ID: "7f01"})
	fmt.Println(m.ID, err)
	// Output:
	// <nil>
	// message-1 <nil>
}

func ExampleService_Messages() {
	ctx := context.Background()
	svc, acme := exampleClient(ctx)
	for n := range 3 {
		exampleMessage(ctx, svc, acme.ID, fmt.Sprint("message-", n+1))
	}
	q := messages.Query{Account: acme.ID, Stage: messages.StageHeld, Limit: 2}
	for range 2 {
		page, err := svc.Messages(ctx, q)
		for _, m := range page {
			fmt.Print(m.ID, " ")
			q.Before = m.Entries.Hold
		}
		fmt.Println(err)
	}
	// Output:
	// message-3 message-2 <nil>
	// message-1 <nil>
}

func ExampleService_AllMessages() {
	ctx := context.Background()
	svc, acme := exampleClient(ctx)
	exampleMessage(ctx, svc, acme.ID, "message-1")
	for m, err := range svc.AllMessages(ctx, messages.Query{Account: acme.ID, Destination: "380501112233"}) {
		fmt.Println(m.ID, m.State(), err)
	}
	// Output:
	// message-1 SCHEDULED <nil>
}

func ExampleService_Figures() {
	ctx := context.Background()
	svc, acme := exampleClient(ctx)
	exampleMessage(ctx, svc, acme.ID, "message-1")
	_, err := svc.Sent(ctx, acme.ID, "message-1", messages.Handover{Network: "carrier"})
	fmt.Println(err)
	fmt.Println(svc.Tick(ctx)) // counts what happened
	rows, err := svc.Figures(ctx, messages.FiguresQuery{Account: acme.ID})
	for _, row := range rows {
		fmt.Println(row.Key.Day, row.Key.MCC, row.Figures.Messages, row.Figures.Parts, row.Figures.Taken, err)
	}
	// Output:
	// <nil>
	// <nil>
	// 2026-11-24 255 1 2 0.06 <nil>
}
