package ledger_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/internal/ledger"
	"github.com/clientaccount/clientaccount/store"
)

// The accounts of a chain: two that spend the money of the third.
var (
	grandchild, child, payer = account.ID{3}, account.ID{2}, account.ID{1}
	links                    = []account.ID{grandchild, child, payer}
)

// house drives Apply, ApplyShared and the reference model with one history of a chain.
type house struct {
	balances map[account.ID]account.Balance
	holds    map[account.ID]map[string]account.Hold
	entries  map[account.ID][]account.Entry
	model    accounttest.Bank
	now      time.Time
}

func newHouse(terms map[account.ID]account.Terms) *house {
	h := &house{
		balances: map[account.ID]account.Balance{}, holds: map[account.ID]map[string]account.Hold{},
		entries: map[account.ID][]account.Entry{}, now: accounttest.Now(),
	}
	for _, id := range links {
		h.balances[id] = ledger.Opened(id, terms[id], h.now)
		h.holds[id] = map[string]account.Hold{}
		h.model.Set(id, terms[id])
	}
	return h
}

// chain is who pays for an account, as the terms are now.
func (h *house) chain(id account.ID) []account.ID {
	chain := []account.ID{id}
	for above := h.balances[id].Terms.Shares; !above.IsZero(); above = h.balances[above].Terms.Shares {
		chain = append(chain, above)
	}
	return chain
}

// against returns what a movement refers to, and the chain that it goes along.
func (h *house) against(m account.Movement) (on ledger.Against, chain []account.ID) {
	if hold, ok := h.holds[m.Account][m.Hold]; ok {
		on.Hold, chain = &hold, hold.Chain
	}
	for _, e := range h.entries[m.Account] {
		if e.Number == m.Of {
			on.Entry, chain = &e, e.Chain
		}
		if e.Kind == account.KindRefund && e.Of == m.Of && m.Of > 0 {
			on.Refunds = append(on.Refunds, e)
		}
	}
	if m.Kind == account.KindCharge || m.Kind == account.KindHold {
		chain = h.chain(m.Account)
	}
	if len(chain) == 0 || chain[0] != m.Account {
		chain = []account.ID{m.Account}
	}
	return on, chain
}

func (h *house) steps(m account.Movement) ([]ledger.Step, error) {
	on, chain := h.against(m)
	if len(chain) == 1 {
		step, err := ledger.Apply(h.balances[m.Account], m, on, h.now)
		return []ledger.Step{step}, err
	}
	balances := make([]account.Balance, len(chain))
	for i, id := range chain {
		balances[i] = h.balances[id]
	}
	return ledger.ApplyShared(balances, m, on, h.now)
}

// keep takes over what steps do, in the ledger of each account.
func (h *house) keep(steps []ledger.Step) {
	for _, s := range steps {
		id := s.Entry.Account
		h.balances[id], h.entries[id] = s.Balance, append(h.entries[id], s.Entry)
		delete(h.holds[id], s.Ended)
		if s.Hold != nil {
			h.holds[id][s.Hold.Reference] = *s.Hold
		}
	}
}

// settle ends the holds that have timed out.
func (h *house) settle(t require.TestingT) {
	for _, id := range links {
		for _, hold := range h.holds[id] {
			callers := len(hold.Chain) == 0 || hold.Chain[0] == id
			if hold.Stands(h.now) || !callers {
				continue
			}
			steps, err := h.steps(ledger.Expiry(hold))
			require.NoError(t, err)
			h.keep(steps)
		}
	}
	for _, id := range links {
		var expires time.Time
		for _, hold := range h.holds[id] {
			if expires.IsZero() || hold.Until.Before(expires) {
				expires = hold.Until
			}
		}
		b := h.balances[id]
		b.Expires = expires
		h.balances[id] = b
	}
}

// do asks the rule and the model.
func (h *house) do(t require.TestingT, m account.Movement) {
	h.settle(t)
	steps, err := h.steps(m)
	number := int64(0)
	if err == nil {
		number = steps[0].Entry.Number
	}
	want := h.model.Record(m, number, h.now)
	if want != nil {
		require.ErrorIs(t, err, want, "%+v", m)
		return
	}
	require.NoError(t, err, "%+v", m)
	h.keep(steps)
}

