package clientaccount_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
)

func ExampleService_TopUp() {
	ctx := context.Background()
	svc, acme := exampleClient(ctx)
	payment := clientaccount.TopUp{
		Account: acme.ID, Amount: account.Amount("25.50"), Currency: "EUR", Reference: "payment-2", Reason: "Invoice 18",
	}
	for range 2 { // asked again, it moves nothing a second time
		receipt, err := svc.TopUp(ctx, payment)
		fmt.Println(receipt.After, receipt.Repeated, err)
	}
	// Output:
	// 35.5 false <nil>
	// 35.5 true <nil>
}

func ExampleService_Charge() {
	ctx := context.Background()
	svc, acme := exampleClient(ctx)
	price := account.Amount("0.0312")
	receipt, err := svc.Charge(ctx, clientaccount.Charge{Account: acme.ID, Price: account.Some(price), Messages: 3, Reference: "message-1"})
	fmt.Println(receipt.Amount, receipt.After, err)

	_, err = svc.Charge(ctx, clientaccount.Charge{Account: acme.ID, Amount: account.Amount("20"), Reference: "message-2"})
	if exhausted, ok := errors.AsType[*account.ExhaustedError](err); ok {
		fmt.Println(exhausted.Needed, exhausted.Available)
	}
	// Output:
	// -0.0936 9.9064 <nil>
	// 20 9.9064
}

func ExampleService_ChargeMany() {
	ctx := context.Background()
	svc, acme := exampleClient(ctx)
	six := account.Amount("6")
	for _, charged := range svc.ChargeMany(ctx, []clientaccount.Charge{
		{Account: acme.ID, Amount: six, Reference: "message-1"},
		{Account: acme.ID, Amount: six, Reference: "message-2"},
	}) {
		fmt.Println(charged.Receipt.After, charged.Err)
	}
	// Output:
	// 4 <nil>
	// 0 account: 6 needed, 4 available
}

func ExampleService_Hold() {
	ctx := context.Background()
	svc, acme := exampleClient(ctx)
	hold, err := svc.Hold(ctx, clientaccount.Hold{
		Account: acme.ID, Amount: account.Amount("4"), Reference: "message-1", Timeout: time.Minute,
	})
	fmt.Println(hold.Held, hold.HeldAfter, err)
	standing, err := svc.Balance(ctx, acme.ID)
	fmt.Println(standing.Amount, standing.Available, err)
	// Output:
	// 4 4 <nil>
	// 10 6 <nil>
}

func ExampleService_Capture() {
	ctx := context.Background()
	svc, acme := exampleClient(ctx)
	_, err := svc.Hold(ctx, clientaccount.Hold{Account: acme.ID, Amount: account.Amount("4"), Reference: "message-1"})
	fmt.Println(err)
	taken, err := svc.Capture(ctx, clientaccount.Capture{
		Account: acme.ID, Hold: "message-1", Amount: account.Amount("3"), Reference: "message-1/sent",
	})
	fmt.Println(taken.Amount, taken.After, taken.HeldAfter, err)
	// Output:
	// <nil>
	// -3 7 0 <nil>
}

func ExampleService_Release() {
	ctx := context.Background()
	svc, acme := exampleClient(ctx)
	_, err := svc.Hold(ctx, clientaccount.Hold{Account: acme.ID, Amount: account.Amount("4"), Reference: "message-1"})
	fmt.Println(err)
	free, err := svc.Release(ctx, clientaccount.Release{Account: acme.ID, Hold: "message-1", Reference: "message-1/unsent"})
	fmt.Println(free.After, free.HeldAfter, err)
	// Output:
	// <nil>
	// 10 0 <nil>
}

func ExampleService_Adjust() {
	ctx := context.Background()
	svc, acme := exampleClient(ctx)
	receipt, err := svc.Adjust(ctx, clientaccount.Adjustment{
		Account: acme.ID, Amount: account.Amount("-12"), PassLimit: true, Reference: "fee-11", Actor: olena, Reason: "Monthly fee",
	})
	fmt.Println(receipt.After, err)
	// Output:
	// -2 <nil>
}

func ExampleService_Refund() {
	ctx := context.Background()
	svc, acme := exampleClient(ctx)
	_, err := svc.Charge(ctx, clientaccount.Charge{Account: acme.ID, Amount: account.Amount("4"), Reference: "message-1"})
	fmt.Println(err)
	back, err := svc.Refund(ctx, clientaccount.Refund{Account: acme.ID, OfReference: "message-1", Reference: "message-1/refund"})
	fmt.Println(back.Amount, back.After, err)
	// Output:
	// <nil>
	// 4 10 <nil>
}

func ExampleService_Transfer() {
	ctx := context.Background()
	svc, acme := exampleClient(ctx)
	branch, err := svc.Create(ctx, clientaccount.Edit{Actor: olena, Apply: func(a *account.Account) error {
		a.Core.Login, a.Contact.Company, a.Core.Password = "acme.branch", "Acme Branch", account.SetPassword(password, password)
		return nil
	}})
	fmt.Println(err)
	given, err := svc.Transfer(ctx, clientaccount.Transfer{
		Account: acme.ID, To: branch.Account.ID, Amount: account.Amount("3"), Reference: "to-branch-1",
	})
	fmt.Println(given.Amount, given.After, err)
	// Output:
	// <nil>
	// -3 7 <nil>
}

// A kind that is decided as the program runs, as by a form.
func ExampleService_Move() {
	ctx := context.Background()
	svc, acme := exampleClient(ctx)
	kind := account.MovementKind("charge")
	receipt, err := svc.Move(ctx, account.Movement{Kind: kind, Account: acme.ID, Amount: account.Amount("1"), Reference: "form-1"})
	fmt.Println(receipt.After, err)
	// Output:
	// 9 <nil>
}

