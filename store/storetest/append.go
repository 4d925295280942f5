package storetest

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/internal/ledger"
	"github.com/clientaccount/clientaccount/store"
)

var appendPromises = []promise{
	{"a posting from the present version is written whole", appendWritten},
	{"a posting from another version is told the balance as it is now", appendMoved},
	{"a used reference is told its entry, and nothing is written", appendUsed},
	{"a refused reference is looked up, and nothing of it is written", appendLookups},
	{"references are those of one account", appendReferences},
	{"an account without a balance is missing", appendMissing},
	{"postings of one call are independent, and told in their order", appendIndependent},
	{"a call takes many postings, and a posting many entries", appendMany},
	{"terms are never those of an appended posting", appendTerms},
	{"holds are made and ended", appendHolds},
	{"events are numbered with what caused them", appendEvents},
}

func appendWritten(t *testing.T, s store.Store) {
	k := opened(t, s, "written", funds())
	k.move(t, s, topUp("t-1", "10.50"))
	requireBook(t, s, k)
	k.move(t, s, charge("c-1", "0.25"), charge("c-2", "0.125"), hold("h-1", "3", time.Hour))
	requireBook(t, s, k)
	assert.Equal(t, "10.125", balanceOf(t, s, k.balance.Account).Amount.String())
}

// requireMoved expects the balance that the book has.
func requireMoved(t tb, k *book, o store.Outcome) {
	t.Helper()
	require.Equal(t, store.OutcomeMoved, o.Kind)
	require.NotNil(t, o.Balance)
	require.Equal(t, facts(k.balance), facts(*o.Balance), "the balance as it is now")
	require.Empty(t, o.Used)
}

func appendMoved(t *testing.T, s store.Store) {
	k := opened(t, s, "moved", funds())
	stale := k.posting(t, charge("stale", "1"))
	k.move(t, s, topUp("t-1", "10"))
	requireMoved(t, k, appending(t, s, stale)[0])
	future := k.posting(t, charge("future", "1"))
	future.From, future.Balance.Version = future.From+1, future.Balance.Version+1
	requireMoved(t, k, appending(t, s, future)[0])
	requireBook(t, s, k)
	k.move(t, s, charge("stale", "1"))
	requireBook(t, s, k)
}

// requireUsed expects the entries of some references, each at least once.
func requireUsed(t tb, o store.Outcome, want ...account.Entry) {
	t.Helper()
	require.Equal(t, store.OutcomeUsed, o.Kind)
	require.Nil(t, o.Balance)
	used := map[string]account.Entry{}
	for _, e := range o.Used {
		used[e.Reference] = e
	}
	require.Len(t, used, len(want), "an entry for each reference that was used")
	for _, e := range want {
		require.Equal(t, facts(e), facts(used[e.Reference]), "the entry as it was written")
	}
}

func appendUsed(t *testing.T, s store.Store) {
	k := opened(t, s, "used", funds())
	stale := k.posting(t, charge("c-2", "9"))
	k.move(t, s, topUp("t-1", "10"), charge("c-1", "1"))
	k.move(t, s, charge("c-2", "2"))
	requireUsed(t, appending(t, s, k.posting(t, charge("c-1", "1")))[0], k.entries[1])
	requireUsed(t, appending(t, s, k.posting(t, charge("c-1", "7")))[0], k.entries[1])
	requireUsed(t, appending(t, s, k.posting(t, charge("new", "1"), charge("c-2", "1"), charge("t-1", "1")))[0], k.entries[2], k.entries[0])
	requireBook(t, s, k)
	if o := appending(t, s, stale)[0]; o.Kind == store.OutcomeMoved { // either is true
		requireMoved(t, k, o)
	} else {
		requireUsed(t, o, k.entries[2])
	}
	k.move(t, s, charge("new", "1"))
	requireBook(t, s, k)
}

func appendLookups(t *testing.T, s store.Store) {
	k := opened(t, s, "lookups", funds())
	k.move(t, s, topUp("t-1", "10"), charge("c-1", "1"))
	p := k.posting(t, charge("c-2", "2"))
	p.Lookups = []string{"refused", "c-1", "t-1"}
	requireUsed(t, appending(t, s, p)[0], k.entries[0], k.entries[1])
	requireBook(t, s, k)
	p.Lookups = []string{"refused", "refused too"}
	k.append(t, s, p)
	requireBook(t, s, k)
	k.move(t, s, charge("refused", "1"))
	requireBook(t, s, k)
}

