package message_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/account/message"
	"github.com/clientaccount/clientaccount/account/message/messagetest"
)

func envelope(parts int) message.Envelope {
	return message.Envelope{
		Account: accounttest.ID(1), ID: "m-1", ClientRef: "order-17", Channel: account.ChannelREST, Sender: "ACME",
		Destination: "380501112233", Parts: parts, MCC: "255", MNC: "01", Price: decimal.New(312, -4), Currency: "EUR",
	}
}

// bySent has an hour to send, and three days of waiting for reports.
func bySent() message.Terms {
	return message.Terms{
		Refunds: account.RefundPolicy{States: account.States(account.StateUndeliverable, account.StateRejected)},
		Wait:    72 * time.Hour, Day: account.Date{Year: 2026, Month: 11, Day: 23},
	}
}

func byDelivered() message.Terms {
	t := bySent()
	t.Pricing = message.PricingDelivered
	return t
}

func refundsTimeout() message.Terms {
	t := bySent()
	t.Refunds.Timeout = true
	return t
}

func at(hours float64) time.Time {
	return accounttest.Now().Add(time.Duration(hours * float64(time.Hour)))
}

// rig is a message whose calls are written down in words.
type rig struct {
	t     *testing.T
	parts int
	terms message.Terms
	m     message.Message
	early message.EarlyReports
	moved []account.MovementKind
	told  []account.StateUpdate
	log   []string
}

func (r *rig) take(s message.Step, err error) {
	if err != nil {
		contradiction, is := errors.AsType[*message.ContradictionError](err)
		if is {
			r.log = append(r.log, "! "+string(contradiction.Code))
		} else {
			r.log = append(r.log, err.Error())
		}
		return
	}
	if !s.Changed {
		assert.Equal(r.t, r.m, s.Message)
	}
	if kind := s.Movement.Kind; kind != "" {
		r.log = append(r.log, string(kind))
		r.moved = append(r.moved, kind)
		s.Message.Note(account.Entry{Kind: kind, Number: int64(len(r.moved))})
	}
	for _, u := range s.Updates {
		text := fmt.Sprint(u.State, " ", u.Err)
		if u.Late {
			text += " late"
		}
		r.log = append(r.log, text)
	}
	r.m, r.told = s.Message, append(r.told, s.Updates...)
	require.NoError(r.t, messagetest.Agree(r.m, r.moved, r.told))
}

type does func(r *rig)

func admitted(hours float64) does {
	return func(r *rig) { r.take(r.m.Admitted(envelope(r.parts), r.terms, at(hours))) }
}

func sent(hours float64, network string, part int, ids ...string) does {
	return func(r *rig) {
		r.take(r.m.Sent(message.Handover{Network: network, IDs: ids, Part: part}, r.early, at(hours)))
	}
}

func unsent(hours float64, state account.MessageState, err string) does {
	return func(r *rig) { r.take(r.m.Unsent(message.Failure{State: state, Err: err}, at(hours))) }
}

func reported(hours float64, network, id string, state account.MessageState) does {
	return func(r *rig) {
		report := message.NetworkReport{Network: network, ID: id, Report: account.Report{State: state, Err: id, DoneAt: at(hours)}}
		s, err := r.m.Reported(report, at(hours))
		if errors.Is(err, account.ErrNotFound) {
			r.early = r.early.With(message.Early{NetworkReport: report, At: at(hours)})
			return
		}
		r.take(s, err)
	}
}

func passes(hours float64) does { return func(r *rig) { r.take(r.m.At(at(hours)), nil) } }

const (
	delivered = account.StateDelivered
	enroute   = account.StateEnroute
	undeliv   = account.StateUndeliverable
	rejected  = account.StateRejected
)

