package storetest

import (
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/account/message"
	"github.com/clientaccount/clientaccount/store"
)

var messagePagePromises = []messagePromise{
	{"a page of messages has 50 rows unless told, 1000 at most", messagePageLimits},
	{"any filters keep the messages they name, page after page", anyMessagePages},
}

var dueMessagePromises = []messagePromise{
	{"messages are due until they come to their end", dueMessages},
	{"pages of due messages miss none and repeat none, also while they are worked", dueMessagePages},
}

func messagePageLimits(t *testing.T, m *messages) {
	ids := names("m", account.MaxPage+1)
	for batch := range slices.Chunk(ids, 250) {
		m.begin(t, m.one, batch...)
	}
	m.begin(t, m.two, "m-000")
	for limit, want := range map[int]int{-1: 50, 0: 50, 1: 1, account.MaxPage: account.MaxPage, 1 << 30: account.MaxPage} {
		page, err := m.MessagePage(t.Context(), message.Query{Account: m.one.balance.Account, Limit: limit})
		require.NoError(t, err)
		requireMessages(t, m.page(m.one, all)[:want], page, "the newest first")
	}
	page, err := m.MessagePage(t.Context(), message.Query{Account: accounttest.ID(99)})
	require.NoError(t, err)
	require.Empty(t, page)
}

// anyMessagePages asks for messages that differ in all that is asked for.
func anyMessagePages(t *testing.T, m *messages) {
	m.fillVaried(t)
	m.requireKept(t)
	rapid.Check(t, func(t *rapid.T) {
		k := []*book{m.one, m.one, m.two}[rapid.IntRange(0, 2).Draw(t, "account")]
		q := m.anyQuery(t, k)
		want := m.page(k, func(kept message.Message) bool { return m.asked(kept, q) })
		for {
			page, err := m.MessagePage(t.Context(), q)
			require.NoError(t, err)
			requireMessages(t, want[:min(len(want), q.Limit)], page, fmt.Sprintf("asked for %+v", q))
			if len(page) == 0 {
				return
			}
			want, q.Before = want[len(page):], page[len(page)-1].Entries.Hold
		}
	})
}

// fillVaried keeps messages of every stage, and few different values.
func (m *messages) fillVaried(t tb) {
	t.Helper()
	for i, k := range []*book{m.one, m.two, m.one} {
		var steps []message.Step
		for n, id := range names(fmt.Sprint("m", i), 20) {
			e, at := k.envelope(id), m.now.Add(time.Duration(n/4)*time.Hour)
			e.ClientRef, e.Destination = fmt.Sprint("order ", n%3), fmt.Sprint("38067000000", n%4)
			s, err := message.Message{}.Admitted(e, messageTerms(), at)
			require.NoError(t, err)
			steps = append(steps, s)
		}
		m.append(t, k, steps...)
		steps = nil
		for n, id := range names(fmt.Sprint("m", i), 20) {
			steps = append(steps, m.varied(t, k.key(id), n)...)
		}
		m.append(t, k, steps...)
	}
	for id, n := range map[string]int{"m0-002": 2, "m1-002": 3, "m0-008": 4, "m1-007": 5} {
		k := m.one
		if id[1] == '1' {
			k = m.two
		}
		m.append(t, k, m.varied(t, k.key(id), n)...)
	}
}

// varied is a step of a message that was begun, or of one that was sent.
func (m *messages) varied(t tb, key store.MessageKey, n int) []message.Step {
	t.Helper()
	was := m.kept[key]
	report := func(state account.MessageState) message.Step {
		s, err := was.Reported(message.NetworkReport{
			Network: was.NetworkIDs[0].Network, ID: was.NetworkIDs[0].ID, Report: account.Report{State: state, DoneAt: m.now},
		}, m.now.Add(50*time.Hour))
		require.NoError(t, err)
		return s
	}
	switch {
	case was.IsSent() && n == 2:
		return []message.Step{report(account.StateDelivered)}
	case was.IsSent() && n == 3:
		return []message.Step{report(account.StateUndeliverable)}
	case was.IsSent():
		return []message.Step{report(account.StateEnroute)}
	case n%5 == 0:
		return nil
	case n%5 == 1:
		return []message.Step{m.unsent(t, key, minute)}
	case n == 19:
		return []message.Step{was.At(m.now.Add(1000 * time.Hour))}
	}
	h := message.Handover{Network: fmt.Sprint("network ", n%2), IDs: []string{fmt.Sprint("id ", n%9), fmt.Sprint("second ", n%7)}}
	s, err := was.Sent(h, nil, m.now.Add(minute))
	require.NoError(t, err)
	return []message.Step{s}
}

