package storetest

import (
	"fmt"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/account/message"
	"github.com/clientaccount/clientaccount/store"
)

var networkIDPromises = []messagePromise{
	{"who has network ids is told in their order", idsOwned},
	{"a network id is one network's, byte for byte", idsExact},
	{"a network id that is used again goes over", idsGoOver},
	{"of messages that get one id at once, one has it", idsAtOnce},
	{"a look-up tells who has ids, and whether that is over", idsLookedUp},
}

func idsOwned(t *testing.T, m *messages) {
	m.begin(t, m.one, "m-1")
	m.begin(t, m.two, "m-1")
	m.append(t, m.one, m.sent(t, m.one.key("m-1"), "1", "2"))
	m.append(t, m.two, m.sent(t, m.two.key("m-1"), "3"))
	one, two, none := m.one.key("m-1"), m.two.key("m-1"), store.MessageKey{}
	owners, err := m.MessagesOf(t.Context(), acme("3", "nobody's", "1", "2", "3", "1"))
	require.NoError(t, err)
	require.Equal(t, []store.MessageKey{two, none, one, one, two, one}, owners)
	owners, err = m.MessagesOf(t.Context(), nil)
	require.NoError(t, err)
	require.Empty(t, owners)
}

func idsExact(t *testing.T, m *messages) {
	var ids []store.NetworkKey
	for _, network := range []string{"acme", "Acme", "ACME ", "їжак"} {
		for _, id := range []string{"a", "A", "a ", "é", "e\u0301", "1", "01", "1.0", "%", "_", `\`, "'", "NULL", "a/1"} {
			ids = append(ids, store.NetworkKey{Network: network, ID: id})
		}
	}
	m.begin(t, m.one, names("m", len(ids))...)
	var steps []message.Step
	for i, name := range names("m", len(ids)) {
		s, err := m.kept[m.one.key(name)].Sent(message.Handover{Network: ids[i].Network, IDs: []string{ids[i].ID}}, nil, m.now)
		require.NoError(t, err)
		steps = append(steps, s)
	}
	m.append(t, m.one, steps...)
	m.requireKept(t)
	for i, name := range names("m", len(ids)) {
		found := lookUp(t, m, store.Lookup{Account: m.one.balance.Account, NetworkIDs: ids[i : i+1]})
		require.Equal(t, []store.Owned{{Of: ids[i], Message: m.one.key(name)}}, found.Owned)
	}
}

func idsGoOver(t *testing.T, m *messages) {
	m.begin(t, m.one, "old", "new")
	m.begin(t, m.two, "other")
	m.append(t, m.one, m.sent(t, m.one.key("old"), "1", "2"))
	m.append(t, m.one, m.sent(t, m.one.key("new"), "2"))
	m.requireKept(t)
	m.append(t, m.two, m.sent(t, m.two.key("other"), "1", "2", "3"))
	m.requireKept(t)
	require.Equal(t, m.two.key("other"), m.owners[acme("2")[0]])
	for id, want := range map[string][]message.Message{"1": {}, "2": {}} {
		page, err := m.MessagePage(t.Context(), message.Query{Account: m.one.balance.Account, NetworkID: id})
		require.NoError(t, err)
		requireMessages(t, want, page, "a page of an id that went over")
	}
	m.begin(t, m.one, "first", "last")
	m.append(t, m.one, m.sent(t, m.one.key("first"), "2"), m.sent(t, m.one.key("last"), "2"))
	require.Equal(t, m.one.key("last"), m.owners[acme("2")[0]], "the last one of a posting has it")
	m.requireKept(t)
}

// idsAtOnce gives one id to messages of two accounts in one call, and in two at once.
func idsAtOnce(t *testing.T, m *messages) {
	for n, name := range names("m", 10) {
		m.begin(t, m.one, name)
		m.begin(t, m.two, name)
		id := acme(fmt.Sprint(n))
		first, second := m.posting(m.one, m.sent(t, m.one.key(name), id[0].ID)), m.posting(m.two, m.sent(t, m.two.key(name), id[0].ID))
		if n%2 == 0 {
			for _, o := range appending(t, m, first, second) {
				requireWritten(t, o)
			}
		} else {
			var wg sync.WaitGroup
			for _, p := range []store.Posting{first, second} {
				wg.Go(func() {
					kind, err := m.tryAppend(t.Context(), p)
					assert.NoError(t, err)
					assert.Equal(t, store.OutcomeWritten, kind)
				})
			}
			wg.Wait()
		}
		m.one.take(first)
		m.two.take(second)
		m.take(first)
		m.take(second)
		owners, err := m.MessagesOf(t.Context(), id)
		require.NoError(t, err)
		require.Contains(t, []store.MessageKey{m.one.key(name), m.two.key(name)}, owners[0], "one of the two has it")
		m.owners[id[0]] = owners[0]
	}
	m.requireKept(t)
}

func idsLookedUp(t *testing.T, m *messages) {
	m.begin(t, m.one, "sent", "ended")
	m.begin(t, m.two, "unsent")
	m.append(t, m.one, m.sent(t, m.one.key("sent"), "1"), m.sent(t, m.one.key("ended"), "2", "3"))
	ended := m.kept[m.one.key("ended")].At(m.now.Add(1000 * minute * 60))
	require.Equal(t, message.StageEnded, ended.Message.Stage())
	m.append(t, m.one, ended)
	m.keepEarly(t, m.report("2", 1), m.report("9", 1), m.report("9", 2))
	want := []store.Owned{
		{Of: acme("1")[0], Message: m.one.key("sent")},
		{Of: acme("2")[0], Message: m.one.key("ended"), Over: true},
		{Of: acme("3")[0], Message: m.one.key("ended"), Over: true},
	}
	for _, id := range []account.ID{m.one.balance.Account, m.two.balance.Account, accounttest.ID(99)} {
		found := lookUp(t, m, store.Lookup{Account: id, NetworkIDs: acme("1", "nobody's", "3", "9", "2")})
		require.ElementsMatch(t, want, found.Owned, "whosever they are")
		requireAny(t, []message.Early{m.report("2", 1), m.report("9", 1), m.report("9", 2)}, found.Early, "early reports of the ids")
		require.Empty(t, found.Messages)
	}
	found, err := m.Ledger(t.Context(), []store.Lookup{
		{Account: m.one.balance.Account, NetworkIDs: acme("1", "9")},
		{Account: m.one.balance.Account, NetworkIDs: acme("9", "2")},
		{Account: m.one.balance.Account},
	})
	require.NoError(t, err)
	require.Equal(t, want[:1], found[0].Owned)
	require.Equal(t, want[1:2], found[1].Owned)
	requireFacts(t, []message.Early{m.report("9", 1), m.report("9", 2)}, found[0].Early, "in the order in which they came")
	require.Len(t, found[1].Early, 3)
	require.Empty(t, found[2].Owned)
	require.Empty(t, found[2].Early)
}
