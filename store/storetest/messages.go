package storetest

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/account/message"
	"github.com/clientaccount/clientaccount/store"
)

// MessageStore is a store that keeps messages, and what their clients are told.
type MessageStore interface {
	store.Store
	store.Outbox
	store.Messages
}

// messagePromise is one thing that a store of messages promises, and the test that it keeps it.
type messagePromise struct {
	name string
	test func(t *testing.T, m *messages)
}

// RunMessages tests what [store.Messages] and [store.MessageReader] promise, and what
// [store.Posting], [store.Lookup] and [store.Found] have of messages, as [Run] does for the
// rest of the contract.
func RunMessages(t *testing.T, newStore func(t *testing.T) MessageStore) {
	t.Helper()
	w := newWatch()
	for _, group := range []struct {
		name     string
		promises []messagePromise
	}{
		{"values", messageValuePromises},
		{"write", messageWritePromises},
		{"deliveries", messageToldPromises},
		{"network ids", networkIDPromises},
		{"early", earlyPromises},
		{"due", dueMessagePromises},
		{"pages", messagePagePromises},
		{"figures", figuresPromises},
		{"purge", messagePurgePromises},
		{"model", messageModelPromises},
	} {
		t.Run(group.name, func(t *testing.T) {
			for _, p := range group.promises {
				t.Run(p.name, func(t *testing.T) {
					on(w, t, newStore, func(t *testing.T, s MessageStore) { p.test(t, openedMessages(t, s, "")) })
				})
			}
		})
	}
}

// messages is a store, and what it must have of the messages of two accounts: kept as plainly
// as can be.
type messages struct {
	MessageStore
	now      time.Time // when tests begin
	one, two *book
	kept     map[store.MessageKey]message.Message
	owners   map[store.NetworkKey]store.MessageKey
	early    map[store.NetworkKey]message.EarlyReports
	gone     map[message.FiguresKey]message.Figures // what those count for that were removed
}

// openedMessages opens two accounts without any messages.
func openedMessages(t tb, s MessageStore, login string) *messages {
	t.Helper()
	return &messages{
		MessageStore: s, now: accounttest.Now().Truncate(time.Microsecond),
		one: opened(t, s, login+"one", funds()), two: opened(t, s, login+"two", funds()),
		kept:   map[store.MessageKey]message.Message{},
		owners: map[store.NetworkKey]store.MessageKey{},
		early:  map[store.NetworkKey]message.EarlyReports{},
		gone:   map[message.FiguresKey]message.Figures{},
	}
}

func (k *book) key(id string) store.MessageKey {
	return store.MessageKey{Account: k.balance.Account, ID: id}
}

func keyOf(m message.Message) store.MessageKey { return store.MessageKey{Account: m.Account, ID: m.ID} }

func networkKey(n message.NetworkID) store.NetworkKey {
	return store.NetworkKey{Network: n.Network, ID: n.ID}
}

// acme returns keys of one network's ids.
func acme(ids ...string) (keys []store.NetworkKey) {
	for _, id := range ids {
		keys = append(keys, store.NetworkKey{Network: "acme", ID: id})
	}
	return keys
}

func (k *book) envelope(id string) message.Envelope {
	return message.Envelope{
		Account: k.balance.Account, ID: id, ClientRef: "order " + id, Channel: account.ChannelSMPP, Sender: "ACME",
		Destination: "380670000001", Parts: 3, MCC: "255", MNC: "01", Price: money("0.0312"), Currency: "EUR",
	}
}

// messageTerms are those of a message that may be sent within two days, and waits three for
// reports.
func messageTerms() message.Terms {
	return message.Terms{
		SendWithin: 48 * time.Hour, Wait: 72 * time.Hour, Day: account.Date{Year: 2026, Month: 3, Day: 29},
		Refunds: account.RefundPolicy{States: account.States(account.StateUndeliverable), Timeout: true},
	}
}

// admitted begins messages of an account.
func (m *messages) admitted(t tb, k *book, ids ...string) (steps []message.Step) {
	t.Helper()
	for _, id := range ids {
		s, err := message.Message{}.Admitted(k.envelope(id), messageTerms(), m.now)
		require.NoError(t, err)
		steps = append(steps, s)
	}
	return steps
}

// sent hands a message to a network, which has ids for its parts.
func (m *messages) sent(t tb, key store.MessageKey, ids ...string) message.Step {
	t.Helper()
	s, err := m.kept[key].Sent(message.Handover{Network: "acme", IDs: ids}, nil, m.now.Add(minute))
	require.NoError(t, err)
	return s
}

// unsent ends a message that nobody took, so long after tests began.
func (m *messages) unsent(t tb, key store.MessageKey, after time.Duration) message.Step {
	t.Helper()
	s, err := m.kept[key].Unsent(message.Failure{State: account.StateRejected, Err: "no route"}, m.now.Add(after))
	require.NoError(t, err)
	return s
}

