package storetest

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/message"
	"github.com/clientaccount/clientaccount/store"
)

var figuresPromises = []messagePromise{
	{"counted, the figures are what the messages come to", figuresCounted},
	{"a message that moved on is counted again, in place of what it was", figuresMoved},
	{"counting takes few at a time, each once", figuresFew},
	{"figures come in the order of their keys, for the days asked for", figuresInOrder},
	{"figures are exact", figuresExact},
	{"counted while they move on, by several, messages count once", figuresRace},
}

var messagePurgePromises = []messagePromise{
	{"messages that ended before and are counted are removed, and what they counted for stays", purgedMessages},
	{"few are removed at a time", purgedFew},
	{"the network ids of a removed message are free, but not those that went over", purgedIDs},
	{"a removed message stays removed, whoever read it before", purgedStays},
	{"early reports are removed with the last one of their id", purgedEarly},
}

// count counts, few at a time, until there is nothing left to be counted.
func (m *messages) count(t tb, limit int) (n int) {
	t.Helper()
	for {
		counted := answered(t, func() (int, error) { return m.CountMessages(t.Context(), limit) })
		require.LessOrEqual(t, counted, limit)
		if counted == 0 {
			return n
		}
		n += counted
		require.Less(t, n, 10_000, "counting comes to an end")
	}
}

// requireFigures expects those of all messages, once they are counted, by their keys.
func (m *messages) requireFigures(t tb) {
	t.Helper()
	for _, k := range []*book{m.one, m.two} {
		m.requireFiguresOf(t, message.FiguresQuery{Account: k.balance.Account})
	}
}

func (m *messages) requireFiguresOf(t tb, q message.FiguresQuery) {
	t.Helper()
	got, err := m.Figures(t.Context(), q)
	require.NoError(t, err)
	requireFacts(t, m.figures(q), got, "the figures")
}

// figures are what the messages come to, and those that were removed came to.
func (m *messages) figures(q message.FiguresQuery) (rows []message.FiguresRow) {
	sums := maps.Clone(m.gone)
	for _, kept := range m.kept {
		row := kept.FiguresRow()
		sums[row.Key] = sums[row.Key].Plus(row.Figures)
	}
	day := func(d account.Date) int { return d.Year*400 + int(d.Month)*31 + d.Day }
	for key, f := range sums {
		if key.Account == q.Account && day(key.Day) >= day(q.From) && (q.To.IsZero() || day(key.Day) <= day(q.To)) {
			rows = append(rows, message.FiguresRow{Key: key, Figures: f})
		}
	}
	state := func(k message.FiguresKey) int {
		state, set := k.State.Get()
		if !set {
			return -1
		}
		return int(state)
	}
	slices.SortFunc(rows, func(a, b message.FiguresRow) int {
		a1, b1 := a.Key, b.Key
		return cmp.Or(cmp.Compare(day(a1.Day), day(b1.Day)), cmp.Compare(a1.MCC, b1.MCC), cmp.Compare(a1.MNC, b1.MNC),
			cmp.Compare(a1.Channel, b1.Channel), cmp.Compare(state(a1), state(b1)))
	})
	return rows
}

func figuresCounted(t *testing.T, m *messages) {
	m.requireFigures(t)
	require.Zero(t, m.count(t, 10), "there is nothing to be counted")
	m.fillVaried(t)
	for _, k := range []*book{m.one, m.two} {
		got, err := m.Figures(t.Context(), message.FiguresQuery{Account: k.balance.Account})
		require.NoError(t, err)
		require.Empty(t, got, "nothing is counted yet")
	}
	require.Equal(t, len(m.kept), m.count(t, 1000))
	m.requireFigures(t)
	require.Zero(t, m.count(t, 10), "nothing moved on")
	m.requireFigures(t)
	m.requireKept(t)
}

