package clientaccount

import (
	"context"
	"fmt"
	"iter"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/internal/audit"
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
	found, err := audit.Run(ctx, audit.Config{Account: id, Transact: s.transact, Entries: s.AllEntries})
	if err != nil {
		return yield(Finding{}, err) && false
	}
	for _, f := range found {
		if !yield(Finding{Account: id, Entry: f.Entry, Code: f.Code, Text: f.Text}, nil) {
			return false
		}
	}
	return true
}
