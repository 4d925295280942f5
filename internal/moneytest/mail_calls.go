package moneytest

import (
	"cmp"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	messages "github.com/clientaccount/clientaccount/account/message"
	"github.com/clientaccount/clientaccount/store"
)

// call is a call about a message: of a Service, and in the book.
type call struct {
	name       string
	client     int
	id         string             // the message's
	key        store.NetworkKey   // of a report
	ids        []store.NetworkKey // that the message gets
	progresses bool               // it returns a Progress
	of         func(*clientaccount.Service) (reply, clientaccount.Progress)
	in         func(b *book, deaf bool) reply
}

// progressed is a call that returns a Progress.
func (c call) progressed(of func(*clientaccount.Service) (clientaccount.Progress, error)) call {
	c.progresses = true
	c.of = func(svc *clientaccount.Service) (reply, clientaccount.Progress) {
		p, err := of(svc)
		return reply{Answer: why(err), Early: p.Early}, p
	}
	return c
}

// call draws one, mostly about a message that there is.
func (m *mail) call() call {
	switch n := m.draw("call", 100); {
	case n < 25 || len(m.book.letters) == 0:
		return m.admission()
	case n < 50:
		return m.handover()
	case n < 58:
		return m.failure()
	default:
		return m.report()
	}
}

// letter draws a message; one in ten may not be there.
func (m *mail) letter() (client int, id string, parts int) {
	if m.about != nil {
		return m.about.client, m.about.ID, m.about.Parts
	}
	if len(m.book.letters) == 0 || m.draw("any", 10) == 9 {
		return m.draw("client", len(m.book.clients)), fmt.Sprint("m", m.draw("id", 6)), 1
	}
	l := &m.book.letters[m.draw("letter", len(m.book.letters))]
	return l.client, l.ID, l.Parts
}

func (m *mail) admission() call {
	by := m.draw("client", len(m.book.clients))
	c := &m.book.clients[by]
	id := fmt.Sprint("m", m.draw("id", 6))
	e := messages.Envelope{
		Account: c.ID, ID: id, Channel: account.ChannelREST, Sender: "ACME", Destination: "380501112233", MCC: "255", MNC: "01",
		Parts: 1 + m.draw("parts", 4), Price: decimal.New(int64(5*m.draw("price", 4)), -1), Currency: "EUR",
	}
	keep := clientaccount.Keep{
		ClientRef: rapid.SampledFrom([]string{"", "order"}).Draw(m.T, "ref"),
		Pricing:   rapid.SampledFrom([]account.Pricing{"", "", account.PricingSent, account.PricingDelivered}).Draw(m.T, "pricing"),
	}
	if m.draw("refunds", 3) == 0 {
		keep.Refunds = account.Some(account.RefundPolicy{States: account.States(undeliv, rejected), Timeout: m.draw("timeout", 2) == 0})
	}
	e.ClientRef = keep.ClientRef
	within := rapid.SampledFrom([]time.Duration{0, 30 * time.Minute, 36 * time.Hour}).Draw(m.T, "within")
	if i := m.book.find(by, id); i >= 0 && m.draw("same", 4) > 0 {
		e = m.book.letters[i].Envelope
		keep.ClientRef = e.ClientRef
	}
	return m.admitted(by, e, keep, within)
}

func (m *mail) admitted(by int, e messages.Envelope, keep clientaccount.Keep, within time.Duration) call {
	c := m.book.clients[by]
	terms := messages.Terms{
		Pricing: cmp.Or(keep.Pricing, c.pricing), Refunds: keep.Refunds.Or(c.refunds), SendWithin: within, Wait: c.wait,
	}
	return call{
		name: fmt.Sprintf("Admit %s of %d: %d parts at %s, %s %+v", e.ID, by, e.Parts, e.Price, terms.Pricing, terms.Refunds), client: by, id: e.ID,
		of: func(svc *clientaccount.Service) (reply, clientaccount.Progress) {
			got, err := svc.Admit(m.Context(), e.Account, account.Request{
				Channel: e.Channel, Sender: e.Sender, Destination: e.Destination, MCC: e.MCC, MNC: e.MNC, Parts: e.Parts, Price: account.Some(e.Price),
			}, clientaccount.MessageHold{Reference: e.ID, Timeout: within, Actor: actor, Keep: &keep})
			switch {
			case err != nil:
				return reply{Answer: why(err)}, clientaccount.Progress{}
			case got.Verdict == account.VerdictAccept && got.Hold.Reference != e.ID:
				return reply{Answer: "accepted without a hold"}, clientaccount.Progress{}
			case got.Verdict == account.VerdictAccept || got.Verdict == account.VerdictSent:
				return reply{Answer: string(got.Verdict)}, clientaccount.Progress{}
			}
			return reply{Answer: "refused"}, clientaccount.Progress{}
		},
		in: func(b *book, _ bool) reply {
			terms.Day = account.DateOf(b.now, kyiv)
			return b.admit(e, terms, by)
		},
	}
}

