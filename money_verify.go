package clientaccount

import (
	"context"
	"fmt"
	"iter"
	"time"

	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
)

// Finding is something in a ledger that cannot be: a fault of the store, or of
// somebody who wrote past the Service.
type Finding struct {
	Account account.ID `json:"account"`
	Entry   int64      `json:"entry"` // its number; 0 for the account as a whole
	Code    string     `json:"code"`  // stable: number, kind, time, sum, held, holds, spent, limit, missing
	Text    string     `json:"text"`  // for people
}

// String returns the finding in one line.
func (f Finding) String() string {
	return fmt.Sprintf("account %s, entry %d: %s: %s", f.Account, f.Entry, f.Code, f.Text)
}

// Verify goes through the whole ledger of an account, or of all accounts for the zero id,
// and yields what does not add up: numbers with gaps, times that go back, balances and holds
// that are not the sum of their entries, money that was spent beyond the limits of its time.
// An account is locked while its balance and holds are read, and moves on while its entries
// are. It ends after the first error.
//
// Errors: [account.ErrConflict], [ErrNested].
func (s *Service) Verify(ctx context.Context, id account.ID) iter.Seq2[Finding, error] {
	return func(yield func(Finding, error) bool) {
		if !id.IsZero() {
			s.verifyAccount(ctx, id, yield)
			return
		}
		for row, err := range s.All(ctx, account.Query{Sort: account.SortCreated}) {
			if err != nil {
				yield(Finding{}, err)
				return
			}
			if !s.verifyAccount(ctx, row.ID, yield) {
				return
			}
		}
	}
}

// verifyAccount reports whether to go on.
func (s *Service) verifyAccount(ctx context.Context, id account.ID, yield func(Finding, error) bool) bool {
	a := audit{id: id}
	err := a.take(ctx, s)
	if err == nil && a.balance.Version > 0 {
		err = a.entries(ctx, s)
	}
	if err != nil {
		return yield(Finding{}, err) && false
	}
	a.compare()
	for _, f := range a.findings {
		if !yield(f, nil) {
			return false
		}
	}
	return true
}

// audit is the ledger of one account, gone through.
type audit struct {
	id       account.ID
	balance  account.Balance
	holds    decimal.Decimal // sum of the standing holds of the account's own money
	amount   decimal.Decimal
	held     decimal.Decimal
	spent    decimal.Decimal
	number   int64
	at       time.Time
	findings []Finding
}

func (a *audit) find(entry int64, code, text string, args ...any) {
	a.findings = append(a.findings, Finding{Account: a.id, Entry: entry, Code: code, Text: fmt.Sprintf(text, args...)})
}

// take reads the balance and the holds of one version.
func (a *audit) take(ctx context.Context, s *Service) error {
	return s.transact(ctx, func(ctx context.Context, tx store.Tx) error {
		locked, err := tx.Lock(ctx, a.id)
		if err != nil || len(locked) == 0 {
			return err
		}
		a.balance, a.holds = locked[0], decimal.Zero
		q := account.HoldQuery{Account: a.id, Limit: account.MaxPage}
		for hold, err := range pages(func() ([]account.Hold, error) { return tx.Holds(ctx, q) },
			func(last account.Hold) { q.After = &last }) {
			if err != nil {
				return err
			}
			if !hold.IsShared() {
				a.holds = a.holds.Add(hold.Amount)
			}
		}
		return nil
	})
}

// entries adds up all entries of that version.
func (a *audit) entries(ctx context.Context, s *Service) error {
	for e, err := range s.AllEntries(ctx, account.EntryQuery{Account: a.id, Oldest: true}) {
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
