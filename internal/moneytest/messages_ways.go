package moneytest

import (
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	messages "github.com/clientaccount/clientaccount/account/message"
	"github.com/clientaccount/clientaccount/store"
)

func earlyReports(t *testing.T, w way) {
	_, err := w.admitted(t, "m")
	require.NoError(t, err)
	for _, state := range []account.MessageState{enroute, enroute, undeliv} {
		p := done(t)(w.reported(t, "a", state))
		assert.Equal(t, clientaccount.Progress{Early: true}, p)
	}
	w.giveBack(false, undeliv)
	p := done(t)(w.sent(t, "m", "a"))
	assert.True(t, p.Changed)
	assert.Len(t, p.Updates, 2, "each counts once")
	assert.Equal(t, []account.HookKind{account.HookRESTState}, p.Hooks)
	assert.Equal(t, "ended taken ENROUTE UNDELIV", w.stands(t, "m"), "the terms are those of its admission")

	_, err = w.admitted(t, "n")
	require.NoError(t, err)
	done(t)(w.reported(t, "b", undeliv))
	done(t)(w.sent(t, "n", "b"))
	assert.Equal(t, "ended released UNDELIV", w.stands(t, "n"), "what would be given back is not taken first")

	_, err = w.admitted(t, "q")
	require.NoError(t, err)
	done(t)(w.reported(t, "e", account.StateScheduled))
	w.Clock.Advance(time.Second)
	done(t)(w.reported(t, "d", enroute))
	done(t)(w.sent(t, "q", "d", "e"))
	assert.Equal(t, "sent taken SCHEDULED ENROUTE", w.stands(t, "q"), "in the order in which they came, whatever their ids")
	done(t)(w.reported(t, "d", undeliv))
	done(t)(w.reported(t, "e", undeliv))

	_, err = w.admitted(t, "o")
	require.NoError(t, err)
	done(t)(w.reported(t, "c", delivered))
	w.Clock.Advance(messages.EarlyFor)
	w.keep.Pricing = messages.PricingDelivered
	_, err = w.admitted(t, "p")
	require.NoError(t, err)
	done(t)(w.sent(t, "p", "c"))
	assert.Equal(t, "sent held", w.stands(t, "p"), "what came a day before is too old")
}

func partsOfNetworks(t *testing.T, w way) {
	_, err := w.admitted(t, "m")
	require.NoError(t, err)
	hand := func(network string, part int, ids ...string) (clientaccount.Progress, error) {
		return w.Sent(t.Context(), w.client.ID, "m", messages.Handover{Network: network, IDs: ids, Part: part})
	}
	report := func(network, id string, state account.MessageState) clientaccount.Progress {
		p, err := w.Reported(t.Context(), messages.NetworkReport{Network: network, ID: id, Report: account.Report{State: state}})
		require.NoError(t, err)
		return p
	}
	done(t)(hand("one", 1, "a"))
	done(t)(hand("two", 2, "a"))
	_, err = hand("two", 2, "b")
	assert.Equal(t, "sent.other", why(err))
	_, err = hand("one", 0, "b")
	assert.Equal(t, "sent.other", why(err), "it would be part 1, too")
	assert.False(t, done(t)(hand("one", 1, "a")).Changed)
	assert.Empty(t, report("one", "a", delivered).Updates)
	assert.Equal(t, "sent taken", w.stands(t, "m"))
	assert.False(t, report("one", "a", rejected).Changed, "its last word was said")
	p := report("two", "a", rejected)
	assert.Equal(t, "ended taken REJECTD", w.stands(t, "m"))
	assert.Equal(t, 1, p.Updates[0].Delivered)
	m, err := w.MessageOf(t.Context(), store.NetworkKey{Network: "two", ID: "a"})
	require.NoError(t, err)
	assert.Equal(t, messages.NetworkIDs{{Network: "one", ID: "a", Part: 1}, {Network: "two", ID: "a", Part: 2}}, m.NetworkIDs)
	w.requireMoney(t, "6", "0")
}