// The table of transitions, and what else the package promises, one story each.
func TestStories(t *testing.T) {
	type story struct {
		parts int
		terms message.Terms
		calls []does
		log   []string
		stage message.Stage
		money message.Money
	}
	for name, tt := range map[string]story{
		"delivered": {
			1, bySent(),
			[]does{admitted(0), sent(0.1, "acme", 0, "17"), reported(1, "acme", "17", enroute), reported(2, "acme", "17", delivered), passes(1000)},
			[]string{"hold", "capture", "ENROUTE 17", "DELIVRD 17"},
			message.StageEnded, message.MoneyTaken,
		},
		"not delivered, and given back": {
			1, bySent(),
			[]does{admitted(0), sent(0.1, "acme", 0, "17"), reported(1, "acme", "17", undeliv), reported(2, "acme", "17", delivered)},
			[]string{"hold", "capture", "refund", "UNDELIV 17"},
			message.StageEnded, message.MoneyRefunded,
		},
		"everything twice": {
			1, bySent(),
			[]does{
				admitted(0), admitted(0.1), sent(0.2, "acme", 0, "17"), sent(0.3, "acme", 1, "17"), admitted(0.4),
				reported(1, "acme", "17", undeliv), reported(1, "acme", "17", undeliv), sent(2, "acme", 0, "17"), admitted(3),
			},
			[]string{"hold", "capture", "refund", "UNDELIV 17"},
			message.StageEnded, message.MoneyRefunded,
		},
		"unsent": {
			1, bySent(),
			[]does{admitted(0), unsent(0.1, rejected, "88"), unsent(0.2, rejected, "88"), passes(2)},
			[]string{"hold", "release", "REJECTD 88"},
			message.StageUnsent, message.MoneyReleased,
		},
		"no report comes": {
			1, bySent(),
			[]does{admitted(0), sent(0.5, "acme", 0, "17"), passes(72.4), passes(72.5), reported(80, "acme", "17", undeliv), reported(81, "acme", "17", delivered)},
			[]string{"hold", "capture", "EXPIRED dlr-timeout", "refund", "UNDELIV 17 late"},
			message.StageEnded, message.MoneyRefunded,
		},
		"silence is given back once": {
			1, refundsTimeout(),
			[]does{admitted(0), sent(0.5, "acme", 0, "17"), reported(80, "acme", "17", undeliv)},
			[]string{"hold", "capture", "refund", "EXPIRED dlr-timeout", "UNDELIV 17 late"},
			message.StageEnded, message.MoneyRefunded,
		},
		"nobody sends it": {
			1, bySent(),
			[]does{admitted(0), passes(0.9), passes(1), passes(2), sent(2, "acme", 0, "17"), unsent(3, undeliv, "1"), unsent(3, undeliv, "1")},
			[]string{"hold", "release", "EXPIRED send-timeout", "! sent.timed_out", "UNDELIV 1 late"},
			message.StageUnsent, message.MoneyReleased,
		},
		"nobody sends it, and nobody looks": {
			1, bySent(),
			[]does{admitted(0), sent(1, "acme", 0, "17"), admitted(1), unsent(3, undeliv, "1"), sent(3, "acme", 0, "17"), admitted(3)},
			[]string{"hold", "! sent.timed_out", "! admitted.over", "EXPIRED send-timeout", "UNDELIV 1 late", "! sent.unsent", "! admitted.over"},
			message.StageUnsent, message.MoneyReleased,
		},
		"the report is faster": {
			1, bySent(),
			[]does{reported(0.1, "acme", "17", enroute), admitted(0.2), reported(0.3, "acme", "17", delivered), sent(0.5, "acme", 0, "17"), reported(0.6, "acme", "17", delivered)},
			[]string{"hold", "capture", "ENROUTE 17", "DELIVRD 17"},
			message.StageEnded, message.MoneyTaken,
		},
		"the bad report is faster": {
			1, bySent(),
			[]does{admitted(0), reported(0.3, "acme", "17", undeliv), sent(0.5, "acme", 0, "17")},
			[]string{"hold", "release", "UNDELIV 17"},
			message.StageEnded, message.MoneyReleased,
		},
		"an early report is kept a day": {
			1, bySent(),
			[]does{reported(-23.6, "acme", "17", enroute), reported(-23.4, "acme", "17", delivered), admitted(0), sent(0.5, "acme", 0, "17")},
			[]string{"hold", "capture", "DELIVRD 17"},
			message.StageEnded, message.MoneyTaken,
		},
		"an early report of another id": {
			1, bySent(),
			[]does{admitted(0), reported(0.1, "beta", "17", delivered), sent(0.5, "acme", 0, "17")},
			[]string{"hold", "capture"},
			message.StageSent, message.MoneyTaken,
		},
		"parts by one network": {
			3, bySent(),
			[]does{
				admitted(0), sent(0.1, "acme", 0, "a", "b", "c"), reported(1, "acme", "b", delivered), reported(1, "acme", "a", enroute),
				reported(2, "acme", "b", undeliv), reported(3, "acme", "a", delivered), reported(4, "acme", "c", undeliv),
			},
			[]string{"hold", "capture", "ENROUTE a", "refund", "UNDELIV c"},
			message.StageEnded, message.MoneyRefunded,
		},
		"parts by two networks, one late": {
			3, bySent(),
			[]does{
				admitted(0), reported(0.1, "beta", "a", delivered), sent(0.1, "acme", 0, "a", "b"), reported(1, "acme", "a", delivered),
				reported(1, "acme", "b", delivered), sent(2, "beta", 3, "a"), sent(2, "beta", 3, "a"),
			},
			[]string{"hold", "capture", "DELIVRD a"},
			message.StageEnded, message.MoneyTaken,
		},
		"one id for all parts": {
			3, bySent(),
			[]does{admitted(0), sent(0.1, "acme", 0, "a"), reported(1, "acme", "a", delivered)},
			[]string{"hold", "capture", "DELIVRD a"},
			message.StageEnded, message.MoneyTaken,
		},
		"one part of three, and then all": {
			3, bySent(),
			[]does{admitted(0), sent(0.1, "acme", 1, "a"), sent(0.1, "acme", 0, "b"), sent(0.2, "acme", 2, "a"), sent(0.3, "acme", 2, "b", "c")},
			[]string{"hold", "capture", "! sent.other", "! sent.other"},
			message.StageSent, message.MoneyTaken,
		},
		"sent twice, by two networks": {
			1, bySent(),
			[]does{admitted(0), sent(0.1, "acme", 0, "a"), sent(0.2, "beta", 0, "b"), sent(0.2, "beta", 0, "a"), sent(0.2, "acme", 0, "b")},
			[]string{"hold", "capture", "! sent.other", "! sent.other", "! sent.other"},
			message.StageSent, message.MoneyTaken,
		},
		"a network without ids": {
			1, bySent(),
			[]does{admitted(0), sent(0.1, "acme", 0), passes(73)},
			[]string{"hold", "capture", "EXPIRED dlr-timeout"},
			message.StageEnded, message.MoneyTaken,
		},
		"sent and unsent": {
			1, bySent(),
			[]does{admitted(0), sent(0.1, "acme", 0, "a"), unsent(0.2, rejected, ""), passes(100), unsent(101, rejected, "")},
			[]string{"hold", "capture", "! unsent.sent", "EXPIRED dlr-timeout", "! unsent.sent"},
			message.StageEnded, message.MoneyTaken,
		},
		"unsent and sent": {
			1, bySent(),
			[]does{admitted(0), unsent(0.2, rejected, ""), sent(0.3, "acme", 0, "a"), unsent(0.3, undeliv, ""), unsent(0.3, rejected, "1"), admitted(0.4)},
			[]string{"hold", "release", "REJECTD ", "! sent.unsent", "! unsent.other", "! unsent.other", "! admitted.over"},
			message.StageUnsent, message.MoneyReleased,
		},
		"by delivered, delivered": {
			2, byDelivered(),
			[]does{admitted(0), sent(0.9, "acme", 0, "a", "b"), admitted(1.5), reported(70, "acme", "a", delivered), reported(72.8, "acme", "b", delivered)},
			[]string{"hold", "capture", "DELIVRD a"},
			message.StageEnded, message.MoneyTaken,
		},
		"by delivered, not delivered": {
			2, byDelivered(),
			[]does{admitted(0), sent(0.9, "acme", 0, "a", "b"), reported(1, "acme", "a", delivered), reported(2, "acme", "b", undeliv)},
			[]string{"hold", "release", "UNDELIV b"},
			message.StageEnded, message.MoneyReleased,
		},
		"by delivered, late": {
			1, byDelivered(),
			[]does{admitted(0), sent(0.9, "acme", 0, "a"), passes(72.9), reported(74, "acme", "a", delivered)},
			[]string{"hold", "release", "EXPIRED dlr-timeout", "DELIVRD a late"},
			message.StageEnded, message.MoneyReleased,
		},
		"by delivered, and nobody looks until the hold is over": {
			1, byDelivered(),
			[]does{admitted(0), sent(0.9, "acme", 0, "a"), passes(80)},
			[]string{"hold", "EXPIRED dlr-timeout"},
			message.StageEnded, message.MoneyReleased,
		},
		"by delivered, unsent": {
			1, byDelivered(),
			[]does{admitted(0), passes(2), sent(3, "acme", 0, "a")},
			[]string{"hold", "release", "EXPIRED send-timeout", "! sent.timed_out"},
			message.StageTimedOut, message.MoneyReleased,
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := &rig{t: t, parts: tt.parts, terms: tt.terms}
			for _, do := range tt.calls {
				do(r)
			}
			assert.Equal(t, tt.log, r.log)
			assert.Equal(t, tt.stage, r.m.Stage())
			assert.Equal(t, tt.money, r.m.Money)
		})
	}
}

