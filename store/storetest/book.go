package storetest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/internal/ledger"
	"github.com/clientaccount/clientaccount/store"
)

// book is what a store must have of one account's money, kept as plainly as can be.
type book struct {
	balance account.Balance
	entries []account.Entry
	holds   []account.Hold // that stand, by time-out and then reference
	events  []account.Event
}

// opened stores an account that has a balance under terms, and nothing else.
func opened(t tb, s store.Store, login string, terms account.Terms) *book {
	t.Helper()
	a := client(login)
	insert(t, s, a)
	k := &book{}
	k.post(t, s, store.Posting{Balance: ledger.Opened(a.ID, terms, accounttest.Now())})
	return k
}

// funds are terms under which everything here may be spent.
func funds() account.Terms {
	return account.Terms{Currency: "EUR", Credit: decimal.NewFromInt(1_000_000)}
}

// posting works out movements over what the book has, as a Service does.
func (k *book) posting(t tb, ms ...account.Movement) store.Posting {
	t.Helper()
	p := store.Posting{From: k.balance.Version, Balance: k.balance}
	holds := slices.Clone(k.holds)
	for _, m := range ms {
		step, err := ledger.Apply(p.Balance, m, ledger.Against{Hold: holdOf(holds, m.Hold)}, accounttest.Now())
		require.NoError(t, err)
		p.Balance = step.Balance
		step.AddTo(&p)
		if step.Hold != nil {
			holds = append(holds, *step.Hold)
		}
	}
	return p
}

// terms returns a posting that changes the terms and nothing else.
func (k *book) terms(terms account.Terms) store.Posting {
	p := store.Posting{From: k.balance.Version, Balance: k.balance}
	p.Balance.Terms = terms
	p.Balance.Version++
	return p
}

// take notes what an Append of a posting stored.
func (k *book) take(p store.Posting) {
	terms := k.balance.Terms
	k.balance = p.Balance
	k.balance.Terms = terms
	k.entries, k.events = append(k.entries, p.Entries...), append(k.events, p.Events...)
	k.holds = slices.DeleteFunc(append(k.holds, p.Holds...), func(h account.Hold) bool {
		return slices.Contains(p.Ended, h.Reference)
	})
	slices.SortFunc(k.holds, func(a, b account.Hold) int {
		return cmp.Or(a.Until.Compare(b.Until), strings.Compare(a.Reference, b.Reference))
	})
}

// append appends a posting that must be written, once transactions that were given up
// have let go of the account.
func (k *book) append(t tb, s store.Store, p store.Posting) {
	t.Helper()
	outcome := appending(t, s, p)[0]
	for tries := 0; outcome.Kind == store.OutcomeBusy && tries < 5000; tries++ {
		time.Sleep(time.Millisecond)
		outcome = appending(t, s, p)[0]
	}
	requireWritten(t, outcome)
	k.take(p)
}

func requireWritten(t tb, o store.Outcome) {
	t.Helper()
	require.Equal(t, store.OutcomeWritten, o.Kind, "a posting from the present version is written")
	require.Nil(t, o.Balance)
	require.Empty(t, o.Used)
}

// move appends movements that must be written.
func (k *book) move(t tb, s store.Store, ms ...account.Movement) {
	t.Helper()
	k.append(t, s, k.posting(t, ms...))
}

// post posts in a transaction that must succeed.
func (k *book) post(t tb, s store.Store, p store.Posting) {
	t.Helper()
	update(t, s, posting(p))
	k.take(p)
	k.balance.Terms = p.Balance.Terms
}

func posting(ps ...store.Posting) func(context.Context, store.Tx) error {
	return func(ctx context.Context, tx store.Tx) error {
		for _, p := range ps {
			if err := tx.Post(ctx, p); err != nil {
				return err
			}
		}
		return nil
	}
}

// appendAgain is Append, again while it loses to other transactions, as a database
// may make it whose transactions are serializable: having written nothing.
func appendAgain(ctx context.Context, s store.Store, ps []store.Posting) ([]store.Outcome, error) {
	for {
		outcomes, err := s.Append(ctx, ps)
		if !errors.Is(err, account.ErrConflict) {
			return outcomes, err
		}
		if !errors.Is(err, store.ErrNothing) {
			return nil, fmt.Errorf("a lost race must be certain to have written nothing: %w", err)
		}
	}
}

// appending appends postings and returns what became of each.
func appending(t tb, s store.Store, ps ...store.Posting) []store.Outcome {
	t.Helper()
	outcomes, err := appendAgain(t.Context(), s, ps)
	require.NoError(t, err)
	require.Len(t, outcomes, len(ps), "each posting has an outcome")
	return outcomes
}

func holdOf(holds []account.Hold, reference string) *account.Hold {
	i := slices.IndexFunc(holds, func(h account.Hold) bool { return h.Reference == reference })
	if i < 0 {
		return nil
	}
	return &holds[i]
}

func money(amount string) decimal.Decimal { return decimal.RequireFromString(amount) }

func topUp(reference, amount string) account.Movement {
	return account.Movement{Kind: account.KindTopUp, Amount: money(amount), Reference: reference}
}

func charge(reference, amount string) account.Movement {
	return account.Movement{Kind: account.KindCharge, Amount: money(amount), Messages: 1, Reference: reference}
}

func hold(reference, amount string, timeout time.Duration) account.Movement {
	return account.Movement{Kind: account.KindHold, Amount: money(amount), Messages: 2, Timeout: timeout, Reference: reference}
}

func capture(reference, held string) account.Movement {
	return account.Movement{Kind: account.KindCapture, Hold: held, Reference: reference}
}

func release(reference, held string) account.Movement {
	return account.Movement{Kind: account.KindRelease, Hold: held, Reference: reference}
}
