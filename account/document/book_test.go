package document_test

import (
	"fmt"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/internal/ledger"
)

// book is a ledger of a few accounts: d has money of its own, a too, which b shares, and c
// shares that of b. Movements are applied by the rule itself.
type book struct {
	*rapid.T
	now      time.Time
	clients  map[account.ID]*client
	ids      []account.ID
	accepted int
}

// client is an account, and what came of it.
type client struct {
	account  account.Account
	balance  account.Balance
	entries  []account.Entry
	holds    map[string]account.Hold
	captured map[string]account.Hold // holds that were, by reference
}

func newBook(t *rapid.T) *book {
	b := &book{T: t, now: time.Date(rapid.IntRange(2007, 2030).Draw(t, "year"), 1, 2, 3, 4, 5, 6000, time.UTC), clients: map[account.ID]*client{}}
	for i := range 4 {
		id := account.NewID(b.now, [10]byte{byte(i + 1)})
		a := account.New()
		a.ID, a.CreatedAt = id, b.now
		b.clients[id] = &client{account: a, holds: map[string]account.Hold{}, captured: map[string]account.Hold{}, balance: account.Balance{
			Account: id, Terms: account.Terms{Currency: "EUR", Credit: decimal.NewFromInt(500), Zone: "UTC"},
		}}
		b.ids = append(b.ids, id)
	}
	b.share(1, true)
	b.share(2, true)
	return b
}

// share says whether an account shares the money of the one before.
func (b *book) share(i int, on bool) {
	t := &b.clients[b.ids[i]].balance.Terms
	t.Shares = account.ID{}
	if on {
		t.Shares = b.ids[i-1]
	}
}

func (b *book) chain(id account.ID) (chain []account.Balance) {
	for ; !id.IsZero(); id = b.clients[id].balance.Terms.Shares {
		chain = append(chain, b.clients[id].balance)
	}
	return chain
}

// move asks for a movement of whatever kind, which may be refused.
func (b *book) move() {
	b.accepted++
	m := account.Movement{
		Account: rapid.SampledFrom(b.ids).Draw(b.T, "account"), Currency: "EUR", Reference: fmt.Sprint("r", b.accepted),
		Kind: rapid.SampledFrom([]account.MovementKind{
			account.KindTopUp, account.KindCharge, account.KindCharge, account.KindHold, account.KindHold, account.KindCapture,
			account.KindCapture, account.KindRelease, account.KindAdjust, account.KindRefund, account.KindRefund, account.KindTransferOut,
		}).Draw(b.T, "kind"),
	}
	c := b.clients[m.Account]
	switch m.Kind {
	case account.KindCharge, account.KindHold:
		b.price(&m)
		if m.Kind == account.KindHold {
			m.Timeout = time.Duration(rapid.Int64Range(1, 40*24).Draw(b.T, "hours")) * time.Hour
		}
	case account.KindCapture:
		m.Hold = b.hold(c)
		if rapid.Bool().Draw(b.T, "priced") {
			b.price(&m)
			m.More = true
		}
	case account.KindRelease:
		m.Hold = b.hold(c)
	case account.KindAdjust:
		m.Amount, m.Reason, m.PassLimit = decimal.New(rapid.Int64Range(-5000000, 5000000).Draw(b.T, "amount"), -6), "why", true
	case account.KindRefund:
		m.Of = rapid.Int64Range(1, int64(max(1, len(c.entries)))).Draw(b.T, "of")
		if rapid.Bool().Draw(b.T, "part") {
			m.Amount = decimal.New(rapid.Int64Range(1, 1000).Draw(b.T, "amount"), -6)
		}
	case account.KindTransferOut:
		m.Other, m.Amount = rapid.SampledFrom(b.ids).Draw(b.T, "other"), decimal.New(rapid.Int64Range(1, 900).Draw(b.T, "amount"), -2)
	default:
		m.Amount = decimal.New(rapid.Int64Range(1, 9000).Draw(b.T, "amount"), -2)
	}
	b.apply(m)
	if m.Kind == account.KindTransferOut && len(c.entries) > 0 && c.entries[len(c.entries)-1].Reference == m.Reference {
		b.apply(ledger.Received(m, "EUR"))
	}
}