func figuresMoved(t *testing.T, m *messages) {
	m.begin(t, m.one, "m-1", "m-2")
	m.count(t, 10)
	m.requireFigures(t)
	m.append(t, m.one, m.sent(t, m.one.key("m-1"), "1"))
	m.append(t, m.one, m.unsent(t, m.one.key("m-2"), minute))
	require.Equal(t, 2, m.count(t, 10))
	m.requireFigures(t)
	m.append(t, m.one, m.kept[m.one.key("m-1")].At(m.now.Add(1000*time.Hour)))
	require.Equal(t, message.MoneyRefunded, m.kept[m.one.key("m-1")].Money)
	require.Equal(t, 1, m.count(t, 10))
	m.requireFigures(t)
	got, err := m.Figures(t.Context(), message.FiguresQuery{Account: m.one.balance.Account})
	require.NoError(t, err)
	require.Len(t, got, 2, "what comes to nothing is left out")
}

func figuresFew(t *testing.T, m *messages) {
	m.begin(t, m.one, names("a", 10)...)
	m.begin(t, m.two, names("b", 10)...)
	counted := 0
	for _, limit := range []int{1, 3, 7} {
		counted += answered(t, func() (int, error) { return m.CountMessages(t.Context(), limit) })
		sum := int64(0)
		for _, k := range []*book{m.one, m.two} {
			rows, err := m.Figures(t.Context(), message.FiguresQuery{Account: k.balance.Account})
			require.NoError(t, err)
			for _, row := range rows {
				sum += row.Figures.Messages
			}
		}
		require.EqualValues(t, counted, sum)
	}
	require.Equal(t, 11, counted)
	m.append(t, m.one, m.sent(t, m.one.key("a-003"), "1"))
	require.Contains(t, []int{9, 10}, m.count(t, 4), "it may have been counted before it moved on")
	m.requireFigures(t)
}

// figuresInOrder has messages of every combination of what is counted by.
func figuresInOrder(t *testing.T, m *messages) {
	days := []account.Date{{Year: 2026, Month: 2, Day: 28}, {Year: 2025, Month: 12, Day: 31}, {Year: 2026, Month: 10, Day: 1}, {Year: 2026, Month: 2, Day: 9}}
	for i, day := range days {
		var steps []message.Step
		for n := range 16 {
			e, terms := m.one.envelope(fmt.Sprint(i, "/", n)), messageTerms()
			terms.Day = day
			e.MCC, e.MNC = []string{"", "255", "310", "255"}[n%4], []string{"01", "001", "1000"[:3], ""}[n/4]
			e.Channel = []account.Channel{account.ChannelWeb, account.ChannelAPI, account.ChannelSMPP, account.ChannelREST}[(n+i)%4]
			s, err := message.Message{}.Admitted(e, terms, m.now)
			require.NoError(t, err)
			steps = append(steps, s)
		}
		m.append(t, m.one, steps...)
	}
	m.append(t, m.one, m.unsent(t, m.one.key("0/3"), minute), m.sent(t, m.one.key("1/5"), "1"), m.kept[m.one.key("0/4")].At(m.now.Add(100*time.Hour)))
	m.begin(t, m.two, "m-1")
	m.count(t, 5)
	m.requireFigures(t)
	for _, from := range append(days, account.Date{}) {
		for _, to := range append(days, account.Date{}) {
			m.requireFiguresOf(t, message.FiguresQuery{Account: m.one.balance.Account, From: from, To: to})
		}
	}
}

func figuresExact(t *testing.T, m *messages) {
	for i, price := range []string{"0", "0.000001", "0.1", "0.2", "999999999999.999999", "123456789.123456", "0.30"} {
		e := m.one.envelope(fmt.Sprint("m-", i))
		e.Price, e.Parts = money(price), i%3+1
		s, err := message.Message{}.Admitted(e, messageTerms(), m.now)
		require.NoError(t, err)
		m.append(t, m.one, s)
		m.append(t, m.one, m.sent(t, m.one.key(e.ID), e.ID))
		m.count(t, 3)
		m.requireFigures(t)
		m.append(t, m.one, m.kept[m.one.key(e.ID)].At(m.now.Add(1000*time.Hour)))
		m.count(t, 3)
		m.requireFigures(t)
	}
}

