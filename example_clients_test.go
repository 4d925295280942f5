package clientaccount_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store/memstore"
)

func ExampleService_Create() {
	ctx := context.Background()
	svc := clientaccount.New(memstore.New(), nil)
	made, err := svc.Create(ctx, clientaccount.Edit{Actor: account.Actor{ID: "u1", Name: "Olena Koval"}, Apply: func(a *account.Account) error {
		a.Core.Login = "acme"
		a.Core.Password = account.SetPassword("seven-Herons-at-dusk", "seven-Herons-at-dusk")
		a.Contact.Company = "Acme Telecom Ltd"
		a.Status, a.Sending.REST = account.StatusActive, true
		return nil
	}})
	fmt.Println(made.Account.Revision, made.Account.Core.Currency, err)
	// Output:
	// 1 EUR <nil>
}

// Everything that is wrong is said at once, by field and code.
func ExampleService_Create_faults() {
	ctx := context.Background()
	svc := clientaccount.New(memstore.New(), nil)
	change := account.Change{}.Set("login", "ac me").Set("credit.limit", "10,50")
	_, err := svc.Create(ctx, clientaccount.Edit{Apply: change.Apply})
	faults, _ := account.AsFaults(err)
	for _, f := range faults {
		fmt.Println(f.Path, f.Code)
	}
	// Output:
	// login login.chars
	// password password.required
	// credit.limit credit.comma
	// contact.company company.required
}

func ExampleService_PreviewCreate() {
	ctx := context.Background()
	svc := clientaccount.New(memstore.New(), nil)
	change := account.Change{}.Set("login", "acme").Set("contact.company", "Acme").
		Set("password", "seven-Herons-at-dusk").Set("password_retype", "seven-Herons-at-dusk")
	would, err := svc.PreviewCreate(ctx, clientaccount.Edit{Apply: change.Apply})
	fmt.Println(would.Account.Core.Login, err)
	_, err = svc.ByLogin(ctx, "acme")
	fmt.Println(err)
	// Output:
	// acme <nil>
	// account: not found
}

func ExampleService_Update() {
	ctx := context.Background()
	svc, acme := exampleClient(ctx)
	change := account.Change{}.Set("status", "suspended").Set("notes.comments", "Invoice 17 is open.")
	done, err := svc.Update(ctx, acme.ID, acme.Revision, clientaccount.Edit{Actor: olena, Reason: "Unpaid", Apply: change.Apply})
	fmt.Println(done.Account.Revision, done.Account.Status, err)

	_, err = svc.Update(ctx, acme.ID, acme.Revision, clientaccount.Edit{Actor: marek, Apply: change.Apply}) // who saw the account as it was
	if stale, ok := errors.AsType[*clientaccount.StaleError](err); ok {
		fmt.Println(stale.Theirs.Status, "by", stale.Since[0].Actor.Name)
	}
	// Output:
	// 2 suspended <nil>
	// suspended by Olena Koval
}

func ExampleService_Preview() {
	ctx := context.Background()
	svc, acme := exampleClient(ctx)
	would, err := svc.Preview(ctx, acme.ID, acme.Revision, clientaccount.Edit{Actor: olena, Apply: account.Change{}.Set("contact.company", "Acme Ltd").Apply})
	for _, field := range would.Change {
		fmt.Println(field.Path, field.Old, "->", field.New)
	}
	fmt.Println(err)
	// Output:
	// contact.company Acme Telecom Ltd -> Acme Ltd
	// <nil>
}

func ExampleService_Undo() {
	ctx := context.Background()
	svc, acme := exampleClient(ctx)
	done, err := svc.Update(ctx, acme.ID, acme.Revision, clientaccount.Edit{Actor: olena, Apply: account.Change{}.Set("contact.company", "Acme Ltd").Apply})
	fmt.Println(done.Account.Contact.Company, err)
	back, err := svc.Undo(ctx, acme.ID, done.Account.Revision, done.Account.Revision, clientaccount.Edit{Actor: olena})
	fmt.Println(back.Account.Contact.Company, err)
	// Output:
	// Acme Ltd <nil>
	// Acme Telecom Ltd <nil>
}

