package storetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
)

var moneyModelPromises = []promise{
	{"any postings leave what a plain book has of them", anyPostings},
}

// anyPostings appends and posts what makes no sense as money: a store must not care.
func anyPostings(t *testing.T, s store.Store) {
	fillAccounts(t, s)
	draws := 0
	rapid.Check(t, func(t *rapid.T) {
		draws++
		books := []*book{
			opened(t, s, fmt.Sprintf("one-%d", draws), funds()), opened(t, s, fmt.Sprintf("two-%d", draws), funds()),
		}
		for range rapid.IntRange(1, 6).Draw(t, "steps") {
			switch one(t, "step", "append", "append", "append", "post", "undo") {
			case "append":
				anyAppend(t, s, books)
			case "post":
				anyPost(t, s, books, nil)
			default:
				anyPost(t, s, books, errors.New("undo"))
			}
		}
		for _, k := range books {
			requireBook(t, s, k)
			requireAnyEntries(t, s, k)
			requireAnyRefunds(t, s, k)
			requireAnyHolds(t, s, k)
		}
	})
}

func anyAppend(t *rapid.T, s store.Store, books []*book) {
	books = books[rapid.IntRange(0, 1).Draw(t, "first book"):]
	ps := make([]store.Posting, len(books))
	for i, k := range books {
		ps[i] = k.any(t)
		ps[i].Lookups = one(t, "lookups", nil, nil, nil, []string{"refused"}, []string{"r-1", "refused"})
	}
	for i, o := range appending(t, s, ps...) {
		k, p := books[i], ps[i]
		used := k.used(p)
		moved := p.From != k.balance.Version
		switch {
		case len(used) > 0 && (!moved || o.Kind == store.OutcomeUsed):
			requireUsed(t, o, used...)
		case moved:
			requireMoved(t, k, o)
		default:
			requireWritten(t, o)
			k.take(p)
		}
	}
}

// anyPost posts to all books in one transaction, of which the first conflict or the
// error in the end undoes all.
func anyPost(t *rapid.T, s store.Store, books []*book, end error) {
	ps := make([]store.Posting, len(books))
	conflict := false
	for i, k := range books {
		ps[i] = k.any(t)
		ps[i].Balance.Terms = anyTerms(t)
		conflict = conflict || ps[i].From != k.balance.Version || len(k.used(ps[i])) > 0
	}
	err := s.Update(t.Context(), func(ctx context.Context, tx store.Tx) error {
		if err := posting(ps...)(ctx, tx); err != nil {
			return err
		}
		return end
	})
	switch {
	case conflict:
		require.ErrorIs(t, err, account.ErrConflict)
	case end != nil:
		require.ErrorIs(t, err, end)
	default:
		require.NoError(t, err)
		for i, k := range books {
			k.take(ps[i])
			k.balance.Terms = ps[i].Balance.Terms
		}
	}
}

// used returns the entries under references of a posting.
func (k *book) used(p store.Posting) (used []account.Entry) {
	asked := slices.Clone(p.Lookups)
	for _, e := range p.Entries {
		asked = append(asked, e.Reference)
	}
	for _, e := range k.entries {
		if slices.Contains(asked, e.Reference) {
			used = append(used, e)
		}
	}
	return used
}

// requireAnyEntries asks for entries by drawn filters.
func requireAnyEntries(t *rapid.T, s store.Store, k *book) {
	q := account.EntryQuery{
		Account: k.balance.Account, Oldest: rapid.Bool().Draw(t, "oldest"), Limit: rapid.IntRange(1, 9).Draw(t, "limit"),
		Kinds: one(t, "kinds", nil, nil, account.MovementKinds()[:5]), Hold: one(t, "hold", "", "", "r-1"),
		From: one(t, "from", time.Time{}, at(3)), To: one(t, "to", time.Time{}, at(7)),
		Before: one(t, "before", int64(0), 3, 6), After: one(t, "after", int64(0), 2),
	}
	var want []account.Entry
	for _, e := range k.entries {
		if (q.Kinds == nil || slices.Contains(q.Kinds, e.Kind)) && (q.Hold == "" || e.Hold == q.Hold) &&
			(q.From.IsZero() || !e.At.Before(q.From)) && (q.To.IsZero() || e.At.Before(q.To)) &&
			(q.Before == 0 || e.Number < q.Before) && e.Number > q.After {
			want = append(want, e)
		}
	}
	if !q.Oldest {
		slices.Reverse(want)
	}
	got, err := s.Entries(t.Context(), q)
	require.NoError(t, err)
	requireFacts(t, want[:min(len(want), q.Limit)], got, "the entries that were asked for")
}

// requireAnyRefunds looks up the refunds of a number, which other kinds may have as well.
func requireAnyRefunds(t *rapid.T, s store.Store, k *book) {
	number := rapid.Int64Range(1, 5).Draw(t, "number")
	var want []account.Entry
	for _, e := range k.entries {
		if e.Kind == account.KindRefund && e.Of == number {
			want = append(want, e)
		}
	}
	found := lookUp(t, s, store.Lookup{Account: k.balance.Account, Numbers: []int64{number}})
	requireAny(t, want, found.Refunds, "the refunds of a number")
}

// requireAnyHolds looks up what is due, and whether the account is.
func requireAnyHolds(t *rapid.T, s store.Store, k *book) {
	now := anyInstant(t)
	due := slices.DeleteFunc(slices.Clone(k.holds), func(h account.Hold) bool { return h.Stands(now) })
	standing := slices.DeleteFunc(slices.Clone(k.holds), func(h account.Hold) bool { return !h.Stands(now) })
	found := lookUp(t, s, store.Lookup{Account: k.balance.Account, Due: now})
	requireFacts(t, due, found.Due, "the due holds")
	requireInstant(t, earliest(standing), found.Expires)
	terms := k.balance.Terms
	ended := terms.Overdraw.IsPositive() && !terms.OverdrawEnds.IsZero() && !now.Before(terms.OverdrawEnds) && !k.balance.OverdrawOver
	ids, err := s.Due(t.Context(), now, before(k.balance.Account), 1)
	require.NoError(t, err)
	require.Equal(t, ended || len(due) > 0, slices.Contains(ids, k.balance.Account), "whether the account is due")
}

// before returns the id just below another.
func before(id account.ID) account.ID {
	for i := len(id) - 1; i >= 0; i-- {
		id[i]--
		if id[i] != 0xff {
			break
		}
	}
	return id
}
