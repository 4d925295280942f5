package storetest

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/store"
)

var lookupPromises = []promise{
	{"look-ups are answered in their order, and what they name is found", lookUpMany},
	{"the refunds of an entry are found by its number", lookUpRefunds},
	{"an account is due for a hold that timed out, or an overdraw that ended", dueAccounts},
	{"due accounts come in the order of their ids, page after page", duePages},
}

func lookUpMany(t *testing.T, s store.Store) {
	none, err := s.Ledger(t.Context(), nil)
	require.NoError(t, err)
	require.Empty(t, none)
	a, b := opened(t, s, "one", funds()), opened(t, s, "two", funds())
	a.move(t, s, topUp("t-1", "10"), hold("h-2", "1", time.Hour), hold("h-3", "1", time.Hour), capture("c-4", "h-2"))
	b.move(t, s, topUp("t-1", "5"), hold("h-3", "2", time.Hour))
	without := client("without.balance")
	insert(t, s, without)
	found, err := s.Ledger(t.Context(), []store.Lookup{
		{Account: b.balance.Account, References: []string{"h-3", "c-4"}},
		{Account: accounttest.ID(99), References: []string{"t-1"}, Holds: []string{"h-3"}, Numbers: []int64{1}, Due: at(9e9)},
		{Account: a.balance.Account, References: []string{"t-1", "nobody", "c-4"}, Holds: []string{"h-2", "h-3", "t-1"}, Numbers: []int64{4, 9, 2, 0}},
		{Account: without.ID},
		{Account: b.balance.Account},
	})
	require.NoError(t, err)
	require.Len(t, found, 5)
	requireAny(t, b.entries[1:], found[0].Used, "of the first account")
	requireAny(t, []account.Entry{a.entries[0], a.entries[3]}, found[2].Used, "entries under references")
	requireAny(t, a.holds, found[2].Holds, "holds under references, if they stand")
	requireAny(t, []account.Entry{a.entries[1], a.entries[3]}, found[2].Entries, "entries of numbers")
	require.Empty(t, found[2].Refunds)
	for i, want := range map[int]*book{0: b, 2: a, 4: b} {
		require.Equal(t, facts(want.balance), facts(found[i].Balance))
	}
	for _, i := range []int{1, 3} {
		f := found[i]
		require.Zero(t, f.Balance.Version)
		require.Zero(t, len(f.Used)+len(f.Holds)+len(f.Entries)+len(f.Refunds)+len(f.Due))
	}
	require.Empty(t, found[4].Used, "nothing was asked for")
}

// lookUpRefunds has refunds of two entries, and another account with the same.
func lookUpRefunds(t *testing.T, s store.Store) {
	a, b := opened(t, s, "one", funds()), opened(t, s, "two", funds())
	for _, k := range []*book{a, b} {
		k.move(t, s, charge("c-1", "5"), charge("c-2", "6"), charge("c-3", "7"))
		for _, r := range []struct {
			of        int64
			reference string
		}{{1, "f-1"}, {2, "f-2"}, {1, "f-3"}} {
			p := k.posting(t, topUp(r.reference, "1"))
			p.Entries[0].Kind, p.Entries[0].Of = account.KindRefund, r.of
			k.append(t, s, p)
		}
	}
	for number, want := range map[int64][]int{1: {3, 5}, 2: {4}, 3: {}} {
		got := lookUp(t, s, store.Lookup{Account: a.balance.Account, Numbers: []int64{number}})
		var refunds []account.Entry
		for _, i := range want {
			refunds = append(refunds, a.entries[i])
		}
		requireAny(t, a.entries[number-1:number], got.Entries, "the entry")
		requireAny(t, refunds, got.Refunds, "its refunds")
	}
	both := lookUp(t, s, store.Lookup{Account: b.balance.Account, Numbers: []int64{2, 1}})
	requireAny(t, b.entries[3:], both.Refunds, "the refunds of both")
	update(t, s, func(ctx context.Context, tx store.Tx) error {
		p := b.posting(t, topUp("f-4", "1"))
		p.Entries[0].Kind, p.Entries[0].Of = account.KindRefund, 2
		if err := tx.Post(ctx, p); err != nil {
			return err
		}
		b.take(p)
		got := lookUp(t, tx, store.Lookup{Account: b.balance.Account, Numbers: []int64{2}})
		requireAny(t, []account.Entry{b.entries[4], b.entries[6]}, got.Refunds, "refunds of this transaction as well")
		return nil
	})
	posted := lookUp(t, s, store.Lookup{Account: b.balance.Account, Numbers: []int64{2}})
	requireAny(t, []account.Entry{b.entries[4], b.entries[6]}, posted.Refunds, "refunds that were posted")
}

