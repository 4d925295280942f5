package storetest

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/internal/ledger"
	"github.com/clientaccount/clientaccount/store"
)

var postPromises = []promise{
	{"a balance is posted once, to an account that exists", postOnce},
	{"a posting at another version is ErrConflict, and changes nothing", postMoved},
	{"a posting of a used reference is ErrConflict, and changes nothing", postUsed},
	{"an entry of a kind that there is not is refused, and nothing is written", postUnknownKind},
	{"several postings are posted together", postSeveral},
	{"of several postings none is kept where one is ErrConflict", postSeveralConflict},
	{"lookups of a posting are not looked at", postLookups},
	{"a transaction reads the money it posted", postReadsOwn},
	{"nobody else sees money that is posted before the end", postUnseen},
	{"money of a transaction that failed is not there", postRolledBack},
	{"money and the rest of a transaction are written together", postTogether},
}

func postOnce(t *testing.T, s store.Store) {
	k := opened(t, s, "once", funds())
	again := store.Posting{Balance: ledger.Opened(k.balance.Account, account.Terms{Currency: "USD"}, accounttest.Now())}
	require.ErrorIs(t, s.Update(t.Context(), posting(again)), account.ErrConflict)
	requireBook(t, s, k)
	nobody := store.Posting{Balance: ledger.Opened(accounttest.ID(99), funds(), accounttest.Now())}
	require.ErrorIs(t, s.Update(t.Context(), posting(nobody)), account.ErrConflict)
	require.Zero(t, balanceOf(t, s, accounttest.ID(99)).Version)
	a := client("both")
	update(t, s, func(ctx context.Context, tx store.Tx) error {
		return errors.Join(inserting(a)(ctx, tx), posting(store.Posting{Balance: ledger.Opened(a.ID, funds(), accounttest.Now())})(ctx, tx))
	})
	require.Equal(t, int64(1), balanceOf(t, s, a.ID).Version)
}

func postMoved(t *testing.T, s store.Store) {
	k, without := opened(t, s, "moved", funds()), client("without.balance")
	insert(t, s, without)
	stale := k.posting(t, charge("stale", "1"))
	k.move(t, s, topUp("t-1", "1"))
	future := k.posting(t, charge("future", "1"))
	future.From, future.Balance.Version = future.From+1, future.Balance.Version+1
	none := &book{balance: ledger.Opened(without.ID, funds(), accounttest.Now())}
	for _, p := range []store.Posting{stale, future, none.posting(t, topUp("t-1", "1"))} {
		require.ErrorIs(t, s.Update(t.Context(), posting(p)), account.ErrConflict)
	}
	requireBook(t, s, k)
	require.Zero(t, balanceOf(t, s, without.ID).Version)
}

func postUnknownKind(t *testing.T, s store.Store) {
	k := opened(t, s, "unknown.kind", funds())
	for _, kind := range []account.MovementKind{"gift", "", "Charge", "hold "} {
		p := k.posting(t, topUp("t-1", "1"), charge("c-1", "1"))
		p.Entries[1].Kind = kind
		require.ErrorIs(t, s.Update(t.Context(), posting(p)), store.ErrKind)
		_, err := s.Append(t.Context(), []store.Posting{p})
		require.ErrorIs(t, err, store.ErrKind)
		require.ErrorIs(t, err, store.ErrNothing)
		requireBook(t, s, k)
		none, err := s.Entries(t.Context(), account.EntryQuery{Account: k.balance.Account, Kinds: []account.MovementKind{kind}})
		require.NoError(t, err)
		require.Empty(t, none)
	}
	k.move(t, s, topUp("t-1", "1"))
	requireBook(t, s, k)
}

