package message_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/account/message"
	"github.com/clientaccount/clientaccount/account/message/messagetest"
)

// platform keeps one message as a host does, as text, and does what steps say.
type platform struct {
	kept    []byte
	early   map[message.NetworkID]message.EarlyReports
	came    []message.Early // all of them, in the order in which they came
	bank    accounttest.Bank
	number  int64
	moved   []account.MovementKind
	told    []account.StateUpdate
	figures map[message.FiguresKey]message.Figures
	latest  time.Time
}

func newPlatform() *platform {
	p := &platform{early: map[message.NetworkID]message.EarlyReports{}, figures: map[message.FiguresKey]message.Figures{}}
	p.bank.Set(accounttest.ID(1), account.Terms{Currency: "EUR", Credit: decimal.NewFromInt(1000), Zone: "UTC"})
	return p
}

func (p *platform) message(t require.TestingT) (m message.Message) {
	if p.kept != nil {
		require.NoError(t, json.Unmarshal(p.kept, &m))
	}
	return m
}

// take keeps what a call came to, and answers as the twin does.
func (p *platform) take(t require.TestingT, s message.Step, err error, now time.Time) messagetest.Answer {
	contradiction, is := errors.AsType[*message.ContradictionError](err)
	switch {
	case is:
		require.ErrorIs(t, err, message.ErrContradiction)
		return messagetest.Answer{Code: contradiction.Code}
	case err != nil:
		require.ErrorIs(t, err, account.ErrNotFound)
		return messagetest.Answer{Err: account.ErrNotFound}
	}
	before := p.message(t)
	if s.Movement.Kind != "" {
		p.move(t, &s, now)
	}
	text, err := json.Marshal(s.Message)
	require.NoError(t, err)
	if !s.Changed {
		unchanged, err := json.Marshal(before)
		require.NoError(t, err)
		require.Equal(t, string(unchanged), string(text), "nothing follows, so nothing changes")
		require.Empty(t, s.Updates)
		require.Empty(t, s.Movement)
		return messagetest.Answer{}
	}
	require.Equal(t, before.Version+1, s.Message.Version)
	for _, change := range s.Message.FiguresRow().Since(before.FiguresRow()) {
		p.figures[change.Key] = p.figures[change.Key].Plus(change.Figures)
	}
	p.kept, p.told = text, append(p.told, s.Updates...)
	return messagetest.Answer{Told: s.Updates, Move: s.Movement.Kind}
}

// move makes the movement; the rule of money takes every one.
func (p *platform) move(t require.TestingT, s *message.Step, now time.Time) {
	require.Nil(t, s.Movement.Faults())
	p.number++
	require.NoError(t, p.bank.Record(s.Movement, p.number, now))
	s.Message.Note(account.Entry{Kind: s.Movement.Kind, Number: p.number})
	p.moved = append(p.moved, s.Movement.Kind)
}

func (p *platform) reported(t require.TestingT, r message.NetworkReport, now time.Time) messagetest.Answer {
	m := p.message(t)
	s, err := m.Reported(r, now)
	if errors.Is(err, account.ErrNotFound) {
		id := message.NetworkID{Network: r.Network, ID: r.ID}
		p.came = append(p.came, message.Early{NetworkReport: r, At: now})
		p.early[id] = p.early[id].With(p.came[len(p.came)-1])
	}
	return p.take(t, s, err, now)
}

func (p *platform) sent(t require.TestingT, h message.Handover, now time.Time) messagetest.Answer {
	var early message.EarlyReports
	for _, e := range p.came {
		kept := p.early[message.NetworkID{Network: e.Network, ID: e.ID}]
		if e.Network == h.Network && slices.Contains(h.IDs, e.ID) && slices.Contains(kept, e) {
			early = append(early, e)
		}
	}
	s, err := p.message(t).Sent(h, early, now)
	return p.take(t, s, err, now)
}

// agrees holds all that the platform has against one another.
func (p *platform) agrees(t require.TestingT, now time.Time) {
	m := p.message(t)
	if m.ID == "" {
		require.Empty(t, p.figures)
		return
	}
	require.NoError(t, messagetest.Agree(m, p.moved, p.told))
	row := m.FiguresRow()
	counted := row.Figures
	maps.DeleteFunc(p.figures, func(_ message.FiguresKey, f message.Figures) bool { return f.IsZero() })
	require.Len(t, p.figures, 1)
	require.True(t, counted.Minus(p.figures[row.Key]).IsZero(), "figures are those of the message")
	balance := p.bank.Balance(m.Account)
	require.Zero(t, balance.Cmp(counted.GivenBack.Sub(counted.Taken).Rat()), "what was taken and given back is the balance")
	if p.latest.Before(now) { // clocks turn back, but a hold that has ended does not stand again
		p.latest = now
	}
	held := p.bank.Held(m.Account, p.latest)
	require.Equal(t, m.Money == message.MoneyHeld && !m.Cost().IsZero() && held.Sign() > 0, held.Sign() > 0)
	if due := m.Due(); m.Money == message.MoneyHeld && p.latest.Before(due) {
		require.Zero(t, held.Cmp(m.Cost().Rat()), "a hold stands as long as its message may need it")
	}
}

var (
	networks = []string{"acme", "beta"}
	states   = append(account.MessageStates(), account.StateDelivered, account.StateDelivered, account.StateUndeliverable)
)

func drawEnvelope(t *rapid.T) message.Envelope {
	return message.Envelope{
		Account: accounttest.ID(1), ID: "m-1", ClientRef: rapid.SampledFrom([]string{"", "order-17"}).Draw(t, "ref"),
		Channel: account.ChannelREST, Sender: "ACME", Destination: "380501112233", Parts: rapid.IntRange(1, 3).Draw(t, "parts"),
		MCC: "255", MNC: "01", Currency: "EUR",
		Price: decimal.New(rapid.SampledFrom([]int64{312, 0}).Draw(t, "price"), -4),
	}
}

