package account

import (
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

// PageSize returns Limit within its bounds.
func (q EventQuery) PageSize() int { return pageSize(q.Limit) }