var kyiv = func() *time.Location {
	zone, err := time.LoadLocation("Europe/Kyiv")
	if err != nil {
		panic(err)
	}
	return zone
}()

// network draws one of two.
func (m *mail) network() string { return fmt.Sprintf("net%d-%d", m.draw("network", 2), m.began) }

func (m *mail) handover() call {
	by, id, parts := m.letter()
	h := messages.Handover{Network: m.network(), Part: m.draw("part", parts+1)}
	first := m.draw("first", 3)
	for i := range m.draw("ids", parts+2-max(h.Part, 1)) {
		h.IDs = append(h.IDs, fmt.Sprint(first+i))
	}
	c := call{name: fmt.Sprintf("Sent %s of %d: %+v", id, by, h), client: by, id: id}
	for _, id := range h.IDs {
		c.ids = append(c.ids, store.NetworkKey{Network: h.Network, ID: id})
	}
	c.in = func(b *book, deaf bool) reply { return b.sent(by, id, h, deaf) }
	of := m.book.clients[by].ID
	return c.progressed(func(svc *clientaccount.Service) (clientaccount.Progress, error) {
		return svc.Sent(m.Context(), of, id, h)
	})
}

func (m *mail) failure() call {
	by, id, _ := m.letter()
	f := messages.Failure{
		State: rapid.SampledFrom([]account.MessageState{undeliv, rejected}).Draw(m.T, "failure"),
		Err:   rapid.SampledFrom([]string{"", "88"}).Draw(m.T, "err"),
	}
	c := call{name: fmt.Sprintf("Unsent %s of %d: %+v", id, by, f), client: by, id: id}
	c.in = func(b *book, _ bool) reply { return b.unsent(by, id, f) }
	of := m.book.clients[by].ID
	return c.progressed(func(svc *clientaccount.Service) (clientaccount.Progress, error) {
		return svc.Unsent(m.Context(), of, id, f)
	})
}

var reportable = append(account.MessageStates(), delivered, delivered, delivered, undeliv, undeliv, undeliv)

func (m *mail) report() call {
	key := store.NetworkKey{Network: m.network(), ID: fmt.Sprint(m.draw("network id", 4))}
	l := m.about
	if l == nil {
		l = &m.book.letters[m.draw("letter", len(m.book.letters))]
	}
	if len(l.ids) > 0 && m.draw("any", 4) > 0 {
		key = rapid.SampledFrom(l.ids).Draw(m.T, "of")
	}
	r := messages.NetworkReport{Network: key.Network, ID: key.ID, Report: account.Report{
		State: rapid.SampledFrom(reportable).Draw(m.T, "state"), Err: rapid.SampledFrom([]string{"000", "9"}).Draw(m.T, "err"),
		DoneAt: m.clock.Now().Add(-time.Duration(m.draw("minutes", 3)) * time.Minute),
		Part:   m.draw("part", 5), AcceptedFinal: m.draw("accepted final", 2) == 0,
	}}
	c := call{name: fmt.Sprintf("Reported %+v", r), key: key}
	if i, owned := m.book.owners[key]; owned {
		c.client, c.id = m.book.letters[i].client, m.book.letters[i].ID
	}
	c.in = func(b *book, _ bool) reply { return b.reported(r) }
	return c.progressed(func(svc *clientaccount.Service) (clientaccount.Progress, error) { return svc.Reported(m.Context(), r) })
}