func ExampleService_Tick() {
	ctx := context.Background()
	svc, acme := exampleClient(ctx)
	_, err := svc.Hold(ctx, clientaccount.Hold{Account: acme.ID, Amount: account.Amount("4"), Reference: "message-1", Timeout: time.Microsecond})
	fmt.Println(err)
	fmt.Println(svc.Tick(ctx)) // every minute or so
	// Output:
	// <nil>
	// <nil>
}

func ExampleService_Reprice() {
	ctx := context.Background()
	svc, acme := exampleClient(ctx)
	fmt.Println(svc.Reprice(ctx, acme.ID)) // after the host's prices changed
	// Output:
	// <nil>
}

func ExampleService_Balance() {
	ctx := context.Background()
	svc, acme := exampleClient(ctx)
	standing, err := svc.Balance(ctx, acme.ID)
	fmt.Println(standing.Amount, standing.Held, standing.Available, err)
	fmt.Println(standing.Allows(account.Amount("11")))
	// Output:
	// 10 0 10 <nil>
	// false
}

func ExampleService_Balances() {
	ctx := context.Background()
	svc, acme := exampleClient(ctx)
	all, err := svc.Balances(ctx, acme.ID, account.ID{9})
	fmt.Println(len(all), all[acme.ID].Available, err)
	// Output:
	// 1 10 <nil>
}

func ExampleService_Entries() {
	ctx := context.Background()
	svc, acme := exampleClient(ctx)
	entries, err := svc.Entries(ctx, account.EntryQuery{Account: acme.ID, Kinds: []account.MovementKind{account.KindTopUp}, Limit: 20})
	for _, e := range entries {
		fmt.Println(e.Number, e.Kind, e.Amount, e.Reference)
	}
	fmt.Println(err)
	// Output:
	// 1 top_up 10 payment-1
	// <nil>
}

func ExampleService_AllEntries() {
	ctx := context.Background()
	svc, acme := exampleClient(ctx)
	for e, err := range svc.AllEntries(ctx, account.EntryQuery{Account: acme.ID, Oldest: true}) {
		fmt.Println(e.Number, e.Amount, err)
	}
	// Output:
	// 1 10 <nil>
}

func ExampleService_Holds() {
	ctx := context.Background()
	svc, acme := exampleClient(ctx)
	_, err := svc.Hold(ctx, clientaccount.Hold{Account: acme.ID, Amount: account.Amount("4"), Reference: "message-1"})
	fmt.Println(err)
	holds, err := svc.Holds(ctx, account.HoldQuery{Account: acme.ID})
	fmt.Println(len(holds), holds[0].Reference, holds[0].Amount, err)
	// Output:
	// <nil>
	// 1 message-1 4 <nil>
}

func ExampleService_Events() {
	ctx := context.Background()
	svc, acme := exampleClient(ctx)
	_, err := svc.Charge(ctx, clientaccount.Charge{Account: acme.ID, Amount: account.Amount("10"), Reference: "message-1"})
	fmt.Println(err)
	events, err := svc.Events(ctx, account.EventQuery{Account: acme.ID})
	for _, e := range events {
		fmt.Println(e.Number, e.Kind)
	}
	fmt.Println(err)
	// Output:
	// <nil>
	// 1 credit.exhausted
	// <nil>
}

func ExampleService_Subscribe() {
	ctx, stop := context.WithCancel(context.Background())
	svc, acme := exampleClient(ctx)
	_, err := svc.Charge(ctx, clientaccount.Charge{Account: acme.ID, Amount: account.Amount("10"), Reference: "message-1"})
	fmt.Println(err)
	err = svc.Subscribe(ctx, clientaccount.Subscription{
		Name: "pager",
		Handle: func(_ context.Context, events []account.Event) error {
			for _, e := range events {
				fmt.Println(e.Number, e.Kind)
			}
			stop() // a host goes on for as long as it runs
			return nil
		},
	})
	fmt.Println(err)
	// Output:
	// <nil>
	// 1 credit.exhausted
	// <nil>
}

func ExampleService_Unsubscribe() {
	ctx, stop := context.WithCancel(context.Background())
	svc, acme := exampleClient(ctx)
	_, err := svc.Charge(ctx, clientaccount.Charge{Account: acme.ID, Amount: account.Amount("10"), Reference: "message-1"})
	fmt.Println(err)
	fmt.Println(svc.Subscribe(ctx, clientaccount.Subscription{
		Name:   "pager",
		Handle: func(context.Context, []account.Event) error { stop(); return nil },
	}))
	ctx = context.Background()
	names, err := svc.Subscriptions(ctx)
	fmt.Println(names, err)
	fmt.Println(svc.Unsubscribe(ctx, "pager")) // nobody runs it any more
	// Output:
	// <nil>
	// <nil>
	// [pager] <nil>
	// <nil>
}

func ExampleService_Verify() {
	ctx := context.Background()
	svc, acme := exampleClient(ctx)
	found := 0
	for finding, err := range svc.Verify(ctx, acme.ID) {
		fmt.Println(finding, err)
		found++
	}
	fmt.Println(found)
	// Output:
	// 0
}

func ExampleService_PreviewMove() {
	ctx := context.Background()
	svc, acme := exampleClient(ctx)
	payment := account.Movement{Kind: account.KindTopUp, Account: acme.ID, Amount: account.Amount("25.50"), Reference: "payment-2"}
	seen, err := svc.PreviewMove(ctx, payment)
	fmt.Println(seen.Before.Amount, seen.After.Amount, err) // and nothing is written
	// Output:
	// 10 35.5 <nil>
}