func ExampleService_PreviewUndo() {
	ctx := context.Background()
	svc, acme := exampleClient(ctx)
	done, err := svc.Update(ctx, acme.ID, acme.Revision, clientaccount.Edit{Actor: olena, Apply: account.Change{}.Set("login", "acme-2").Apply})
	fmt.Println(done.Account.Core.Login, err)
	would, err := svc.PreviewUndo(ctx, acme.ID, done.Account.Revision, done.Account.Revision, clientaccount.Edit{Actor: olena})
	for _, step := range would.Steps {
		fmt.Println(step.Code, step.Text)
	}
	fmt.Println(err)
	// Output:
	// acme-2 <nil>
	// step.login Whoever signs in as acme-2 no longer gets in: with SMPP the login is the system_id.
	// <nil>
}

func ExampleService_SetPassword() {
	ctx := context.Background()
	svc, acme := exampleClient(ctx)
	done, err := svc.SetPassword(ctx, acme.ID, acme.Revision, olena, "nine-Storks-at-dawn")
	fmt.Println(done.Change, err)
	// Output:
	// [{password   true}] <nil>
}

func ExampleService_NewGatewayPassword() {
	ctx := context.Background()
	svc, acme := exampleClient(ctx)
	once, _, err := svc.NewGatewayPassword(ctx, acme.ID, acme.Revision, olena)
	fmt.Println(len(once), err) // show it to the client, this once
	// Output:
	// 8 <nil>
}

func ExampleService_Get() {
	ctx := context.Background()
	svc, acme := exampleClient(ctx)
	a, err := svc.Get(ctx, acme.ID)
	fmt.Println(a.Contact.Company, a.Revision, err)
	_, err = svc.Get(ctx, account.ID{9})
	fmt.Println(errors.Is(err, account.ErrNotFound))
	// Output:
	// Acme Telecom Ltd 1 <nil>
	// true
}

func ExampleService_ByLogin() {
	ctx := context.Background()
	svc, _ := exampleClient(ctx)
	a, err := svc.ByLogin(ctx, "ACME")
	fmt.Println(a.Contact.Company, err)
	// Output:
	// Acme Telecom Ltd <nil>
}

func ExampleService_Settings() {
	ctx := context.Background()
	svc, acme := exampleClient(ctx)
	settings, err := svc.Settings(ctx, acme)
	fmt.Println(settings.DLRDays.Value, settings.DLRDays.Origin, err)
	// Output:
	// 3 default <nil>
}

func ExampleService_List() {
	ctx := context.Background()
	svc, _ := exampleClient(ctx)
	page, err := svc.List(ctx, account.Query{Search: "telecom", Limit: 20}, "")
	for _, row := range page.Rows {
		fmt.Println(row.Login, row.Status)
	}
	fmt.Println(page.Next == "", err) // else the cursor of the next page
	// Output:
	// acme active
	// true <nil>
}

func ExampleService_Count() {
	ctx := context.Background()
	svc, _ := exampleClient(ctx)
	fmt.Println(svc.Tick(ctx)) // what follows from money is brought up to date by it
	for _, q := range []account.Query{{Status: account.StatusActive}, {Attention: account.AttentionExhausted}} {
		n, err := svc.Count(ctx, q, 1000)
		fmt.Println(n, err)
	}
	// Output:
	// <nil>
	// 1 <nil>
	// 0 <nil>
}

func ExampleService_CountEach() {
	ctx := context.Background()
	svc, _ := exampleClient(ctx)
	fmt.Println(svc.CountEach(ctx, 1000, account.Query{Status: account.StatusActive}, account.Query{Status: account.StatusClosed}))
	// Output:
	// [1 0] <nil>
}

func ExampleService_Find() {
	ctx := context.Background()
	svc, a := exampleClient(ctx)
	found, err := svc.Find(ctx, "payment", account.Optional[[]account.ID]{}, 10)
	for _, sighting := range found {
		fmt.Println(sighting.Account == a.ID, sighting.Entry.Reference, sighting.Entry.Amount)
	}
	fmt.Println(len(found), err)
	// Output:
	// true payment-1 10
	// 1 <nil>
}

