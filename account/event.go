package account

import (
	"slices"
	"time"

	"github.com/shopspring/decimal"
)

// EventKind is what happened to an account that its host should hear of.
type EventKind string

// The events that follow from money. Each is told once, when it comes true.
const (
	// EventLimitReached: no more than the notification limit is left.
	EventLimitReached EventKind = "limit.reached"
	// EventLimitCleared: more than the notification limit is left again.
	EventLimitCleared EventKind = "limit.cleared"
	// EventOverdrawEnded: the overdraw counts no longer; what was drawn stays as debt.
	EventOverdrawEnded EventKind = "overdraw.ended"
	// EventExhausted: what is left no longer pays for one message; without a
	// reference price, nothing is left.
	EventExhausted EventKind = "credit.exhausted"
)

// The events of webhooks: one of an account's URLs was switched off, so that nothing is
// sent there any more, or on again.
const (
	EventHookOff EventKind = "hook.off"
	EventHookOn  EventKind = "hook.on"
)

// eventCodes has every kind of event, with what it means.
var eventCodes = []Code{
	{string(EventLimitReached), "No more than the notification limit is left.", "Money"},
	{string(EventLimitCleared), "More than the notification limit is left again.", "Money"},
	{string(EventOverdrawEnded), "The overdraw counts no longer; what was drawn stays as debt.", "Money"},
	{string(EventExhausted), "What is left no longer pays for one message; without a reference price, nothing is left.", "Money"},
	{string(EventHookOff), "One of the client's URLs was switched off: nothing is sent there any more.", "Webhooks"},
	{string(EventHookOn), "A URL that was switched off is on again.", "Webhooks"},
}

// EventCodes returns every kind of event.
func EventCodes() []Code { return slices.Clone(eventCodes) }

// IsOfHook reports whether events of the kind are about a webhook, and not about money.
func (k EventKind) IsOfHook() bool { return k == EventHookOff || k == EventHookOn }

// Event is something that happened to an account, written with what caused it. Its
// account and number tell it from all others.
type Event struct {
	Account ID        `json:"account"`
	Number  int64     `json:"number"` // 1, 2, 3 within the account, without gaps
	Kind    EventKind `json:"kind"`
	At      time.Time `json:"at"`

	// The money as the event left it; zero where the event is about a webhook.
	Balance   decimal.Decimal   `json:"balance"`
	Held      decimal.Decimal   `json:"held"`
	Available decimal.Decimal   `json:"available"`
	Limit     NotificationLimit `json:"limit"` // of EventLimitReached and EventLimitCleared

	Hook HookKind `json:"hook"` // of EventHookOff and EventHookOn
	Code string   `json:"code"` // why, of EventHookOff: a code of package webhook
}

// EventQuery asks for events of an account, the oldest first.
type EventQuery struct {
	Account ID    `json:"account"`
	After   int64 `json:"after"` // numbers above
	Limit   int   `json:"limit"` // rows, at most MaxPage; 0 is 50
}

// PageSize is Limit within its bounds.
func (q EventQuery) PageSize() int { return pageSize(q.Limit) }

// Notice is the balance after it was told what came true by an instant, with what
// was to be told. available is what the account may spend: [Balance.Available], or
// for shared money what the accounts above and the caps leave. Noticing twice tells
// nothing the second time.
func (b Balance) Notice(available decimal.Decimal, now time.Time) (Balance, []Event) {
	events := b.notice(available, now)
	return b, events
}

// notice is Notice on the balance itself.
func (b *Balance) notice(available decimal.Decimal, now time.Time) (events []Event) {
	if b.overdrawEnded(now) {
		b.OverdrawOver = true
		events = append(events, b.event(EventOverdrawEnded, available, now))
	}
	reached, known := b.limitReached(available)
	switch {
	case known && reached && !b.Low:
		events = append(events, b.event(EventLimitReached, available, now))
	case known && !reached && b.Low:
		events = append(events, b.event(EventLimitCleared, available, now))
	}
	b.Low = known && reached
	exhausted := b.exhaustedAt(available)
	if exhausted && !b.Exhausted {
		events = append(events, b.event(EventExhausted, available, now))
	}
	b.Exhausted = exhausted
	return events
}