func networkIDsGoOver(t *testing.T, w way) {
	other := w.another(t, "other")
	other.network = w.network
	for _, of := range []way{w, other} {
		_, err := of.admitted(t, "m")
		require.NoError(t, err)
	}
	done(t)(w.sent(t, "m", "a"))
	_, err := other.sent(t, "m", "b", "a")
	taken := &messages.ContradictionError{}
	require.ErrorAs(t, err, &taken)
	require.ErrorIs(t, err, account.ErrReused)
	assert.Equal(t, messages.ContradictionError{
		Message: "m", Code: messages.CodeSentTaken, Was: messages.NetworkID{Network: "net", ID: "a"}, Other: "m", OtherAccount: w.client.ID,
	}, *taken)
	assert.Equal(t, "held held", other.stands(t, "m"), "nothing of it is noted")
	_, err = w.MessageOf(t.Context(), store.NetworkKey{Network: "net", ID: "b"})
	require.ErrorIs(t, err, account.ErrNotFound)

	done(t)(w.reported(t, "a", delivered))
	done(t)(other.sent(t, "m", "a"))
	done(t)(w.reported(t, "a", undeliv))
	assert.Equal(t, "ended taken DELIVRD", w.stands(t, "m"))
	assert.Equal(t, "ended taken UNDELIV", other.stands(t, "m"))
	assert.False(t, done(t)(w.sent(t, "m", "a")).Changed, "it was sent under that id, whose ever it is by now")
}

func admittedAgain(t *testing.T, w way) {
	w.keep.ClientRef = "order-1"
	first, err := w.admitted(t, "m")
	require.NoError(t, err)
	require.True(t, first.Send())
	assert.Equal(t, messages.StageHeld, first.Message.Stage())
	assert.Equal(t, "order-1", first.Message.ClientRef)
	w.set(t, "sending.rest", "false")
	w.set(t, "sending.dlr_days", "9")
	unpriced := message()
	unpriced.Price = account.Optional[decimal.Decimal]{}
	for range 2 {
		again, err := w.Admit(t.Context(), w.client.ID, unpriced, clientaccount.MessageHold{Reference: "m", Timeout: time.Hour, Keep: &w.keep})
		require.NoError(t, err)
		assert.Equal(t, account.VerdictAccept, again.Verdict)
		requireSame(t, first.Message, again.Message)
		assert.Equal(t, first.Hold.Number, again.Hold.Number)
		assert.True(t, again.Hold.Repeated)
		w.set(t, "sending.rest", "true")
	}
	dearer := message()
	dearer.Price = account.Some(money(3))
	for path, ask := range map[string]struct {
		request account.Request
		keep    clientaccount.Keep
	}{"price": {dearer, w.keep}, "client_ref": {message(), clientaccount.Keep{}}} {
		_, err := w.Admit(t.Context(), w.client.ID, ask.request, clientaccount.MessageHold{Reference: "m", Keep: &ask.keep})
		contradiction := &messages.ContradictionError{}
		require.ErrorAs(t, err, &contradiction)
		assert.Equal(t, path, contradiction.Path)
		require.ErrorIs(t, err, account.ErrReused)
	}
	refused := message()
	refused.Channel = account.ChannelSMPP
	got, err := w.Admit(t.Context(), w.client.ID, refused, clientaccount.MessageHold{Reference: "n", Keep: &w.keep})
	require.NoError(t, err)
	assert.True(t, got.Has("channel.off"))
	assert.Zero(t, got.Message)
	_, err = w.admitted(t, "n")
	require.NoError(t, err)
	got, err = w.admitted(t, "o")
	require.NoError(t, err)
	assert.True(t, got.Has("credit.exhausted"))
	assert.Equal(t, "none", w.stands(t, "o"))
	w.requireMoney(t, "10", "8")
}

// onTermsOfItsProduct: what the host does not say, the product does.
func onTermsOfItsProduct(t *testing.T, w way) {
	gives := account.RefundPolicy{States: account.States(undeliv), Timeout: true}
	product, err := w.SaveProduct(t.Context(), account.Product{Name: "Bulk", Currency: "EUR", Refunds: gives}, account.Actor{}, "")
	require.NoError(t, err)
	w.set(t, "notes.product", product.ID.String())
	terms := func(id string) messages.Terms {
		got, err := w.admitted(t, id)
		require.NoError(t, err)
		done(t)(w.unsent(t, id, rejected))
		return got.Message.Terms
	}
	got := terms("m")
	assert.Equal(t, messages.PricingSent, got.Pricing)
	assert.Equal(t, gives, got.Refunds)
	assert.Equal(t, time.Hour, got.SendWithin)
	w.keep.Pricing = messages.PricingDelivered
	w.giveBack(false)
	got = terms("n")
	assert.Equal(t, messages.PricingDelivered, got.Pricing)
	assert.Equal(t, account.RefundPolicy{}, got.Refunds)
}

