package storetest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/message"
	"github.com/clientaccount/clientaccount/store"
)

var earlyPromises = []messagePromise{
	{"early reports are kept in the order in which they came, and come back as they were", earlyKept},
	{"a report that repeats another, or is one too many, is not kept", earlyBounded},
	{"who has an id by then is told", earlyOwned},
	{"early reports are dropped by their ids", earlyDropped},
	{"early reports of ids that messages have are overdue", earlyOverdue},
	{"of many that keep reports of one id at once, none is lost", earlyCrowd},
	{"of who keeps a report and who writes its id, one sees the other", earlyRace},
	{"of who keeps a report and who writes its id in a transaction, one sees the other", earlyRaceInTx},
}

// report is the nth of a network's id.
func (m *messages) report(id string, n int) message.Early {
	return message.Early{
		At: m.now.Add(time.Duration(n) * time.Second),
		NetworkReport: message.NetworkReport{Network: "acme", ID: id, Report: account.Report{
			State: account.StateEnroute, Err: fmt.Sprint(n), DoneAt: m.now.Add(time.Duration(n) * time.Microsecond), Part: n % 3,
		}},
	}
}

// keepEarly keeps reports, and requires that who has their ids is told.
func (m *messages) keepEarly(t tb, es ...message.Early) {
	t.Helper()
	keys := answered(t, func() ([]store.MessageKey, error) { return m.KeepEarly(t.Context(), es) })
	require.Len(t, keys, len(es))
	for i, e := range es {
		id := store.NetworkKey{Network: e.Network, ID: e.ID}
		require.Equal(t, m.owners[id], keys[i], "who has the id of report %d", i)
		m.early[id] = m.early[id].With(e)
	}
}

func (m *messages) dropEarly(t tb, ids ...store.NetworkKey) {
	t.Helper()
	require.NoError(t, settled(func() error { return m.DropEarly(t.Context(), ids) }))
	for _, id := range ids {
		m.early[id] = nil
	}
}

func (m *messages) earlyReports(t tb, ids ...store.NetworkKey) []message.Early {
	t.Helper()
	es, err := m.EarlyReports(t.Context(), ids)
	require.NoError(t, err)
	return es
}