func postUsed(t *testing.T, s store.Store) {
	k := opened(t, s, "used", funds())
	k.move(t, s, topUp("t-1", "1"))
	require.ErrorIs(t, s.Update(t.Context(), posting(k.posting(t, charge("new", "1"), topUp("t-1", "1")))), account.ErrConflict)
	err := s.Update(t.Context(), func(ctx context.Context, tx store.Tx) error {
		first := k.posting(t, charge("c-1", "1"))
		both := k.posting(t, charge("c-1", "1"), charge("c-1", "2"))
		both.From, both.Entries = first.Balance.Version, both.Entries[1:]
		return posting(first, both)(ctx, tx)
	})
	require.ErrorIs(t, err, account.ErrConflict, "a reference used earlier in the transaction")
	requireBook(t, s, k)
}

func postLookups(t *testing.T, s store.Store) {
	k := opened(t, s, "lookups", funds())
	k.move(t, s, topUp("t-1", "1"))
	p := k.posting(t, charge("c-1", "1"))
	p.Lookups = []string{"t-1"}
	k.post(t, s, p)
	requireBook(t, s, k)
}

// three are books with some money, and a hold each.
func three(t *testing.T, s store.Store) (books []*book) {
	t.Helper()
	for _, login := range []string{"a", "b", "c"} {
		k := opened(t, s, login, funds())
		k.move(t, s, topUp("t-1", "10"), hold("h-1", "1", time.Hour))
		books = append(books, k)
	}
	return books
}

func postSeveral(t *testing.T, s store.Store) {
	books, fresh := three(t, s), client("fresh")
	closed := funds()
	closed.Closed = true
	ps := []store.Posting{
		books[0].posting(t, charge("c-1", "1"), hold("h-2", "2", time.Minute), charge("c-2", "3")),
		books[1].posting(t, release("r-1", "h-1"), topUp("t-2", "1")),
		books[2].terms(closed),
		{Balance: ledger.Opened(fresh.ID, funds(), accounttest.Now())},
	}
	ps[0].Lookups = []string{"t-1"}
	ps[1].Events = append(ps[1].Events, account.Event{
		Account: books[1].balance.Account, Number: ps[1].Balance.Events + 1, Kind: account.EventExhausted, At: accounttest.Now(),
	})
	ps[1].Balance.Events++
	update(t, s, func(ctx context.Context, tx store.Tx) error {
		return errors.Join(inserting(fresh)(ctx, tx), tx.Post(ctx), tx.Post(ctx, ps...))
	})
	for i, k := range books {
		k.take(ps[i])
	}
	books[2].balance.Terms = closed
	for _, k := range books {
		requireBook(t, s, k)
	}
	require.Equal(t, int64(1), balanceOf(t, s, fresh.ID).Version)
}

func postSeveralConflict(t *testing.T, s store.Store) {
	books := three(t, s)
	for _, bad := range []func(p *store.Posting){
		func(p *store.Posting) { p.From-- },
		func(p *store.Posting) { p.Entries[0].Reference = "t-1" },
	} {
		var ps []store.Posting
		for _, k := range books {
			ps = append(ps, k.posting(t, charge("c-1", "1"), release("r-1", "h-1")))
		}
		bad(&ps[1])
		err := s.Update(t.Context(), func(ctx context.Context, tx store.Tx) error { return tx.Post(ctx, ps...) })
		require.ErrorIs(t, err, account.ErrConflict)
		for _, k := range books {
			requireBook(t, s, k)
		}
	}
}

func postReadsOwn(t *testing.T, s store.Store) {
	k := opened(t, s, "own", funds())
	k.move(t, s, topUp("t-1", "10"), hold("h-1", "1", time.Hour), hold("h-2", "2", time.Minute))
	update(t, s, func(ctx context.Context, tx store.Tx) error {
		for _, ms := range [][]account.Movement{
			{charge("c-1", "1"), capture("c-2", "h-1")}, {hold("h-3", "3", time.Second), topUp("t-2", "1")}, {release("r-3", "h-3")},
		} {
			p := k.posting(t, ms...)
			if err := tx.Post(ctx, p); err != nil {
				return err
			}
			k.take(p)
			requireBook(t, tx, k)
		}
		all := lookUp(t, tx, store.Lookup{
			Account: k.balance.Account, References: []string{"t-1", "c-2", "no"}, Holds: []string{"h-1", "h-2", "h-3"}, Numbers: []int64{1, 4}, Due: at(1e8),
		})
		assert.Len(t, all.Used, 2)
		assert.Len(t, all.Holds, 1, "the hold that stands")
		assert.Len(t, all.Entries, 2)
		assert.Len(t, all.Due, 1)
		return nil
	})
	requireBook(t, s, k)
}