func TestAnUnknownMessageIsNotFound(t *testing.T) {
	var none message.Message
	_, err := none.Sent(message.Handover{Network: "acme"}, nil, at(0))
	require.ErrorIs(t, err, account.ErrNotFound)
	_, err = none.Unsent(message.Failure{State: rejected}, at(0))
	require.ErrorIs(t, err, account.ErrNotFound)
	_, err = none.Reported(message.NetworkReport{Network: "acme", ID: "17"}, at(0))
	require.ErrorIs(t, err, account.ErrNotFound)
	assert.Equal(t, message.Step{}, none.At(at(1000)))
	assert.Empty(t, none.Stage())
	assert.Zero(t, none.Due())
}

func TestContradictionsSayWhich(t *testing.T) {
	admit := func(change func(*message.Envelope)) error {
		s, err := message.Message{}.Admitted(envelope(2), bySent(), at(0))
		require.NoError(t, err)
		e := envelope(2)
		change(&e)
		_, err = s.Message.Admitted(e, bySent(), at(0))
		return err
	}
	require.NoError(t, admit(func(e *message.Envelope) { e.Price = decimal.RequireFromString("0.031200") }))
	for path, change := range map[string]func(*message.Envelope){
		"account": func(e *message.Envelope) { e.Account = accounttest.ID(2) }, "client_ref": func(e *message.Envelope) { e.ClientRef = "" },
		"id":      func(e *message.Envelope) { e.ID = "m-2" },
		"channel": func(e *message.Envelope) { e.Channel = account.ChannelAPI }, "sender": func(e *message.Envelope) { e.Sender = "acme" },
		"destination": func(e *message.Envelope) { e.Destination += "1" }, "parts": func(e *message.Envelope) { e.Parts = 1 },
		"mcc": func(e *message.Envelope) { e.MCC = "" }, "mnc": func(e *message.Envelope) { e.MNC = "1" + e.MNC },
		"price": func(e *message.Envelope) { e.Price = decimal.New(313, -4) }, "round": func(e *message.Envelope) { e.Round = true },
		"currency": func(e *message.Envelope) { e.Currency = "USD" },
	} {
		err := admit(change)
		require.ErrorIs(t, err, account.ErrReused, path)
		require.ErrorIs(t, err, message.ErrContradiction, path)
		assert.EqualError(t, err, "message: m-1 was admitted with another content: "+path)
	}

	s, err := message.Message{}.Admitted(envelope(2), bySent(), at(0))
	require.NoError(t, err)
	held := s.Message
	_, err = held.Sent(message.Handover{Network: "acme", IDs: []string{"a"}}, nil, at(1))
	require.ErrorIs(t, err, account.ErrHold)
	s, err = held.Sent(message.Handover{Network: "acme", IDs: []string{"a"}, Part: 2}, nil, at(0.5))
	require.NoError(t, err)
	_, err = s.Message.Sent(message.Handover{Network: "beta", IDs: []string{"x", "y"}}, nil, at(0.5))
	contradiction, is := errors.AsType[*message.ContradictionError](err)
	require.True(t, is)
	assert.Equal(t, message.NetworkID{Network: "acme", ID: "a", Part: 2}, contradiction.Was)
	require.ErrorIs(t, err, account.ErrReused)
	assert.EqualError(t, err, "message: m-1 was handed over under another network id")
	_, err = s.Message.Unsent(message.Failure{State: rejected}, at(0.5))
	require.ErrorIs(t, err, message.ErrContradiction)
	assert.NotErrorIs(t, err, account.ErrReused)
	assert.NotErrorIs(t, err, account.ErrHold)
}