// Somebody who sees logins and nothing else finds clients by these alone.
func ExampleService_ListSeen() {
	ctx := context.Background()
	svc, _ := exampleClient(ctx)
	sees := func(path string) bool { return path == "login" }
	for _, search := range []string{"acme", "telecom"} {
		page, err := svc.ListSeen(ctx, account.Query{Search: search}, "", sees)
		fmt.Println(search, len(page.Rows), err)
	}
	// Output:
	// acme 1 <nil>
	// telecom 0 <nil>
}

// A page of one client leads to the clients beside it in the list that one came from.
func ExampleService_Beside() {
	ctx := context.Background()
	svc, _ := exampleClient(ctx)
	q, all := account.Query{Sort: account.SortCompany}, func(string) bool { return true }
	page, err := svc.ListSeen(ctx, q, "", all)
	if err != nil {
		panic(err)
	}
	before, after, err := svc.Beside(ctx, q, svc.CursorOf(page.Rows[0], q), all)
	fmt.Println(before, after, err)
	// Output:
	// <nil> <nil> <nil>
}

func ExampleService_GetMany() {
	ctx := context.Background()
	svc, acme := exampleClient(ctx)
	found, err := svc.GetMany(ctx, acme.ID, account.ID{1})
	fmt.Println(len(found), found[acme.ID].Core.Login, err)
	// Output:
	// 1 acme <nil>
}

func ExampleService_All() {
	ctx := context.Background()
	svc, _ := exampleClient(ctx)
	for row, err := range svc.All(ctx, account.Query{}) {
		fmt.Println(row.Login, err)
	}
	// Output:
	// acme <nil>
}

func ExampleService_Changes() {
	ctx := context.Background()
	svc, acme := exampleClient(ctx)
	_, err := svc.Update(ctx, acme.ID, acme.Revision, clientaccount.Edit{Actor: olena, Apply: account.Change{}.Set("contact.company", "Acme Ltd").Apply})
	fmt.Println(err)
	records, err := svc.Changes(ctx, account.ChangeQuery{Of: acme.ID, Limit: 1})
	for _, record := range records {
		fmt.Println(record.Revision, record.Actor.Name, record.Change[0].Path, record.Change[0].New)
	}
	fmt.Println(err)
	// Output:
	// <nil>
	// 2 Olena Koval contact.company Acme Ltd
	// <nil>
}

func ExampleService_AllChanges() {
	ctx := context.Background()
	svc, acme := exampleClient(ctx)
	for record, err := range svc.AllChanges(ctx, account.ChangeQuery{Of: acme.ID}) {
		fmt.Println(record.Revision, record.Kind, err)
	}
	// Output:
	// 1 created <nil>
}

func ExampleService_SaveManager() {
	ctx := context.Background()
	svc, _ := exampleClient(ctx)
	marta, err := svc.SaveManager(ctx, account.Manager{Name: "Marta Lis", Email: "marta@platform.example"}, olena, "She begins on Monday")
	fmt.Println(marta.Revision, err)
	all, err := svc.Managers(ctx)
	fmt.Println(len(all), err)
	again, err := svc.Manager(ctx, marta.ID)
	fmt.Println(again.Name, err)
	fmt.Println(svc.DeleteManager(ctx, marta.ID, olena, "She never came"))
	// Output:
	// 1 <nil>
	// 1 <nil>
	// Marta Lis <nil>
	// <nil>
}

func ExampleService_UndoManager() {
	ctx := context.Background()
	svc, _ := exampleClient(ctx)
	marta, err := svc.SaveManager(ctx, account.Manager{Name: "Marta Lis", Phone: "+380501112233"}, olena, "")
	fmt.Println(err)
	marta.Phone = ""
	marta, err = svc.SaveManager(ctx, marta, olena, "")
	fmt.Println(marta.Revision, err)
	seen, err := svc.UndoneManager(ctx, marta.ID, marta.Revision, 2)
	fmt.Println(seen.Phone, err)
	marta, err = svc.UndoManager(ctx, marta.ID, marta.Revision, 2, olena, "It is still her number")
	fmt.Println(marta.Phone, marta.Revision, err)
	records, err := svc.ManagerChanges(ctx, account.ChangeQuery{Of: marta.ID})
	for _, record := range records {
		fmt.Println(record.Revision, record.Kind, record.Undoes)
	}
	fmt.Println(records[0].Reason, err)
	// Output:
	// <nil>
	// 2 <nil>
	// +380501112233 <nil>
	// +380501112233 3 <nil>
	// 3 undone 2
	// 2 updated 0
	// 1 created 0
	// It is still her number <nil>
}

