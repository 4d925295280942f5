package money

import (
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
	"github.com/clientaccount/clientaccount/adminhttp/internal/page"
	"github.com/clientaccount/clientaccount/adminhttp/internal/words"
)

// holdRow is money set aside, as the page shows it.
type holdRow struct {
	Amount    words.Text
	Messages  words.Text
	Reference string
	By        *page.NameLink // who spent it, when that is another account
	Made      words.Moment
	Ends      words.Moment
	Release   *Form
}

func addHolds(p *moneyPage, v *moneyView) error {
	holds, err := p.r.Service.Holds(p.r.Context(), account.HoldQuery{Account: p.account.ID, Limit: moneyHolds + 1})
	if err != nil {
		return err
	}
	holds, v.More = ask.Cut(holds, moneyHolds)
	for _, hold := range holds {
		hold, err := p.r.Judge.Hold(p.r.Context(), hold)
		if err != nil {
			return err
		}
		row, err := newHoldRow(p, hold)
		if err != nil {
			return err
		}
		v.Holds, v.Releases = append(v.Holds, row), v.Releases || row.Release != nil
	}
	return nil
}

func newHoldRow(p *moneyPage, hold account.Hold) (holdRow, error) {
	now, zone := p.r.Service.Now(), words.Zone(p.seen)
	row := holdRow{
		Amount: words.Money(hold.Amount, p.seen.Core.Currency), Messages: words.Messages(hold.Messages), Reference: hold.Reference,
		Made: words.MomentOf(hold.At, now, zone), Ends: words.MomentOf(hold.Until, now, zone),
	}
	if askedHere(hold.Chain, p.account.ID) {
		if p.r.Judge.MayMove(access.Charge) {
			form := p.form("releaseHold", hold.Reference)
			row.Release = &form
		}
		return row, nil
	}
	by, err := nameOnce(p, hold.Chain[0])
	row.By = &by
	row.Reference, _ = account.CallerReference(hold.Reference)
	return row, err
}

// askedHere reports whether a movement of shared money was asked of this account,
// as all others are.
func askedHere(chain []account.ID, id account.ID) bool { return len(chain) == 0 || chain[0] == id }

// eventRow is something that happened to the client's money, or to a webhook.
type eventRow struct {
	Words words.Text
	Tone  string
	Left  words.Text
	When  words.Moment
}

// moneyEvents is how many of the newest events the page shows.
const moneyEvents = 10

func addEvents(p *moneyPage, v *moneyView) error {
	if p.standing == nil {
		return nil
	}
	after := max(0, p.standing.Events-moneyEvents)
	events, err := p.r.Service.Events(p.r.Context(), account.EventQuery{Account: p.account.ID, After: after, Limit: moneyEvents})
	for i := len(events) - 1; i >= 0; i-- {
		if !p.r.Judge.Event(events[i], p.sums) {
			continue
		}
		v.Events = append(v.Events, p.eventRow(events[i], words.MomentOf(events[i].At, p.r.Service.Now(), words.Zone(p.seen))))
	}
	return err
}

func (p *moneyPage) eventRow(e account.Event, when words.Moment) eventRow {
	row := eventRow{When: when}
	if p.sums.Available && !e.Kind.IsOfHook() {
		row.Left = words.Textf("%s available", words.Money(e.Available, p.seen.Core.Currency))
	}
	switch e.Kind {
	case account.EventHookOff:
		row.Words, row.Tone, row.Left = words.Textf("%s switched off", words.HookName(e.Hook)), "bad", words.HookCode(e.Code)
	case account.EventHookOn:
		row.Words, row.Tone = words.Textf("%s switched on again", words.HookName(e.Hook)), "good"
	case account.EventLimitReached:
		row.Words, row.Tone = "Notification limit reached", "warn"
	case account.EventLimitCleared:
		row.Words, row.Tone = "Above the notification limit again", "good"
	case account.EventOverdrawEnded:
		row.Words, row.Tone = "Overdraw ended; what was drawn stays as debt", "warn"
	case account.EventExhausted:
		row.Words, row.Tone = "Nothing left to send with", "bad"
	default:
		row.Words = words.Plain(string(e.Kind))
	}
	if !e.Limit.IsZero() && p.r.Judge.Shows("notification_limit") {
		row.Words = words.Textf("%s (%s)", row.Words, words.Limit(e.Limit, p.seen.Core.Currency))
	}
	return row
}
