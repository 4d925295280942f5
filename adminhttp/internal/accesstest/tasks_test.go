package accesstest_test

import (
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
)

// tasksOf are what waits to be done to a client; zero ids for what cannot be.
type tasksOf struct{ change, later, move account.ID }

// waiting has a change and a top-up of each client wait for a second person, both proposed by
// somebody else, and a change for its time.
func (w *world) waiting() {
	w.Helper()
	all := account.Optional[[]account.ID]{}
	due := accounttest.Now().Add(time.Hour)
	for _, key := range []string{"main", "beside", "outside"} {
		a, err := w.store.Account(w.Context(), w.ids[key])
		w.must(err)
		by := clientaccount.Edit{Actor: account.Actor{ID: "u3", Name: "Maker"}, Reason: "Proposed"}
		if key == "outside" {
			by = clientaccount.Edit{Actor: account.Actor{ID: w.out.person, Name: w.out.person}, Reason: w.out.reason}
		}
		company := func(name string) clientaccount.Edit {
			edit := by
			edit.Apply = func(a *account.Account) error { a.Contact.Company = name; return nil }
			return edit
		}
		change, err := w.svc.Propose(w.Context(), a.ID, a.Revision, due, company("Proposed"))
		w.must(err)
		later, err := w.svc.Schedule(w.Context(), a.ID, a.Revision, due, company("Scheduled"))
		w.must(err)
		tasks := tasksOf{change: change.ID, later: later.ID}
		move, err := w.svc.ProposeMove(w.Context(), due, account.Movement{
			Account: a.ID, Kind: account.KindTopUp, Amount: decimal.NewFromInt(21), Reference: "proposed", Reason: by.Reason, Actor: by.Actor,
		}, all)
		w.must(err)
		tasks.move = move.ID
		w.tasks[key] = tasks
	}
}

// taskAsks are the routes about what waits. A task is done or cancelled last, since it can be once.
func (w *world) taskAsks(client string, all *[]ask) {
	add := func(method, path string, id account.ID, query string, needs ...access.Action) {
		media := ""
		switch {
		case id.IsZero() && strings.Contains(path, "{id}"):
			return
		case method == "GET":
		case strings.HasPrefix(path, "api/"):
			media = jsonMedia
		default:
			media = formMedia
		}
		*all = append(*all, ask{route: method + " " + path, method: method, target: strings.ReplaceAll(path, "{id}", id.String()) + query, media: media, needs: needs})
	}
	t := w.tasks[client]
	add("GET", "confirmations", account.ID{}, "")
	add("GET", "confirmations", account.ID{}, "?task="+t.change.String())
	add("GET", "api/tasks", account.ID{}, "")
	add("GET", "api/tasks", account.ID{}, "?state=unconfirmed&client="+w.ids[client].String())
	for _, id := range []account.ID{t.change, t.later, t.move} {
		add("GET", "api/tasks/{id}", id, "")
	}
	for _, of := range []string{"", "api/"} {
		add("POST", of+"tasks/{id}/confirm", t.change, "", access.Edit)
		add("POST", of+"tasks/{id}/cancel", t.change, "", access.Edit, access.Confirm)
		add("POST", of+"tasks/{id}/confirm", t.move, "", access.TopUp)
		add("POST", of+"tasks/{id}/cancel", t.move, "", access.TopUp, access.Confirm)
		add("POST", of+"tasks/{id}/cancel", t.later, "", access.Edit)
	}
}
