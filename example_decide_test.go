package clientaccount_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
)

func ExampleService_Decide() {
	ctx := context.Background()
	svc, acme := exampleClient(ctx)
	request := account.Request{
		Channel: account.ChannelSMPP, Sender: "ACME", Destination: "380501112233", Parts: 2,
		Price: account.Some(account.Amount("0.03")),
	}
	decision, err := svc.Decide(ctx, acme.ID, request)
	fmt.Println(decision.Verdict, err)
	for _, finding := range decision.Findings {
		fmt.Println(finding.Code)
	}
	// Output:
	// refuse <nil>
	// channel.off
}

func ExampleService_DecideAt() {
	ctx := context.Background()
	svc, acme := exampleClient(ctx)
	request := account.Request{
		Channel: account.ChannelREST, Sender: "ACME", Destination: "380501112233", Parts: 2,
		Price: account.Some(account.Amount("0.03")), ValidUntil: svc.Now().Add(time.Hour),
	}
	decision, err := svc.DecideAt(ctx, acme.ID, request, svc.Now().Add(2*time.Hour))
	fmt.Println(decision.Verdict, decision.Has("time.expired"), err)
	// Output:
	// refuse true <nil>
}

func ExampleService_Admit() {
	ctx := context.Background()
	svc, acme := exampleClient(ctx)
	request := account.Request{
		Channel: account.ChannelREST, Sender: "ACME", Destination: "380501112233", Parts: 2,
		Price: account.Some(account.Amount("0.03")),
	}
	admitted, err := svc.Admit(ctx, acme.ID, request, clientaccount.MessageHold{Reference: "message-1"})
	if err != nil || !admitted.Send() {
		fmt.Println(admitted.Verdict, err)
		return
	}
	fmt.Println("send it:", admitted.Hold.Held, "is held")
	paid, err := svc.Capture(ctx, clientaccount.Capture{Account: acme.ID, Hold: "message-1", Reference: "message-1/sent"})
	fmt.Println(paid.After, err)

	again, err := svc.Admit(ctx, acme.ID, request, clientaccount.MessageHold{Reference: "message-1"})
	fmt.Println(again.Verdict, again.Send(), err)
	// Output:
	// send it: 0.06 is held
	// 9.94 <nil>
	// sent false <nil>
}

func ExampleService_Status() {
	ctx := context.Background()
	svc, acme := exampleClient(ctx)
	status, err := svc.Status(ctx, acme)
	fmt.Println(status, err)
	// Output:
	// active <nil>
}

// A host that hears of what other processes changed need not wait for Options.SettingsFor.
func ExampleService_Forget() {
	svc, acme := exampleClient(context.Background())
	svc.Forget(acme.ID)
	svc.ForgetAll()
	// Output:
}

func ExampleService_Authenticate() {
	ctx := context.Background()
	svc, _ := exampleClient(ctx)
	who, err := svc.Authenticate(ctx, clientaccount.Attempt{Channel: account.ChannelREST, Login: "Acme", Password: "seven-Herons-at-dusk", From: "192.0.2.7"})
	fmt.Println(who.Name(), err)
	_, err = svc.Authenticate(ctx, clientaccount.Attempt{Channel: account.ChannelREST, Login: "acme", Password: "guess", From: "192.0.2.7"})
	fmt.Println(errors.Is(err, clientaccount.ErrCredentials))
	// Output:
	// Acme Telecom Ltd <nil>
	// true
}