func postUnseen(t *testing.T, s store.Store) {
	k := opened(t, s, "unseen", funds())
	k.move(t, s, topUp("t-1", "10"), hold("h-1", "1", time.Hour))
	after := k.posting(t, charge("c-1", "1"), release("r-1", "h-1"), hold("h-2", "1", time.Second))
	fresh := client("fresh")
	update(t, s, func(ctx context.Context, tx store.Tx) error {
		if err := tx.Post(ctx, after); err != nil {
			return err
		}
		if err := inserting(fresh)(ctx, tx); err != nil {
			return err
		}
		err := tx.Post(ctx, store.Posting{Balance: ledger.Opened(fresh.ID, funds(), accounttest.Now())})
		requireBook(t, s, k)
		assert.Zero(t, balanceOf(t, s, fresh.ID).Version)
		return err
	})
	k.take(after)
	requireBook(t, s, k)
}

func postRolledBack(t *testing.T, s store.Store) {
	k := opened(t, s, "rolled.back", funds())
	k.move(t, s, topUp("t-1", "10"), hold("h-1", "1", time.Hour), charge("c-1", "3"))
	refund := func(reference string) store.Posting {
		p := k.posting(t, release(reference+"-r", "h-1"), charge(reference+"-c", "1"), hold(reference+"-h", "2", time.Minute), topUp(reference, "1"))
		p.Entries[3].Kind, p.Entries[3].Of = account.KindRefund, 3
		return p
	}
	boom := errors.New("boom")
	for _, reference := range []string{"first", "second"} { // which may not find anything of the first
		err := s.Update(t.Context(), func(ctx context.Context, tx store.Tx) error {
			return errors.Join(posting(refund(reference))(ctx, tx), boom)
		})
		require.ErrorIs(t, err, boom)
		requireBook(t, s, k)
		found := lookUp(t, s, store.Lookup{Account: k.balance.Account, References: []string{reference}, Holds: []string{reference + "-h"}, Numbers: []int64{3}})
		assert.Empty(t, found.Used)
		assert.Empty(t, found.Holds)
		assert.Empty(t, found.Refunds)
	}
	p := refund("third")
	k.append(t, s, p)
	requireBook(t, s, k)
	found := lookUp(t, s, store.Lookup{Account: k.balance.Account, Numbers: []int64{3}})
	requireFacts(t, p.Entries[3:], found.Refunds, "the refund that was written")
}

func postTogether(t *testing.T, s store.Store) {
	k := opened(t, s, "together", funds())
	closing := next(get(t, s, k.balance.Account))
	closing.Status = account.StatusClosed
	terms := funds()
	terms.Closed = true
	update(t, s, func(ctx context.Context, tx store.Tx) error {
		return errors.Join(replacing(closing)(ctx, tx), tx.Post(ctx, k.terms(terms)), tx.AddChange(ctx, record(closing, 2, "status")))
	})
	k.take(k.terms(terms))
	k.balance.Terms = terms
	requireBook(t, s, k)
	require.Equal(t, account.StatusClosed, get(t, s, k.balance.Account).Status)
	reopening := next(closing)
	reopening.Status = account.StatusActive
	err := s.Update(t.Context(), func(ctx context.Context, tx store.Tx) error {
		stale := k.terms(funds())
		stale.From, stale.Balance.Version = stale.From-1, stale.Balance.Version-1
		return errors.Join(replacing(reopening)(ctx, tx), tx.Post(ctx, stale))
	})
	require.ErrorIs(t, err, account.ErrConflict)
	requireBook(t, s, k)
	require.Equal(t, account.StatusClosed, get(t, s, k.balance.Account).Status)
}
