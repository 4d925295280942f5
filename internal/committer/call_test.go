package committer_test

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/message"
	"github.com/clientaccount/clientaccount/internal/committer"
	"github.com/clientaccount/clientaccount/store"
)

// asked is a store that counts what is read and notes what is appended.
type asked struct {
	store.Store
	reads   atomic.Int32
	written []store.Posting // as they were given; of one goroutine
	cut     int             // so many writes are made, and then seem to fail
	lost    bool            // no write is made, and nobody can tell
	refuse  string          // a message that no Append takes
}

func (a *asked) Ledger(ctx context.Context, ls []store.Lookup) ([]store.Found, error) {
	a.reads.Add(1)
	return a.Store.Ledger(ctx, ls)
}

func (a *asked) Append(ctx context.Context, ps []store.Posting) ([]store.Outcome, error) {
	if a.lost {
		return nil, errCut
	}
	var taken []store.Posting
	outcomes := make([]store.Outcome, len(ps))
	var at []int
	for i, p := range ps {
		a.written = append(a.written, p)
		for _, m := range p.Messages {
			if m.Message.ID == a.refuse {
				outcomes[i].Kind = store.OutcomeBusy
			}
		}
		if outcomes[i].Kind == 0 {
			taken, at = append(taken, p), append(at, i)
		}
	}
	got, err := a.Store.Append(ctx, taken)
	for i, o := range got {
		outcomes[at[i]] = o
	}
	if a.cut > 0 {
		a.cut--
		return nil, errCut
	}
	return outcomes, err
}

func admit(k int, id string) committer.Call {
	return committer.Call{
		Account: numbered(k), Message: id, New: true, Tell: telling(numbered(k)),
		Decide: func(on committer.Case) (message.Step, error) {
			if on.Hold != nil && on.Message.ID == "" {
				return message.Step{}, account.ErrReused
			}
			return on.Message.Admitted(message.Envelope{
				Account: numbered(k), ID: id, Channel: account.ChannelREST, Sender: "ACME", Destination: "380501112233",
				Parts: 1, Price: decimal.NewFromInt(10), Currency: "EUR",
			}, message.Terms{
				Refunds: account.RefundPolicy{States: account.States(account.StateUndeliverable)},
				Wait:    time.Hour, Day: account.DateOf(began, time.UTC),
			}, on.Now)
		},
	}
}

func sent(k int, id, networkID string) committer.Call {
	return committer.Call{
		Account: numbered(k), Message: id, NetworkIDs: []store.NetworkKey{{Network: "net", ID: networkID}}, Tell: telling(numbered(k)),
		Decide: func(on committer.Case) (message.Step, error) {
			for _, o := range on.Owned {
				if o.Message.ID != id {
					return message.Step{}, account.ErrReused
				}
			}
			return on.Message.Sent(message.Handover{Network: "net", IDs: []string{networkID}}, on.Early, on.Now)
		},
	}
}

func reported(k int, id, networkID string, state account.MessageState) committer.Call {
	return committer.Call{
		Account: numbered(k), Message: id, Tell: telling(numbered(k)),
		Decide: func(on committer.Case) (message.Step, error) {
			return on.Message.Reported(message.NetworkReport{Network: "net", ID: networkID, Report: account.Report{State: state}}, on.Now)
		},
	}
}

// telling makes a delivery of each update.
func telling(id account.ID) func(message.Step, time.Time) ([]store.Delivery, error) {
	return func(s message.Step, now time.Time) (ds []store.Delivery, _ error) {
		for _, u := range s.Updates {
			ds = append(ds, store.Delivery{
				ID: account.ID{0: 9, 14: byte(u.Seq), 15: id[15]}, Hook: store.Hook{Account: id, Kind: account.HookRESTState},
				Message: s.Message.ID, Body: u.State.String(), Fingerprint: account.Fingerprint{1}, CreatedAt: now, DueAt: now,
			})
		}
		return ds, nil
	}
}

// keepers is a committer over n accounts of 100 each, whose balances it has seen.
func keepers(t *testing.T, n int) (*committer.Committer, *asked) {
	t.Helper()
	_, w := several(t, n, n)
	a := &asked{Store: w.Store}
	c := committer.New(a, committerConfig())
	for k := 1; k <= n; k++ {
		_, err := c.Move(t.Context(), topUp(t, k))
		require.NoError(t, err)
	}
	a.reads.Store(0)
	a.written = nil
	return c, a
}

func topUp(t *testing.T, k int) committer.Checked {
	t.Helper()
	m, err := committer.Check(account.Movement{
		Account: numbered(k), Kind: account.KindTopUp, Amount: decimal.NewFromInt(1), Reference: "top-up",
	})
	require.NoError(t, err)
	return m
}

