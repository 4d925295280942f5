package adminhttp

import "github.com/clientaccount/clientaccount/account"

// holdRow is money set aside, as the page shows it.
type holdRow struct {
	Amount    string
	Messages  string
	Reference string
	By        *nameLink // who ordered it, when that is another account
	Made      moment
	Ends      moment
	Release   *moneyForm
}

func addHolds(p *moneyPage, v *moneyView) error {
	holds, err := p.r.svc.Holds(p.r.Context(), account.HoldQuery{Account: p.account.ID, Limit: moneyHolds + 1})
	if err != nil {
		return err
	}
	if v.More = len(holds) > moneyHolds; v.More {
		holds = holds[:moneyHolds]
	}
	for _, hold := range holds {
		hold, err := p.r.judge.Hold(p.r.Context(), hold)
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
	now, zone := p.r.svc.Now(), zoneOf(p.seen)
	row := holdRow{
		Amount: moneyWords(hold.Amount, p.seen.Core.Currency), Messages: messageCount(hold.Messages), Reference: hold.Reference,
		Made: momentOf(hold.At, now, zone), Ends: momentOf(hold.Until, now, zone),
	}
	if orderedHere(hold.Chain, p.account.ID) {
		if p.r.judge.MayMove(ActionCharge) {
			form := p.form("releaseHold", hold.Reference)
			row.Release = &form
		}
		return row, nil
	}
	by, err := nameOnce(p, hold.Chain[0])
	row.By = &by
	row.Reference, _ = account.OrderedReference(hold.Reference)
	return row, err
}

// orderedHere says whether a movement of shared money was ordered by this account,
// as all others are.
func orderedHere(chain []account.ID, id account.ID) bool { return len(chain) == 0 || chain[0] == id }

func messageCount(n int64) string {
	switch n {
	case 0:
		return ""
	case 1:
		return "1 message"
	default:
		return grouped(num(n)) + " messages"
	}
}

// eventRow is something that happened to the client's money, or to a webhook.
type eventRow struct {
	Words string
	Tone  string
	Left  string
	When  moment
}

// moneyEvents is how many of the newest events the page shows.
const moneyEvents = 10

func addEvents(p *moneyPage, v *moneyView) error {
	if p.standing == nil {
		return nil
	}
	after := max(0, p.standing.Events-moneyEvents)
	events, err := p.r.svc.Events(p.r.Context(), account.EventQuery{Account: p.account.ID, After: after, Limit: moneyEvents})
	for i := len(events) - 1; i >= 0; i-- {
		if !p.r.judge.Event(events[i], p.sums) {
			continue
		}
		v.Events = append(v.Events, p.eventRow(events[i], momentOf(events[i].At, p.r.svc.Now(), zoneOf(p.seen))))
	}
	return err
}

func (p *moneyPage) eventRow(e account.Event, when moment) eventRow {
	row := eventRow{When: when}
	if p.sums.Available && !e.Kind.IsOfHook() {
		row.Left = moneyWords(e.Available, p.seen.Core.Currency) + " available"
	}
	switch e.Kind {
	case account.EventHookOff:
		row.Words, row.Tone, row.Left = hookNames[e.Hook]+" switched off", "bad", codeWords(e.Code)
	case account.EventHookOn:
		row.Words, row.Tone = hookNames[e.Hook]+" switched on again", "good"
	case account.EventLimitReached:
		row.Words, row.Tone = "Notification limit reached", "warn"
	case account.EventLimitCleared:
		row.Words, row.Tone = "Above the notification limit again", "good"
	case account.EventOverdrawEnded:
		row.Words, row.Tone = "Overdraw ended; what was drawn stays as debt", "warn"
	case account.EventExhausted:
		row.Words, row.Tone = "Nothing left to send with", "bad"
	default:
		row.Words = string(e.Kind)
	}
	if !e.Limit.IsZero() && p.r.judge.Shows("notification_limit") {
		row.Words += " (" + limitWords(e.Limit, p.seen.Core.Currency) + ")"
	}
	return row
}

func limitWords(l account.NotificationLimit, c account.Currency) string {
	if l.Unit == account.UnitMoney {
		return moneyWords(l.Number, c)
	}
	return grouped(l.Number.String()) + " messages"
}