// figuresRace counts by two at once, while the parts of messages are handed over.
func figuresRace(t *testing.T, m *messages) {
	const parts = 6
	ids, done := names("m", 4), make(chan struct{})
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
					_, err := m.CountMessages(t.Context(), 3)
					assert.True(t, err == nil || lost(err), "%v", err)
					time.Sleep(time.Millisecond)
				}
			}
		})
	}
	m.handAll(t, ids, parts)
	close(done)
	wg.Wait()
	m.count(t, 10)
	for _, id := range ids {
		got, err := m.Message(t.Context(), m.one.key(id))
		require.NoError(t, err)
		require.Equal(t, int64(1+parts), got.Version)
		m.kept[m.one.key(id)] = got
	}
	m.requireFigures(t)
}

// purge removes what ended before so long after tests began, and says how many.
func (m *messages) purge(t tb, after time.Duration, limit int) int {
	t.Helper()
	return answered(t, func() (int, error) { return m.PurgeMessages(t.Context(), m.now.Add(after), time.Time{}, limit) })
}

// remove notes that a message is removed.
func (m *messages) remove(key store.MessageKey) {
	kept := m.kept[key]
	row := kept.FiguresRow()
	m.gone[row.Key] = m.gone[row.Key].Plus(row.Figures)
	for _, n := range kept.NetworkIDs {
		if m.owners[networkKey(n)] == key {
			delete(m.owners, networkKey(n))
		}
	}
	delete(m.kept, key)
}

func purgedMessages(t *testing.T, m *messages) {
	m.begin(t, m.one, "held", "sent", "ended", "later")
	m.begin(t, m.two, "ended", "uncounted")
	m.append(t, m.one, m.sent(t, m.one.key("sent"), "1"), m.unsent(t, m.one.key("ended"), minute), m.unsent(t, m.one.key("later"), 2*minute))
	m.append(t, m.two, m.unsent(t, m.two.key("ended"), minute-time.Microsecond))
	m.count(t, 10)
	m.append(t, m.two, m.unsent(t, m.two.key("uncounted"), minute))
	require.Zero(t, m.purge(t, minute-time.Microsecond, 10), "none ended before")
	require.Equal(t, 1, m.purge(t, minute, 10))
	m.remove(m.two.key("ended"))
	m.requireNone(t, m.two.key("ended"))
	m.requireKept(t)
	require.Equal(t, 2, m.purge(t, time.Hour, 10))
	m.remove(m.one.key("ended"))
	m.remove(m.one.key("later"))
	m.requireKept(t)
	m.count(t, 10)
	m.requireFigures(t)
	require.Equal(t, 1, m.purge(t, time.Hour, 10), "once it is counted")
	m.remove(m.two.key("uncounted"))
	m.requireKept(t)
	m.requireFigures(t)
	require.Zero(t, m.count(t, 10))
	m.requireDue(t, m.now.Add(1000*time.Hour), 10)
	requireBook(t, m, m.one)
}

func purgedFew(t *testing.T, m *messages) {
	ids := names("m", 9)
	m.begin(t, m.one, ids...)
	for i, id := range ids {
		m.append(t, m.one, m.unsent(t, m.one.key(id), time.Duration(i)*time.Minute))
	}
	m.count(t, 10)
	m.keepEarly(t, m.report("a", 1), m.report("b", 1), m.report("c", 1), m.report("d", 1))
	for _, want := range []int{4, 4, 1, 0} {
		require.Equal(t, want, m.purge(t, time.Hour, 4))
		page, err := m.MessagePage(t.Context(), message.Query{Account: m.one.balance.Account})
		require.NoError(t, err)
		left := map[store.MessageKey]bool{}
		for _, kept := range page {
			left[keyOf(kept)] = true
		}
		for key := range m.kept {
			if !left[key] {
				m.remove(key)
			}
		}
		m.requireKept(t)
		m.requireFigures(t)
	}
	require.Empty(t, m.kept)
}