// Calls leave the message as it was, and what two of them made shares nothing.
func TestAMessageIsAValue(t *testing.T) {
	s, err := message.Message{}.Admitted(envelope(3), bySent(), at(0))
	require.NoError(t, err)
	s, err = s.Message.Sent(message.Handover{Network: "acme", IDs: []string{"a"}, Part: 1}, nil, at(0))
	require.NoError(t, err)
	m := s.Message
	one, err := m.Sent(message.Handover{Network: "acme", IDs: []string{"b"}, Part: 2}, nil, at(0))
	require.NoError(t, err)
	other, err := m.Sent(message.Handover{Network: "beta", IDs: []string{"x"}, Part: 2}, nil, at(0))
	require.NoError(t, err)
	assert.Equal(t, message.NetworkIDs{{"acme", "a", 1}, {"acme", "b", 2}}, one.Message.NetworkIDs)
	assert.Equal(t, message.NetworkIDs{{"acme", "a", 1}, {"beta", "x", 2}}, other.Message.NetworkIDs)
	assert.Len(t, m.NetworkIDs, 1)
	assert.Equal(t, message.StageSent, m.Stage())
}

// The hold of what is paid for when it is delivered stands as long as the wait, whenever
// within its time it was sent.
func TestTheHoldStandsAsLongAsItIsNeeded(t *testing.T) {
	for _, terms := range []message.Terms{bySent(), byDelivered()} {
		terms.SendWithin = 5 * time.Hour
		s, err := message.Message{}.Admitted(envelope(1), terms, at(0))
		require.NoError(t, err)
		hold := s.Movement
		assert.Nil(t, hold.Faults())
		assert.Equal(t, "m-1", hold.Reference)
		assert.Equal(t, at(5), s.Message.Due())
		s, err = s.Message.Sent(message.Handover{Network: "acme", IDs: []string{"a"}}, nil, at(5).Add(-1))
		require.NoError(t, err)
		last := at(5)
		if terms.Pricing == message.PricingDelivered {
			last = s.Message.Due()
			assert.Equal(t, at(77).Add(-1), last)
		}
		assert.True(t, last.Before(at(0).Add(hold.Timeout)), "to the last moment, and some more")
	}
	longest := message.Terms{Pricing: message.PricingDelivered, SendWithin: message.MaxSendWithin, Wait: message.MaxWait, Day: bySent().Day}
	s, err := message.Message{}.Admitted(envelope(255), longest, at(0))
	require.NoError(t, err)
	assert.Nil(t, s.Movement.Faults())
}

