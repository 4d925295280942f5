package clientaccount_test

import (
	"context"
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store/memstore"
)

// exampleClient returns a Service over a store in memory, with one client: Acme, who may send
// by REST, has URLs for reports and for incoming messages, and 10.00 on the account.
func exampleClient(ctx context.Context) (*clientaccount.Service, account.Account) {
	clock := fakeClock{now: began}
	svc := clientaccount.New(memstore.New(), &clientaccount.Options{Clock: clock.Now, Hash: cheap})
	made, err := svc.Create(ctx, clientaccount.Edit{Actor: olena, Apply: func(a *account.Account) error {
		a.Core.Login, a.Contact.Company = "acme", "Acme Telecom Ltd"
		a.Core.Password = account.SetPassword(password, password)
		a.Status, a.Sending.REST, a.Routing.DynamicSender = account.StatusActive, true, true
		a.Webhooks.RESTState, a.Webhooks.RESTIncoming = "https://client.io/acme/reports", "https://client.io/acme/incoming"
		return nil
	}})
	if err != nil {
		panic(err)
	}
	if _, err := svc.TopUp(ctx, topUpOf(made.Account.ID, "10", "payment-1")); err != nil {
		panic(err)
	}
	return svc, made.Account
}

func ExampleNew() {
	svc := clientaccount.New(memstore.New(), &clientaccount.Options{SettingsFor: time.Minute})
	fmt.Println(svc.Check(context.Background()).Err())
	// Output:
	// <nil>
}

func ExampleService_Check() {
	svc, _ := exampleClient(context.Background())
	problems := svc.Check(context.Background())
	for _, p := range problems {
		fmt.Println(p.Code, p.Text)
	}
	fmt.Println(problems.Err())
	// Output:
	// <nil>
}

func ExampleService_Close() {
	ctx := context.Background()
	svc, acme := exampleClient(ctx)
	fmt.Println(svc.Close(ctx))
	_, err := svc.Charge(ctx, clientaccount.Charge{Account: acme.ID, Amount: decimal.NewFromInt(1), Reference: "message-1"})
	fmt.Println(err)
	// Output:
	// <nil>
	// clientaccount: the service is closed
}
