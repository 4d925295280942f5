package clientaccount_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/memstore"
)

func ExampleService_Schedule() {
	ctx := context.Background()
	now := time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
	svc := clientaccount.New(memstore.New(), &clientaccount.Options{Clock: func() time.Time { return now }})
	made, err := svc.Create(ctx, clientaccount.Edit{NoPassword: true, Apply: account.Change{}.Set("login", "acme").Set("contact.company", "Acme").Apply})
	if err != nil {
		fmt.Println(err)
		return
	}
	olena := account.Actor{ID: "u1", Name: "Olena Koval"}
	credit := clientaccount.Edit{Actor: olena, Reason: "New contract", Apply: account.Change{}.Set("credit.limit", "500").Apply}
	december := time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)
	task, err := svc.Schedule(ctx, made.Account.ID, made.Account.Revision, december, credit)
	fmt.Println(task.State, task.Set, err)

	now = december
	err = svc.Tick(ctx)
	task, _ = svc.Task(ctx, task.ID)
	fmt.Println(task.State, task.Revision, err)
	// Output:
	// waiting map[credit.limit:500] <nil>
	// done 2 <nil>
}

func ExampleService_Cancel() {
	ctx := context.Background()
	svc, acme := exampleClient(ctx)
	olena := account.Actor{ID: "u1", Name: "Olena Koval"}
	later := clientaccount.Edit{Actor: olena, Apply: account.Change{}.Set("credit.limit", "500").Apply}
	task, err := svc.Schedule(ctx, acme.ID, acme.Revision, svc.Now().Add(time.Hour), later)
	if err != nil {
		fmt.Println(err)
		return
	}
	task, err = svc.Cancel(ctx, task.ID, olena, "They do not want it any more")
	fmt.Println(task.State, err)
	// Output:
	// cancelled <nil>
}

// A credit waits for a second person.
func ExampleService_Confirm() {
	ctx := context.Background()
	svc, acme := exampleClient(ctx)
	olena, marek := account.Actor{ID: "u1", Name: "Olena Koval"}, account.Actor{ID: "u2", Name: "Marek Zielinski"}
	credit := clientaccount.Edit{Actor: olena, Apply: account.Change{}.Set("credit.limit", "500").Apply}
	task, err := svc.Propose(ctx, acme.ID, acme.Revision, svc.Now().Add(24*time.Hour), credit)
	if err != nil {
		fmt.Println(err)
		return
	}
	now, err := svc.PreviewTask(ctx, task.ID)
	fmt.Println(now.Change[0].New, now.Steps, err)
	_, err = svc.Confirm(ctx, task.ID, clientaccount.Edit{Actor: olena})
	fmt.Println(err)
	task, err = svc.Confirm(ctx, task.ID, clientaccount.Edit{Actor: marek})
	fmt.Println(task.State, task.Second.Name, err)
	// Output:
	// 500 [] <nil>
	// account: : Somebody else has to confirm this: a second person, not the one who asked for it.
	// done Marek Zielinski <nil>
}

func ExampleService_ProposeMove() {
	ctx := context.Background()
	svc, acme := exampleClient(ctx)
	payment := account.Movement{
		Kind: account.KindTopUp, Account: acme.ID, Amount: account.Amount("5000"), Reference: "bank-4711",
		Actor: account.Actor{ID: "u1", Name: "Olena Koval"},
	}
	all := account.Optional[[]account.ID]{}
	task, err := svc.ProposeMove(ctx, svc.Now().Add(24*time.Hour), payment, all)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(svc.KeepsTasks())
	waiting, err := svc.Tasks(ctx, store.TaskQuery{States: []store.TaskState{store.TaskUnconfirmed}})
	fmt.Println(len(waiting), err)
	_, err = svc.Confirm(ctx, task.ID, clientaccount.Edit{Actor: account.Actor{ID: "u2", Name: "Marek Zielinski"}})
	standing, _ := svc.Balance(ctx, acme.ID)
	fmt.Println(standing.Available, err)
	// Output:
	// true
	// 1 <nil>
	// 5010 <nil>
}

// The same for many clients, looked at as one, done as if each were alone, and taken back.
func ExampleService_RunBatch() {
	ctx := context.Background()
	svc, acme := exampleClient(ctx)
	olena := account.Actor{ID: "u1", Name: "Olena Koval"}
	batch, err := svc.NewBatch(ctx, clientaccount.Bulk{Kind: store.BatchChange, Title: "Credit of spring", Paths: []string{"credit.limit"}, Actor: olena})
	if err != nil {
		fmt.Println(err)
		return
	}
	err = svc.AddToBatch(ctx, batch.ID, clientaccount.BulkItem{Account: acme.ID, Set: map[string]string{"credit.limit": "500"}})
	fmt.Println(err)

	work := func(batch store.Batch, err error) {
		for more := err == nil; more && err == nil; {
			more, err = svc.WorkOn(ctx, batch.ID, time.Second)
		}
		batch, counts, _ := svc.Batch(ctx, batch.ID)
		fmt.Println(batch.State, counts, err)
	}
	work(svc.JudgeBatch(ctx, batch.ID))
	work(svc.RunBatch(ctx, batch.ID, clientaccount.Edit{Actor: olena}, true))
	undo, err := svc.UndoBatch(ctx, batch.ID, clientaccount.Bulk{Actor: olena})
	work(undo, err)
	work(svc.RunBatch(ctx, undo.ID, clientaccount.Edit{Actor: olena}, true))
	all, err := svc.Batches(ctx, store.BatchQuery{Actor: olena.ID})
	fmt.Println(len(all), err)
	// Output:
	// <nil>
	// judged map[ready:1] <nil>
	// done map[done:1] <nil>
	// judged map[ready:1] <nil>
	// done map[done:1] <nil>
	// 2 <nil>
}