// available returns what an account may spend: what the payer has and the caps leave.
func (h *house) available(id account.ID) decimal.Decimal {
	chain := h.chain(id)
	left := h.balances[chain[len(chain)-1]].Available(h.now)
	for _, link := range chain[:len(chain)-1] {
		if room, capped := ledger.CapLeft(h.balances[link], h.now); capped {
			left = decimal.Min(left, room)
		}
	}
	return left
}

func (h *house) check(t require.TestingT) {
	h.settle(t)
	for _, id := range links {
		b, amount, held := h.balances[id], decimal.Zero, decimal.Zero
		for i, e := range h.entries[id] {
			amount, held = amount.Add(e.Amount), held.Add(e.Held)
			require.EqualValues(t, i+1, e.Number)
			require.True(t, amount.Equal(e.After) && held.Equal(e.HeldAfter), "%+v", e)
		}
		require.EqualValues(t, len(h.entries[id]), b.Entries)
		require.True(t, amount.Equal(b.Amount) && held.Equal(b.Held))
		require.Zero(t, b.Amount.Rat().Cmp(h.model.Balance(id)), "balance of %x", id[0])
		require.Zero(t, b.Held.Rat().Cmp(h.model.Held(id, h.now)), "held of %x", id[0])
		require.Zero(t, h.available(id).Rat().Cmp(h.model.Available(id, h.now)), "available to %x: %s", id[0], h.available(id))
	}
}

// Invariants 7 and 8 for shared money: the rule and its slow twin agree on every answer
// and every sum.
func TestSharedMoneyAgreesWithTheReferenceModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		caps := rapid.SampledFrom([]account.Optional[decimal.Decimal]{{}, account.Some(money("3")), account.Some(money("7.5"))})
		zones := rapid.SampledFrom([]string{"UTC", "Asia/Tokyo", "America/Los_Angeles"})
		h := newHouse(map[account.ID]account.Terms{
			payer:      {Currency: "EUR", Credit: money("2")},
			child:      {Currency: "EUR", Shares: payer, Cap: caps.Draw(t, "cap"), Zone: zones.Draw(t, "zone")},
			grandchild: {Currency: "EUR", Shares: child, Cap: caps.Draw(t, "cap beneath"), Zone: zones.Draw(t, "zone beneath")},
		})
		h.do(t, account.Movement{Account: payer, Kind: account.KindTopUp, Amount: money("20"), Reference: "first"})
		for n := range rapid.IntRange(1, 40).Draw(t, "movements") {
			if rapid.IntRange(0, 3).Draw(t, "wait") == 0 {
				h.now = h.now.Add(time.Duration(rapid.IntRange(1, 300).Draw(t, "hours")) * time.Hour)
			}
			h.do(t, h.any(t, n))
			h.check(t)
		}
	})
}

// any draws a movement that makes sense by itself.
func (h *house) any(t *rapid.T, n int) account.Movement {
	m := account.Movement{
		Account: rapid.SampledFrom(links).Draw(t, "account"), Reference: fmt.Sprint(n),
		Kind: rapid.SampledFrom([]account.MovementKind{
			account.KindCharge, account.KindCharge, account.KindHold, account.KindHold, account.KindCapture, account.KindRelease, account.KindRefund,
			account.KindTopUp, account.KindAdjust,
		}).Draw(t, "kind"),
		Amount: decimal.New(rapid.Int64Range(1, 40).Draw(t, "tenths"), -1),
	}
	switch m.Kind {
	case account.KindHold:
		m.Timeout = time.Duration(rapid.SampledFrom([]int{0, 1, 400}).Draw(t, "timeout")) * time.Hour
	case account.KindCapture:
		m.Hold, m.More = h.someHold(t, m.Account), rapid.Bool().Draw(t, "more")
	case account.KindRelease:
		m.Hold, m.Amount = h.someHold(t, m.Account), decimal.Decimal{}
	case account.KindRefund:
		m.Of = rapid.Int64Range(1, h.balances[m.Account].Entries+1).Draw(t, "of")
	case account.KindAdjust:
		m.Reason = "because"
	}
	if rapid.Bool().Draw(t, "all") && (m.Kind == account.KindCapture || m.Kind == account.KindRefund) {
		m.Amount = decimal.Decimal{}
	}
	return m
}

