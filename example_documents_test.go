package clientaccount_test

import (
	"context"
	"fmt"
	"time"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/document"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/memstore"
)

// exampleMonth returns a Service on the second of December, with one client: Acme, who was mailed an
// invoice for November.
func exampleMonth(ctx context.Context) (*clientaccount.Service, account.Account, store.Document) {
	clock := fakeClock{now: began}
	svc := clientaccount.New(memstore.New(), &clientaccount.Options{Clock: clock.Now, Hash: cheap, Documents: clientaccount.DocumentOptions{
		Issuer: func(context.Context, account.Account) (document.Issuer, error) {
			return document.Issuer{Name: "Platform Ltd"}, nil
		},
		Taxes: document.Percent("VAT", account.Amount("20")),
	}})
	made, err := svc.Create(ctx, clientaccount.Edit{Actor: olena, Apply: func(a *account.Account) error {
		a.Core.Login, a.Contact.Company = "acme", "Acme Telecom Ltd"
		a.Core.Password = account.SetPassword(password, password)
		a.Mail.Email = "office@acme.example"
		a.Billing.SendInvoices, a.Billing.ToEmail = true, true
		return a.Billing.InvoiceDays.UnmarshalText([]byte("1"))
	}})
	if err != nil {
		panic(err)
	}
	for _, err := range []error{
		second(svc.TopUp(ctx, topUpOf(made.Account.ID, "10", "payment-1"))),
		second(svc.Charge(ctx, clientaccount.Charge{
			Account: made.Account.ID, Price: account.Some(account.Amount("0.05")), Messages: 100, Reference: "messages",
		})),
	} {
		if err != nil {
			panic(err)
		}
	}
	clock.Advance(8 * 24 * time.Hour)
	if err := svc.Tick(ctx); err != nil {
		panic(err)
	}
	rows, err := svc.Documents(ctx, store.DocumentQuery{Account: made.Account.ID, Kinds: []document.Kind{document.KindInvoice}})
	if err != nil {
		panic(err)
	}
	return svc, made.Account, rows[0]
}

// second returns the error of a verb.
func second[T any](_ T, err error) error { return err }

func ExampleService_Documents() {
	ctx := context.Background()
	svc, acme, _ := exampleMonth(ctx)
	rows, err := svc.Documents(ctx, store.DocumentQuery{Account: acme.ID})
	for _, row := range rows {
		total, _ := row.Total.Get()
		fmt.Println(row.Kind, row.Number, row.First, row.Last, total, row.Currency, row.Mailed)
	}
	fmt.Println(err)
	// Output:
	// invoice INV-2026-000001 2026-11-24 2026-11-30 6 EUR waiting
	// <nil>
}

func ExampleService_Document() {
	ctx := context.Background()
	svc, acme, row := exampleMonth(ctx)
	d, err := svc.Document(ctx, acme.ID, row.ID)
	if i, ok := d.(document.Invoice); ok {
		fmt.Println(i.Issuer.Name, i.Customer.Name, i.Lines[0].Price, i.Lines[0].Messages, i.Net, i.Taxes[0].Amount, i.Total)
	}
	fmt.Println(err)
	// Output:
	// Platform Ltd Acme Telecom Ltd 0.05 100 5 1 6
	// <nil>
}

func ExampleService_Mails() {
	ctx := context.Background()
	svc, acme, row := exampleMonth(ctx)
	mails, err := svc.Mails(ctx, acme.ID, row.ID)
	for _, m := range mails {
		fmt.Println(m.Role, m.To, m.State)
	}
	fmt.Println(err)
	// Output:
	// billing office@acme.example waiting
	// <nil>
}

func ExampleService_MailDocument() {
	ctx := context.Background()
	svc, acme, row := exampleMonth(ctx)
	m, err := svc.MailDocument(ctx, acme.ID, row.ID, "accountant@acme.example")
	fmt.Println(m.To, m.State, err)
	// Output:
	// accountant@acme.example waiting <nil>
}

func ExampleService_Credit() {
	ctx := context.Background()
	svc, acme, row := exampleMonth(ctx)
	asked := clientaccount.CreditNote{
		Account: acme.ID, Invoice: row.ID, Takes: []document.Take{{Line: 1, Messages: 20}},
		Reason: "Twenty messages were late", Reference: "case-42", Actor: olena,
	}
	for range 2 { // asked again, it makes nothing a second time
		note, err := svc.Credit(ctx, asked)
		fmt.Println(note.Number.Text, note.Net, note.Total, err)
	}
	// Output:
	// CN-2026-000001 1 1.2 <nil>
	// CN-2026-000001 1 1.2 <nil>
}

func ExampleService_Usage() {
	ctx := context.Background()
	svc, acme, _ := exampleMonth(ctx)
	day := account.Date{Year: 2026, Month: time.November, Day: 24}
	usage, err := svc.Usage(ctx, acme.ID, day, day.Next())
	for _, d := range usage.Days {
		fmt.Println(d.Day, d.Messages, d.Used)
	}
	fmt.Println(usage.Complete, err)
	// Output:
	// 2026-11-24 100 5
	// true <nil>
}

func ExampleService_Rate() {
	ctx := context.Background()
	svc, acme, _ := exampleMonth(ctx)
	rate, err := svc.Rate(ctx, acme.ID)
	fmt.Println(rate.PerDay, rate.RunsOut.IsZero(), err) // nothing was used in the last week
	// Output:
	// 0 true <nil>
}

func ExampleService_KeepsDocuments() {
	svc, _ := exampleClient(context.Background())
	fmt.Println(svc.KeepsDocuments())
	// Output:
	// true
}

func ExampleService_DocumentHead() {
	ctx := context.Background()
	svc, acme, _ := exampleMonth(ctx)
	head, err := svc.DocumentHead(ctx, acme.ID)
	fmt.Println(head.Issued, head.Issuer.Name, head.Customer.Name, head.Language, err)
	// Output:
	// 2026-12-02 Platform Ltd Acme Telecom Ltd en <nil>
}