// What was refused when a batch was taken back, since somebody had changed it again, can be taken back
// later.
func ExampleService_UndoRest() {
	ctx := context.Background()
	svc, acme := exampleClient(ctx)
	olena := account.Actor{ID: "u1", Name: "Olena Koval"}
	made, err := svc.Create(ctx, clientaccount.Edit{NoPassword: true, Apply: account.Change{}.Set("login", "other").Set("contact.company", "Other").Apply})
	if err != nil {
		fmt.Println(err)
		return
	}
	credit := func(text string) {
		acme, _ = svc.Get(ctx, acme.ID)
		_, err := svc.Update(ctx, acme.ID, acme.Revision, clientaccount.Edit{Apply: account.Change{}.Set("credit.limit", text).Apply})
		fmt.Println(text, err)
	}
	run := func(b store.Batch, err error) {
		for range 2 {
			for more := err == nil; more && err == nil; {
				more, err = svc.WorkOn(ctx, b.ID, time.Second)
			}
			_, _ = svc.RunBatch(ctx, b.ID, clientaccount.Edit{Actor: olena}, false)
		}
		b, counts, _ := svc.Batch(ctx, b.ID)
		fmt.Println(b.State, counts, err)
	}
	batch, _ := svc.NewBatch(ctx, clientaccount.Bulk{Kind: store.BatchChange, Paths: []string{"credit.limit"}, Actor: olena})
	for _, client := range []account.ID{acme.ID, made.Account.ID} {
		err = errors.Join(err, svc.AddToBatch(ctx, batch.ID, clientaccount.BulkItem{Account: client, Set: map[string]string{"credit.limit": "500"}}))
	}
	fmt.Println(err)
	run(svc.JudgeBatch(ctx, batch.ID))
	credit("700")
	run(svc.UndoBatch(ctx, batch.ID, clientaccount.Bulk{Actor: olena}))
	credit("500")
	batch, _, _ = svc.Batch(ctx, batch.ID)
	fmt.Println(svc.UndoRest(ctx, batch)) // one that can be taken back, none that stays
	run(svc.UndoBatch(ctx, batch.ID, clientaccount.Bulk{Actor: olena}))
	// Output:
	// <nil>
	// done map[done:2] <nil>
	// 700 <nil>
	// done map[done:1 refused:1] <nil>
	// 500 <nil>
	// 1 0 <nil>
	// done map[done:1] <nil>
}

func ExampleService_StopBatch() {
	ctx := context.Background()
	svc, acme := exampleClient(ctx)
	olena := account.Actor{ID: "u1", Name: "Olena Koval"}
	batch, err := svc.NewBatch(ctx, clientaccount.Bulk{Kind: store.BatchImport, Title: "clients.csv", Actor: olena})
	if err != nil {
		fmt.Println(err)
		return
	}
	err = svc.AddToBatch(ctx, batch.ID, clientaccount.BulkItem{Account: acme.ID, Line: 2, Set: map[string]string{"credit.limit": "500"}})
	fmt.Println(err)
	batch, err = svc.StopBatch(ctx, batch.ID, olena)
	fmt.Println(batch.State, err)
	// Output:
	// <nil>
	// dropped <nil>
}

// A product gives its clients a credit limit; whoever has one of their own keeps it.
func ExampleService_PreviewProduct() {
	ctx := context.Background()
	svc := clientaccount.New(memstore.New(), nil)
	bulk, err := svc.SaveProduct(ctx, account.Product{Name: "Bulk", Currency: "EUR", CreditLimit: account.Some(account.Amount("5000"))}, account.Actor{}, "")
	if err != nil {
		fmt.Println(err)
		return
	}
	for login, own := range map[string]string{"acme": "", "other": "10"} {
		change := account.Change{}.Set("login", login).Set("contact.company", "Acme").Set("notes.product", bulk.ID.String()).Set("credit.limit", own)
		if _, err := svc.Create(ctx, clientaccount.Edit{NoPassword: true, Apply: change.Apply}); err != nil {
			fmt.Println(err)
			return
		}
	}
	bulk.CreditLimit = account.Some(account.Amount("100"))
	preview, err := svc.PreviewProduct(ctx, bulk, account.Optional[[]account.ID]{})
	fmt.Println(preview.Clients, preview.Touched, err)
	for _, e := range preview.Effects {
		fmt.Println(e.Login, e.Changes)
	}
	// Output:
	// 2 1 <nil>
	// acme [{credit_limit 5000 100}]
}