// requireSame holds two messages against each other, however amounts are written.
func requireSame(t *testing.T, a, b messages.Message) {
	t.Helper()
	require.True(t, a.Price.Equal(b.Price))
	a.Price = b.Price
	require.Equal(t, a, b)
}

func heldWithoutKeep(t *testing.T, w way) {
	w.requireAdmitted(t, "m", account.VerdictAccept)
	for range 2 {
		got, err := w.admitted(t, "m")
		require.NoError(t, err)
		assert.True(t, got.Send())
		assert.True(t, got.Hold.Repeated)
		assert.Zero(t, got.Message)
		assert.Equal(t, "none", w.stands(t, "m"))
		w.set(t, "sending.rest", "false") // and where it would be refused
	}
	_, err := w.sent(t, "m", "a")
	require.ErrorIs(t, err, account.ErrNotFound)
	w.end(t, account.KindCapture, "m")
	got, err := w.admitted(t, "m")
	require.NoError(t, err)
	assert.Equal(t, account.VerdictSent, got.Verdict)

	w.set(t, "sending.rest", "true")
	_, err = w.admitted(t, "n")
	require.NoError(t, err)
	_, err = w.admit(t.Context(), "n")
	require.ErrorIs(t, err, account.ErrReused, "a message that is kept is none of the host's")
	_, err = w.Charge(t.Context(), clientaccount.Charge{Account: w.client.ID, Amount: money(1), Reference: "charge"})
	require.NoError(t, err)
	_, err = w.admitted(t, "charge")
	require.ErrorIs(t, err, account.ErrReused)
	w.requireMoney(t, "5", "4")
}

func moneyEndedByHand(t *testing.T, w way) {
	w.giveBack(true, undeliv)
	for _, id := range []string{"m", "n"} {
		_, err := w.admitted(t, id)
		require.NoError(t, err)
	}
	w.end(t, account.KindRelease, "m")
	_, err := w.sent(t, "m", "a")
	require.ErrorIs(t, err, account.ErrHold)
	done(t)(w.unsent(t, "m", rejected))
	m, err := w.Message(t.Context(), w.client.ID, "m")
	require.NoError(t, err)
	assert.Equal(t, messages.StageUnsent, m.Stage())

	done(t)(w.sent(t, "n", "b"))
	_, err = w.Refund(t.Context(), clientaccount.Refund{Account: w.client.ID, OfReference: "n/capture", Reference: "by hand"})
	require.NoError(t, err)
	done(t)(w.reported(t, "b", undeliv))
	m, err = w.Message(t.Context(), w.client.ID, "n")
	require.NoError(t, err)
	assert.Equal(t, messages.StageEnded, m.Stage(), "it is told whatever became of the money")
	assert.Len(t, w.told(t, "n"), 1)
	w.requireMoney(t, "10", "0")

	_, err = w.Charge(t.Context(), clientaccount.Charge{Account: w.client.ID, Amount: money(1), Reference: "o/capture"})
	require.NoError(t, err)
	_, err = w.admitted(t, "o")
	require.NoError(t, err)
	_, err = w.sent(t, "o", "c")
	require.ErrorIs(t, err, account.ErrReused)
	assert.Equal(t, "held held", w.stands(t, "o"))
	w.requireMoney(t, "9", "4")
}

// heldTooLong: nobody looked for two hours, and the holds have ended by themselves.
func heldTooLong(t *testing.T, w way) {
	for _, id := range []string{"m", "n"} {
		_, err := w.admitted(t, id)
		require.NoError(t, err)
	}
	done(t)(w.reported(t, "a", delivered))
	w.Clock.Advance(2 * time.Hour)
	_, err := w.sent(t, "m", "a")
	assert.Equal(t, "sent.timed_out", why(err))
	assert.Equal(t, "unsent released EXPIRED late-REJECTD", func() string { done(t)(w.unsent(t, "m", rejected)); return w.stands(t, "m") }())
	require.NoError(t, w.Tick(t.Context()))
	assert.Equal(t, "timed_out released EXPIRED", w.stands(t, "n"))
	for _, id := range []string{"m", "n"} {
		m, err := w.Message(t.Context(), w.client.ID, id)
		require.NoError(t, err)
		require.Positive(t, m.Entries.End, id)
		es, err := w.Entries(t.Context(), account.EntryQuery{Account: w.client.ID, Oldest: true, After: m.Entries.End - 1, Limit: 1})
		require.NoError(t, err)
		assert.Equal(t, account.KindExpire, es[0].Kind)
		assert.Equal(t, id, es[0].Hold)
	}
	w.requireMoney(t, "10", "0")
}

