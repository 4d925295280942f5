package ledger_test

import (
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/internal/ledger"
)

// An account begins without news, and hears of new terms.
func TestNewTermsTellWhatFollows(t *testing.T) {
	now := accounttest.Now()
	b := ledger.Opened(account.ID{1}, account.Terms{}, now)
	assert.Equal(t, account.Balance{Account: account.ID{1}, Version: 1, Exhausted: true}, b)
	assert.False(t, ledger.Opened(account.ID{1}, account.Terms{Credit: money("1")}, now).Exhausted)
	over := account.Terms{Overdraw: money("1"), OverdrawEnds: now}
	b, events := ledger.Under(b, over, money("0"), now)
	assert.Equal(t, []account.EventKind{account.EventOverdrawEnded}, kindsOf(events))
	assert.EqualValues(t, 2, b.Version)
	same, events := ledger.Under(b, over, money("0"), now)
	assert.Empty(t, events, "the same overdraw ended once")
	assert.EqualValues(t, 3, same.Version)
	for _, other := range []account.Terms{{Overdraw: money("2"), OverdrawEnds: now}, {Overdraw: money("1"), OverdrawEnds: now.Add(-1)}} {
		again, events := ledger.Under(b, other, money("0"), now)
		assert.Equal(t, []account.EventKind{account.EventOverdrawEnded}, kindsOf(events), "another one ended too")
		assert.Equal(t, other, again.Terms)
	}
}

// Terms are the same when the rule and its events cannot tell them apart.
func TestTermsAreTheSameToTheRule(t *testing.T) {
	now := accounttest.Now()
	terms := account.Terms{
		Currency: "EUR", Credit: money("1.50"), Overdraw: money("2.0"), OverdrawEnds: now, Closed: true, Shares: account.ID{1},
		Cap: account.Some(money("3.0")), Zone: "UTC", Limit: account.MoneyLimit(money("4")), Price: account.Some(money("5.0")),
	}
	written := terms
	written.Credit, written.Overdraw, written.OverdrawEnds = money("1.5"), money("2"), now.In(time.FixedZone("x", 3600))
	written.Cap, written.Price = account.Some(money("3")), account.Some(money("5"))
	assert.True(t, ledger.SameTerms(terms, written), "however they are written")
	for name, change := range map[string]func(*account.Terms){
		"currency": func(t *account.Terms) { t.Currency = "USD" }, "credit": func(t *account.Terms) { t.Credit = money("1") },
		"overdraw": func(t *account.Terms) { t.Overdraw = money("1") }, "end": func(t *account.Terms) { t.OverdrawEnds = now.Add(1) },
		"closed": func(t *account.Terms) { t.Closed = false }, "shares": func(t *account.Terms) { t.Shares = account.ID{} },
		"cap": func(t *account.Terms) { t.Cap = account.Some(money("4")) }, "no cap": func(t *account.Terms) { t.Cap = account.Optional[decimal.Decimal]{} },
		"zone": func(t *account.Terms) { t.Zone = "Europe/Kyiv" }, "limit": func(t *account.Terms) { t.Limit = account.MessagesLimit(4) },
		"price": func(t *account.Terms) { t.Price = account.Some(money("4")) }, "no price": func(t *account.Terms) { t.Price = account.Optional[decimal.Decimal]{} },
	} {
		other := terms
		change(&other)
		assert.False(t, ledger.SameTerms(terms, other), name)
		assert.False(t, ledger.SameTerms(other, terms), name)
	}
	zero := terms
	zero.Cap, terms.Cap = account.Some(decimal.Zero), account.Optional[decimal.Decimal]{}
	assert.False(t, ledger.SameTerms(zero, terms), "a cap of zero is one")
}

// An account that shares money has no limits of its own.
func TestTermsOfAnAccount(t *testing.T) {
	a := accounttest.Full()
	a.Parent, a.Credit.Cap = account.ID{7}, account.Some(money("3"))
	a.Credit.Overdraw.Limit, a.Credit.Overdraw.ExpiresAt = money("2"), accounttest.Now()
	settings := account.Settings{CreditLimit: account.Effective[decimal.Decimal]{Value: money("5")}}
	for _, shared := range []bool{true, false} {
		a.Credit.Shared, a.Status = shared, account.StatusClosed
		terms := ledger.TermsOf(a, settings, account.Some(money("1")))
		assert.Equal(t, a.Core.Currency, terms.Currency)
		assert.Equal(t, a.Core.TimeZone, terms.Zone)
		assert.True(t, terms.Closed)
		assert.Equal(t, account.Some(money("1")), terms.Price)
		assert.Equal(t, a.Core.NotificationLimit, terms.Limit)
		_, capped := terms.Cap.Get()
		assert.Equal(t, shared, capped)
		assert.Equal(t, shared, !terms.Shares.IsZero())
		assert.Equal(t, shared, terms.Credit.IsZero() && terms.Overdraw.IsZero() && terms.OverdrawEnds.IsZero())
		if !shared {
			assert.Equal(t, "5 2", terms.Credit.String()+" "+terms.Overdraw.String())
			assert.Equal(t, accounttest.Now(), terms.OverdrawEnds)
		}
		a.Status = account.StatusActive
		assert.False(t, ledger.TermsOf(a, settings, account.Optional[decimal.Decimal]{}).Closed)
	}
}