// kept fails for the results that are errors, and returns the messages.
func kept(t *testing.T, results []committer.KeptResult) (ms []message.Message) {
	t.Helper()
	for i, r := range results {
		require.NoError(t, r.Err, "%d", i)
		ms = append(ms, r.Kept.Step.Message)
	}
	return ms
}

func TestCallsOfOneMessageInOneBatchAreWrittenOnce(t *testing.T) {
	c, a := keepers(t, 1)
	results := c.KeepMany(t.Context(), []committer.Call{
		admit(1, "m"), admit(1, "m"), sent(1, "m", "a"), reported(1, "m", "a", account.StateEnroute), sent(1, "m", "a"),
		reported(1, "m", "a", account.StateUndeliverable), admit(1, "n"),
	})
	ms := kept(t, results)
	assert.Equal(t, []bool{true, false, true, true, false, true, true}, []bool{
		results[0].Kept.Step.Changed, results[1].Kept.Step.Changed, results[2].Kept.Step.Changed, results[3].Kept.Step.Changed,
		results[4].Kept.Step.Changed, results[5].Kept.Step.Changed, results[6].Kept.Step.Changed,
	})
	assert.Equal(t, message.Entries{Hold: 2, End: 3, Refund: 4}, ms[5].Entries)
	assert.EqualValues(t, 2, results[1].Kept.Hold.Number)
	require.Len(t, a.written, 1)
	require.Len(t, a.written[0].Messages, 2)
	one := a.written[0].Messages[0]
	assert.Zero(t, one.Was)
	assert.EqualValues(t, 4, one.Message.Version)
	assert.Equal(t, []message.NetworkID{{Network: "net", ID: "a"}}, one.NetworkIDs)
	assert.Len(t, one.Deliveries, 2)
	assert.Len(t, a.written[0].Entries, 4)
}

func TestNewMessagesAreNotRead(t *testing.T) {
	c, a := keepers(t, 30)
	var calls []committer.Call
	for k := 1; k <= 30; k++ {
		calls = append(calls, admit(k, "m"), admit(k, "n"))
	}
	kept(t, c.KeepMany(t.Context(), calls))
	assert.Zero(t, a.reads.Load())
	assert.Len(t, a.written, 30)

	// A repeat is found out by its reference, and then read; what is refused is read first.
	again, err := c.Keep(t.Context(), admit(1, "m"))
	require.NoError(t, err)
	assert.False(t, again.Step.Changed)
	assert.Equal(t, "m", again.Hold.Reference)
	assert.EqualValues(t, 1, a.reads.Load())
	var refused []committer.Call
	for n := range 20 {
		refused = append(refused, admit(2, fmt.Sprint("more-", n)))
	}
	refused = append(refused, admit(2, "n"))
	results := c.KeepMany(t.Context(), refused)
	short := 0
	for _, r := range results[:20] {
		if errors.Is(r.Err, account.ErrExhausted) {
			short++
		}
	}
	assert.Equal(t, 12, short, "the money is for ten of them")
	require.NoError(t, results[20].Err, "it was admitted before")
}

// All that a batch needs is read together: the messages, and then the entries that some of
// them give back.
func TestABatchIsReadTogether(t *testing.T) {
	c, a := keepers(t, 30)
	var admits, sents, reports []committer.Call
	for k := 1; k <= 30; k++ {
		id := fmt.Sprint("m-", k)
		admits, sents = append(admits, admit(k, id)), append(sents, sent(k, id, id))
		reports = append(reports, reported(k, id, id, account.StateUndeliverable))
	}
	kept(t, c.KeepMany(t.Context(), admits))
	kept(t, c.KeepMany(t.Context(), sents))
	assert.EqualValues(t, 1, a.reads.Load())
	for _, m := range kept(t, c.KeepMany(t.Context(), reports)) {
		assert.Equal(t, message.MoneyRefunded, m.Money)
	}
	assert.EqualValues(t, 3, a.reads.Load())
}

func TestANetworkIDInOneBatchIsOneMessages(t *testing.T) {
	c, _ := keepers(t, 2)
	kept(t, c.KeepMany(t.Context(), []committer.Call{admit(1, "m"), admit(2, "n")}))
	results := c.KeepMany(t.Context(), []committer.Call{sent(1, "m", "a"), sent(2, "n", "a")})
	require.NoError(t, results[0].Err)
	require.ErrorIs(t, results[1].Err, account.ErrReused)
}