// Who takes a change of a product back looks first at which clients that touches.
func ExampleService_UndoProduct() {
	ctx := context.Background()
	svc, acme := exampleClient(ctx)
	basic, err := svc.SaveProduct(ctx, account.Product{Name: "Basic", Currency: "EUR", CreditLimit: account.Some(account.Amount("5000"))}, olena, "")
	fmt.Println(err)
	_, err = svc.Update(ctx, acme.ID, acme.Revision, clientaccount.Edit{Actor: olena, Apply: account.Change{}.Set("notes.product", basic.ID.String()).Apply})
	fmt.Println(err)
	basic.CreditLimit = account.Some(account.Amount("100"))
	basic, err = svc.SaveProduct(ctx, basic, olena, "A slip")
	fmt.Println(err)

	undone, err := svc.UndoneProduct(ctx, basic.ID, basic.Revision, 2)
	fmt.Println(err)
	preview, err := svc.PreviewProduct(ctx, undone, account.Optional[[]account.ID]{})
	fmt.Println(preview.Touched, preview.Effects[0].Changes[0].Before, preview.Effects[0].Changes[0].After, err)
	basic, err = svc.UndoProduct(ctx, basic.ID, basic.Revision, 2, olena, "It was a slip")
	fmt.Println(basic.CreditLimit, err)
	records, err := svc.ProductChanges(ctx, account.ChangeQuery{Of: basic.ID, Path: "credit_limit", Limit: 1})
	fmt.Println(records[0].Actor.Name, records[0].Undoes, records[0].Change[0].Old, records[0].Change[0].New, err)
	// Output:
	// <nil>
	// <nil>
	// <nil>
	// <nil>
	// 1 100 5000 <nil>
	// 5000 <nil>
	// Olena Koval 2 100 5000 <nil>
}

func ExampleService_SaveProduct() {
	ctx := context.Background()
	svc, acme := exampleClient(ctx)
	basic, err := svc.SaveProduct(ctx, account.Product{Name: "Basic", Currency: "EUR", Price: account.Some(account.Amount("0.03"))}, account.Actor{}, "")
	fmt.Println(basic.Revision, err)
	_, err = svc.Update(ctx, acme.ID, acme.Revision, clientaccount.Edit{Actor: olena, Apply: account.Change{}.Set("notes.product", basic.ID.String()).Apply})
	fmt.Println(err)
	standing, err := svc.Balance(ctx, acme.ID)
	fmt.Println(err)
	fmt.Println(standing.Messages()) // that 10.00 pays for
	fmt.Println(errors.Is(svc.DeleteProduct(ctx, basic.ID, account.Actor{}, ""), clientaccount.ErrInUse))
	// Output:
	// 1 <nil>
	// <nil>
	// <nil>
	// 333 true
	// true
}

func ExampleService_Products() {
	ctx := context.Background()
	svc, _ := exampleClient(ctx)
	basic, err := svc.SaveProduct(ctx, account.Product{Name: "Basic", Currency: "EUR"}, account.Actor{}, "")
	fmt.Println(err)
	all, err := svc.Products(ctx)
	fmt.Println(len(all), err)
	again, err := svc.Product(ctx, basic.ID)
	fmt.Println(again.Name, err)
	// Output:
	// <nil>
	// 1 <nil>
	// Basic <nil>
}

// A page of a host's own goes on after the row that its cursor holds.
func ExampleService_SealCursor() {
	svc, _ := exampleClient(context.Background())
	cursor := svc.SealCursor([]byte("17"), "invoices")
	mark, err := svc.OpenCursor(cursor, "invoices")
	fmt.Println(string(mark), err)
	_, err = svc.OpenCursor(cursor, "messages")
	fmt.Println(err)
	// Output:
	// 17 <nil>
	// account: cursor: Start the list again.
}
