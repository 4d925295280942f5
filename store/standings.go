package store

import (
	"context"
	"time"

	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount/account"
)

// Standings is the ability of a store to keep beside its accounts what the Clients list is sorted
// and narrowed by and only the money rule knows. Without it, rows of the list have no money. The
// Service works standings out, after the fact: a movement of money writes none.
type Standings interface {
	// StandingsBehind are accounts whose standing is to be put anew, at most limit: whose money
	// moved, or its terms changed, since; which were edited since; of which a webhook began or
	// ceased to fail, or a mail was tried; whose payer's standing was put; or whose standing says
	// that time changed it by now. Who asks at the same time may be given the same ones.
	StandingsBehind(ctx context.Context, now time.Time, limit int) ([]Behind, error)
	// PutStandings keeps standings in place of any before, and what webhooks and mails of the
	// accounts are like by now. Accounts that spend the money of one
	// of these, and are not among them, are behind from then on. Accounts that are not there
	// are passed over.
	PutStandings(ctx context.Context, ss ...Standing) error
}

// Behind is an account whose standing is to be put anew.
type Behind struct {
	Account account.ID
	Marks   int64 // how often it was said of the account that it is behind
}

// Standing is how an account's money stood when it was looked at.
type Standing struct {
	Account account.ID
	// Marks are those of Behind: an account of which it was said again meanwhile is still behind.
	Marks     int64
	Version   int64           // of the account's balance
	Moved     time.Time       // by the last entry; zero before the first
	Balance   decimal.Decimal // its own
	Available decimal.Decimal
	Exhausted bool // see account.AttentionExhausted
	NearLimit bool // see account.AttentionNearLimit
	// OverdrawEnds is when an overdraw of its own ends that is not over; zero for none.
	OverdrawEnds time.Time
	ChangesAt    time.Time // when time changes the rest; zero for never
}