func drawTerms(t *rapid.T) message.Terms {
	return message.Terms{
		Pricing: rapid.SampledFrom([]message.Pricing{"", message.PricingSent, message.PricingDelivered}).Draw(t, "pricing"),
		Refunds: account.RefundPolicy{
			States: account.StateSet(rapid.Uint16().Draw(t, "refunded")), Timeout: rapid.Bool().Draw(t, "timeout"),
		},
		SendWithin: time.Duration(rapid.IntRange(0, 30).Draw(t, "send_within")) * time.Hour,
		Wait:       time.Duration(rapid.IntRange(1, 72).Draw(t, "wait")) * time.Hour,
		Day:        account.Date{Year: 2026, Month: 11, Day: 23},
	}
}

// call is one of both; it names itself, and has both answers.
type call = func() (name string, got, want messagetest.Answer)

// machine draws calls; what was called before is often called again.
type machine struct {
	t        *rapid.T
	now      time.Time
	envelope message.Envelope
	terms    message.Terms
	past     []call
}

func (d *machine) admitted(p *platform, w *messagetest.Twin) call {
	e := d.envelope
	if p.kept != nil && rapid.IntRange(0, 9).Draw(d.t, "other") == 0 {
		e = drawEnvelope(d.t)
	}
	return func() (string, messagetest.Answer, messagetest.Answer) {
		s, err := p.message(d.t).Admitted(e, d.terms, d.now)
		return "admitted", p.take(d.t, s, err, d.now), w.Admitted(e, d.terms, d.now)
	}
}

func (d *machine) sent(p *platform, w *messagetest.Twin) call {
	parts := d.envelope.Parts
	h := message.Handover{Network: rapid.SampledFrom(networks).Draw(d.t, "network")}
	h.Part = rapid.IntRange(0, parts).Draw(d.t, "part")
	n := rapid.IntRange(0, parts+1-max(h.Part, 1)).Draw(d.t, "ids")
	first := max(h.Part, 1)
	if rapid.IntRange(0, 9).Draw(d.t, "shifted") == 0 {
		first = rapid.IntRange(0, 2).Draw(d.t, "first")
	}
	for i := range n {
		h.IDs = append(h.IDs, fmt.Sprint(first+i))
	}
	return func() (string, messagetest.Answer, messagetest.Answer) {
		return fmt.Sprintf("sent %+v", h), p.sent(d.t, h, d.now), w.Sent(h, d.now)
	}
}

func (d *machine) unsent(p *platform, w *messagetest.Twin) call {
	f := message.Failure{
		State: rapid.SampledFrom([]account.MessageState{account.StateRejected, account.StateUndeliverable}).Draw(d.t, "failure"),
		Err:   rapid.SampledFrom([]string{"", "88"}).Draw(d.t, "err"),
	}
	return func() (string, messagetest.Answer, messagetest.Answer) {
		s, err := p.message(d.t).Unsent(f, d.now)
		return "unsent", p.take(d.t, s, err, d.now), w.Unsent(f, d.now)
	}
}

func (d *machine) reported(p *platform, w *messagetest.Twin) call {
	r := message.NetworkReport{
		Network: rapid.SampledFrom(networks).Draw(d.t, "network"), ID: fmt.Sprint(rapid.IntRange(0, 3).Draw(d.t, "id")),
		Report: account.Report{
			State: rapid.SampledFrom(states).Draw(d.t, "state"), Err: rapid.SampledFrom([]string{"000", "9"}).Draw(d.t, "err"),
			DoneAt: d.now.Add(-time.Duration(rapid.IntRange(0, 5).Draw(d.t, "done")) * time.Minute),
			Part:   rapid.IntRange(0, 3).Draw(d.t, "part"), AcceptedFinal: rapid.Bool().Draw(d.t, "accepted_final"),
		},
	}
	return func() (string, messagetest.Answer, messagetest.Answer) {
		return fmt.Sprintf("reported %+v", r), p.reported(d.t, r, d.now), w.Reported(r, d.now)
	}
}

// The machine and the twin answer alike, whatever comes in whatever order, how often, and
// when; and money, states and figures agree after each call.
func TestMessagesAgreeWithTheTwin(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, w := newPlatform(), &messagetest.Twin{}
		d := &machine{t: t, now: accounttest.Now(), envelope: drawEnvelope(t), terms: drawTerms(t)}
		look := func() (string, messagetest.Answer, messagetest.Answer) {
			return "at", p.take(t, p.message(t).At(d.now), nil, d.now), w.At(d.now)
		}
		for range rapid.IntRange(1, 25).Draw(t, "calls") {
			d.now = d.now.Add(time.Microsecond + rapid.SampledFrom([]time.Duration{
				0, 0, 0, -time.Minute, time.Minute, time.Hour, 7*time.Hour + 13*time.Minute, 25 * time.Hour, 80 * time.Hour,
			}).Draw(t, "passes"))
			next := look
			switch what := rapid.IntRange(0, 13).Draw(t, "what"); {
			case what == 0:
			case what < 3:
				next = d.admitted(p, w)
			case what < 6:
				next = d.sent(p, w)
			case what == 6:
				next = d.unsent(p, w)
			case what < 11 || len(d.past) == 0:
				next = d.reported(p, w)
			default:
				next = rapid.SampledFrom(d.past).Draw(t, "again")
			}
			d.past = append(d.past, next)
			name, got, want := next()
			require.Equal(t, want, got, name)
			p.agrees(t, d.now)
		}
		require.Equal(t, w.Told(), p.told)
		require.Equal(t, w.Money(), p.message(t).Money)
	})
}