// requireDue expects the accounts of some logins, whose ids are in no order.
func requireDue(t tb, s store.Store, now time.Time, logins ...string) {
	t.Helper()
	want := map[account.ID]string{}
	for _, login := range logins {
		want[client(login).ID] = login
	}
	ids, err := s.Due(t.Context(), now, account.ID{}, account.MaxPage)
	require.NoError(t, err)
	got := map[account.ID]string{}
	for _, id := range ids {
		got[id] = want[id]
	}
	require.Equal(t, want, got)
	require.Len(t, ids, len(want), "an account is named once")
}

func dueAccounts(t *testing.T, s store.Store) {
	plain, ends := funds(), funds()
	ends.Overdraw, ends.OverdrawEnds = money("5"), at(20)
	never, empty := ends, ends
	never.OverdrawEnds, empty.Overdraw = time.Time{}, money("0")
	opened(t, s, "plain", plain)
	opened(t, s, "never", never)
	opened(t, s, "empty", empty)
	overdraw := opened(t, s, "overdraw", ends)
	held := opened(t, s, "held", plain)
	held.move(t, s, hold("h-1", "1", 10*time.Microsecond), hold("h-2", "1", 30*time.Microsecond))
	both := opened(t, s, "both", ends)
	both.move(t, s, hold("h-1", "1", 10*time.Microsecond), hold("h-2", "1", 40*time.Microsecond))

	requireDue(t, s, at(9))
	requireDue(t, s, at(10), "held", "both")
	requireDue(t, s, at(19), "held", "both")
	requireDue(t, s, at(20), "held", "both", "overdraw")

	told := overdraw.terms(ends)
	told.Balance.OverdrawOver = true
	overdraw.post(t, s, told)
	held.move(t, s, release("r-1", "h-1"))
	settled := held.terms(plain)
	settled.Balance.Expires = at(30)
	held.post(t, s, settled)
	both.move(t, s, release("r-1", "h-1"))
	requireDue(t, s, at(29), "both")
	requireDue(t, s, at(30), "both", "held")
	told = both.terms(ends)
	told.Balance.OverdrawOver = true
	both.post(t, s, told)
	requireDue(t, s, at(39), "held")
	requireDue(t, s, at(40), "held", "both")
	held.move(t, s, release("r-2", "h-2"))
	requireDue(t, s, at(40), "both")
}

func duePages(t *testing.T, s store.Store) {
	ends := funds()
	ends.Overdraw, ends.OverdrawEnds = money("5"), at(1)
	logins := []string{"a.1", "b.2", "c.3", "d.4", "e.5"}
	for _, login := range logins {
		opened(t, s, login, ends)
	}
	for limit := 1; limit <= len(logins)+1; limit++ {
		var after account.ID
		seen := 0
		for {
			ids, err := s.Due(t.Context(), at(1), after, limit)
			require.NoError(t, err)
			require.LessOrEqual(t, len(ids), limit)
			for _, id := range ids {
				require.Less(t, after.String(), id.String(), "ids ascend")
				after = id
			}
			if seen += len(ids); len(ids) < limit {
				break
			}
		}
		require.Equal(t, len(logins), seen)
	}
}
