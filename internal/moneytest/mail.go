package moneytest

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	messages "github.com/clientaccount/clientaccount/account/message"
	"github.com/clientaccount/clientaccount/store"
)

// keepFor is for how long messages are kept in histories of them.
const keepFor = 4 * 24 * time.Hour

// MailHistory makes steps random calls about messages of accounts of its own, and fails where
// the Service and the twins of the messages part. The clock must be the Services', and nobody
// else's; histories in one store begin at different nanoseconds of a second. Each Service
// that open returns is as another process over that store.
func MailHistory(t *rapid.T, clock *Clock, steps int, open func(*clientaccount.Options) *clientaccount.Service) {
	m := &mail{T: t, clock: clock, began: clock.Now().Nanosecond(), book: &book{owners: map[store.NetworkKey]int{}}}
	m.open = func() *clientaccount.Service {
		return open(&clientaccount.Options{
			Clock: clock.Now, Hash: clientaccount.HashCost{MemoryKiB: 64, Iterations: 1, Parallelism: 1},
			SettingsFor: 1, MessagesFor: keepFor,
		})
	}
	m.svcs = []*clientaccount.Service{m.open(), m.open()}
	defer func() {
		for _, svc := range m.svcs {
			require.NoError(t, svc.Close(t.Context()))
		}
	}()
	m.begin()
	for range steps {
		m.pass(time.Microsecond)
		m.svc = m.svcs[m.draw("process", len(m.svcs))]
		m.step()
	}
	m.finish()
}

// mail is one history.
type mail struct {
	*rapid.T
	clock *Clock
	open  func() *clientaccount.Service
	svcs  []*clientaccount.Service
	svc   *clientaccount.Service // whose turn it is
	book  *book
	about *letter // that calls are about; nil for any
	names int     // of what the host does by hand
	began int     // tells histories in one store apart
}

// draw is a number below n.
func (m *mail) draw(what string, n int) int { return rapid.IntRange(0, n-1).Draw(m.T, what) }

func (m *mail) pass(d time.Duration) {
	m.clock.Advance(d)
	m.book.now = m.clock.Now()
}

// tells notes what happens, so that a history that fails can be read.
func (m *mail) tells(what string, args ...any) {
	m.Logf("%s, process %d: "+what, append([]any{m.clock.Now().Format("_2 15:04:05.000000"), slices.Index(m.svcs, m.svc)}, args...)...)
}

// step is one thing that may happen.
func (m *mail) step() {
	switch n := m.draw("step", 101); {
	case n == 0: // what does not matter shrinks to this
	case n < 63:
		m.one(m.call())
	case n < 79:
		m.atOnce()
	case n < 89:
		m.wait()
	case n < 94:
		m.tick()
	case n < 98:
		m.byHand()
	case n < 99:
		m.close()
	default:
		i := m.draw("restarts", len(m.svcs))
		require.NoError(m, m.svcs[i].Close(m.Context()))
		m.svcs[i] = m.open()
	}
}

// begin makes the accounts: one of its own money, one of shared money, one by delivered, and
// one that has nothing.
func (m *mail) begin() {
	m.svc = m.svcs[0]
	gives := account.RefundPolicy{States: account.States(undeliv, account.StateExpired), Timeout: true}
	m.client(client{payer: 0, money: money(20), pricing: account.PricingSent, refunds: gives, told: true}, nil)
	m.client(client{payer: 0, pricing: account.PricingSent, told: true}, &m.book.clients[0].ID)
	m.client(client{payer: 2, money: money(12), pricing: account.PricingDelivered}, nil)
	m.client(client{payer: 3, pricing: account.PricingSent, refunds: gives}, nil)
}