func closedAccount(t *testing.T, w way) {
	w.giveBack(true, undeliv)
	for _, id := range []string{"m", "n"} {
		_, err := w.admitted(t, id)
		require.NoError(t, err)
		done(t)(w.sent(t, id, "of-"+id))
	}
	w.set(t, "status", "suspended")
	w.set(t, "status", "closed")
	done(t)(w.reported(t, "of-m", undeliv))
	assert.Equal(t, "ended taken UNDELIV", w.stands(t, "m"), "a closed account gets nothing back")
	w.Clock.Advance(5 * 24 * time.Hour)
	require.NoError(t, w.Tick(t.Context()))
	assert.Equal(t, "ended taken EXPIRED", w.stands(t, "n"))
	got, err := w.admitted(t, "o")
	require.NoError(t, err)
	assert.False(t, got.Send())
}

func faultyCalls(t *testing.T, w way) {
	ctx := t.Context()
	w.keep.Pricing = "later"
	_, err := w.Admit(ctx, w.client.ID, message(), clientaccount.MessageHold{Reference: "", Timeout: -1, Currency: "XXX", Reason: "\x00", Keep: &w.keep})
	faults, _ := account.AsFaults(err)
	for _, path := range []string{"reference", "keep.pricing", "timeout", "currency", "reason"} {
		assert.True(t, hasPath(faults, path), "%s: %v", path, faults)
	}
	w.keep = clientaccount.Keep{}
	_, err = w.Admit(ctx, w.client.ID, message(), clientaccount.MessageHold{Reference: "m", Currency: "USD", Keep: &w.keep})
	faults, _ = account.AsFaults(err)
	assert.True(t, hasPath(faults, "currency"), "%v", err)
	_, err = w.admitted(t, "m")
	require.NoError(t, err)
	_, err = w.Sent(ctx, w.client.ID, "m", messages.Handover{Network: "", IDs: []string{"a", "\x00"}})
	faults, _ = account.AsFaults(err)
	assert.Len(t, faults, 2)
	_, err = w.sent(t, "m", "a", "b", "c")
	faults, _ = account.AsFaults(err)
	assert.True(t, faults.Has("network_ids.count"))
	_, err = w.unsent(t, "m", delivered)
	faults, _ = account.AsFaults(err)
	assert.True(t, faults.Has("unsent.state"))
	_, err = w.reported(t, "", delivered)
	faults, _ = account.AsFaults(err)
	assert.True(t, faults.Has("network_id.required"))
	for _, id := range []string{"", "x", "\x00", "\xff"} {
		_, err = w.sent(t, id, "a")
		require.ErrorIs(t, err, account.ErrNotFound)
		_, err = w.unsent(t, id, rejected)
		require.ErrorIs(t, err, account.ErrNotFound)
		_, err = w.Message(ctx, w.client.ID, id)
		require.ErrorIs(t, err, account.ErrNotFound)
		_, err = w.MessageOf(ctx, store.NetworkKey{Network: "net", ID: id})
		require.ErrorIs(t, err, account.ErrNotFound)
	}
	_, err = w.Sent(ctx, account.ID{1}, "m", messages.Handover{Network: "net"})
	require.ErrorIs(t, err, account.ErrNotFound)
	assert.Equal(t, "held held", w.stands(t, "m"))
	composed, decomposed := "caf\u00e9", "cafe\u0301"
	_, err = w.admitted(t, decomposed)
	require.NoError(t, err)
	done(t)(w.sent(t, composed, composed))
	done(t)(w.reported(t, decomposed, delivered))
	assert.Equal(t, "ended taken DELIVRD", w.stands(t, composed))
}

func hasPath(faults account.Faults, path string) bool {
	for _, f := range faults {
		if f.Path == path {
			return true
		}
	}
	return false
}

