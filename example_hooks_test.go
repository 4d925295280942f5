package clientaccount_test

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/webhook/payload"
)

func ExampleService_SubmitState() {
	ctx := context.Background()
	svc, acme := exampleClient(ctx)
	report := payload.Report{MessageID: "message-1", To: "380501112233", State: account.StateDelivered, Seq: 1, At: began}
	for range 2 { // asked again, it is accepted once
		hooks, err := svc.SubmitState(ctx, acme.ID, report)
		fmt.Println(hooks, err)
	}
	waiting, err := svc.Deliveries(ctx, clientaccount.DeliveryQuery{Account: acme.ID})
	fmt.Println(len(waiting), waiting[0].Message, waiting[0].State, err)
	// Output:
	// [rest_state] <nil>
	// [rest_state] <nil>
	// 1 message-1 waiting <nil>
}

func ExampleService_SubmitIncoming() {
	ctx := context.Background()
	svc, acme := exampleClient(ctx)
	route, err := svc.SubmitIncoming(ctx, acme.ID, payload.Incoming{
		MessageID: "mo-1", From: "380501112233", To: "4455", Text: "STOP", At: began,
	})
	fmt.Println(route.Session, route.Hooks, err)
	// Output:
	// false [rest_incoming] <nil>
}

func ExampleService_Deliveries() {
	ctx := context.Background()
	svc, acme := exampleClient(ctx)
	_, err := svc.SubmitIncoming(ctx, acme.ID, payload.Incoming{MessageID: "mo-1", Text: "STOP", At: began})
	fmt.Println(err)
	page, err := svc.Deliveries(ctx, clientaccount.DeliveryQuery{Account: acme.ID, Limit: 20})
	for _, d := range page {
		fmt.Println(d.Hook.Kind, d.Message, d.State)
	}
	fmt.Println(err)
	// Output:
	// <nil>
	// rest_incoming mo-1 waiting
	// <nil>
}

func ExampleService_HookStatuses() {
	ctx := context.Background()
	svc, acme := exampleClient(ctx)
	_, err := svc.SubmitIncoming(ctx, acme.ID, payload.Incoming{MessageID: "mo-1", Text: "STOP", At: began})
	fmt.Println(err)
	statuses, err := svc.HookStatuses(ctx, acme.ID)
	for _, status := range statuses {
		fmt.Println(status.Hook.Kind, status.Waiting, "waiting")
	}
	fmt.Println(err)
	// Output:
	// <nil>
	// rest_incoming 1 waiting
	// <nil>
}

// What was given up while a client's server was down is sent again.
func ExampleService_Replay() {
	ctx := context.Background()
	svc, acme := exampleClient(ctx)
	n, err := svc.Replay(ctx, clientaccount.Replay{Account: acme.ID, Kind: account.HookRESTState, From: began.Add(-time.Hour)})
	fmt.Println(n, err)
	// Output:
	// 0 <nil>
}

func ExampleService_SwitchOn() {
	ctx := context.Background()
	svc, acme := exampleClient(ctx)
	fmt.Println(svc.SwitchOn(ctx, clientaccount.Hook{Account: acme.ID, Kind: account.HookRESTState}))
	// Output:
	// <nil>
}

// The client's receivers have a day to change over to the new secret.
func ExampleService_NewHookSecret() {
	ctx := context.Background()
	svc, acme := exampleClient(ctx)
	once, _, err := svc.NewHookSecret(ctx, acme.ID, acme.Revision, olena, 24*time.Hour)
	fmt.Println(strings.HasPrefix(once, "whsec_"), err)
	secrets, err := svc.HookSecrets(ctx, acme.ID)
	fmt.Println(len(secrets), err)
	// Output:
	// true <nil>
	// 1 <nil>
}