// event is the next one, told.
func (b *Balance) event(kind EventKind, available decimal.Decimal, now time.Time) Event {
	b.Events++
	e := Event{
		Account: b.Account, Number: b.Events, Kind: kind, At: now,
		Balance: b.Amount, Held: b.Held, Available: available,
	}
	if kind == EventLimitReached || kind == EventLimitCleared {
		e.Limit = b.Terms.Limit
	}
	return e
}

// HookOff is the balance after it was told that one of the account's webhook URLs was
// switched off, code saying why; with the event. Events are numbered by the balance,
// whatever they are about.
func (b Balance) HookOff(kind HookKind, code string, at time.Time) (Balance, Event) {
	b, e := b.hookSwitched(EventHookOff, kind, at)
	e.Code = code
	return b, e
}

// HookOn is HookOff for a URL that was switched on again.
func (b Balance) HookOn(kind HookKind, at time.Time) (Balance, Event) {
	return b.hookSwitched(EventHookOn, kind, at)
}

func (b Balance) hookSwitched(what EventKind, kind HookKind, at time.Time) (Balance, Event) {
	b.Version++
	b.Events++
	return b, Event{Account: b.Account, Number: b.Events, Kind: what, At: at, Hook: kind}
}

// overdrawEnded says whether an overdraw ended by an instant that nobody was told of.
func (b *Balance) overdrawEnded(now time.Time) bool {
	t := &b.Terms
	return !b.OverdrawOver && t.Overdraw.IsPositive() && !t.OverdrawEnds.IsZero() && !now.Before(t.OverdrawEnds)
}

// limitReached compares what is left with the limit; false where that cannot be
// told, because there is no limit or no price to count messages by. n messages are
// left while n prices are available, so at most n are left below n+1 prices.
func (b *Balance) limitReached(available decimal.Decimal) (reached, known bool) {
	limit := &b.Terms.Limit
	switch price, priced := b.Terms.Price.Get(); {
	case limit.Unit == UnitMoney && b.Terms.Shares.IsZero():
		return b.Amount.Sub(b.Held).LessThanOrEqual(limit.Number), true
	case limit.Unit == UnitMoney:
		return available.LessThanOrEqual(limit.Number), true
	case limit.Unit == UnitMessages && priced:
		return available.LessThan(price.Mul(limit.Number.Add(one))), true
	default:
		return false, false
	}
}

// one is never changed.
var one = decimal.NewFromInt(1)

// exhaustedAt says whether what is available no longer pays for one message.
func (b *Balance) exhaustedAt(available decimal.Decimal) bool {
	if price, priced := b.Terms.Price.Get(); priced && price.IsPositive() {
		return available.LessThan(price)
	}
	return !available.IsPositive()
}

// Messages is how many messages what is available pays for at the reference price,
// rounded down; false without a price, or where a message costs nothing.
func (b Balance) Messages(available decimal.Decimal) (decimal.Decimal, bool) {
	price, priced := b.Terms.Price.Get()
	if !priced || !price.IsPositive() {
		return decimal.Zero, false
	}
	if !available.IsPositive() {
		return decimal.Zero, true
	}
	whole, _ := available.QuoRem(price, 0)
	return whole, true
}

// Opened is the balance of a new account under its terms. Having nothing yet is no
// news: it is told of what comes true from the first movement on.
func Opened(id ID, t Terms, now time.Time) Balance {
	b := Balance{Account: id, Version: 1, Terms: t}
	b.Exhausted = b.exhaustedAt(b.Available(now))
	return b
}

// Under is the balance under other terms, with the events that follow. available is
// as in Notice, under the new terms.
func (b Balance) Under(t Terms, available decimal.Decimal, now time.Time) (Balance, []Event) {
	if !t.OverdrawEnds.Equal(b.Terms.OverdrawEnds) || !t.Overdraw.Equal(b.Terms.Overdraw) {
		b.OverdrawOver = false
	}
	b.Version++
	b.Terms = t
	return b.Notice(available, now)
}
