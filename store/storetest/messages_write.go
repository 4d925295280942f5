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
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/account/message"
	"github.com/clientaccount/clientaccount/store"
)

var messageWritePromises = []messagePromise{
	{"messages are written with their posting, and read beside the balance", messagesWritten},
	{"a message is written in place of what it was", messagesMoved},
	{"messages alone move the account's version on", messagesAlone},
	{"a posting that is not written leaves nothing of its messages", messagesUnwritten},
	{"a call takes the messages of many accounts, and many of one", messagesMany},
	{"a transaction reads the messages it posted, and nobody else before its end", messagesInTx},
	{"messages of a transaction that failed are not there", messagesRolledBack},
	{"no step of many at once is lost", messagesCrowd},
	{"a canceled context ends every question about messages", messagesCanceled},
}

func messagesWritten(t *testing.T, m *messages) {
	m.begin(t, m.one, "m-1", "m-2")
	m.begin(t, m.two, "m-1")
	m.requireKept(t)
	requireBook(t, m, m.one)
	found, err := m.Ledger(t.Context(), []store.Lookup{
		{Account: m.one.balance.Account, Messages: []string{"m-2", "nobody", "m-1"}, References: []string{"m-1"}},
		{Account: m.two.balance.Account, Messages: []string{"m-2", "m-1"}},
		{Account: accounttest.ID(99), Messages: []string{"m-1"}},
		{Account: m.one.balance.Account},
	})
	require.NoError(t, err)
	require.Len(t, found, 4)
	requireAny(t, m.page(m.one, all), found[0].Messages, "those of the first account")
	requireAny(t, m.page(m.two, all), found[1].Messages, "those of the second")
	require.Len(t, found[0].Used, 1, "beside the rest of the answer")
	require.Equal(t, facts(m.one.balance), facts(found[0].Balance))
	require.Empty(t, found[2].Messages)
	require.Empty(t, found[3].Messages, "nothing was asked for")
	m.requireNone(t, m.two.key("m-2"), store.MessageKey{Account: accounttest.ID(99), ID: "m-1"})
}

func messagesMoved(t *testing.T, m *messages) {
	m.begin(t, m.one, "m-1", "m-2")
	m.append(t, m.one, m.sent(t, m.one.key("m-1"), "17"), m.unsent(t, m.one.key("m-2"), minute))
	m.requireKept(t)
	requireBook(t, m, m.one)
	step, err := m.kept[m.one.key("m-1")].Reported(message.NetworkReport{
		Network: "acme", ID: "17", Report: account.Report{State: account.StateUndeliverable, Err: "9", DoneAt: m.now},
	}, m.now.Add(time.Hour))
	require.NoError(t, err)
	require.Equal(t, account.KindRefund, step.Movement.Kind)
	m.append(t, m.one, step)
	m.requireKept(t)
	require.Equal(t, int64(3), m.kept[m.one.key("m-1")].Version)
}

func messagesAlone(t *testing.T, m *messages) {
	m.begin(t, m.one, "m-1")
	m.append(t, m.one, m.sent(t, m.one.key("m-1"), "1", "2"))
	before := m.one.balance
	reported := func(id string) store.Posting {
		step, err := m.kept[m.one.key("m-1")].Reported(message.NetworkReport{
			Network: "acme", ID: id, Report: account.Report{State: account.StateDelivered, DoneAt: m.now},
		}, m.now.Add(time.Hour))
		require.NoError(t, err)
		p := m.posting(m.one, step)
		require.Empty(t, p.Entries, "no money moves")
		return p
	}
	stale, p := reported("1"), reported("2")
	m.appendPosting(t, m.one, p)
	m.requireKept(t)
	requireBook(t, m, m.one)
	require.Equal(t, before.Version+1, balanceOf(t, m, before.Account).Version)
	for _, p := range []store.Posting{stale, p} {
		requireMoved(t, m.one, appending(t, m, p)[0])
		require.ErrorIs(t, m.Update(t.Context(), posting(p)), account.ErrConflict)
	}
	m.requireKept(t)
	p = reported("1")
	update(t, m, posting(p))
	m.one.take(p)
	m.take(p)
	m.requireKept(t)
	requireBook(t, m, m.one)
}