// ticking is Tick as one of the calls that are made at once.
func (m *mail) ticking() call {
	return call{
		name: "Tick",
		of: func(svc *clientaccount.Service) (reply, clientaccount.Progress) {
			return reply{Answer: why(svc.Tick(m.Context()))}, clientaccount.Progress{}
		},
		in: func(b *book, _ bool) reply {
			b.tick(keepFor)
			return reply{}
		},
	}
}

// rivals reports whether two calls give one network id to two messages: at the same moment
// neither may see the other, and the later one has it.
func (c call) rivals(other call) bool {
	shared := slices.ContainsFunc(c.ids, func(id store.NetworkKey) bool { return slices.Contains(other.ids, id) })
	return shared && (c.client != other.client || c.id != other.id)
}

// atOnce makes a few calls at once: some order of them explains what came of them.
func (m *mail) atOnce() {
	var calls []call
	var svcs []*clientaccount.Service
	early := false // two reports that are kept at one instant may be heard in any order, whatever their ids
	if n := len(m.book.letters); n > 0 && m.draw("about one", 2) == 1 {
		m.about = &m.book.letters[m.draw("letter", n)]
	}
	together := m.draw("together", 2) == 1
	for range 2 + m.draw("more", 3) {
		c := m.call()
		_, owned := m.book.owners[c.key]
		unowned := c.key != store.NetworkKey{} && !owned
		if unowned && early || slices.ContainsFunc(calls, c.rivals) {
			continue
		}
		early = early || unowned
		calls, svcs = append(calls, c), append(svcs, m.svc)
		if !together {
			svcs[len(svcs)-1] = m.svcs[m.draw("process", len(m.svcs))]
		}
	}
	m.about = nil
	if m.draw("ticks", 5) == 4 {
		calls, svcs = append(calls, m.ticking()), append(svcs, m.svc)
	}
	got := make([]reply, len(calls))
	var group sync.WaitGroup
	for i, c := range calls {
		group.Go(func() { got[i], _ = c.of(svcs[i]) })
	}
	group.Wait()
	for i, c := range calls {
		m.tells("at once, by process %d: %s: %+v", slices.Index(m.svcs, svcs[i]), c.name, got[i])
	}
	e := explanation{mail: m, calls: calls, got: got, seen: map[string]*seen{}}
	for _, deaf := range []bool{false, true} {
		e.deaf = deaf
		if e.try(m.book.clone(), nil); e.found != nil {
			m.book = e.found
			m.compare("at once")
			return
		}
	}
	require.Fail(m, "no order explains this", "%s", e.why)
}

// explanation looks for an order of calls that were made at once.
type explanation struct {
	*mail
	calls []call
	got   []reply
	seen  map[string]*seen
	deaf  bool
	found *book
	why   string // the last order that had the same answers did not do
}

// try goes on with one of the calls that were not made yet.
func (e *explanation) try(b *book, made []int) {
	if len(made) == len(e.calls) {
		if err := e.agrees(b); err != nil {
			e.why += fmt.Sprintf("\n%v: %v", made, err)
		} else {
			e.found = b
		}
		return
	}
	for i, c := range e.calls {
		if e.found != nil || slices.Contains(made, i) {
			continue
		}
		next := b.clone()
		if want := c.in(next, e.deaf); want.Answer != e.got[i].Answer {
			e.why += fmt.Sprintf("\n%v, then %d is %q", made, i, want.Answer)
			continue
		}
		e.try(next, append(made[:len(made):len(made)], i))
	}
}

// agrees holds all messages against a book.
func (e *explanation) agrees(b *book) error {
	last := map[int]int64{}
	for i := range b.letters {
		l := &b.letters[i]
		key := fmt.Sprint(l.client, " ", l.ID)
		if e.seen[key] == nil {
			s, err := look(e.Context(), e.svc, l.Account, l.ID)
			require.NoError(e, err)
			e.seen[key] = &s
		}
		if err := b.agrees(i, e.seen[key]); err != nil {
			return err
		}
		if hold := e.seen[key].Entries.Hold; hold > 0 && hold < last[l.client] {
			return fmt.Errorf("message %s was admitted before", l.ID)
		} else if hold > 0 {
			last[l.client] = hold
		}
	}
	return nil
}