func (h *house) someHold(t *rapid.T, id account.ID) string {
	names := []string{"none"}
	for name, hold := range h.holds[id] {
		if hold.Chain == nil || hold.Chain[0] == id {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return rapid.SampledFrom(names).Draw(t, "hold")
}

// standard returns a chain with 10 to spend and caps of 4 and 6.
func standard(t *testing.T) *house {
	h := newHouse(map[account.ID]account.Terms{
		payer:      {Currency: "EUR", Limit: account.MoneyLimit(money("5"))},
		child:      {Currency: "EUR", Shares: payer, Cap: account.Some(money("6")), Zone: "UTC"},
		grandchild: {Currency: "EUR", Shares: child, Cap: account.Some(money("4")), Zone: "UTC", Limit: account.MoneyLimit(money("2"))},
	})
	h.do(t, account.Movement{Account: payer, Kind: account.KindTopUp, Amount: money("10"), Reference: "t"})
	return h
}

// What a chain writes, in every ledger.
func TestSharedMoneyIsWrittenInEveryLedger(t *testing.T) {
	h := standard(t)
	m := account.Movement{
		Account: grandchild, Kind: account.KindCharge, Amount: money("2.5"), Messages: 3, Reference: "m", Currency: "EUR",
		Actor: account.Actor{ID: "u"}, Reason: "why",
	}
	steps, err := h.steps(m)
	require.NoError(t, err)
	require.Len(t, steps, 3)
	for i, want := range []struct{ amount, after, shared, spent, limit string }{
		{"0", "0", "-2.5", "2.5", "0"}, {"0", "0", "-2.5", "2.5", "0"}, {"-2.5", "7.5", "0", "0", "0"},
	} {
		e := steps[i].Entry
		assert.Equal(t, want.amount+" "+want.after+" "+want.shared+" "+want.spent+" "+want.limit,
			fmt.Sprint(e.Amount, e.After, e.Shared, e.Spent, e.Limit))
		assert.Equal(t, "-2.5", e.Moved().String(), "whoever paid")
		assert.Equal(t, links, e.Chain)
		assert.Equal(t, ledger.Fingerprint(m), e.Fingerprint)
		assert.Equal(t, links[i], e.Account)
		assert.EqualValues(t, 3, e.Messages)
		assert.Equal(t, h.now, e.At)
		assert.Equal(t, e.Spent, e.SpentAfter)
		assert.Equal(t, h.balances[links[i]].Version+1, steps[i].Balance.Version)
		assert.Equal(t, e.Number, steps[i].Balance.Entries)
		assert.Equal(t, m.Actor, e.Actor)
		reference := ledger.OtherReference(grandchild, "m")
		if i == 0 {
			reference = "m"
		}
		assert.Equal(t, reference, e.Reference)
	}
	assert.Equal(t, []account.EventKind{account.EventLimitReached}, kindsOf(steps[0].Events), "1.5 of the cap is left, the limit is 2")
	assert.Equal(t, "1.5", steps[0].Events[0].Available.String())
	assert.Empty(t, steps[1].Events)
	assert.Empty(t, steps[2].Events)
	h.keep(steps)
	_, err = h.steps(account.Movement{Account: grandchild, Kind: account.KindCharge, Amount: money("1.500001"), Reference: "n"})
	exhausted := &account.ExhaustedError{}
	require.ErrorAs(t, err, &exhausted)
	assert.Equal(t, account.ExhaustedError{Account: grandchild, Needed: money("1.500001"), Available: money("1.5"), Cap: true}, *exhausted)
	_, err = h.steps(account.Movement{Account: grandchild, Kind: account.KindCharge, Amount: money("1.5"), Reference: "n"})
	require.NoError(t, err, "exactly what the cap leaves")

	steps, err = h.steps(account.Movement{Account: child, Kind: account.KindCharge, Amount: money("3"), Reference: "low"})
	require.NoError(t, err)
	assert.Equal(t, []account.EventKind{account.EventLimitReached}, kindsOf(steps[1].Events), "the payer hears of its own limit")
	steps, err = h.steps(account.Movement{Account: grandchild, Kind: account.KindRefund, Of: 1, Reference: "back"})
	require.NoError(t, err)
	for i, of := range []int64{1, 0, 0} {
		assert.Equal(t, of, steps[i].Entry.Of, "a number is one of the ledger of who callers it")
	}
}

// asIfEnded returns a balance as if a hold that is overdue had ended.
func asIfEnded(b account.Balance, h account.Hold, now time.Time) account.Balance {
	var o store.Overdue
	o.Add(h, 1)
	return ledger.Without(b, o, now)
}

func kindsOf(events []account.Event) (kinds []account.EventKind) {
	for _, e := range events {
		kinds = append(kinds, e.Kind)
	}
	return kinds
}

// A hold of shared money stands, and ends, in every ledger of its chain.
func TestSharedHoldsStandInEveryLedger(t *testing.T) {
	h := standard(t)
	h.do(t, account.Movement{Account: grandchild, Kind: account.KindHold, Amount: money("3"), Messages: 2, Reference: "h", Timeout: time.Hour})
	for i, id := range links {
		reference := ledger.OtherReference(grandchild, "h")
		if i == 0 {
			reference = "h"
		}
		assert.Equal(t, account.Hold{
			Account: id, Reference: reference, Amount: money("3"), Messages: 2, At: h.now, Until: h.now.Add(time.Hour), Chain: links,
		}, h.holds[id][reference])
		assert.Equal(t, h.now.Add(time.Hour), h.balances[id].Expires)
	}
	for id, want := range map[account.ID]string{grandchild: "0 3", child: "0 3", payer: "3 0"} {
		hold := h.holds[id][ledger.OtherReference(grandchild, "h")]
		if id == grandchild {
			hold = h.holds[id]["h"]
		}
		assert.Equal(t, want, fmt.Sprint(h.balances[id].Held, " ", h.balances[id].Spent))
		without := asIfEnded(h.balances[id], hold, h.now.Add(time.Hour))
		assert.True(t, without.Held.IsZero() && without.Spent.IsZero(), "as if it had ended: %s %s", without.Held, without.Spent)
		next := asIfEnded(h.balances[id], hold, h.now.AddDate(0, 1, 0))
		assert.Equal(t, id == payer, next.Spent.IsZero(), "what was spent in November stays spent then")
	}
	_, err := h.steps(account.Movement{Account: grandchild, Kind: account.KindCapture, Hold: "h", Amount: money("4.000001"), More: true, Reference: "c"})
	require.ErrorIs(t, err, account.ErrExhausted, "the rest is more than the cap leaves")
	steps, err := h.steps(account.Movement{Account: grandchild, Kind: account.KindCapture, Hold: "h", Amount: money("4"), More: true, Reference: "c"})
	require.NoError(t, err)
	for i, want := range []string{"-4 1 4", "-4 1 4", "-4 0 0"} {
		e := steps[i].Entry
		assert.Equal(t, want, fmt.Sprint(e.Moved(), " ", e.Spent, " ", e.SpentAfter))
		hold := ledger.OtherReference(grandchild, "h")
		if i == 0 {
			hold = "h"
		}
		assert.Equal(t, hold, steps[i].Ended)
		assert.Equal(t, hold, e.Hold)
	}
}

// least returns the least that a movement of a kind says.
func least(kind account.MovementKind) account.Movement {
	m := account.Movement{Account: account.ID{1}, Kind: kind, Reference: "r", Reason: "because"}
	row := kind.Traits()
	if row.Amount == account.AmountRequired {
		m.Amount = money("1")
	}
	if row.Ends {
		m.Hold = "h"
	}
	if row.Refunds {
		m.Of = 1
	}
	if row.Transfers {
		m.Other = account.ID{9}
	}
	return m
}

// Closed anywhere, due anywhere, and what needs money of one's own: refused for all.
func TestSharedMoneyIsRefusedByAnyOfTheChain(t *testing.T) {
	charge := account.Movement{Account: grandchild, Kind: account.KindCharge, Amount: money("1"), Reference: "c"}
	for _, id := range links {
		h := standard(t)
		b := h.balances[id]
		b.Terms.Closed = true
		h.balances[id] = b
		_, err := h.steps(charge)
		require.ErrorIs(t, err, account.ErrClosed)
		b.Terms.Closed, b.Expires = false, h.now
		h.balances[id] = b
		_, err = h.steps(charge)
		require.ErrorIs(t, err, ledger.ErrDue)
	}
	h := standard(t)
	chain := []account.Balance{h.balances[grandchild], h.balances[child], h.balances[payer]}
	for _, kind := range account.MovementKinds() {
		if kind.Traits().Shared != account.SharingNever {
			continue
		}
		m := least(kind)
		_, err := ledger.ApplyShared(chain, m, ledger.Against{}, h.now)
		require.ErrorIs(t, err, account.ErrShared, kind)
		shares := h.balances[grandchild]
		_, err = ledger.Apply(shares, m, ledger.Against{}, h.now)
		require.ErrorIs(t, err, account.ErrShared, kind)
	}
	_, err := ledger.ApplyShared(chain, account.Movement{Kind: account.KindRelease, Hold: "none", Reference: "r"}, ledger.Against{}, h.now)
	require.ErrorIs(t, err, account.ErrHold)
	chain[0].Terms.Closed = true
	_, err = ledger.ApplyShared(chain, account.Movement{Kind: account.KindRelease, Hold: "none", Reference: "r"}, ledger.Against{}, h.now)
	require.ErrorIs(t, err, account.ErrClosed, "which a closed account says before all else")
	chain[0].Terms.Closed = false
	_, err = ledger.ApplyShared(chain, account.Movement{Kind: account.KindCharge, Amount: money("1"), Currency: "USD", Reference: "r"}, ledger.Against{}, h.now)
	faults, _ := account.AsFaults(err)
	assert.Equal(t, []string{"currency amount.currency"}, codes(faults))
	chain[2].Terms.Shares = account.ID{8} // it shares by now; what it paid is its own all the same
	_, err = ledger.ApplyShared(chain, charge, ledger.Against{}, h.now)
	require.NoError(t, err)
	chain[2].Amount = money("999999999999999")
	back := account.Entry{Account: grandchild, Kind: account.KindCharge, Number: 1, Shared: money("-5"), Chain: links, At: h.now}
	_, err = ledger.ApplyShared(chain, account.Movement{Kind: account.KindRefund, Of: 1, Reference: "r"}, ledger.Against{Entry: &back}, h.now)
	faults, _ = account.AsFaults(err)
	assert.Equal(t, []string{"amount amount.range"}, codes(faults), "no more than a balance holds, nowhere")
}

// References of other ledgers are told from callers'.
func TestReferencesInOtherLedgers(t *testing.T) {
	id := accounttest.ID(7)
	for _, reference := range []string{"m", "", ":", "a:b", "clientaccount:x"} {
		callers, ok := account.CallerReference(ledger.OtherReference(id, reference))
		assert.True(t, ok)
		assert.Equal(t, reference, callers)
	}
	hold := account.Hold{Account: id, Reference: "h"}
	for _, other := range []string{
		"", "m", "clientaccount:", "clientaccount::m", "clientaccount:m:m", id.String() + ":m", "clientaccount:" + id.String(),
		ledger.Expiry(hold).Reference,
	} {
		_, ok := account.CallerReference(other)
		assert.False(t, ok, other)
	}
	m := account.Movement{Account: id, Other: account.ID{9}, Kind: account.KindTransferOut, Amount: money("5"), Reference: "r", Actor: account.Actor{ID: "u"}, Reason: "why"}
	assert.Equal(t, account.Movement{
		Account: account.ID{9}, Other: id, Kind: account.KindTransferIn, Amount: money("5"), Currency: "EUR",
		Reference: ledger.OtherReference(id, "r"), Actor: account.Actor{ID: "u"}, Reason: "why",
	}, ledger.Received(m, "EUR"))
}

// The month of a cap is the account's own, and goes on only forwards.
func TestCapCountsByTheAccountsMonth(t *testing.T) {
	at := func(zone string) time.Time {
		loc, err := time.LoadLocation(zone)
		require.NoError(t, err)
		return time.Date(2026, 12, 1, 0, 0, 0, 0, loc)
	}
	for _, zone := range []string{"UTC", "Asia/Tokyo", "America/Los_Angeles"} {
		b := account.Balance{Terms: account.Terms{Zone: zone, Cap: account.Some(money("7"))}, Spent: money("5"), Month: 2026*12 + 11}
		for when, spent := range map[time.Time]string{
			at(zone).Add(-time.Microsecond): "5", at(zone): "0", at(zone).AddDate(0, -1, -1): "5", at(zone).AddDate(1, -1, 0): "0",
		} {
			assert.Equal(t, spent, ledger.SpentAt(b, when).String(), "%s %s", zone, when)
			left, capped := ledger.CapLeft(b, when)
			assert.True(t, capped)
			assert.True(t, left.Equal(money("7").Sub(money(spent))))
		}
	}
	_, capped := ledger.CapLeft(account.Balance{Spent: money("5")}, accounttest.Now())
	assert.False(t, capped)
}