func (m *mail) client(c client, parent *account.ID) {
	ctx, number := m.Context(), len(m.book.clients)
	product, err := m.svc.SaveProduct(ctx, account.Product{
		Name: fmt.Sprintf("Product %d-%d", m.began, number), Currency: "EUR", Pricing: c.pricing, Refunds: c.refunds,
	}, account.Actor{}, "")
	require.NoError(m, err)
	days := 1 + number
	made, err := m.svc.Create(ctx, clientaccount.Edit{Actor: actor, Apply: func(a *account.Account) error {
		a.Core.Login, a.Contact.Company = fmt.Sprintf("mail-%d-%d", m.began, number), "Company"
		a.Core.Password = account.SetPassword("seven-Herons-at-dusk", "seven-Herons-at-dusk")
		a.Core.TimeZone, a.Core.Currency = "Europe/Kyiv", "EUR"
		a.Status, a.Sending.REST, a.Routing.DynamicSender = account.StatusActive, true, true
		a.Sending.DLRDays, a.Sending.Subaccounts = account.Some(days), true
		a.Notes.Product = product.ID
		if c.told {
			a.Webhooks.RESTState = "https://client.io/state"
		}
		if parent != nil {
			a.Parent, a.Credit.Shared = *parent, true
		}
		return nil
	}})
	require.NoError(m, err)
	c.Account, c.wait = made.Account, time.Duration(days)*24*time.Hour
	if c.money.IsPositive() {
		_, err = m.svc.TopUp(ctx, clientaccount.TopUp{Account: c.ID, Amount: c.money, Reference: "top-up", Actor: actor})
		require.NoError(m, err)
	}
	m.book.clients = append(m.book.clients, c)
}

// one makes a call, and holds the answer and the message against the book.
func (m *mail) one(c call) {
	before := m.keeps(c)
	want := c.in(m.book, false)
	got, p := c.of(m.svc)
	m.tells("%s: %+v", c.name, got)
	require.Equal(m, want.Answer, got.Answer, "%s", c.name)
	require.Equal(m, want.Early, got.Early, "%s", c.name)
	if c.progresses && got.Answer == "" {
		require.Equal(m, words(want.Told), words(p.Updates), "%s", c.name)
		require.Equal(m, m.book.clients[c.client].told && len(want.Told) > 0, len(p.Hooks) > 0, "%s", c.name)
		after := m.keeps(c)
		require.Equal(m, after, priced(p.Message), "%s", c.name)
		require.Equal(m, before.Version != after.Version, p.Changed, "%s", c.name)
		require.Equal(m, p.Changed, !reflect.DeepEqual(before, after), "%s", c.name)
	}
	if i := m.book.find(c.client, c.id); i >= 0 {
		m.agrees(i, c.name)
	}
	m.compare(c.name)
}

// keeps is the message of a call as a Service keeps it; its price in one form.
func (m *mail) keeps(c call) messages.Message {
	kept, err := m.svc.Message(m.Context(), m.book.clients[c.client].ID, c.id)
	require.True(m, err == nil || errors.Is(err, account.ErrNotFound), "%v", err)
	return priced(kept)
}

// priced has the price in one form: 1.50 and 1.5 are the same price.
func priced(m messages.Message) messages.Message {
	if m.ID != "" {
		m.Price = decimal.RequireFromString(m.Price.String())
	}
	return m
}

// agrees holds a message against the book.
func (m *mail) agrees(i int, why string) {
	l := &m.book.letters[i]
	s, err := look(m.Context(), m.svc, l.Account, l.ID)
	require.NoError(m, err)
	require.NoError(m, m.book.agrees(i, &s), "%s", why)
}

// compare holds every account's money against the book.
func (m *mail) compare(why string) {
	for i, c := range m.book.clients {
		if c.payer != i {
			continue
		}
		balance, held := m.book.sums(i)
		at, err := m.svc.Balance(m.Context(), c.ID)
		require.NoError(m, err)
		require.Equal(m, balance.String()+" "+held.String(), at.Amount.String()+" "+at.Held.String(), "%s", why)
	}
}

// wait moves the clock, often to just when something becomes due.
func (m *mail) wait() {
	now := m.clock.Now()
	jumps := []time.Duration{30 * time.Second, 20 * time.Minute, time.Hour, 12 * time.Hour, messages.EarlyFor, keepFor}
	for i := range m.book.letters {
		l := &m.book.letters[i]
		for _, at := range []time.Time{l.at.Add(l.SendWithin), l.sent.Add(l.Wait), l.holdUntil(), l.over.Add(keepFor)} {
			if d := at.Sub(now); d > 0 {
				jumps = append(jumps, d)
			}
		}
	}
	m.pass(rapid.SampledFrom(jumps).Draw(m.T, "passes") - time.Duration(m.draw("before", 3))*time.Microsecond)
}

