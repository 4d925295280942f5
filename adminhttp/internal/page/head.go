package page

import (
	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
	"github.com/clientaccount/clientaccount/adminhttp/internal/kind"
	"github.com/clientaccount/clientaccount/adminhttp/internal/words"
)

// Pill is a status in a word and a colour.
type Pill struct {
	Word words.Text
	Tone string
}

var statusPills = map[account.Status]Pill{
	account.StatusActive: {"Active", "good"}, account.StatusPending: {"Pending", "warn"}, account.StatusSuspended: {"Suspended", "warn"},
	account.StatusBlocked: {"Blocked", "bad"}, account.StatusClosed: {"Closed", "off"}, account.StatusExpired: {"Expired", "off"},
}

// PillOf returns a client's status.
func PillOf(s account.Status) Pill { return statusPills[s] }

// deliveryPills are the states of deliveries in words and a colour. What became of a message
// has other words: its client may have taken that it is undeliverable.
var deliveryPills = map[clientaccount.DeliveryState]Pill{
	clientaccount.DeliveryWaiting: {Word: "Waiting", Tone: "warn"},
	clientaccount.DeliveryDone:    {Word: "Taken by the URL", Tone: "good"},
	clientaccount.DeliveryDead:    {Word: "Given up", Tone: "bad"},
}

// DeliveryPill returns the state of a delivery.
func DeliveryPill(s clientaccount.DeliveryState) Pill { return deliveryPills[s] }

// Head is what every page of one client begins with, and those of a product.
type Head struct {
	List    Link       // of all of them
	One     words.Text // what it is
	ID      string
	Name    words.Text
	Login   string
	Manager words.Text
	Product words.Text
	Status  *Pill
	Tabs    []Link
}

// URL returns a page of this client, or product.
func (c Head) URL(page string) string { return c.List.Href + "/" + c.ID + "/" + page }

// EntryURL returns the place of an entry in this client's ledger.
func (c Head) EntryURL(number int64) string {
	return StateURL(c.URL("money"), "entries", StateValues(number+1, nil))
}

// ReadHead is NewHead for a page that needs the managers and products for nothing else.
func ReadHead(r *ask.Request, a account.Account, current string) (Head, error) {
	d, err := ReadDirectory(r)
	if err != nil {
		return Head{}, err
	}
	return NewHead(r, a, d, current)
}

// NewHead returns that of a client, with the tab current.
func NewHead(r *ask.Request, a account.Account, d kind.Directory, current string) (Head, error) {
	seen := r.Judge.Visible(a)
	head := Head{
		List: Link{Name: "Clients", Href: r.Root + "clients"}, One: "client", ID: a.ID.String(), Name: words.Plain(seen.Name()), Login: seen.Core.Login,
		Manager: d.ManagerName(seen.Core.Manager), Product: d.ProductName(seen.Notes.Product),
	}
	if seen.Name() == "" {
		head.Name = "Client"
	}
	status, err := statusPill(r, a)
	head.Status = status
	if err != nil {
		return head, err
	}
	head.Tabs = append(head.Tabs, Link{"Edit", head.URL("edit"), current == "edit"})
	if r.Judge.May(access.Money) {
		head.Tabs = append(head.Tabs, Link{"Money", head.URL("money"), current == "money"})
	}
	if r.SeesDocuments() {
		head.Tabs = append(head.Tabs, Link{"Documents", head.URL("documents"), current == "documents"})
	}
	if r.SeesMessages() {
		head.Tabs = append(head.Tabs, Link{"Messages", head.URL("messages"), current == "messages"})
	}
	if r.SeesPrices() {
		head.Tabs = append(head.Tabs, Link{"Prices", head.URL("prices"), current == "prices"})
	}
	if r.Judge.May(access.Decide) {
		head.Tabs = append(head.Tabs, Link{"Try a message", head.URL("decide"), current == "decide"})
	}
	if r.Judge.MayHook(access.Webhooks) {
		head.Tabs = append(head.Tabs, Link{"Webhooks", head.URL("webhooks"), current == "webhooks"})
	}
	beneath, err := countBeneath(r, a.ID)
	head.Tabs = append(head.Tabs, Link{beneath, head.URL("subaccounts"), current == "subaccounts"})
	if r.Judge.May(access.History) {
		head.Tabs = append(head.Tabs, Link{"History", head.URL("history"), current == "history"})
	}
	return head, err
}

// ProductHead returns what the pages of a product begin with, with the tab current.
func ProductHead(r *ask.Request, id account.ID, name, current string) Head {
	head := Head{List: Link{Name: "Products", Href: r.Root + "products"}, One: "product", ID: id.String(), Name: words.Plain(name)}
	if r.Judge.Meets(access.EditProduct) {
		head.Tabs = append(head.Tabs, Link{"Edit", head.URL("edit"), current == "edit"})
	}
	if r.Judge.Meets(access.ProductPrices.See) && r.Service.KeepsPrices() {
		head.Tabs = append(head.Tabs, Link{"Prices", head.URL("prices"), current == "prices"})
	}
	return head
}

// statusPill returns the status that counts, parents considered; nil when the actor may
// not see it.
func statusPill(r *ask.Request, a account.Account) (*Pill, error) {
	if f, _ := account.FieldAt("status"); !r.Judge.Shows(f.Path) {
		return nil, nil
	}
	status, err := r.Service.Status(r.Context(), a)
	if err != nil {
		return nil, err
	}
	p := PillOf(status)
	return &p, nil
}

// MaxBeneath is how many accounts the tree shows.
const MaxBeneath = 100

// countBeneath says on the tab of the accounts directly beneath one how many they are.
func countBeneath(r *ask.Request, id account.ID) (words.Text, error) {
	page, err := r.Service.List(r.Context(), r.Judge.Narrow(account.Query{Parent: account.Some(id), Limit: MaxBeneath}), "")
	switch {
	case err != nil || len(page.Rows) == 0:
		return "Subaccounts", err
	case page.Next != "":
		return words.Textf("Subaccounts %d+", MaxBeneath), nil
	default:
		return words.Textf("Subaccounts %d", len(page.Rows)), nil
	}
}