// anyQuery asks for what a drawn message is like, in a few respects.
func (m *messages) anyQuery(t *rapid.T, k *book) message.Query {
	kept := m.page(k, all)
	like := kept[rapid.IntRange(0, len(kept)-1).Draw(t, "like")]
	q := message.Query{Account: k.balance.Account, Limit: rapid.IntRange(1, 12).Draw(t, "limit")}
	instant := like.AdmittedAt.Add(one(t, "beside", 0, time.Microsecond, -time.Microsecond))
	respects := []func(){
		func() { q.ID = like.ID },
		func() { q.ClientRef = one(t, "client ref", like.ClientRef, like.ClientRef, "order") },
		func() {
			if len(like.NetworkIDs) > 0 {
				q.NetworkID = one(t, "network id", like.NetworkIDs...).ID
			}
		},
		func() { q.Destination = one(t, "destination", like.Destination, like.Destination, "38067") },
		func() { q.State = account.Some(like.State()) },
		func() { q.Stage = like.Stage() },
		func() { q.From = instant },
		func() { q.To = instant },
		func() { q.Before = like.Entries.Hold + one(t, "behind", int64(0), 1, math.MaxInt32) },
	}
	for _, i := range rapid.SliceOfNDistinct(rapid.IntRange(0, len(respects)-1), 0, 3, rapid.ID).Draw(t, "respects") {
		respects[i]()
	}
	return q
}

// asked reports whether a query asks for a message, whatever its limit.
func (m *messages) asked(kept message.Message, q message.Query) bool {
	has := func(n message.NetworkID) bool { return n.ID == q.NetworkID && m.owners[networkKey(n)] == keyOf(kept) }
	return (q.ID == "" || kept.ID == q.ID) && (q.ClientRef == "" || kept.ClientRef == q.ClientRef) &&
		(q.Destination == "" || kept.Destination == q.Destination) && (q.NetworkID == "" || slices.ContainsFunc(kept.NetworkIDs, has)) &&
		(q.State.IsZero() || q.State == account.Some(kept.State())) && (q.Stage == "" || kept.Stage() == q.Stage) &&
		(q.From.IsZero() || !kept.AdmittedAt.Before(q.From)) && (q.To.IsZero() || kept.AdmittedAt.Before(q.To)) &&
		(q.Before == 0 || kept.Entries.Hold < q.Before)
}

// due asks for all due messages, page after page, of which none may repeat.
func (m *messages) due(t tb, now time.Time, limit int) (keys []store.MessageKey) {
	t.Helper()
	for after := (store.MessageKey{}); ; after = keys[len(keys)-1] {
		page, err := m.DueMessages(t.Context(), now, after, limit)
		require.NoError(t, err)
		require.LessOrEqual(t, len(page), limit)
		if len(page) == 0 {
			return keys
		}
		for _, key := range page {
			require.NotContains(t, keys, key, "a due message comes once")
		}
		keys = append(keys, page...)
	}
}

// requireDue expects the messages that are due at an instant.
func (m *messages) requireDue(t tb, now time.Time, limit int) {
	t.Helper()
	want := []store.MessageKey{}
	for key, kept := range m.kept {
		if due := kept.Due(); !due.IsZero() && !due.After(now) {
			want = append(want, key)
		}
	}
	require.ElementsMatch(t, want, m.due(t, now, limit), "messages that are due at %v", now)
}

func dueMessages(t *testing.T, m *messages) {
	m.fillVaried(t)
	for _, hours := range []int{0, 47, 48, 50, 72, 73, 1000} {
		now := m.now.Add(time.Duration(hours) * time.Hour)
		m.requireDue(t, now, 7)
		m.requireDue(t, now.Add(minute), 100)
		m.requireDue(t, now.Add(minute-time.Microsecond), 100)
	}
	for _, k := range []*book{m.one, m.two} {
		var steps []message.Step
		for _, kept := range m.page(k, all) {
			if s := kept.At(m.now.Add(1000 * time.Hour)); s.Changed {
				steps = append(steps, s)
			}
		}
		m.append(t, k, steps...)
	}
	require.Empty(t, m.due(t, m.now.Add(2000*time.Hour), 10))
}

// dueMessagePages ends every other message between two pages.
func dueMessagePages(t *testing.T, m *messages) {
	late := m.now.Add(1000 * time.Hour)
	m.begin(t, m.one, names("a", 25)...)
	m.begin(t, m.two, names("b", 25)...)
	seen := map[store.MessageKey]int{}
	for after := (store.MessageKey{}); ; {
		page, err := m.DueMessages(t.Context(), late, after, 4)
		require.NoError(t, err)
		if len(page) == 0 {
			break
		}
		for i, key := range page {
			seen[key]++
			if k := m.bookOf(key); i%2 == 1 {
				m.append(t, k, m.kept[key].At(late))
			}
		}
		after = page[len(page)-1]
	}
	require.Len(t, seen, 50)
	for key, times := range seen {
		require.Equal(t, 1, times, key.ID)
	}
	m.requireDue(t, late, 9)
	none, err := m.DueMessages(t.Context(), late, store.MessageKey{}, 0)
	require.NoError(t, err)
	require.Empty(t, none)
}

func (m *messages) bookOf(key store.MessageKey) *book {
	if key.Account == m.two.balance.Account {
		return m.two
	}
	return m.one
}
