package ledger

import (
	"time"

	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount/account"
)

// Notice returns the balance after the events that came true by an instant, and these
// events. available is what the account may spend: [account.Balance.Available], or for
// shared money what the accounts above and the caps leave. Noticing twice finds nothing the
// second time.
func Notice(b account.Balance, available decimal.Decimal, now time.Time) (account.Balance, []account.Event) {
	events := notice(&b, available, now)
	return b, events
}

// notice is Notice on the balance itself.
func notice(b *account.Balance, available decimal.Decimal, now time.Time) (events []account.Event) {
	if overdrawEnded(b, now) {
		b.OverdrawOver = true
		events = append(events, event(b, account.EventOverdrawEnded, available, now))
	}
	reached, known := limitReached(b, available)
	switch {
	case known && reached && !b.Low:
		events = append(events, event(b, account.EventLimitReached, available, now))
	case known && !reached && b.Low:
		events = append(events, event(b, account.EventLimitCleared, available, now))
	}
	b.Low = known && reached
	exhausted := isExhausted(b, available)
	if exhausted && !b.Exhausted {
		events = append(events, event(b, account.EventExhausted, available, now))
	}
	b.Exhausted = exhausted
	return events
}

// event returns the next event of an account.
func event(b *account.Balance, kind account.EventKind, available decimal.Decimal, now time.Time) account.Event {
	b.Events++
	e := account.Event{
		Account: b.Account, Number: b.Events, Kind: kind, At: now,
		Balance: b.Amount, Held: b.Held, Available: available,
	}
	if kind == account.EventLimitReached || kind == account.EventLimitCleared {
		e.Limit = b.Terms.Limit
	}
	return e
}

// overdrawEnded reports whether an overdraw ended by an instant, without an event so far.
func overdrawEnded(b *account.Balance, now time.Time) bool {
	t := &b.Terms
	return !b.OverdrawOver && t.Overdraw.IsPositive() && !t.OverdrawEnds.IsZero() && !now.Before(t.OverdrawEnds)
}

// limitReached compares what is left with the limit; false where that cannot be
// told, because there is no limit or no price to count messages by. n messages are
// left while n prices are available, so at most n are left below n+1 prices.
func limitReached(b *account.Balance, available decimal.Decimal) (reached, known bool) {
	limit := &b.Terms.Limit
	switch price, priced := b.Terms.Price.Get(); {
	case limit.Unit == account.UnitMoney && b.Terms.Shares.IsZero():
		return b.Amount.Sub(b.Held).LessThanOrEqual(limit.Number), true
	case limit.Unit == account.UnitMoney:
		return available.LessThanOrEqual(limit.Number), true
	case limit.Unit == account.UnitMessages && priced:
		return available.LessThan(price.Mul(limit.Number.Add(one))), true
	default:
		return false, false
	}
}

// NearLimit reports whether what is left is at or below the notification limit; false where that
// cannot be told.
func NearLimit(b account.Balance, available decimal.Decimal) bool {
	reached, known := limitReached(&b, available)
	return known && reached
}

// Exhausted reports whether what is available no longer pays for one message.
func Exhausted(b account.Balance, available decimal.Decimal) bool { return isExhausted(&b, available) }

// one is never changed.
var one = decimal.NewFromInt(1)

// isExhausted reports whether what is available no longer pays for one message.
func isExhausted(b *account.Balance, available decimal.Decimal) bool {
	if price, priced := b.Terms.Price.Get(); priced && price.IsPositive() {
		return available.LessThan(price)
	}
	return !available.IsPositive()
}
