package client

import (
	"errors"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
	"github.com/clientaccount/clientaccount/adminhttp/internal/page"
	"github.com/clientaccount/clientaccount/adminhttp/internal/words"
)

// facts are what stands now, above the form.
type facts struct {
	Status   *page.Pill
	Note     words.Text // why the status is as it is
	Channels []channelFact
	Clock    *words.Clock
	Changed  words.Moment
	By       string
	Created  words.Moment
}

type channelFact struct {
	Name words.Text
	On   bool
}

var channelFields = []struct {
	path string
	name words.Text
}{
	{"sending.smpp", "SMPP"}, {"sending.api", "API"}, {"sending.web", "Web"}, {"sending.rest", "RESTAPI"},
}

func newFacts(e editor, head page.Head) (facts, error) {
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
func (e editor) statusNote(status *page.Pill) words.Text {
	switch own := e.seen.StatusAt(e.now); {
	case status == nil:
		return ""
	case status.Word != page.PillOf(own).Word:
		return words.Textf("Stopped by the account above it; its own status is %s.", string(own))
	case own == account.StatusActive:
		return "" // the head says whether it may send
	case own == account.StatusExpired:
		return words.Textf("Stopped by its end, %s.", words.Relative(e.seen.Expires, e.now))
	default:
		return "Sends nothing."
	}
}

// readRecord returns the change that led to a revision, or account.ErrNotFound.
func readRecord(r *ask.Request, id account.ID, revision int64) (account.Record, error) {
	page, err := r.Service.Changes(r.Context(), account.ChangeQuery{Of: id, Before: revision + 1, Since: revision - 1, Limit: 1})
	if err != nil {
		return account.Record{}, err
	}
	if len(page) == 0 || revision < 1 {
		return account.Record{}, account.ErrNotFound
	}
	return page[0], nil
}
