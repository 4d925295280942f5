package page

import (
	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
	"github.com/clientaccount/clientaccount/adminhttp/internal/kind"
	"github.com/clientaccount/clientaccount/adminhttp/internal/markup"
	"github.com/clientaccount/clientaccount/adminhttp/internal/words"
	"github.com/clientaccount/clientaccount/internal/language"
)

// Pill is a status in a word and a colour.
type Pill struct {
	Word words.Text
	Tone string
}

// SayIn returns it as HTML in a language.
func (p Pill) SayIn(l *language.Language) any { return markup.HTML(l, p) }

// Mark writes it.
func (p Pill) Mark(w *markup.Writer) { p.MarkAbout(w, "") }

// MarkAbout writes it with a title.
func (p Pill) MarkAbout(w *markup.Writer, about words.Text) {
	w.Tag(`<span`).Attribute("class", "pill "+p.Tone).Told("title", about).Tag(`>`).Say(p.Word).Tag(`</span>`)
}

var statusPills = map[account.Status]Pill{
	account.StatusActive: {"Active", "good"}, account.StatusPending: {"Pending", "warn"}, account.StatusSuspended: {"Suspended", "warn"},
	account.StatusBlocked: {"Blocked", "bad"}, account.StatusClosed: {"Closed", "off"}, account.StatusExpired: {"Expired", "off"},
}

// PillOf returns a client's status.
func PillOf(s account.Status) Pill { return statusPills[s] }

// KnownStatus reports whether a status is one that clients can have.
func KnownStatus(s account.Status) bool { return statusPills[s].Tone != "" }

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
	List    Link  // of all of them; as it was, where it led here
	Before  *Link // beside this one in the list that led here; nil where there is none
	After   *Link
	base    string     // URL of all pages
	One     words.Text // what it is
	ID      string
	Name    words.Text
	Login   string
	Manager words.Text
	Product words.Text
	Status  *Pill
	Parent  *NameLink // of a subaccount, where the actor sees it
	Sends   *Sends
	Lasts   words.Text // until when the money does, at the present rate
	Pinned  *Pinned
	Lacks   []Lack // of a new client
	Links   []ask.Link
	Tabs    []Link
}

// Pinned is the note at the top of a client's pages.
type Pinned struct {
	Text string
	By   string // empty for who may not see the history
	When *words.Moment
}

// URL returns a page of this client, or product.
func (c Head) URL(page string) string { return c.base + "/" + c.ID + "/" + page }

// EntryURL returns the place of an entry in this client's ledger.
func (c Head) EntryURL(number int64) string { return EntryURL(c.URL("money"), number) }

// EntryURL returns the place of an entry in the ledger of a client whose money page is at a URL.
func EntryURL(money string, number int64) string {
	return StateURL(money, "entries", StateValues(number+1, nil))
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
		List: Link{Name: "Clients", Href: r.Root + "clients"}, base: r.Root + "clients", One: "client", ID: a.ID.String(), Name: words.Plain(seen.Name()), Login: seen.Core.Login,
		Manager: d.ManagerName(seen.Core.Manager), Product: d.ProductName(seen.Notes.Product),
	}
	if seen.Name() == "" {
		head.Name = "Client"
	}
	err := head.tell(r, a, seen, d)
	if err == nil {
		err = head.addPlace(r, a.ID, current)
	}
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

// tell fills in what is said of a client above the tabs.
func (c *Head) tell(r *ask.Request, a, seen account.Account, d kind.Directory) (err error) {
	if c.Status, err = statusPill(r, a); err != nil {
		return err
	}
	parent, err := r.Seen(a.Parent)
	if err != nil {
		return err
	}
	if parent != nil {
		above := LinkTo(r, *parent)
		c.Parent = &NameLink{Name: above.Name, Href: r.Root + "clients/" + parent.ID.String() + "/edit"}
	}
	if c.Sends, err = sendsOf(r, a, d); err != nil {
		return err
	}
	if c.Lasts, err = lastsOf(r, seen); err != nil {
		return err
	}
	if c.Pinned, err = pinnedOf(r, seen); err != nil {
		return err
	}
	if r.Links != nil {
		c.Links = r.Links(r.Received(), seen)
	}
	c.Lacks, err = lacks(r, a, d, *c)
	return err
}

// pinnedOf returns a client's note, and who wrote it when; nil where there is none to be seen.
func pinnedOf(r *ask.Request, seen account.Account) (*Pinned, error) {
	if seen.Notes.Pinned == "" {
		return nil, nil
	}
	note := &Pinned{Text: seen.Notes.Pinned}
	if !r.Judge.May(access.History) {
		return note, nil
	}
	written, err := r.Service.Changes(r.Context(), account.ChangeQuery{Of: seen.ID, Path: "notes.pinned", Limit: 1})
	if err == nil && len(written) == 1 {
		when := words.MomentOf(written[0].At, r.Service.Now(), words.Zone(seen))
		note.By, note.When = written[0].Actor.Name, &when
	}
	return note, err
}

// ListHead returns what the pages of one of a list begin with, with the tab current.
func ListHead(r *ask.Request, l ask.List, id account.ID, name, current string) Head {
	texts, needs := l.Texts(), l.Needs()
	head := Head{List: Link{Name: texts.Title, Href: r.Root + texts.Name}, base: r.Root + texts.Name, One: texts.One, ID: id.String(), Name: words.Plain(name)}
	if r.Judge.Meets(needs.Edit) {
		head.Tabs = append(head.Tabs, Link{"Edit", head.URL("edit"), current == "edit"})
	}
	if texts.Priced && r.Judge.Meets(access.ProductPrices.See) && r.Service.KeepsPrices() {
		head.Tabs = append(head.Tabs, Link{"Prices", head.URL("prices"), current == "prices"})
	}
	if r.Judge.Meets(needs.History) {
		head.Tabs = append(head.Tabs, Link{"History", head.URL("history"), current == "history"})
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