func purgedIDs(t *testing.T, m *messages) {
	m.begin(t, m.one, "old", "new")
	m.append(t, m.one, m.sent(t, m.one.key("old"), "1", "2"))
	m.append(t, m.one, m.sent(t, m.one.key("new"), "2"), m.kept[m.one.key("old")].At(m.now.Add(100*time.Hour)))
	m.keepEarly(t, m.report("1", 1), m.report("2", 1))
	m.count(t, 10)
	require.Equal(t, 1, m.purge(t, 1000*time.Hour, 10))
	m.remove(m.one.key("old"))
	require.Equal(t, m.one.key("new"), m.owners[acme("2")[0]])
	m.requireKept(t)
	found := lookUp(t, m, store.Lookup{Account: m.one.balance.Account, NetworkIDs: acme("1", "2")})
	require.Equal(t, []store.Owned{{Of: acme("2")[0], Message: m.one.key("new")}}, found.Owned)
	es, err := m.OverdueEarly(t.Context(), 10)
	require.NoError(t, err)
	requireFacts(t, []message.Early{m.report("2", 1)}, es, "reports of ids that messages have")
	m.begin(t, m.two, "next")
	m.append(t, m.two, m.sent(t, m.two.key("next"), "1"))
	m.requireKept(t)
}

// purgedStays writes a late report of a message that is removed meanwhile.
func purgedStays(t *testing.T, m *messages) {
	m.begin(t, m.one, "m-1", "m-2")
	m.append(t, m.one, m.sent(t, m.one.key("m-1"), "1"))
	m.append(t, m.one, m.kept[m.one.key("m-1")].At(m.now.Add(100*time.Hour)))
	m.count(t, 10)
	s, err := m.kept[m.one.key("m-1")].Reported(message.NetworkReport{
		Network: "acme", ID: "1", Report: account.Report{State: account.StateDelivered, DoneAt: m.now},
	}, m.now.Add(101*time.Hour))
	require.NoError(t, err)
	late := m.posting(m.one, s)
	late.Messages[0].NetworkIDs = []message.NetworkID{{Network: "acme", ID: "late"}}
	require.Equal(t, 1, m.purge(t, 1000*time.Hour, 10))
	m.remove(m.one.key("m-1"))
	if o := appending(t, m, late)[0]; o.Kind == store.OutcomeWritten {
		m.one.take(late)
	}
	m.requireNone(t, m.one.key("m-1"))
	owners, err := m.MessagesOf(t.Context(), acme("1", "late"))
	require.NoError(t, err)
	require.Equal(t, make([]store.MessageKey, 2), owners)
	require.Zero(t, m.count(t, 10))
	m.requireKept(t)
	m.requireFigures(t)
}

func purgedEarly(t *testing.T, m *messages) {
	purge := func(seconds, limit int) int {
		early := m.now.Add(time.Duration(seconds) * time.Second)
		return answered(t, func() (int, error) { return m.PurgeMessages(t.Context(), time.Time{}, early, limit) })
	}
	m.keepEarly(t, m.report("a", 1), m.report("b", 1), m.report("c", 2), m.report("b", 5), m.report("d", 3))
	require.Zero(t, purge(1, 10), "none came before")
	require.Equal(t, 1, purge(2, 10))
	m.early[acme("a")[0]] = nil
	m.requireKept(t)
	require.Equal(t, 1, purge(4, 1))
	require.Equal(t, 1, purge(4, 1))
	require.Zero(t, purge(4, 1))
	m.early[acme("c")[0]], m.early[acme("d")[0]] = nil, nil
	m.requireKept(t)
	m.begin(t, m.one, "m-1")
	m.append(t, m.one, m.sent(t, m.one.key("m-1"), "b"))
	require.Equal(t, 1, purge(10, 10))
	es, err := m.OverdueEarly(t.Context(), 10)
	require.NoError(t, err)
	require.Empty(t, es)
}