// price sets a price and messages, or messages and an amount, or an amount alone.
func (b *book) price(m *account.Movement) {
	m.Messages = rapid.SampledFrom([]int64{1, 2, 3, 7, 1000}).Draw(b.T, "messages")
	switch rapid.IntRange(0, 5).Draw(b.T, "priced") {
	case 0:
		m.Messages, m.Amount = 0, decimal.New(rapid.Int64Range(1, 9000).Draw(b.T, "fee"), -2)
	case 1:
		m.Amount = decimal.New(rapid.Int64Range(1, 9_000_000).Draw(b.T, "amount"), -6)
	default:
		m.Price = account.Some(decimal.RequireFromString(rapid.SampledFrom([]string{"0", "0.077", "0.0312", "0.000001", "1.50", "0.0770000"}).Draw(b.T, "price")))
	}
}

// hold is the reference of a hold that stands, or of none.
func (b *book) hold(c *client) string {
	for _, e := range c.entries {
		if _, stands := c.holds[e.Reference]; stands && rapid.Bool().Draw(b.T, "this") {
			return e.Reference
		}
	}
	return "none"
}

// apply applies a movement, after the holds that have timed out were ended.
func (b *book) apply(m account.Movement) {
	chain := b.chain(m.Account)
	c := b.clients[m.Account]
	on := ledger.Against{}
	switch {
	case m.Kind == account.KindRefund && m.Of <= int64(len(c.entries)):
		e := c.entries[m.Of-1]
		on.Entry = &e
		if hold, found := c.captured[e.Hold]; found {
			on.Hold = &hold
		}
		for _, past := range c.entries {
			if past.Kind == account.KindRefund && past.Of == m.Of {
				on.Refunds = append(on.Refunds, past)
			}
		}
		chain = b.balances(e.Chain, chain)
	case m.Hold != "":
		hold, stands := c.holds[m.Hold]
		if !stands {
			return
		}
		on.Hold = &hold
		chain = b.balances(hold.Chain, chain[:1])
	}
	for _, link := range chain {
		if m.Kind != account.KindExpire {
			b.expire(link.Account)
		}
	}
	if m.Kind != account.KindExpire && m.Hold != "" {
		if _, stands := c.holds[m.Hold]; !stands {
			return
		}
	}
	for i := range chain {
		chain[i] = b.clients[chain[i].Account].balance
	}
	steps, err := applyTo(chain, m, on, b.now)
	if err != nil {
		return
	}
	for _, step := range steps {
		b.write(step)
	}
}

func applyTo(chain []account.Balance, m account.Movement, on ledger.Against, now time.Time) ([]ledger.Step, error) {
	if len(chain) > 1 {
		return ledger.ApplyShared(chain, m, on, now)
	}
	step, err := ledger.Apply(chain[0], m, on, now)
	return []ledger.Step{step}, err
}

// balances are those of a chain that was recorded, or else of another.
func (b *book) balances(recorded []account.ID, or []account.Balance) []account.Balance {
	if len(recorded) == 0 {
		return or[:1]
	}
	var chain []account.Balance
	for _, id := range recorded {
		chain = append(chain, b.clients[id].balance)
	}
	return chain
}

func (b *book) write(step ledger.Step) {
	c := b.clients[step.Entry.Account]
	c.entries = append(c.entries, step.Entry)
	c.balance = step.Balance
	if step.Hold != nil {
		c.holds[step.Hold.Reference] = *step.Hold
	}
	if step.Ended != "" {
		c.captured[step.Ended] = c.holds[step.Ended]
		delete(c.holds, step.Ended)
	}
	c.balance.Expires = time.Time{}
	for _, hold := range c.holds {
		if c.balance.Expires.IsZero() || hold.Until.Before(c.balance.Expires) {
			c.balance.Expires = hold.Until
		}
	}
}

// expire ends the holds that have timed out: each where it was asked for.
func (b *book) expire(id account.ID) {
	for _, asked := range b.ids {
		c := b.clients[asked]
		for _, e := range c.entries {
			if hold, stands := c.holds[e.Reference]; stands && !hold.Stands(b.now) && (asked == id || contains(hold.Chain, id)) && first(hold) == asked {
				b.apply(ledger.Expiry(hold))
				require.NotContains(b, c.holds, e.Reference)
			}
		}
	}
}

func first(h account.Hold) account.ID {
	if len(h.Chain) == 0 {
		return h.Account
	}
	return h.Chain[0]
}

func contains(ids []account.ID, id account.ID) bool {
	for _, other := range ids {
		if other == id {
			return true
		}
	}
	return false
}