func TestMovementsNameWhatTheyReferTo(t *testing.T) {
	s, err := message.Message{}.Admitted(envelope(2), bySent(), at(0))
	require.NoError(t, err)
	s.Message.Note(account.Entry{Kind: account.KindHold, Number: 4})
	s, err = s.Message.Sent(message.Handover{Network: "acme", IDs: []string{"a"}}, nil, at(0))
	require.NoError(t, err)
	assert.Equal(t, account.Movement{
		Account: accounttest.ID(1), Kind: account.KindCapture, Hold: "m-1", Reference: "m-1/capture", Messages: 2,
	}, s.Movement)
	s.Message.Note(account.Entry{Kind: account.KindCapture, Number: 5})
	s, err = s.Message.Reported(message.NetworkReport{Network: "acme", ID: "a", Report: account.Report{State: undeliv}}, at(1))
	require.NoError(t, err)
	assert.Equal(t, account.Movement{Account: accounttest.ID(1), Kind: account.KindRefund, Of: 5, Reference: "m-1/refund"}, s.Movement)
	s.Message.Note(account.Entry{Kind: account.KindRefund, Number: 9})
	assert.Equal(t, message.Entries{Hold: 4, End: 5, Refund: 9}, s.Message.Entries)
	assert.Equal(t, "m-1", s.Message.Reference(account.KindHold))
}

