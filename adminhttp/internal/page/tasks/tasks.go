// Package tasks is the pages about what waits to be done to clients: what a second person has to
// confirm, and what its forms are sent to.
package tasks

import (
	"embed"
	"net/http"
	"net/url"
	"strconv"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
	"github.com/clientaccount/clientaccount/adminhttp/internal/kind"
	"github.com/clientaccount/clientaccount/adminhttp/internal/page"
	"github.com/clientaccount/clientaccount/adminhttp/internal/words"
	"github.com/clientaccount/clientaccount/store"
)

//go:embed templates/*.html
var files embed.FS

var pages = page.Parse(files)

// Routes returns the list of confirmations, and what is done about a task.
func Routes() []page.Route {
	pages() // parsed now, and not by the first request
	return []page.Route{
		page.Get("confirmations", access.Anybody, showConfirmations),
		page.Post("tasks/{id}/confirm", access.ConfirmTask, answering(confirm)),
		page.Post("tasks/{id}/cancel", access.SeeTask, answering(cancel)),
	}
}

// listView is the page of all that waits for a second person within the scope, for who may confirm
// that; of what one proposed oneself, for others. NotDone is what came to nothing of it.
type listView struct {
	Done    *page.Task
	Tasks   []page.Task
	Older   string
	NotDone []page.Task
}

// listPage is how many tasks the page shows.
const listPage = 25

func showConfirmations(w http.ResponseWriter, r *ask.Request) error {
	var from *store.TaskPosition
	if before, err := account.ParseID(r.URL.Query().Get("before")); err == nil && !before.IsZero() {
		from = &store.TaskPosition{ID: before}
	}
	tasks, after, err := r.Confirmations(from, listPage)
	if err != nil {
		return err
	}
	d, err := page.ReadDirectory(r)
	if err != nil {
		return err
	}
	view := listView{}
	if view.Done, err = page.TaskNotice(r, d); err != nil {
		return err
	}
	for _, t := range tasks {
		shown, err := page.NewTask(r, t, d)
		if err != nil {
			return err
		}
		view.Tasks = append(view.Tasks, shown)
	}
	if view.NotDone, err = notDone(r, d); err != nil {
		return err
	}
	if after != nil {
		view.Older = r.Root + "confirmations?before=" + after.ID.String()
	}
	return pages.Show(w, r, http.StatusOK, "confirmations", "Confirmations", view)
}

// notDone is what came to nothing of what the actor proposed.
func notDone(r *ask.Request, d kind.Directory) (all []page.Task, err error) {
	tasks, err := r.NotDone(listPage)
	if err != nil {
		return nil, err
	}
	for _, t := range tasks {
		shown, err := page.NewTask(r, t, d)
		if err != nil {
			return nil, err
		}
		all = append(all, shown)
	}
	return all, nil
}

// confirm does what the path's task is about, for who was shown what cannot be taken back of it by now,
// and what was booked that may be the same.
func confirm(r *ask.Request, values url.Values) (ask.Task, error) {
	shown, _ := strconv.ParseInt(values.Get(page.NameWarned), 10, 64)
	return r.Confirm(page.ReasonOf(values), ask.Looked{
		Steps: func(steps account.Faults) bool {
			return len(steps) == 0 || page.StepsText(steps) == values.Get(page.NameWarned)
		},
		Alike: account.Some(shown),
	})
}

func cancel(r *ask.Request, values url.Values) (ask.Task, error) {
	return r.Cancel(page.ReasonOf(values))
}

// answering does something about the path's task, and leads back to the page that asked.
func answering(do func(*ask.Request, url.Values) (ask.Task, error)) ask.Endpoint {
	return func(w http.ResponseWriter, r *ask.Request) error {
		values, err := page.ReadValues(r)
		if err != nil {
			return err
		}
		faults := page.CheckNames(values, map[string]bool{page.NameFrom: true, page.NameReason: true, page.NameWarned: true})
		t := r.Task
		if err = faults.Err(); err == nil {
			t, err = do(r, values)
		}
		if faults, bad := account.AsFaults(err); bad {
			return refuse(w, r, faults)
		}
		if err != nil {
			return err
		}
		page.Redirect(w, r.Root+backTo(r, values.Get(page.NameFrom))+"?"+page.NameTask+"="+t.Task.ID.String())
		return nil
	}
}

// backTo is the page that a form was on.
func backTo(r *ask.Request, from string) string {
	switch {
	case from != "client":
		return "confirmations"
	case r.Task.Move != nil:
		return "clients/" + r.Client.ID.String() + "/money"
	default:
		return "clients/" + r.Client.ID.String() + "/edit"
	}
}

// refusedView says why nothing was done about a task.
type refusedView struct {
	Head   page.Head
	Faults []page.FaultLink
	Task   page.Task
}

// refuse shows the task again, with why nothing was done about it.
func refuse(w http.ResponseWriter, r *ask.Request, faults account.Faults) error {
	d, err := page.ReadDirectory(r)
	if err != nil {
		return err
	}
	head, err := page.NewHead(r, r.Client, d, "")
	if err != nil {
		return err
	}
	shown, err := page.NewTask(r, r.Task, d)
	if err != nil {
		return err
	}
	view := refusedView{Head: head, Task: shown, Faults: page.FaultLinks(r.Judge.Faults(faults), func(path string) (label words.Text, href string) {
		f, _ := account.FieldAt(path)
		return words.Text(f.Label), ""
	})}
	return pages.Show(w, r, http.StatusUnprocessableEntity, "refused", words.Textf("Errors · %s", head.Name), view)
}
