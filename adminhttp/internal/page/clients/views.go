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

// titleOf says in words what the list is narrowed to, so that a bookmark has a name.
func titleOf(r *ask.Request, s page.ListState, d kind.Directory) say.Text {
	var parts []say.Text
	if a := account.Attention(s.Attention); r.Judge.Attention(a) {
		parts = append(parts, attentionTitles[a])
	}
	if status := account.Status(s.Status); status != "" && page.KnownStatus(status) && r.Judge.Shows("status") {
		parts = append(parts, page.PillOf(status).Word)
	}
	if id, err := account.ParseID(s.Manager); err == nil && !id.IsZero() && r.Judge.Shows("manager") {
		parts = append(parts, d.ManagerName(id))
	}
	if id, err := account.ParseID(s.Product); err == nil && !id.IsZero() && r.Judge.Shows("notes.product") {
		parts = append(parts, d.ProductName(id))
	}
	if s.Search != "" {
		parts = append(parts, say.Textf("“%s”", s.Search))
	}
	if len(parts) == 0 {
		return "Clients"
	}
	return say.Textf("Clients: %s", say.Join(parts, ", "))
}

// attentionTitles say why clients need work.
var attentionTitles = map[account.Attention]say.Text{
	account.AttentionExhausted:      "exhausted",
	account.AttentionNearLimit:      "near their limit",
	account.AttentionOverdrawEnding: "with an overdraw about to end",
	account.AttentionExpiring:       "about to expire",
	account.AttentionWebhookFailing: "with a failing webhook",
	account.AttentionMailFailing:    "with failing mail",
	account.AttentionSilent:         "silent for 30 days",
	account.AttentionUnconfirmed:    "waiting for confirmation",
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
