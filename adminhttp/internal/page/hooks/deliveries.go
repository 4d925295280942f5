package hooks

import (
	"net/url"
	"slices"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
	"github.com/clientaccount/clientaccount/adminhttp/internal/kind"
	"github.com/clientaccount/clientaccount/adminhttp/internal/page"
	"github.com/clientaccount/clientaccount/adminhttp/internal/words"
)

// deliveriesView is a page of a client's deliveries, the newest first.
type deliveriesView struct {
	page.Pager
	State  hookState
	Kinds  []kind.Option
	States []kind.Option
	Rows   []deliveryRow
	Sends  bool // a row has a button
}

// deliveryRow is a delivery, as the page shows it. Its content is not on it.
type deliveryRow struct {
	ID      string
	Name    words.Text // of the webhook
	Message string
	Made    words.Moment
	Pill    page.Pill
	Tries   words.Text
	Outcome words.Text // of the last try
	Details words.Text
	Reply   string // the beginning of what the far end said
	Next    *words.Moment
	Ended   *words.Moment
	Again   bool // has the button
}

// hookState is what the URL says of the deliveries shown.
type hookState struct {
	Kind, State, Message string
	Before               int64 // below the delivery of this number; 0: the newest
}

// deliveryPage is how many deliveries a page shows.
const deliveryPage = 25

func readHookState(r *ask.Request) hookState {
	q := r.URL.Query()
	s := hookState{Kind: q.Get("kind"), State: q.Get("state"), Message: q.Get("message")}
	if before, ok := page.RevisionOf(q, "before"); ok {
		s.Before = before
	}
	if !slices.Contains(r.Judge.Hooks(), account.HookKind(s.Kind)) {
		s.Kind = ""
	}
	if !slices.Contains(ask.DeliveryStates(), clientaccount.DeliveryState(s.State)) {
		s.State = ""
	}
	return s
}

// values returns the state as a query.
func (s hookState) values(before int64) url.Values {
	return page.StateValues(before, map[string]string{"kind": s.Kind, "state": s.State, "message": s.Message})
}

// URL returns the page in this state, below the delivery numbered before.
func (s hookState) URL(shown string, before int64) string {
	return page.StateURL(shown, "deliveries", s.values(before))
}

func addDeliveries(p *hooksPage, v *hooksView) error {
	shown, s := v.Head.URL("webhooks"), p.state
	list := deliveriesView{State: s, Pager: page.Pager{
		One: "delivery", Many: "deliveries", None: "Nothing was sent yet.",
		Clear: shown + "#deliveries", Filtered: s != hookState{Before: s.Before},
	}}
	for _, hook := range p.r.Judge.Hooks() {
		list.Kinds = append(list.Kinds, kind.Option{Value: string(hook), Label: words.HookName(hook)})
	}
	for _, state := range ask.DeliveryStates() {
		list.States = append(list.States, kind.Option{Value: string(state), Label: page.DeliveryPill(state).Word})
	}
	deliveries, err := p.r.Deliveries(clientaccount.DeliveryQuery{
		Account: p.account.ID, Kind: account.HookKind(s.Kind), State: clientaccount.DeliveryState(s.State),
		Message: s.Message, Before: s.Before, Limit: deliveryPage + 1,
	})
	if err != nil {
		return err
	}
	deliveries, more := ask.Cut(deliveries, deliveryPage)
	if more {
		list.Older = s.URL(shown, deliveries[deliveryPage-1].Seq)
	}
	if s.Before > 0 {
		list.Newest = s.URL(shown, 0)
	}
	for _, d := range deliveries {
		row := p.deliveryRow(d)
		list.Rows = append(list.Rows, row)
		list.Sends = list.Sends || row.Again
	}
	list.Shown = len(list.Rows)
	v.Deliveries = &list
	return nil
}

func (p *hooksPage) deliveryRow(d clientaccount.Delivery) deliveryRow {
	row := deliveryRow{
		ID: d.ID.String(), Name: words.HookName(d.Hook.Kind), Message: d.Message, Made: p.moment(d.CreatedAt),
		Pill: page.DeliveryPill(d.State), Tries: words.Tries(d.Tries), Reply: d.Last.Reply,
	}
	if d.Last.Code != "" {
		row.Outcome, row.Details = tryWords(d.Last)
	}
	if d.State == clientaccount.DeliveryWaiting {
		next := p.moment(d.DueAt)
		if row.Next = &next; !d.DueAt.After(p.now) {
			next.Words = "due now"
		}
		return row
	}
	ended := p.moment(d.EndedAt)
	row.Ended = &ended
	sendable := d.State == clientaccount.DeliveryDead && d.Last.Code != words.CodeOvertaken
	row.Again = sendable && p.r.Judge.MayHook(access.Replay)
	return row
}