// Of what nobody could tell is asked again; the answer is what the first try came to.
func TestAnUncertainCallIsAskedAgain(t *testing.T) {
	c, a := keepers(t, 1)
	a.cut = 1
	admitted, err := c.Keep(t.Context(), admit(1, "m"))
	require.NoError(t, err)
	assert.True(t, admitted.Step.Changed)
	assert.EqualValues(t, 2, admitted.Hold.Number)
	a.cut = 2
	results := c.KeepMany(t.Context(), []committer.Call{sent(1, "m", "a"), reported(1, "m", "a", account.StateDelivered)})
	ms := kept(t, results)
	assert.Len(t, results[1].Kept.Step.Updates, 1)
	assert.Equal(t, message.StageEnded, ms[1].Stage())
	a.lost = true
	_, err = c.Keep(t.Context(), admit(1, "n"))
	uncertain, is := errors.AsType[*committer.UncertainError](err)
	require.True(t, is, "%v", err)
	require.ErrorIs(t, uncertain, errCut)
	a.lost = false
	_, err = c.Keep(t.Context(), admit(1, "n"))
	require.NoError(t, err)
}

// What a call was told stays as it is when later calls are worked out.
func TestWhatACallIsDecidedByIsItsOwn(t *testing.T) {
	c, _ := keepers(t, 1)
	var told *account.Entry
	again := admit(1, "m")
	decide := again.Decide
	again.Decide = func(on committer.Case) (message.Step, error) {
		told = on.Hold
		return decide(on)
	}
	kept(t, c.KeepMany(t.Context(), []committer.Call{admit(1, "m"), again}))
	kept(t, c.KeepMany(t.Context(), []committer.Call{admit(1, "n")}))
	assert.Equal(t, "m", told.Reference)
}

// overtaken is a store in which others write between any two reads.
type overtaken struct {
	store.Store
	write func()
}

func (o *overtaken) Ledger(ctx context.Context, ls []store.Lookup) ([]store.Found, error) {
	if len(ls) > 0 && len(ls[0].Numbers) > 0 {
		o.write()
	}
	return o.Store.Ledger(ctx, ls)
}

// A report that gives money back comes to its end though others never leave the account alone.
func TestARefundIsWrittenWhileOthersWrite(t *testing.T) {
	c, a := keepers(t, 1)
	kept(t, c.KeepMany(t.Context(), []committer.Call{admit(1, "m"), sent(1, "m", "a")}))
	other, writes := committer.New(a.Store, committerConfig()), 0
	busy := committer.New(&overtaken{a.Store, func() {
		if writes++; writes > 50 {
			return // it would go on for ever
		}
		m, err := committer.Check(account.Movement{
			Account: numbered(1), Kind: account.KindTopUp, Amount: decimal.NewFromInt(1), Reference: fmt.Sprint("other-", writes),
		})
		assert.NoError(t, err)
		_, err = other.Move(context.WithoutCancel(t.Context()), m)
		assert.NoError(t, err)
	}}, committerConfig())
	_, err := busy.Keep(t.Context(), reported(1, "m", "a", account.StateUndeliverable))
	require.NoError(t, err)
	assert.LessOrEqual(t, writes, 2)
}

// One guilty message fails alone, also where all of a batch go under locks.
func TestAGuiltyCallFailsAlone(t *testing.T) {
	_, w := several(t, 8, 8)
	w.guilty = "m-3"
	close(w.gate)
	var calls []committer.Call
	for k := 1; k <= 8; k++ {
		calls = append(calls, admit(k, fmt.Sprint("m-", k)))
	}
	busy := &asked{Store: w, refuse: "m-3"}
	c := committer.New(busy, committerConfig())
	for i, r := range c.KeepMany(t.Context(), calls) {
		if i == 2 {
			require.ErrorIs(t, r.Err, errGuilty)
		} else {
			require.NoError(t, r.Err)
		}
	}
}

// A message of shared money goes its way under locks.
func TestCallsOfSharedMoney(t *testing.T) {
	c, w := several(t, 1, 4)
	close(w.gate)
	var admits, sents, reports []committer.Call
	for k := 1; k <= 4; k++ {
		id := fmt.Sprint("m-", k)
		admits, sents = append(admits, admit(k, id)), append(sents, sent(k, id, id))
		reports = append(reports, reported(k, id, id, account.StateUndeliverable))
	}
	kept(t, c.KeepMany(t.Context(), admits))
	kept(t, c.KeepMany(t.Context(), sents))
	assert.Equal(t, "60", amounts(t, w, 1)[0])
	for _, m := range kept(t, c.KeepMany(t.Context(), reports)) {
		assert.Equal(t, message.MoneyRefunded, m.Money)
	}
	assert.Equal(t, "100", amounts(t, w, 1)[0])
}
