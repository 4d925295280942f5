package clientaccount

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"strings"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/internal/audit"
	"github.com/clientaccount/clientaccount/store"
)

// Problem is one thing that [Service.Check] found. docs/codes.md lists the codes, as
// store.ProblemCodes does.
type Problem = store.Problem

// maxClockError is how far the clock of the store may be from that of the Service. What
// is due is decided by the one, and what a host's statements call now by the other.
const maxClockError = 5 * time.Second

// sampleZones stand for the table of time zones: some that are in any, and some whose
// names are young, which an old table lacks.
var sampleZones = []string{"UTC", "Europe/London", "America/Los_Angeles", "Asia/Kolkata", "Europe/Kyiv", "America/Ciudad_Juarez"}

// Check looks for what would make decisions or movements of money fail, or go wrong:
// whether the store answers and is up to date, how it is set up, whether its clock
// agrees, and whether time zones are known. It finds everything at once and changes
// nothing. A host calls it when it starts, to give up on Problems.Err, and in its health
// endpoint: it costs some ten short statements, and takes no longer than the context
// lets it.
//
// Nil is well. A problem that is a Warning is none of Err.
func (s *Service) Check(ctx context.Context) store.Problems {
	checker, ok := s.stored().(store.Checker)
	if !ok {
		return append(s.checkAnswer(ctx), checkZones(sampleZones)...)
	}
	before := s.opts.Clock()
	report := checker.Check(ctx)
	after := s.opts.Clock()
	found := append(store.Problems(nil), report.Problems...)
	found = append(found, checkClock(report.Clock, before, after)...)
	return append(found, checkZones(sampleZones)...)
}

// checkAnswer returns all that can be found out about any store.
func (s *Service) checkAnswer(ctx context.Context) store.Problems {
	_, err := s.stored().Account(ctx, account.ID{})
	if err == nil || errors.Is(err, account.ErrNotFound) {
		return nil
	}
	return store.Problems{{Code: "store.unreachable", Text: "The store does not answer a question."}}
}

// checkClock compares the store's clock with the Service's, before and after it was read.
func checkClock(stored, before, after time.Time) store.Problems {
	behind, ahead := before.Sub(stored), stored.Sub(after)
	direction, far := "behind", behind
	if ahead > behind {
		direction, far = "ahead of", ahead
	}
	if stored.IsZero() || far <= maxClockError {
		return nil
	}
	return store.Problems{{Code: "clock.off", Text: fmt.Sprintf(
		"The store's clock is %s %s this process's; set both by the same time server.", far.Round(time.Second), direction,
	)}}
}

func checkZones(names []string) store.Problems {
	var missing []string
	for _, name := range names {
		if _, err := account.LoadZone(name); err != nil {
			missing = append(missing, name)
		}
	}
	if missing == nil {
		return nil
	}
	return store.Problems{{Code: "zones.missing", Text: "Time zones are not known on this machine, among them " +
		strings.Join(missing, ", ") + ": install tzdata, or let the program import time/tzdata. Clients there cannot send."}}
}

// Finding is something in a ledger that cannot be: a fault of the store, or of
// somebody who wrote past the Service.
type Finding struct {
	Account account.ID `json:"account"`
	Entry   int64      `json:"entry"` // its number; 0 for the account as a whole
	Code    string     `json:"code"`  // stable: number, kind, time, sum, held, holds, spent, limit, missing, usage, statement
	Text    string     `json:"text"`  // for people
}

// String returns the finding in one line.
func (f Finding) String() string {
	return fmt.Sprintf("account %s, entry %d: %s: %s", f.Account, f.Entry, f.Code, f.Text)
}

// Verify goes through the whole ledger of an account, or of all accounts for the zero id,
// and yields what does not add up: numbers with gaps, times that go back, balances and holds
// that are not the sum of their entries, money that was spent beyond the limits of its time, usage
// that is not what the entries of a period come to, statements of which one does not begin where the
// one before ended.
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
	kept, _ := s.stored().(store.BillingReader)
	found, err := audit.Run(ctx, audit.Config{Account: id, Transact: s.transact, Entries: s.AllEntries, Billing: kept})
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