func appendReferences(t *testing.T, s store.Store) {
	a, b := opened(t, s, "one", funds()), opened(t, s, "two", funds())
	a.move(t, s, charge("same", "1"))
	b.move(t, s, charge("same", "2"))
	requireBook(t, s, a)
	requireBook(t, s, b)
}

func appendMissing(t *testing.T, s store.Store) {
	a := client("without.balance")
	insert(t, s, a)
	for _, id := range []account.ID{a.ID, accounttest.ID(99)} {
		k := &book{balance: ledger.Opened(id, funds(), accounttest.Now())}
		require.Equal(t, store.OutcomeMissing, appending(t, s, k.posting(t, topUp("t-1", "1")))[0].Kind)
		requireBook(t, s, &book{balance: account.Balance{Account: balanceOf(t, s, id).Account}})
	}
}

func appendIndependent(t *testing.T, s store.Store) {
	good, moved, used, last := opened(t, s, "good", funds()), opened(t, s, "moved", funds()), opened(t, s, "used", funds()), opened(t, s, "last", funds())
	missing := &book{balance: ledger.Opened(accounttest.ID(99), funds(), accounttest.Now())}
	stale := moved.posting(t, charge("stale", "1"))
	moved.move(t, s, topUp("t-1", "1"))
	used.move(t, s, topUp("t-1", "1"))
	first, second := good.posting(t, charge("c-1", "1"), charge("c-2", "1")), last.posting(t, charge("c-1", "5"))
	outcomes := appending(t, s, first, stale, used.posting(t, charge("c-0", "1"), topUp("t-1", "1")), missing.posting(t, topUp("t-1", "1")), second)
	requireWritten(t, outcomes[0])
	requireMoved(t, moved, outcomes[1])
	requireUsed(t, outcomes[2], used.entries[0])
	require.Equal(t, store.OutcomeMissing, outcomes[3].Kind)
	requireWritten(t, outcomes[4])
	good.take(first)
	last.take(second)
	for _, k := range []*book{good, moved, used, last} {
		requireBook(t, s, k)
	}
}

func appendMany(t *testing.T, s store.Store) {
	const accounts, entries = 50, 300
	books := make([]*book, accounts)
	ps := make([]store.Posting, accounts)
	for i := range books {
		books[i] = opened(t, s, fmt.Sprintf("many-%d", i), funds())
		ps[i] = books[i].posting(t, charge("c-1", "1"), hold("h-1", "2", time.Hour))
	}
	ms := make([]account.Movement, entries)
	for i := range ms {
		ms[i] = charge(fmt.Sprintf("c-%d", i), "0.01")
	}
	ps[accounts/2] = books[accounts/2].posting(t, ms...)
	for i, o := range appending(t, s, ps...) {
		requireWritten(t, o)
		books[i].take(ps[i])
		requireBook(t, s, books[i])
	}
}

func appendTerms(t *testing.T, s store.Store) {
	k := opened(t, s, "terms", funds())
	p := k.posting(t, charge("c-1", "1"))
	p.Balance.Terms = account.Terms{Currency: "USD", Closed: true, Zone: "Europe/Kyiv", Credit: money("5"), Limit: account.MessagesLimit(3)}
	k.append(t, s, p)
	requireBook(t, s, k)
	stale := k.posting(t, charge("c-2", "1"))
	closing := funds()
	closing.Closed = true
	k.post(t, s, k.terms(closing))
	requireMoved(t, k, appending(t, s, stale)[0])
	requireBook(t, s, k)
}

func appendHolds(t *testing.T, s store.Store) {
	k := opened(t, s, "holds", funds())
	k.move(t, s, hold("h-1", "1", time.Hour), hold("h-2", "2", time.Minute), hold("h-3", "3", 2*time.Hour))
	requireBook(t, s, k)
	k.move(t, s, capture("c-2", "h-2"), hold("h-4", "4", time.Minute))
	requireBook(t, s, k)
	k.move(t, s, release("r-1", "h-1"))
	requireBook(t, s, k)
	k.move(t, s, capture("c-3", "h-3"), release("r-4", "h-4"))
	requireBook(t, s, k)
	assert.Empty(t, k.holds)
	assert.True(t, balanceOf(t, s, k.balance.Account).Held.IsZero())
}

func appendEvents(t *testing.T, s store.Store) {
	terms := funds()
	terms.Credit, terms.Limit = money("1"), account.MoneyLimit(money("5"))
	k := opened(t, s, "events", terms)
	k.move(t, s, topUp("t-1", "10"), charge("c-1", "6"))
	k.move(t, s, topUp("t-2", "6"), charge("c-2", "11"))
	requireBook(t, s, k)
	assert.Greater(t, len(k.events), 2)
}
