package account

import (
	"strings"
	"time"

	"github.com/shopspring/decimal"
)

// Entry is one line of an account's ledger, never changed once written. The
// balance is the sum of all Amounts, what is held the sum of all Helds. Entries ascend
// in time as their numbers do.
//
// A movement of an account that shares money (see [Terms]) is an entry in the
// ledger of every account of its Chain: in the last one's the money moves, in the
// others' it counts as Spent.
type Entry struct {
	Account   ID              `json:"account"`
	Number    int64           `json:"number"` // 1, 2, 3 within the account, without gaps
	Kind      MovementKind    `json:"kind"`
	Amount    decimal.Decimal `json:"amount"`  // effect on the balance
	Held      decimal.Decimal `json:"held"`    // effect on what is held
	After     decimal.Decimal `json:"balance"` // balance after
	HeldAfter decimal.Decimal `json:"held_after"`
	// Limit is credit and overdraw as they counted, and what holds that had timed out, but
	// were not ended yet, still had: After - HeldAfter may go as far below zero.
	Limit       decimal.Decimal `json:"limit"`
	Shared      decimal.Decimal `json:"shared"` // money that moved in the last account of Chain instead of here
	Spent       decimal.Decimal `json:"spent"`  // effect on what the account spent of it this month
	SpentAfter  decimal.Decimal `json:"spent_after"`
	Messages    int64           `json:"messages"`
	Reference   string          `json:"reference"`
	Fingerprint Fingerprint     `json:"fingerprint"`
	Actor       Actor           `json:"actor"`
	Second      Actor           `json:"second"` // who confirmed it, where a second person had to
	Reason      string          `json:"reason"`
	Hold        string          `json:"hold"`  // KindCapture, KindRelease, KindExpire: reference of the hold
	Until       time.Time       `json:"until"` // KindHold: when the hold ends by itself
	Of          int64           `json:"of"`    // KindRefund: number of the entry given back, in the ledger of the account it was asked of; else 0
	Other       ID              `json:"other"` // KindTransferOut, KindTransferIn: the other account
	Chain       []ID            `json:"chain"` // of shared money: from the account the movement was asked of up to who paid; else nil
	At          time.Time       `json:"at"`
}

// Moved returns the money that the entry is about, whoever paid: a charge of 5 is -5, a
// capture's the part that was taken.
func (e Entry) Moved() decimal.Decimal {
	if e.IsShared() {
		return e.Shared
	}
	return e.Amount
}

// IsShared reports whether the entry is of shared money, in the ledger of an account that
// does not pay: its money moved in the ledger of an account above.
func (e Entry) IsShared() bool { return isShared(e.Account, e.Chain) }

func isShared(id ID, chain []ID) bool { return len(chain) > 0 && id != chain[len(chain)-1] }

// Hold is money set aside under a reference until it is captured, released, or
// times out.
type Hold struct {
	Account   ID              `json:"account"`
	Reference string          `json:"reference"`
	Amount    decimal.Decimal `json:"amount"`
	Messages  int64           `json:"messages"`
	At        time.Time       `json:"at"`    // when it was made
	Until     time.Time       `json:"until"` // the first instant at which it no longer stands
	Chain     []ID            `json:"chain"` // as the entry's
}

// IsShared reports whether the money of the hold is that of an account above.
func (h Hold) IsShared() bool { return isShared(h.Account, h.Chain) }

// Stands reports whether the hold has not timed out at an instant.
func (h Hold) Stands(now time.Time) bool { return now.Before(h.Until) }

// EntryQuery asks for a page of an account's entries, the newest first unless
// Oldest. The zero value of each filter asks for everything.
type EntryQuery struct {
	Account   ID             `json:"account"`
	Kinds     []MovementKind `json:"kinds"`
	Reference string         `json:"reference"`
	Prefix    bool           `json:"prefix"` // references that begin so, too: the first MaxPage of them, bytewise
	Hold      string         `json:"hold"`   // captures, releases and expiries of this hold
	From      time.Time      `json:"from"`
	To        time.Time      `json:"to"`     // From <= At < To
	Before    int64          `json:"before"` // numbers below; 0 for no bound
	After     int64          `json:"after"`  // numbers above
	Oldest    bool           `json:"oldest"` // the oldest first
	Limit     int            `json:"limit"`  // rows, at most MaxPage; 0 is 50
}

// PageSize returns Limit within its bounds.
func (q EntryQuery) PageSize() int { return pageSize(q.Limit) }

// HoldQuery asks for the holds of an account that no entry ended, by time-out and
// then reference.
type HoldQuery struct {
	Account ID        `json:"account"`
	Due     time.Time `json:"due"`   // only those whose Until has come by then; zero for all
	After   *Hold     `json:"after"` // those behind this one
	Limit   int       `json:"limit"` // rows, at most MaxPage; 0 is 50
}

// PageSize returns Limit within its bounds.
func (q HoldQuery) PageSize() int { return pageSize(q.Limit) }

// CallerReference returns the reference under which a movement was asked for, of the one that
// it has in the ledger of another account: that of who paid for it, or got it. It is false
// for any other reference.
func CallerReference(reference string) (string, bool) {
	rest, made := strings.CutPrefix(reference, ReservedPrefix)
	id, asked, cut := strings.Cut(rest, ":")
	if _, err := ParseID(id); !made || !cut || id == "" || err != nil {
		return "", false
	}
	return asked, true
}