func (m *mail) tick() {
	m.tells("Tick")
	m.book.tick(keepFor)
	require.NoError(m, m.svc.Tick(m.Context()))
	for i := range m.book.letters {
		m.agrees(i, "tick")
	}
	m.compare("tick")
	m.counted()
	m.paged()
}

// counted holds the figures against the book.
func (m *mail) counted() {
	for i, c := range m.book.clients {
		rows, err := m.svc.Figures(m.Context(), messages.FiguresQuery{Account: c.ID})
		require.NoError(m, err)
		want := m.book.figures(i)
		for _, r := range rows {
			require.True(m, want[r.Key].Minus(r.Figures).IsZero(), "figures %+v: the book has %+v", r, want[r.Key])
		}
		require.Len(m, rows, len(want))
	}
}

// paged holds the pages of messages against the book.
func (m *mail) paged() {
	for by, c := range m.book.clients {
		var want, got []string
		for i := range slices.Backward(m.book.letters) {
			if l := &m.book.letters[i]; l.client == by && !l.gone {
				want = append(want, l.ID)
			}
		}
		q := messages.Query{Account: c.ID, Limit: 2}
		for {
			page, err := m.svc.Messages(m.Context(), q)
			require.NoError(m, err)
			for _, found := range page {
				got, q.Before = append(got, found.ID), found.Entries.Hold
			}
			if len(page) < q.Limit {
				break
			}
		}
		require.Equal(m, want, got)
	}
	for key, i := range m.book.owners {
		of, err := m.svc.MessageOf(m.Context(), key)
		require.NoError(m, err)
		require.Equal(m, m.book.letters[i].ID, of.ID)
	}
}

// byHand is what the host does with the money of a message.
func (m *mail) byHand() {
	if len(m.book.letters) == 0 {
		return
	}
	l := &m.book.letters[m.draw("by hand", len(m.book.letters))]
	m.names++
	reference := fmt.Sprint("by hand ", m.names)
	m.tells("by hand: %s of %d", l.ID, l.client)
	ctx, money := m.Context(), l.twin.Money()
	switch {
	case m.book.clients[l.client].closed || l.byHand != "" || l.Cost().IsZero():
	case money == messages.MoneyTaken:
		_, err := m.svc.Refund(ctx, clientaccount.Refund{Account: l.Account, OfReference: l.ID + "/capture", Reference: reference, Actor: actor})
		require.NoError(m, err)
		l.byHand = account.KindRefund
	case m.book.stands(l):
		_, err := m.svc.Release(ctx, clientaccount.Release{Account: l.Account, Hold: l.ID, Reference: reference, Actor: actor})
		require.NoError(m, err)
		l.byHand = account.KindRelease
	default:
		_, err := m.svc.Release(ctx, clientaccount.Release{Account: l.Account, Hold: l.ID, Reference: reference, Actor: actor})
		require.ErrorIs(m, err, account.ErrHold)
	}
	m.compare("by hand")
}

// close closes an account whose money is not held.
func (m *mail) close() {
	by := 1 + m.draw("closes", len(m.book.clients)-1) // the first one has another beneath it
	c := &m.book.clients[by]
	for i := range m.book.letters {
		if l := &m.book.letters[i]; l.client == by && m.book.stands(l) {
			return
		}
	}
	if c.closed {
		return
	}
	m.tells("close %d", by)
	for _, status := range []string{"suspended", "closed"} {
		done, err := m.svc.Update(m.Context(), c.ID, c.Revision, clientaccount.Edit{Actor: actor, Apply: account.Change{}.Set("status", status).Apply})
		require.NoError(m, err)
		c.Account = done.Account
	}
	c.closed = true
}

// finish lets everything come to its end: what is left are the figures.
func (m *mail) finish() {
	m.svc = m.svcs[0]
	for _, d := range []time.Duration{time.Hour, 30 * 24 * time.Hour, 30 * 24 * time.Hour} {
		m.tick()
		m.pass(d)
	}
	m.tick()
	for _, c := range m.book.clients {
		for finding, err := range m.svc.Verify(m.Context(), c.ID) {
			require.NoError(m, err)
			require.Fail(m, finding.String())
		}
	}
	for i := range m.book.letters {
		require.True(m, m.book.letters[i].gone)
	}
}
