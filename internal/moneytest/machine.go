// Package moneytest drives a Service with random histories of money and holds every
// answer against the slow reference model of accounttest. It is for the tests of all
// stores.
package moneytest

import (
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/internal/ledger"
)

// Clock is a time that tests move. It is safe for concurrent use.
type Clock struct {
	mu  sync.Mutex
	now time.Time
}

// NewClock starts at an instant.
func NewClock(at time.Time) *Clock { return &Clock{now: at} }

// Now returns the present instant.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Advance moves the clock.
func (c *Clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// History makes steps random steps on accounts of its own, and fails where the
// Service and the reference model part. The clock must be the Service's, and nobody
// else's; histories in one store begin at different nanoseconds of a second.
//
// Given several Services, which are several processes over one store, each step is one's.
func History(t *rapid.T, clock *Clock, steps int, svcs ...*clientaccount.Service) {
	m := &machine{T: t, svc: svcs[0], clock: clock, began: clock.Now().Nanosecond()}
	m.create()
	for range steps {
		m.svc = svcs[rapid.IntRange(0, len(svcs)-1).Draw(t, "process")]
		m.step()
		for _, m.svc = range svcs {
			m.compare()
		}
	}
	m.audit()
}

// machine is one history.
type machine struct {
	*rapid.T
	svc      *clientaccount.Service
	clock    *Clock
	bank     accounttest.Bank
	accounts []account.Account
	done     []account.Movement // accepted ones
	names    int
	began    int // tells histories in one store apart
}

var actor = account.Actor{ID: "t", Name: "Test"}

// step is one thing that may happen.
func (m *machine) step() {
	switch n := rapid.IntRange(0, 99).Draw(m.T, "step"); {
	case n < 3 && len(m.accounts) < 5:
		m.create()
	case n < 12:
		m.edit()
	case n < 20:
		m.clock.Advance(time.Duration(rapid.SampledFrom([]int64{1, 60e6, 1800e6, 3600e6, 86400e6 * 9}).Draw(m.T, "microseconds")) * time.Microsecond)
	case n < 23:
		require.NoError(m, m.svc.Tick(m.Context()))
	case n < 30 && len(m.done) > 0:
		m.repeat()
	default:
		m.move(m.movement())
	}
}

// create makes an account, at the top or beneath another, with own money or shared.
func (m *machine) create() {
	parent := m.parent()
	m.names++
	e := clientaccount.Edit{Actor: actor, Apply: func(a *account.Account) error {
		a.Core.Login = fmt.Sprintf("m%d-%d", m.began, m.names)
		a.Core.Password = account.SetPassword("seven-Herons-at-dusk", "seven-Herons-at-dusk")
		a.Core.TimeZone = "Europe/Kyiv"
		a.Contact.Company, a.Sending.Subaccounts = "Company", true
		a.Core.NotificationLimit = account.MoneyLimit(money(50))
		if parent != nil {
			a.Parent = parent.ID
			a.Credit.Shared = rapid.IntRange(0, 2).Draw(m.T, "shared") > 0
			if a.Credit.Shared && rapid.Bool().Draw(m.T, "capped") {
				a.Credit.Cap = account.Some(m.cents("cap"))
			}
		}
		return nil
	}}
	made, err := m.svc.Create(m.Context(), e)
	if faults, refused := account.AsFaults(err); refused && (faults.Has("parent.forbidden") || faults.Has("parent.depth")) {
		return
	}
	require.NoError(m, err)
	m.accounts = append(m.accounts, made.Account)
	m.bank.Set(made.Account.ID, termsOf(made.Account))
}

// parent returns the account to be hung beneath, nil for none.
func (m *machine) parent() *account.Account {
	if len(m.accounts) == 0 || rapid.IntRange(0, 2).Draw(m.T, "top") == 0 {
		return nil
	}
	return &m.accounts[rapid.IntRange(0, len(m.accounts)-1).Draw(m.T, "parent")]
}

func termsOf(a account.Account) account.Terms {
	return ledger.TermsOf(a, account.EffectiveSettings(a, nil), account.Optional[decimal.Decimal]{})
}

func (m *machine) any() *account.Account {
	return &m.accounts[rapid.IntRange(0, len(m.accounts)-1).Draw(m.T, "account")]
}

// edit changes what the money rule reads.
func (m *machine) edit() {
	a := m.any()
	now := m.clock.Now()
	var change account.Change
	switch n := rapid.IntRange(0, 9).Draw(m.T, "edit"); {
	case n < 4:
		change = change.Set("credit.limit", m.cents("limit").String())
	case n < 6:
		change = change.Set("credit.overdraw.limit", m.cents("overdraw").String()).
			Set("credit.overdraw.expires_at", now.Add(time.Hour).Format(time.RFC3339Nano))
	case n < 7:
		change = change.Set("credit.cap", m.cents("cap").String())
	case n < 8:
		change = change.Set("credit.shared", fmt.Sprint(!a.Credit.Shared))
	case n < 9:
		change = change.Set("notification_limit", m.cents("notify").String()+" money")
	default:
		if rapid.IntRange(0, 3).Draw(m.T, "close") > 0 {
			return
		}
		change = change.Set("status", "closed")
	}
	done, err := m.svc.Update(m.Context(), a.ID, a.Revision, clientaccount.Edit{Actor: actor, Apply: change.Apply})
	if _, refused := account.AsFaults(err); refused {
		m.explain(*a, change, err)
		return
	}
	require.NoError(m, err)
	*a = done.Account
	m.bank.Set(a.ID, termsOf(*a))
}

// explain holds a refused edit against the model: only what the money forbids.
func (m *machine) explain(a account.Account, change account.Change, err error) {
	faults, _ := account.AsFaults(err)
	held := m.bank.Holds(a.ID, m.clock.Now())
	owns := held || m.bank.Balance(a.ID).Sign() != 0
	switch code := faults[0].Code; code {
	case "status.held":
		require.True(m, held, "%v", err)
	case "shared.money":
		require.True(m, owns, "%v", err)
	case "status.subaccounts", "overdraw.expiry_past", "overdraw.expiry_required":
	default:
		require.NoError(m, err, "%v", change)
	}
}

// cents returns an amount that a limit may have.
func (m *machine) cents(label string) decimal.Decimal {
	return decimal.New(rapid.Int64Range(0, 20_000).Draw(m.T, label), -2)
}

func money(whole int64) decimal.Decimal { return decimal.NewFromInt(whole) }

// repeat asks again for what was done, or for something else under its reference
// (invariant 9).
func (m *machine) repeat() {
	past := rapid.SampledFrom(m.done).Draw(m.T, "past")
	if rapid.Bool().Draw(m.T, "other") {
		past = another(past)
	}
	m.move(past)
}

// another returns a movement of the same reference and other content.
func another(m account.Movement) account.Movement {
	switch row := m.Kind.Traits(); {
	case row.Uses("messages"):
		m.Messages++
	case row.Uses("amount"):
		m.Amount = m.Amount.Mul(decimal.NewFromInt(2))
		if m.Amount.IsZero() {
			m.Amount = money(1)
		}
	default:
		m.Hold += " of another"
	}
	return m
}

// refusals are the errors that the Service and the model must agree on.
var refusals = []error{
	account.ErrNotFound, account.ErrReused, account.ErrClosed, account.ErrExhausted, account.ErrHold,
	account.ErrHoldAmount, account.ErrRefund, account.ErrRefundAmount, account.ErrShared,
}

func refusal(err error) error {
	for _, known := range refusals {
		if errors.Is(err, known) {
			return known
		}
	}
	return err
}
