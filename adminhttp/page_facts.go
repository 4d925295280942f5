package adminhttp

import (
	"errors"
	"strings"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
	"github.com/clientaccount/clientaccount/adminhttp/internal/kind"
	"github.com/clientaccount/clientaccount/adminhttp/internal/words"
)

// pill is a status in a word and a colour.
type pill struct{ Word, Tone string }

var tones = map[account.Status]string{
	account.StatusActive: "good", account.StatusPending: "warn", account.StatusSuspended: "warn",
	account.StatusBlocked: "bad", account.StatusClosed: "off", account.StatusExpired: "off",
}

func pillOf(s account.Status) pill {
	return pill{strings.ToUpper(string(s[:1])) + string(s[1:]), tones[s]}
}

// clientHead is what every page of one client begins with.
type clientHead struct {
	Root, ID    string
	Name, Login string
	Manager     string
	Product     string
	Status      *pill
	Tabs        []pageLink
}

// URL is a page of this client.
func (c clientHead) URL(page string) string { return c.Root + "clients/" + c.ID + "/" + page }

func newHead(r *ask.Request, a account.Account, d kind.Directory, current string) (clientHead, error) {
	seen := r.Judge.Visible(a)
	head := clientHead{
		Root: r.Root, ID: a.ID.String(), Name: seen.Name(), Login: seen.Core.Login,
		Manager: d.ManagerName(seen.Core.Manager), Product: d.ProductName(seen.Notes.Product),
	}
	if head.Name == "" {
		head.Name = "Client"
	}
	status, err := statusPill(r, a)
	head.Status = status
	if err != nil {
		return head, err
	}
	head.Tabs = append(head.Tabs, pageLink{"Edit", head.URL("edit"), current == "edit"})
	if r.Judge.May(access.Money) {
		head.Tabs = append(head.Tabs, pageLink{"Money", head.URL("money"), current == "money"})
	}
	if r.Judge.May(access.Decide) {
		head.Tabs = append(head.Tabs, pageLink{"Try a message", head.URL("decide"), current == "decide"})
	}
	if r.Judge.MayHook(access.Webhooks) {
		head.Tabs = append(head.Tabs, pageLink{"Webhooks", head.URL("webhooks"), current == "webhooks"})
	}
	beneath, err := countBeneath(r, a.ID)
	head.Tabs = append(head.Tabs, pageLink{strings.TrimSpace("Subaccounts " + beneath), head.URL("subaccounts"), current == "subaccounts"})
	if r.Judge.May(access.History) {
		head.Tabs = append(head.Tabs, pageLink{"History", head.URL("history"), current == "history"})
	}
	return head, err
}

// standing is the status that counts, parents considered; nil when the actor may
// not see it.
func statusPill(r *ask.Request, a account.Account) (*pill, error) {
	if f, _ := account.FieldAt("status"); !r.Judge.Shows(f.Path) {
		return nil, nil
	}
	status, err := r.Service.Status(r.Context(), a)
	if err != nil {
		return nil, err
	}
	p := pillOf(status)
	return &p, nil
}

// facts are what stands now, above the form.
type facts struct {
	Status   *pill
	Note     string // why the status is as it is
	Channels []channelFact
	Clock    *words.Clock
	Changed  words.Moment
	By       string
	Created  words.Moment
}

type channelFact struct {
	Name string
	On   bool
}

var channelFields = []struct{ path, name string }{
	{"sending.smpp", "SMPP"}, {"sending.api", "API"}, {"sending.web", "Web"}, {"sending.rest", "RESTAPI"},
}

func newFacts(e editor, head clientHead) (facts, error) {
	a, r := e.seen, e.r
	f := facts{
		Status: head.Status, Changed: words.MomentOf(a.UpdatedAt, e.now, words.Zone(a)),
		Created: words.MomentOf(a.CreatedAt, e.now, words.Zone(a)), Note: e.statusNote(head.Status),
	}
	for _, channel := range channelFields {
		field, _ := account.FieldAt(channel.path)
		if r.Judge.Shows(field.Path) {
			f.Channels = append(f.Channels, channelFact{channel.name, field.Text(a) == "true"})
		}
	}
	if r.Judge.Shows("time_zone", "dispatch") {
		drawn := words.ClockOf(a, e.now)
		f.Clock = &drawn
	}
	last, err := readRecord(r, e.account.ID, e.account.Revision)
	if err == nil && r.Judge.May(access.History) {
		f.By = last.Actor.Name
	}
	if errors.Is(err, account.ErrNotFound) {
		err = nil
	}
	return f, err
}

// statusNote says why the client may or may not send.
func (e editor) statusNote(status *pill) string {
	switch own := e.seen.StatusAt(e.now); {
	case status == nil:
		return ""
	case status.Word != pillOf(own).Word:
		return "Stopped by the account above it; its own status is " + string(own) + "."
	case own == account.StatusActive:
		return "May send."
	case own == account.StatusExpired:
		return "Stopped by its end, " + words.Relative(e.seen.Expires, e.now) + "."
	default:
		return "Sends nothing."
	}
}

// record is the change that led to a revision, or account.ErrNotFound.
func readRecord(r *ask.Request, id account.ID, revision int64) (account.Record, error) {
	page, err := r.Service.Changes(r.Context(), account.ChangeQuery{Account: id, Before: revision + 1, Since: revision - 1, Limit: 1})
	if err != nil {
		return account.Record{}, err
	}
	if len(page) == 0 || revision < 1 {
		return account.Record{}, account.ErrNotFound
	}
	return page[0], nil
}
