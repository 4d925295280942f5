package clients

import (
	"net/url"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
	"github.com/clientaccount/clientaccount/adminhttp/internal/kind"
	"github.com/clientaccount/clientaccount/adminhttp/internal/page"
	"github.com/clientaccount/clientaccount/internal/say"
)

// viewsOf are the list in states that have a name: a few of our own, then the host's. A URL has all
// of the state, so any other is kept as a bookmark.
func viewsOf(r *ask.Request, s page.ListState) (links []page.Link) {
	add := func(name say.Text, query url.Values) {
		to := page.ReadListState(query, r.Judge)
		shown := s.URL(r.Root, "") == to.URL(r.Root, "")
		links = append(links, page.Link{Name: name, Href: to.URL(r.Root, ""), Current: shown})
	}
	add("All", url.Values{})
	if own := r.Judge.OwnManager(); !own.IsZero() {
		add("Mine", url.Values{"manager": {own.String()}})
	}
	add("Newest", url.Values{"sort": {"-" + string(account.SortCreated)}})
	if r.Judge.Shows("status") {
		add("Suspended clients", url.Values{"status": {string(account.StatusSuspended)}})
		add("Closed clients", url.Values{"status": {string(account.StatusClosed)}})
	}
	if r.Views == nil {
		return links
	}
	for _, view := range r.Views(r.Received(), r.Actor) {
		if query, err := url.ParseQuery(view.Query); err == nil {
			add(say.Plain(view.Name), query)
		}
	}
	return links
}

// orders are those of the list, as they are chosen where its columns have no titles.
var orders = []struct {
	sort account.Sort
	up   say.Text
	down say.Text
}{
	{account.SortLogin, "Login, from A", "Login, from Z"},
	{account.SortCompany, "Company, from A", "Company, from Z"},
	{account.SortMoved, "Last movement, oldest first", "Last movement, newest first"},
	{account.SortBalance, "Balance, lowest first", "Balance, highest first"},
	{account.SortAvailable, "Available, lowest first", "Available, highest first"},
	{account.SortActivity, "Last edit, oldest first", "Last edit, newest first"},
	{account.SortCreated, "Created, oldest first", "Created, newest first"},
}

// ordersOf returns those in which the actor may see clients.
func ordersOf(r *ask.Request) (options []kind.Option) {
	for _, o := range orders {
		if !r.Judge.Sorts(o.sort) {
			continue
		}
		up := string(o.sort)
		if o.sort == account.SortLogin {
			up = ""
		}
		options = append(options, kind.Option{Value: up, Label: o.up}, kind.Option{Value: "-" + string(o.sort), Label: o.down})
	}
	return options
}