func earlyKept(t *testing.T, m *messages) {
	m.keepEarly(t, m.report("a", 3), m.report("b", 1), m.report("a", 1))
	m.keepEarly(t, m.report("a", 2))
	m.requireKept(t)
	bare := message.Early{At: m.now, NetworkReport: message.NetworkReport{Network: "acme", ID: "bare", Report: account.Report{DoneAt: m.now}}}
	full := m.report("full", 9)
	full.Network, full.ID, full.Report.Err = `їжак "'\`, `{"a":[1,null]} ?`, "späť '\"\\ ?😀"
	full.Report.State, full.Report.AcceptedFinal = account.StateRejected, true
	full.At, full.Report.DoneAt = full.At.Add(123456*time.Microsecond), time.Date(9999, 12, 31, 23, 59, 59, 999_999_000, time.UTC)
	m.keepEarly(t, bare, full)
	m.requireKept(t)
	fine := m.report("fine", 1)
	fine.At, fine.Report.DoneAt = fine.At.Add(999).In(time.FixedZone("EEST", 3*60*60)), fine.Report.DoneAt.Add(999)
	answered(t, func() ([]store.MessageKey, error) { return m.KeepEarly(t.Context(), []message.Early{fine}) })
	requireFacts(t, []message.Early{m.report("fine", 1)}, m.earlyReports(t, acme("fine")...), "to the microsecond, in UTC")
	require.Empty(t, m.earlyReports(t))
	got := m.earlyReports(t, acme("a", "nobody's", "b")...)
	require.Len(t, got, 4)
	keys := answered(t, func() ([]store.MessageKey, error) { return m.KeepEarly(t.Context(), nil) })
	require.Empty(t, keys)
}

func earlyBounded(t *testing.T, m *messages) {
	for range 2 {
		m.keepEarly(t, m.report("a", 1), m.report("a", 2), m.report("a", 1))
	}
	require.Len(t, m.early[acme("a")[0]], 2)
	m.requireKept(t)
	later := m.report("a", 1)
	later.At = later.At.Add(message.EarlyFor - time.Microsecond)
	m.keepEarly(t, later)
	m.requireKept(t)
	var es []message.Early
	for n := range message.MaxEarly + 20 {
		es = append(es, m.report("many", n))
	}
	m.keepEarly(t, es[:300]...)
	m.keepEarly(t, es[300:]...)
	require.Len(t, m.early[acme("many")[0]], message.MaxEarly)
	m.requireKept(t)
	next := m.report("many", 1)
	next.At = next.At.Add(message.EarlyFor + time.Minute)
	m.keepEarly(t, next)
	require.Len(t, m.early[acme("many")[0]], message.MaxEarly+1-62, "those that count no longer make room")
	m.requireKept(t)
}

func earlyOwned(t *testing.T, m *messages) {
	m.keepEarly(t, m.report("1", 1), m.report("2", 1))
	m.begin(t, m.one, "m-1")
	m.append(t, m.one, m.sent(t, m.one.key("m-1"), "1"))
	m.keepEarly(t, m.report("2", 2), m.report("1", 2), m.report("2", 3), m.report("1", 3))
	m.requireKept(t)
}

func earlyDropped(t *testing.T, m *messages) {
	m.keepEarly(t, m.report("a", 1), m.report("a", 2), m.report("b", 1), m.report("c", 1))
	m.dropEarly(t, acme("c", "nobody's", "a")...)
	m.dropEarly(t)
	m.requireKept(t)
	m.keepEarly(t, m.report("a", 1))
	m.requireKept(t)
}

func earlyOverdue(t *testing.T, m *messages) {
	overdue := func(limit int) []message.Early {
		es, err := m.OverdueEarly(t.Context(), limit)
		require.NoError(t, err)
		return es
	}
	m.keepEarly(t, m.report("1", 1), m.report("1", 2), m.report("nobody's", 1), m.report("2", 1))
	require.Empty(t, overdue(10))
	m.begin(t, m.one, "m-1")
	m.append(t, m.one, m.sent(t, m.one.key("m-1"), "1", "2", "3"))
	requireAny(t, []message.Early{m.report("1", 1), m.report("1", 2), m.report("2", 1)}, overdue(10), "the id was written after the report")
	m.keepEarly(t, m.report("3", 1), m.report("4", 1))
	require.Len(t, overdue(10), 4)
	m.begin(t, m.two, "m-1")
	p := m.posting(m.two, m.sent(t, m.two.key("m-1"), "4"))
	update(t, m, posting(p))
	m.two.take(p)
	m.take(p)
	require.Len(t, overdue(10), 5, "written in a transaction as well")
	for range 4 { // of one id after another, and of each all
		es := overdue(1)
		id := store.NetworkKey{Network: es[0].Network, ID: es[0].ID}
		requireFacts(t, m.early[id], es, "the reports of an id, in the order in which they came")
		m.dropEarly(t, id)
	}
	require.Empty(t, overdue(10))
	m.requireKept(t)
}

func earlyCrowd(t *testing.T, m *messages) {
	const goroutines, rounds = 8, 6
	var wg sync.WaitGroup
	for g := range goroutines {
		wg.Go(func() {
			for n := range rounds {
				es := []message.Early{m.report("a", 100*g+n), m.report(fmt.Sprint("own-", g), n), m.report("b", 100*g+n)}
				assert.NoError(t, settled(func() error {
					_, err := m.KeepEarly(t.Context(), es)
					return err
				}))
			}
		})
	}
	wg.Wait()
	for _, id := range []string{"a", "b"} {
		seen := map[string]int{}
		for _, e := range m.earlyReports(t, acme(id)...) {
			seen[e.Report.Err]++
		}
		require.Len(t, seen, goroutines*rounds)
		require.Len(t, m.earlyReports(t, acme(id)...), goroutines*rounds)
	}
}

// keepsEarly keeps the report of an id, and says who has it by then.
func (m *messages) keepsEarly(ctx context.Context, id string, has *store.MessageKey) func() error {
	return func() error {
		return settled(func() error {
			keys, err := m.KeepEarly(ctx, []message.Early{m.report(id, 1)})
			if err == nil {
				*has = keys[0]
			}
			return err
		})
	}
}

// requireSeen expects that who kept the report of an id, or who then asked for it, saw the
// other.
func (m *messages) requireSeen(t *testing.T, id string, has, key store.MessageKey) {
	t.Helper()
	es := m.earlyReports(t, acme(id)...)
	require.Len(t, es, 1, "the report is kept in any case")
	if has != (store.MessageKey{}) {
		require.Equal(t, key, has)
	}
}

func earlyRace(t *testing.T, m *messages) {
	for n, name := range names("m", 40) {
		m.begin(t, m.one, name)
		key, id := m.one.key(name), fmt.Sprint(n)
		p := m.posting(m.one, m.sent(t, key, id))
		var has store.MessageKey
		seen := 0
		errKeep, errWrite := both(m.keepsEarly(t.Context(), id, &has), func() error {
			_, err := m.tryAppend(t.Context(), p)
			es, errAsk := m.EarlyReports(t.Context(), acme(id))
			seen = len(es)
			return errors.Join(err, errAsk)
		})
		require.NoError(t, errKeep)
		require.NoError(t, errWrite)
		require.True(t, has == key || seen == 1, "neither saw the other")
		m.one.take(p)
		m.take(p)
		m.requireSeen(t, id, has, key)
	}
}

// earlyRaceInTx keeps a report while a transaction is about to write its id.
func earlyRaceInTx(t *testing.T, m *messages) {
	for n, name := range names("m", 10) {
		m.begin(t, m.one, name)
		key, id := m.one.key(name), fmt.Sprint(n)
		p := m.posting(m.one, m.sent(t, key, id))
		var has store.MessageKey
		var keeping sync.WaitGroup
		var once sync.Once
		err := retry(t.Context(), m, func(ctx context.Context, tx store.Tx) error {
			if err := tx.Post(ctx, p); err != nil {
				return err
			}
			once.Do(func() {
				keeping.Go(func() { assert.NoError(t, m.keepsEarly(t.Context(), id, &has)()) })
			})
			time.Sleep(grace / 5)
			return nil
		})
		require.NoError(t, err)
		seen := len(m.earlyReports(t, acme(id)...))
		keeping.Wait()
		require.True(t, has == key || seen == 1, "neither saw the other")
		m.one.take(p)
		m.take(p)
		m.requireSeen(t, id, has, key)
	}
}
