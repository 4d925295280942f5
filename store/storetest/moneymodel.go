package storetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
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

// any draws a posting, most of the time one that can be written.
func (k *book) any(t *rapid.T) store.Posting {
	b := k.balance
	p := store.Posting{From: b.Version + one(t, "from", int64(0), 0, 0, 0, 0, -1, 1), Balance: b}
	references := rapid.SliceOfNDistinct(rapid.IntRange(0, 40), 1, 4, rapid.ID).Draw(t, "references")
	for _, n := range references {
		p.Entries = append(p.Entries, k.anyEntry(t, int64(len(p.Entries)), fmt.Sprintf("r-%d", n)))
	}
	standing := k.holds
	for _, h := range k.holds {
		if rapid.Bool().Draw(t, "ended") {
			p.Ended = append(p.Ended, h.Reference)
		}
	}
	if rapid.Bool().Draw(t, "holds") {
		e := p.Entries[0]
		p.Holds = []account.Hold{{Account: e.Account, Reference: e.Reference, Amount: anyAmount(t), Messages: e.Messages, At: e.At, Until: e.Until, Chain: e.Chain}}
		standing = append(slices.Clone(standing), p.Holds...)
	}
	p.Balance.Version = max(p.From, b.Version) + int64(len(p.Entries))
	p.Balance.Entries += int64(len(p.Entries))
	p.Balance.Amount, p.Balance.Held, p.Balance.Spent = anyAmount(t), anyAmount(t), anyAmount(t)
	p.Balance.Low, p.Balance.Exhausted = rapid.Bool().Draw(t, "low"), rapid.Bool().Draw(t, "exhausted")
	p.Balance.Expires = earliest(standing)
	if rapid.Bool().Draw(t, "events") {
		p.Balance.Events++
		p.Events = []account.Event{{
			Account: b.Account, Number: p.Balance.Events, Kind: one(t, "event", account.EventExhausted, account.EventLimitReached),
			At: anyInstant(t), Balance: anyAmount(t), Held: anyAmount(t), Available: anyAmount(t), Limit: anyTerms(t).Limit,
		}}
	}
	return p
}

func (k *book) anyEntry(t *rapid.T, i int64, reference string) account.Entry {
	return account.Entry{
		Account: k.balance.Account, Number: k.balance.Entries + i + 1, Kind: one(t, "kind", account.MovementKinds()...),
		Amount: anyAmount(t), Held: anyAmount(t), After: anyAmount(t), HeldAfter: anyAmount(t), Spent: anyAmount(t),
		Messages: rapid.Int64Range(0, account.MaxMessages).Draw(t, "messages"), Reference: reference,
		Actor:  account.Actor{ID: accounttest.Text(50).Draw(t, "actor"), Name: accounttest.Text(50).Draw(t, "name")},
		Second: account.Actor{ID: one(t, "second", "", "u-2")},
		Reason: accounttest.Text(account.MaxReason).Draw(t, "reason"), Hold: one(t, "hold", "", "r-1", "r-2"),
		Until: anyInstant(t), Of: rapid.Int64Range(0, 5).Draw(t, "of"), At: anyInstant(t),
		Chain: one(t, "chain", nil, []account.ID{client("fill-1").ID, k.balance.Account}),
	}
}

func anyInstant(t *rapid.T) time.Time { return at(rapid.IntRange(1, 9).Draw(t, "microseconds")) }

// anyAmount is of up to 15 digits and 6 places, either sign.
func anyAmount(t *rapid.T) decimal.Decimal {
	const most = 999_999_999_999_999
	whole := rapid.Int64Range(-most, most).Draw(t, "whole")
	return decimal.New(whole, -rapid.Int32Range(0, account.MaxScale).Draw(t, "places"))
}

func anyTerms(t *rapid.T) account.Terms {
	return account.Terms{
		Currency: "EUR", Credit: anyAmount(t).Abs(), Overdraw: anyAmount(t).Abs(), OverdrawEnds: one(t, "ends", time.Time{}, at(5)),
		Closed: rapid.Bool().Draw(t, "closed"), Zone: one(t, "zone", "", "UTC", "Europe/Kyiv"),
		Cap:   one(t, "cap", account.Optional[decimal.Decimal]{}, account.Some(anyAmount(t).Abs())),
		Limit: one(t, "limit", account.NotificationLimit{}, account.MessagesLimit(7), account.MoneyLimit(anyAmount(t))),
		Price: one(t, "price", account.Optional[decimal.Decimal]{}, account.Some(decimal.Zero)),
	}
}

// earliest returns when the first of holds times out; zero without any.
func earliest(holds []account.Hold) (first time.Time) {
	for _, h := range holds {
		if first.IsZero() || h.Until.Before(first) {
			first = h.Until
		}
	}
	return first
}