// messagesUnwritten has one posting for each reason not to write it.
func messagesUnwritten(t *testing.T, m *messages) {
	m.begin(t, m.one, "m-1")
	out := m.outbox()
	moved := m.posting(m.one, m.admitted(t, m.one, "moved")...)
	moved.From, moved.Balance.Version = moved.From+1, moved.Balance.Version+1
	used := m.posting(m.one, m.admitted(t, m.one, "used", "m-1")...)
	lookups := m.posting(m.one, m.admitted(t, m.one, "lookups")...)
	lookups.Lookups = []string{"m-1"}
	nobody := *m.two
	nobody.balance.Account = accounttest.ID(99)
	missing := m.posting(&nobody, m.admitted(t, &nobody, "missing")...)
	for i, p := range []*store.Posting{&moved, &used, &lookups, &missing} {
		first := &p.Messages[0]
		first.NetworkIDs = []message.NetworkID{{Network: "acme", ID: "taken"}}
		first.Message.NetworkIDs = first.NetworkIDs
		first.Deliveries = []store.Delivery{out.delivery(i)}
		first.Deliveries[0].Hook.Account = p.Balance.Account
	}
	for i, want := range []store.OutcomeKind{store.OutcomeMoved, store.OutcomeUsed, store.OutcomeUsed, store.OutcomeMissing} {
		p := []store.Posting{moved, used, lookups, missing}[i]
		require.Equal(t, want, appending(t, m, p)[0].Kind)
		m.requireNone(t, keyOf(p.Messages[0].Message))
		if want != store.OutcomeMissing && len(p.Lookups) == 0 {
			require.ErrorIs(t, m.Update(t.Context(), posting(p)), account.ErrConflict)
			m.requireNone(t, keyOf(p.Messages[0].Message))
		}
	}
	m.requireKept(t)
	owners, err := m.MessagesOf(t.Context(), acme("taken"))
	require.NoError(t, err)
	require.Equal(t, []store.MessageKey{{}}, owners)
	out.requireAll(t)
}

func messagesMany(t *testing.T, m *messages) {
	const many = 200
	first, second := m.posting(m.one, m.admitted(t, m.one, names("a", many)...)...), m.posting(m.two, m.admitted(t, m.two, names("b", many)...)...)
	for _, o := range appending(t, m, first, second) {
		requireWritten(t, o)
	}
	m.one.take(first)
	m.two.take(second)
	m.take(first)
	m.take(second)
	m.requireKept(t)
	var steps []message.Step
	for i, id := range names("a", many) {
		if i%2 == 0 {
			steps = append(steps, m.sent(t, m.one.key(id), id+"/1", id+"/2"))
		} else {
			steps = append(steps, m.unsent(t, m.one.key(id), minute))
		}
	}
	m.append(t, m.one, append(steps, m.admitted(t, m.one, names("c", many)...)...)...)
	m.requireKept(t)
}

func messagesInTx(t *testing.T, m *messages) {
	m.begin(t, m.one, "m-1")
	m.count(t, 10)
	counted := m.figures(message.FiguresQuery{Account: m.one.balance.Account})
	m.keepEarly(t, m.report("3", 1), m.report("9", 1))
	sent := m.posting(m.one, append(m.admitted(t, m.one, "m-2"), m.sent(t, m.one.key("m-1"), "1", "2", "3"))...)
	before := m.kept[m.one.key("m-1")]
	update(t, m, func(ctx context.Context, tx store.Tx) error {
		if err := tx.Post(ctx, sent); err != nil {
			return err
		}
		m.one.take(sent)
		m.take(sent)
		r, ok := tx.(store.MessageReader)
		require.True(t, ok, "the transaction is a store.MessageReader")
		m.requireIn(t, r)
		figures, err := r.Figures(ctx, message.FiguresQuery{Account: m.one.balance.Account})
		require.NoError(t, err)
		requireFacts(t, counted, figures, "the figures, as far as they are counted")
		found, err := tx.Ledger(ctx, []store.Lookup{{Account: m.one.balance.Account, Messages: []string{"m-1", "m-2"}, NetworkIDs: acme("3")}})
		require.NoError(t, err)
		requireAny(t, m.page(m.one, all), found[0].Messages, "a transaction looks up what it wrote")
		require.Equal(t, []store.Owned{{Of: acme("3")[0], Message: m.one.key("m-1")}}, found[0].Owned)

		got, err := m.Message(t.Context(), m.one.key("m-1"))
		require.NoError(t, err)
		requireMessages(t, []message.Message{before}, []message.Message{got}, "seen from outside")
		m.requireNone(t, m.one.key("m-2"))
		return nil
	})
	m.requireKept(t)
	requireBook(t, m, m.one)
	require.Equal(t, 2, m.count(t, 10))
	m.requireFigures(t)
}