func TestMessagesArePurgedAfterTheirEnd(t *testing.T) {
	s, err := message.Message{}.Admitted(envelope(1), bySent(), at(0))
	require.NoError(t, err)
	assert.False(t, s.Message.Purgeable(at(10000), message.KeepFor), "what has not ended stays")
	s = s.Message.At(at(50))
	assert.Equal(t, at(1), s.Message.EndedAt, "whenever somebody looked")
	assert.Zero(t, s.Message.Due())
	assert.False(t, s.Message.Purgeable(at(1+30*24).Add(-1), message.KeepFor))
	assert.True(t, s.Message.Purgeable(at(1+30*24), message.KeepFor))
}

func TestTermsOfAnAccount(t *testing.T) {
	a := account.New()
	a.Sending.DLRDays = account.Some(2)
	a.Core.TimeZone = "Asia/Tokyo"
	terms := message.TermsOf(account.NewClient(a, nil, nil, decimal.Zero), time.Date(2026, 11, 23, 20, 0, 0, 0, time.UTC))
	want := message.Terms{Pricing: message.PricingSent, Wait: 48 * time.Hour, Day: account.Date{Year: 2026, Month: 11, Day: 24}}
	assert.Equal(t, want, terms)
	assert.Nil(t, terms.Faults())

	product := account.Product{Refunds: account.RefundPolicy{States: account.States(undeliv), Timeout: true}}
	want.Refunds = product.Refunds
	assert.Equal(t, want, message.TermsOf(account.NewClient(a, &product, nil, decimal.Zero), at(0).Add(12*time.Hour)), "its product's refunds")
	product = account.Product{Pricing: message.PricingDelivered}
	want.Pricing, want.Refunds = message.PricingDelivered, account.RefundPolicy{}
	assert.Equal(t, want, message.TermsOf(account.NewClient(a, &product, nil, decimal.Zero), at(0).Add(12*time.Hour)), "its product's pricing")
}

func TestEarlyReportsAreBounded(t *testing.T) {
	var kept message.EarlyReports
	report := message.NetworkReport{Network: "acme", ID: "a", Report: account.Report{State: enroute}}
	for hour := range 3 {
		kept = kept.With(message.Early{NetworkReport: report, At: at(float64(hour))})
	}
	assert.Len(t, kept, 1, "a repeat is not kept")
	report.Report.DoneAt = at(0)
	kept = kept.With(message.Early{NetworkReport: report, At: at(3)})
	assert.Len(t, kept, 2)
	kept = kept.With(message.Early{NetworkReport: report, At: at(24)})
	assert.Len(t, kept, 1, "the first is too old")
	for second := range 2 * message.MaxEarly {
		report.Report.DoneAt = at(4).Add(time.Duration(second) * time.Second)
		kept = kept.With(message.Early{NetworkReport: report, At: at(25)})
	}
	assert.Len(t, kept, message.MaxEarly)
}
