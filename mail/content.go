package mail

import (
	"time"

	"github.com/clientaccount/clientaccount/account"
)

// LimitReached tells that no more than the notification limit is left.
type LimitReached struct {
	About
	Funds
	Limit account.NotificationLimit
}

// LimitCleared tells that more than the notification limit is left again.
type LimitCleared struct {
	About
	Funds
	Limit account.NotificationLimit
}

// CreditExhausted tells that nothing more can be sent until money comes in.
type CreditExhausted struct {
	About
	Funds
}

// OverdrawEnding tells that an overdraw will end soon.
type OverdrawEnding struct {
	About
	Funds
	Overdraw Money
	Ends     time.Time
}

// OverdrawEnded tells that an overdraw counts no longer.
type OverdrawEnded struct {
	About
	Funds
	Overdraw Money
}

// HookOff tells that one of the client's webhook URLs was switched off. The URL itself is
// not told: it may hold a token.
type HookOff struct {
	About
	Hook account.HookKind
	Code string // why, as in account.Event
}

// HookOn tells that a webhook URL was switched on again.
type HookOn struct {
	About
	Hook account.HookKind
}

// PasswordChanged tells that a password was changed, and not to which.
type PasswordChanged struct {
	About
	Gateway bool // the one for SMPP and API, and not the one to sign in with
}

// EmailChanged tells that one of the client's addresses was changed. It goes to their E-mail, which
// is the new one where that was changed, and to the old address.
type EmailChanged struct {
	About
	Field    string // the label of the address: "E-mail for billing"
	Old, New string // may be empty
}

// StatusChanged tells that the account's status was changed.
type StatusChanged struct {
	About
	Old, New account.Status
}

// DailyStatistics brings the figures of one day.
type DailyStatistics struct {
	About
	Funds
	Day     account.Date
	Figures []Figure // may be empty
	Total   Figure
}

// Figure is a row of statistics.
type Figure struct {
	Title             string // what is counted: a country and a network, or a state
	Messages, Parts   int64
	Charged, Refunded Money
}

// Statement brings the movements of a period.
type Statement struct {
	About
	Document
	Period           Period
	Opening, Closing Money
}

// Invoice brings an invoice.
type Invoice struct {
	About
	Document
	Period Period
	Total  Money // with taxes
}

// CreditNote brings a document by which an invoice, or a part of it, is taken back.
type CreditNote struct {
	About
	Document
	Invoice string // its number
	Total   Money  // with taxes
}

// PriceUpdate brings the client's prices and how they change.
type PriceUpdate struct {
	About
	From                  time.Time // the first change
	Up, Down, New, Closed int       // how many prices change how
}
