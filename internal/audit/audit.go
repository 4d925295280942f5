// Package audit goes through what is kept of an account, and finds what does not add up.
package audit

import (
	"context"
	"fmt"
	"iter"
	"time"

	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
)

// Finding is something that cannot be.
type Finding struct {
	Entry int64  // its number; 0 for the account as a whole
	Code  string // stable
	Text  string // for people
}

// Config is what is audited, and how it is read.
type Config struct {
	Account  account.ID
	Transact func(ctx context.Context, fn func(context.Context, store.Tx) error) error // again where it lost a race
	Entries  func(ctx context.Context, q account.EntryQuery) iter.Seq2[account.Entry, error]
	Billing  store.BillingReader // nil: there are no documents
}

// Run goes through an account.
func Run(ctx context.Context, c Config) ([]Finding, error) {
	a := audit{Config: c}
	err := a.take(ctx)
	if err == nil && a.balance.Version > 0 {
		err = a.entries(ctx)
	}
	if err != nil {
		return nil, err
	}
	a.compare()
	a.compareUsage()
	return a.findings, a.statements(ctx)
}

// audit is the ledger of one account, gone through.
type audit struct {
	Config
	balance  account.Balance
	holds    decimal.Decimal // sum of the standing holds of the account's own money
	amount   decimal.Decimal
	held     decimal.Decimal
	spent    decimal.Decimal
	number   int64
	at       time.Time
	usage    *usageAudit // nil: none is kept
	findings []Finding
}

func (a *audit) find(entry int64, code, text string, args ...any) {
	a.findings = append(a.findings, Finding{Entry: entry, Code: code, Text: fmt.Sprintf(text, args...)})
}

// take reads the balance and the holds of one version.
func (a *audit) take(ctx context.Context) error {
	return a.Transact(ctx, func(ctx context.Context, tx store.Tx) error {
		locked, err := tx.Lock(ctx, a.Account)
		if err != nil || len(locked) == 0 {
			return err
		}
		a.balance, a.holds = locked[0], decimal.Zero
		if billed, ok := tx.(store.BillingTx); ok {
			if a.usage, err = takeUsage(ctx, billed, a.Account); err != nil {
				return err
			}
		}
		q := account.HoldQuery{Account: a.Account, Limit: account.MaxPage}
		for {
			page, err := tx.Holds(ctx, q)
			if err != nil {
				return err
			}
			for _, hold := range page {
				if !hold.IsShared() {
					a.holds = a.holds.Add(hold.Amount)
				}
			}
			if len(page) < account.MaxPage {
				return nil
			}
			q.After = &page[len(page)-1]
		}
	})
}

// entries adds up all entries of that version.
func (a *audit) entries(ctx context.Context) error {
	for e, err := range a.Entries(ctx, account.EntryQuery{Account: a.Account, Oldest: true}) {
		if err != nil {
			return err
		}
		if e.Number > a.balance.Entries {
			return nil
		}
		a.number++
		if e.Number != a.number {
			a.find(e.Number, "number", "entry %d follows %d", e.Number, a.number-1)
			a.number = e.Number
		}
		if e.At.Before(a.at) {
			a.find(e.Number, "time", "it is earlier than the entry before")
		}
		a.at = e.At
		a.add(e)
		a.usageEntry(e)
	}
	return nil
}

func (a *audit) add(e account.Entry) {
	if !e.Kind.IsKnown() {
		a.find(e.Number, "kind", "there is no such kind of movement: %q", e.Kind)
	}
	a.amount, a.held = a.amount.Add(e.Amount), a.held.Add(e.Held)
	if !a.amount.Equal(e.After) {
		a.find(e.Number, "sum", "the entries up to here sum to %s, the balance after is %s", a.amount, e.After)
	}
	if !a.held.Equal(e.HeldAfter) {
		a.find(e.Number, "held", "the entries up to here hold %s, held after is %s", a.held, e.HeldAfter)
	}
	if left := e.After.Sub(e.HeldAfter).Add(e.Limit); spends(e) && left.IsNegative() {
		a.find(e.Number, "limit", "the limits were passed by %s", left.Neg())
	}
	going := a.spent.Add(e.Spent).Equal(e.SpentAfter)
	begun := e.Spent.Equal(e.SpentAfter) // a new month
	if !e.SpentAfter.IsZero() && !going && !begun {
		a.find(e.Number, "spent", "%s was spent before, %s here, %s after", a.spent, e.Spent, e.SpentAfter)
	}
	if e.IsShared() {
		a.spent = e.SpentAfter
	}
}

// spends reports whether the entry was under the money rule with its whole amount, in the
// ledger of who pays.
func spends(e account.Entry) bool {
	pays := !e.IsShared()
	return pays && e.Kind.Traits().Funds == account.FundsWhole
}

// compare holds the balance against its entries.
func (a *audit) compare() {
	b := a.balance
	if b.Version == 0 {
		a.find(0, "missing", "the account has no balance")
		return
	}
	if a.number != b.Entries {
		a.find(0, "number", "the last entry is %d, the balance counts %d", a.number, b.Entries)
	}
	if !a.amount.Equal(b.Amount) {
		a.find(0, "sum", "the entries sum to %s, the balance is %s", a.amount, b.Amount)
	}
	if !a.held.Equal(b.Held) {
		a.find(0, "held", "the entries hold %s, held is %s", a.held, b.Held)
	}
	if !a.holds.Equal(b.Held) {
		a.find(0, "holds", "the standing holds sum to %s, held is %s", a.holds, b.Held)
	}
	if b.Terms.Closed && b.Held.IsPositive() {
		a.find(0, "limit", "the account is closed and holds %s", b.Held)
	}
}