// posting is what steps of an account's messages come to: an entry for each movement, and no
// more of the money than that.
func (m *messages) posting(k *book, steps ...message.Step) store.Posting {
	p := store.Posting{From: k.balance.Version, Balance: k.balance}
	p.Balance.Version++
	for _, s := range steps {
		if s.Movement.Kind != "" {
			p.Balance.Entries++
			e := account.Entry{
				Account: k.balance.Account, Number: p.Balance.Entries, Kind: s.Movement.Kind, Reference: s.Movement.Reference, At: m.now,
			}
			p.Entries = append(p.Entries, e)
			s.Message.Note(e)
		}
		p.Messages = append(p.Messages, store.KeptMessage{
			Message: s.Message, Was: s.Message.Version - 1,
			NetworkIDs: s.Message.NetworkIDs[len(m.kept[keyOf(s.Message)].NetworkIDs):],
		})
	}
	return p
}

// append appends what steps come to, which must be written.
func (m *messages) append(t tb, k *book, steps ...message.Step) {
	t.Helper()
	m.appendPosting(t, k, m.posting(k, steps...))
}

func (m *messages) appendPosting(t tb, k *book, p store.Posting) {
	t.Helper()
	k.append(t, m, p)
	m.take(p)
}

// tryAppend appends a posting once nobody else writes to the account, and says what became of
// it. It may be called from any goroutine.
func (m *messages) tryAppend(ctx context.Context, p store.Posting) (store.OutcomeKind, error) {
	for {
		outcomes, err := appendAgain(ctx, m, []store.Posting{p})
		if err != nil {
			return 0, err
		}
		if outcomes[0].Kind != store.OutcomeBusy {
			return outcomes[0].Kind, nil
		}
		time.Sleep(time.Millisecond)
	}
}

// take notes what is to be kept by a posting that was written.
func (m *messages) take(p store.Posting) {
	for _, kept := range p.Messages {
		key := keyOf(kept.Message)
		m.kept[key] = kept.Message
		for _, n := range kept.NetworkIDs {
			m.owners[networkKey(n)] = key
		}
	}
}

// begin keeps new messages of an account.
func (m *messages) begin(t tb, k *book, ids ...string) {
	t.Helper()
	m.append(t, k, m.admitted(t, k, ids...)...)
}

// page returns the messages of an account that are asked for, the newest first.
func (m *messages) page(k *book, asked func(message.Message) bool) (page []message.Message) {
	for _, kept := range m.kept {
		if kept.Account == k.balance.Account && asked(kept) {
			page = append(page, kept)
		}
	}
	slices.SortFunc(page, func(a, b message.Message) int { return cmp.Compare(b.Entries.Hold, a.Entries.Hold) })
	return page
}

func all(message.Message) bool { return true }

// requireKept reads all that is kept.
func (m *messages) requireKept(t tb) {
	t.Helper()
	m.requireIn(t, m)
}

func (m *messages) requireIn(t tb, r store.MessageReader) {
	t.Helper()
	for key, want := range m.kept {
		got, err := r.Message(t.Context(), key)
		require.NoError(t, err)
		requireMessages(t, []message.Message{want}, []message.Message{got}, "the message "+key.ID)
	}
	for _, k := range []*book{m.one, m.two} {
		page, err := r.MessagePage(t.Context(), message.Query{Account: k.balance.Account, Limit: account.MaxPage})
		require.NoError(t, err)
		requireMessages(t, m.page(k, all), page, "the messages of an account")
	}
	m.requireOwners(t, r)
	for id, want := range m.early {
		got, err := r.EarlyReports(t.Context(), []store.NetworkKey{id})
		require.NoError(t, err)
		requireFacts(t, want, got, "the early reports of "+id.ID)
	}
}

func requireMessages(t tb, want, got []message.Message, what string) {
	t.Helper()
	requireFacts(t, want, got, what)
	for i := range got { // an empty list is no list of one empty text
		require.Len(t, got[i].NetworkIDs, len(want[i].NetworkIDs), what)
		require.Len(t, got[i].Tracking.Ended, len(want[i].Tracking.Ended), what)
	}
}

// requireOwners asks who has network ids, and somebody's that nobody has among them.
func (m *messages) requireOwners(t tb, r store.MessageReader) {
	t.Helper()
	ids := slices.AppendSeq(acme("nobody's"), maps.Keys(m.owners))
	owners, err := r.MessagesOf(t.Context(), ids)
	require.NoError(t, err)
	require.Len(t, owners, len(ids), "each id is answered")
	for i, id := range ids {
		require.Equal(t, m.owners[id], owners[i], "who has %v", id)
	}
}

// requireNone expects that nothing is kept of messages.
func (m *messages) requireNone(t tb, keys ...store.MessageKey) {
	t.Helper()
	for _, key := range keys {
		_, err := m.Message(t.Context(), key)
		require.ErrorIs(t, err, account.ErrNotFound, key.ID)
		found := lookUp(t, m, store.Lookup{Account: key.Account, Messages: []string{key.ID}})
		require.Empty(t, found.Messages, key.ID)
	}
}

// names are so many ids of messages.
func names(prefix string, n int) (ids []string) {
	for i := range n {
		ids = append(ids, fmt.Sprintf("%s-%03d", prefix, i))
	}
	return ids
}

// answered is an answer to the question, which lost no race.
func answered[T any](t tb, ask func() (T, error)) (answer T) {
	t.Helper()
	require.NoError(t, settled(func() (err error) {
		answer, err = ask()
		return err
	}))
	return answer
}
