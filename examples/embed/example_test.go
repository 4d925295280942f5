package embed_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp"
	"github.com/clientaccount/clientaccount/store/memstore"
)

// A client is created, let in, changed, and its history read.
func Example() {
	ctx := context.Background()
	svc := clientaccount.New(memstore.New(), nil)
	olena := account.Actor{ID: "u1", Name: "Olena Koval"}

	made, err := svc.Create(ctx, clientaccount.Edit{Actor: olena, Reason: "New client", Apply: func(a *account.Account) error {
		a.Core.Login = "acme"
		a.Core.Password = account.SetPassword("seven-Herons-at-dusk", "seven-Herons-at-dusk")
		a.Contact.Company = "Acme Telecom Ltd"
		a.Status = account.StatusActive
		a.Sending.REST = true
		return nil
	}})
	if err != nil {
		fmt.Println(err)
		return
	}
	who, err := svc.Authenticate(ctx, clientaccount.Attempt{Channel: account.ChannelREST, Login: "Acme", Password: "seven-Herons-at-dusk"})
	fmt.Println(who.Name(), err)

	change := account.Change{}.Set("status", "suspended").Set("notes.comments", "Invoice 17 is open.")
	_, err = svc.Update(ctx, made.Account.ID, made.Account.Revision, clientaccount.Edit{Actor: olena, Reason: "Unpaid", Apply: change.Apply})
	fmt.Println("updated:", err)
	_, err = svc.Authenticate(ctx, clientaccount.Attempt{Channel: account.ChannelREST, Login: "acme", Password: "seven-Herons-at-dusk"})
	fmt.Println(err, errors.Is(err, clientaccount.ErrInactive))

	newest, err := svc.Changes(ctx, account.ChangeQuery{Of: made.Account.ID, Limit: 1})
	for _, record := range newest {
		for _, field := range record.Change {
			fmt.Printf("%s: %s %q -> %q, %s\n", record.Actor.Name, field.Path, field.Old, field.New, record.Reason)
		}
	}
	fmt.Println(err)
	// Output:
	// Acme Telecom Ltd <nil>
	// updated: <nil>
	// clientaccount: the client is suspended true
	// Olena Koval: status "active" -> "suspended", Unpaid
	// Olena Koval: notes.comments "" -> "Invoice 17 is open.", Unpaid
	// <nil>
}

// What is wrong is told all at once, by field and rule, and nothing is written.
func Example_badInput() {
	ctx := context.Background()
	svc := clientaccount.New(memstore.New(), nil)
	change := account.Change{}.Set("login", "ac me").Set("credit.limit", "10,50").Set("mail.email", "a@")
	_, err := svc.Create(ctx, clientaccount.Edit{Actor: account.Actor{ID: "u1"}, Apply: change.Apply})
	faults, _ := account.AsFaults(err)
	for _, f := range faults {
		fmt.Println(f.Path, f.Code)
	}
	// Output:
	// login login.chars
	// password password.required
	// credit.limit credit.comma
	// contact.company company.required
	// mail.email email.format
}

// The admin is a handler: it goes wherever the platform mounts it.
func Example_admin() {
	svc := clientaccount.New(memstore.New(), nil)
	admin, err := adminhttp.New(svc, adminhttp.Config{
		Actor: func(r *http.Request) (account.Actor, error) {
			if user, _, ok := r.BasicAuth(); ok { // here: your own session
				return account.Actor{ID: user, Name: user}, nil
			}
			return account.Actor{}, adminhttp.ErrNoActor
		},
		Policy: func(*http.Request, account.Actor) (adminhttp.Policy, error) { return adminhttp.FullAccess(), nil },
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	mux := http.NewServeMux()
	mux.Handle("/admin/", http.StripPrefix("/admin", admin))

	stranger := httptest.NewRecorder()
	mux.ServeHTTP(stranger, httptest.NewRequest(http.MethodGet, "/admin/clients", nil))
	request := httptest.NewRequest(http.MethodGet, "/admin/clients", nil)
	request.SetBasicAuth("olena", "")
	known := httptest.NewRecorder()
	mux.ServeHTTP(known, request)
	fmt.Println(stranger.Code, known.Code)
	// Output:
	// 401 200
}