func figuresAndPurge(t *testing.T, w way) {
	w.giveBack(true, undeliv)
	for _, id := range []string{"m", "n"} {
		_, err := w.admitted(t, id)
		require.NoError(t, err)
	}
	done(t)(w.sent(t, "m", "a"))
	require.NoError(t, w.Tick(t.Context()))
	figures := func() (all []string) {
		rows, err := w.Figures(t.Context(), messages.FiguresQuery{Account: w.client.ID})
		require.NoError(t, err)
		for _, r := range rows {
			state := "-"
			if s, ended := r.Key.State.Get(); ended {
				state = s.String()
			}
			all = append(all, state+" "+r.Figures.Taken.String()+" "+r.Figures.GivenBack.String())
			assert.Equal(t, 2*r.Figures.Messages, r.Figures.Parts)
		}
		return all
	}
	assert.Equal(t, []string{"- 4 0"}, figures())
	done(t)(w.reported(t, "a", undeliv))
	done(t)(w.reported(t, "never", undeliv))
	require.NoError(t, w.Tick(t.Context()))
	assert.Equal(t, []string{"- 0 0", "UNDELIV 4 4"}, figures())
	w.Clock.Advance(messages.KeepFor + time.Hour)
	require.NoError(t, w.Tick(t.Context()))
	assert.Equal(t, "none", w.stands(t, "m"))
	assert.Equal(t, "timed_out released EXPIRED", w.stands(t, "n"), "who looks last is counted first")
	assert.Equal(t, []string{"EXPIRED 0 0", "UNDELIV 4 4"}, figures())
	_, err := w.MessageOf(t.Context(), store.NetworkKey{Network: "net", ID: "a"})
	require.ErrorIs(t, err, account.ErrNotFound)
	assert.True(t, done(t)(w.reported(t, "a", delivered)).Early)
	_, err = w.admitted(t, "m")
	require.ErrorIs(t, err, account.ErrReused, "its reference is kept for good")
}

func pagesOfMessages(t *testing.T, w way) {
	for _, id := range []string{"m", "n"} {
		_, err := w.admitted(t, id)
		require.NoError(t, err)
	}
	done(t)(w.sent(t, "n", "a"))
	ask := func(q messages.Query) (ids string) {
		q.Account = w.client.ID
		for m, err := range w.AllMessages(t.Context(), q) {
			require.NoError(t, err)
			ids += m.ID
		}
		return ids
	}
	assert.Equal(t, "nm", ask(messages.Query{}))
	assert.Equal(t, "n", ask(messages.Query{NetworkID: "a"}))
	assert.Equal(t, "m", ask(messages.Query{Stage: messages.StageHeld}))
	assert.Empty(t, ask(messages.Query{ID: "\x00"}))
	page, err := w.Messages(t.Context(), messages.Query{Account: w.client.ID, Limit: 1})
	require.NoError(t, err)
	require.Len(t, page, 1)
	page, err = w.Messages(t.Context(), messages.Query{Account: w.client.ID, Limit: 1, Before: page[0].Entries.Hold})
	require.NoError(t, err)
	assert.Equal(t, "m", page[0].ID)
	_, err = w.Messages(t.Context(), messages.Query{Stage: "lost"})
	faults, _ := account.AsFaults(err)
	assert.True(t, faults.Has("stage.unknown"))
}

// wayWithin makes all calls in transactions of the host's.
func wayWithin(t *testing.T, h Host) {
	if h.Within == nil {
		t.Skip("the store has no transactions of hosts")
	}
	w := newWay(t, h, true)
	w.giveBack(true, undeliv)
	within := func(do func(bound way)) {
		h.Within(t, func(svc *clientaccount.Service) {
			bound := w
			bound.Service = svc
			do(bound)
		})
	}
	within(func(bound way) {
		got, err := bound.admitted(t, "m")
		require.NoError(t, err)
		require.True(t, got.Send())
		got, err = bound.admitted(t, "m")
		require.NoError(t, err)
		assert.True(t, got.Hold.Repeated)
		_, err = bound.reported(t, "a", undeliv)
		require.ErrorIs(t, err, account.ErrNotFound, "who knows whether it is ever committed")
		assert.Equal(t, "held held", bound.stands(t, "m"))
	})
	done(t)(w.reported(t, "a", enroute))
	within(func(bound way) {
		done(t)(bound.sent(t, "m", "a"))
		assert.Equal(t, "sent taken ENROUTE", bound.stands(t, "m"))
	})
	require.NoError(t, w.Tick(t.Context()))
	within(func(bound way) {
		done(t)(bound.reported(t, "a", undeliv))
		_, err := bound.unsent(t, "m", rejected)
		assert.Equal(t, "unsent.sent", why(err))
	})
	assert.Equal(t, "ended refunded ENROUTE UNDELIV", w.stands(t, "m"))
	w.requireMoney(t, "10", "0")
}