func messagesRolledBack(t *testing.T, m *messages) {
	m.begin(t, m.one, "m-1")
	m.count(t, 10)
	out, undo := m.outbox(), errors.New("undo")
	m.keepEarly(t, m.report("3", 1))
	err := m.Update(t.Context(), func(ctx context.Context, tx store.Tx) error {
		p := m.posting(m.one, append(m.admitted(t, m.one, "m-2"), m.sent(t, m.one.key("m-1"), "1", "2", "3"))...)
		p.Messages[0].Deliveries = []store.Delivery{out.delivery(1)}
		return errors.Join(tx.Post(ctx, p), undo)
	})
	require.ErrorIs(t, err, undo)
	m.requireKept(t)
	requireBook(t, m, m.one)
	m.requireNone(t, m.one.key("m-2"))
	out.requireAll(t)
	owners, err := m.MessagesOf(t.Context(), acme("1", "2", "3"))
	require.NoError(t, err)
	require.Equal(t, make([]store.MessageKey, 3), owners)
	require.Zero(t, answered(t, func() (int, error) { return m.CountMessages(t.Context(), 10) }), "nothing moved on")
	overdue, err := m.OverdueEarly(t.Context(), 10)
	require.NoError(t, err)
	require.Empty(t, overdue)
	require.Equal(t, []store.MessageKey{m.one.key("m-1")}, m.due(t, m.now.Add(1000*time.Hour), 10))
}

// handPart reads a message with its account's balance, hands a part of it over, and writes
// that, over again until it is written.
func (m *messages) handPart(ctx context.Context, key store.MessageKey, part int) error {
	for {
		found, err := m.Ledger(ctx, []store.Lookup{{Account: key.Account, Messages: []string{key.ID}}})
		if err != nil {
			return err
		}
		h := message.Handover{Network: "acme", IDs: []string{fmt.Sprint(key.ID, "/", part)}, Part: part}
		s, err := found[0].Messages[0].Sent(h, nil, m.now)
		if err != nil {
			return err
		}
		p := (&messages{now: m.now}).posting(&book{balance: found[0].Balance}, s)
		p.Messages[0].NetworkIDs = s.Message.NetworkIDs[part-1:]
		switch kind, err := m.tryAppend(ctx, p); {
		case err != nil || kind == store.OutcomeWritten:
			return err
		case kind != store.OutcomeMoved:
			return fmt.Errorf("outcome %d of a step", kind)
		}
	}
}

// inParts keeps a message of so many parts.
func (m *messages) inParts(t tb, k *book, id string, parts int) {
	t.Helper()
	e := k.envelope(id)
	e.Parts = parts
	s, err := message.Message{}.Admitted(e, messageTerms(), m.now)
	require.NoError(t, err)
	m.append(t, k, s)
}

// handAll hands over the parts of new messages of one account: those of all messages at once,
// of each one after another.
func (m *messages) handAll(t *testing.T, ids []string, parts int) {
	t.Helper()
	var wg sync.WaitGroup
	for _, id := range ids {
		m.inParts(t, m.one, id, parts)
	}
	for _, id := range ids {
		wg.Go(func() {
			for part := 1; part <= parts; part++ {
				assert.NoError(t, m.handPart(t.Context(), m.one.key(id), part))
			}
		})
	}
	wg.Wait()
}

func messagesCrowd(t *testing.T, m *messages) {
	const parts = 8
	ids := names("m", 4)
	m.handAll(t, ids, parts)
	for _, id := range ids {
		got, err := m.Message(t.Context(), m.one.key(id))
		require.NoError(t, err)
		assert.Equal(t, int64(1+parts), got.Version, "each step is one version on")
		require.Len(t, got.NetworkIDs, parts)
		for part, n := range got.NetworkIDs {
			assert.Equal(t, part+1, n.Part, "in the order in which they were given")
		}
	}
}

func messagesCanceled(t *testing.T, m *messages) {
	m.begin(t, m.one, "m-1")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	errs := map[string]error{}
	_, errs["Message"] = m.Message(ctx, m.one.key("m-1"))
	_, errs["MessagePage"] = m.MessagePage(ctx, message.Query{Account: m.one.balance.Account})
	_, errs["MessagesOf"] = m.MessagesOf(ctx, acme("1"))
	_, errs["EarlyReports"] = m.EarlyReports(ctx, acme("1"))
	_, errs["Figures"] = m.Figures(ctx, message.FiguresQuery{Account: m.one.balance.Account})
	_, errs["KeepEarly"] = m.KeepEarly(ctx, []message.Early{m.report("1", 1)})
	_, errs["OverdueEarly"] = m.OverdueEarly(ctx, 1)
	errs["DropEarly"] = m.DropEarly(ctx, acme("1"))
	_, errs["DueMessages"] = m.DueMessages(ctx, m.now, store.MessageKey{}, 1)
	_, errs["CountMessages"] = m.CountMessages(ctx, 1)
	_, errs["PurgeMessages"] = m.PurgeMessages(ctx, m.now, m.now, 1)
	for name, err := range errs {
		assert.ErrorIs(t, err, context.Canceled, name)
	}
	m.requireKept(t)
}
