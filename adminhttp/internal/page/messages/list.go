package messages

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/message"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
	"github.com/clientaccount/clientaccount/adminhttp/internal/kind"
	"github.com/clientaccount/clientaccount/adminhttp/internal/page"
	"github.com/clientaccount/clientaccount/adminhttp/internal/words"
)

// listView is a page of a client's messages, the newest first.
type listView struct {
	page.Pager
	State  listState
	States []kind.Option
	Stages []kind.Option
	Parts  access.Parts
	Rows   []row
	Files  []page.Link // the messages as files
}

// row is a message, as the page shows it.
type row struct {
	ID, URL     string
	ClientRef   string
	Admitted    words.Moment
	Destination string
	Sender      string
	Channel     words.Text // it came by
	Parts       int
	Pill        page.Pill
	Notes       []words.Text // on its state
	Cost        words.Text
	Money       words.Text // where that is
}

// listState is what the URL says of the messages shown.
type listState struct {
	ID, Ref, NetworkID, Destination, State, Stage, Day string
	Before                                             int64
}

// listPage is how many messages a page shows.
const listPage = 50

func readListState(q url.Values, parts access.Parts) listState {
	s := listState{
		ID: q.Get("id"), Ref: q.Get("client_ref"), NetworkID: q.Get("network_id"), Destination: q.Get("destination"),
		State: q.Get("state"), Stage: q.Get("stage"), Day: q.Get("day"),
	}
	if before, ok := page.RevisionOf(q, "before"); ok {
		s.Before = before
	}
	if !parts.Destination {
		s.Destination = ""
	}
	if _, err := account.ParseMessageState(s.State); err != nil {
		s.State = ""
	}
	if !slices.Contains(ask.MessageStages(), message.Stage(s.Stage)) {
		s.Stage = ""
	}
	if _, ok := words.DayOf(s.Day); !ok {
		s.Day = ""
	}
	return s
}

// query returns the state as the Service is asked; the day is one of the client's clock.
func (s listState) query(a account.Account) message.Query {
	q := message.Query{
		Account: a.ID, ID: s.ID, ClientRef: s.Ref, NetworkID: s.NetworkID, Destination: dialled(s.Destination),
		Stage: message.Stage(s.Stage), Before: s.Before, Limit: listPage + 1,
	}
	if state, err := account.ParseMessageState(s.State); err == nil {
		q.State = account.Some(state)
	}
	if day, ok := words.DayOf(s.Day); ok {
		window := day.In(words.Zone(a))
		q.From, q.To = window.From, window.To
	}
	return q
}

// dialled returns a number as messages have it, of one that was typed or pasted: its digits.
// What is no number stays as it is.
func dialled(typed string) string {
	digits := strings.NewReplacer("+", "", " ", "", "-", "", "(", "", ")", "", "\u00a0", "").Replace(typed)
	if strings.ContainsFunc(digits, func(c rune) bool { return c < '0' || c > '9' }) {
		return typed
	}
	return digits
}

// URL returns the page in this state, below the message whose hold is the entry numbered before.
func (s listState) URL(shown string, before int64) string {
	return page.StateURL(shown, "list", s.values(before))
}

func (s listState) values(before int64) url.Values {
	return page.StateValues(before, map[string]string{
		"id": s.ID, "client_ref": s.Ref, "network_id": s.NetworkID, "destination": s.Destination, "state": s.State, "stage": s.Stage, "day": s.Day,
	})
}

// exportMessages answers with the messages that the page's filters find as a file.
func exportMessages(w http.ResponseWriter, r *ask.Request) error {
	s := readListState(r.URL.Query(), r.Judge.Parts())
	s.Before = 0
	return page.Export(w, r, r.ExportMessages(s.query(r.Judge.Visible(r.Client))))
}

func newList(p *messagesPage) (*listView, error) {
	s, shown := readListState(p.r.URL.Query(), p.parts), p.head.URL("messages")
	list := &listView{State: s, Parts: p.parts, Pager: page.Pager{
		One: "message", Many: "messages", None: "No message was admitted yet.",
		Clear: shown + "#list", Filtered: s != listState{Before: s.Before},
	}}
	list.Files = page.ExportLinks(p.r, access.ExportMessages, p.head.URL("messages/export"), s.values(0))
	for _, state := range account.MessageStates() {
		list.States = append(list.States, kind.Option{Value: state.String(), Label: words.Textf("%s, %s", words.MessageState(state), state.String())})
	}
	for _, stage := range ask.MessageStages() {
		list.Stages = append(list.Stages, kind.Option{Value: string(stage), Label: words.MessageStage(stage)})
	}
	found, err := p.r.Service.Messages(p.r.Context(), s.query(p.seen))
	if err != nil {
		return nil, err
	}
	found, more := ask.Cut(found, listPage)
	if more {
		list.Older = s.URL(shown, found[listPage-1].Entries.Hold)
	}
	if s.Before > 0 {
		list.Newest = s.URL(shown, 0)
	}
	var column []decimal.Decimal
	for _, m := range found {
		column = append(column, m.Cost())
	}
	p.places = words.Places(p.seen.Core.Currency, column...)
	for _, m := range found {
		list.Rows = append(list.Rows, p.row(m))
	}
	list.Shown = len(list.Rows)
	return list, nil
}

func (p *messagesPage) row(m message.Message) row {
	r := row{
		ID: m.ID, URL: p.storyURL(m.ID), ClientRef: m.ClientRef, Admitted: p.moment(m.AdmittedAt), Sender: m.Sender,
		Channel: words.Channel(m.Channel), Parts: m.Parts, Pill: statePill(m), Notes: stateNotes(m),
	}
	if p.parts.Destination {
		r.Destination = m.Destination
	}
	if p.parts.Money {
		r.Cost, r.Money = p.aligned(m.Cost()), words.MessageMoney(m)
	}
	return r
}
