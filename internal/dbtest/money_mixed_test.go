package dbtest

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/uptrace/bun"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
)

// Two processes move money of one's own and of a family in every way at once: what is left
// is what was not spent, to the last decimal.
func TestMoneyOfAllKindsAtOnce(t *testing.T) {
	t.Run("PostgreSQL", func(t *testing.T) { ofAllKinds(t, openPostgres(t, storeDSN(t), nil)) })
	t.Run("SQLite", func(t *testing.T) { ofAllKinds(t, openSQLiteStore(t)) })
}

const (
	mixedOwn      = 6 // accounts with money of their own, the first of them a payer
	mixedChildren = 8 // accounts that spend the payer's, every second beneath the one before
	mixedFunds    = 40
	mixedCallers  = 24
	mixedSteps    = 25
)

// mixer is who moves, and what it has to come to.
type mixer struct {
	*testing.T
	svcs []*clientaccount.Service
	ids  []account.ID // mixedOwn, then mixedChildren

	mu    sync.Mutex
	spent decimal.Decimal
	done  map[string]int // movements by kind
}

func ofAllKinds(t *testing.T, db *bun.DB) {
	t.Helper()
	st := newStore(t, db)
	m := &mixer{T: t, svcs: []*clientaccount.Service{clientaccount.New(st, nil), clientaccount.New(st, nil)}, done: map[string]int{}}
	m.open()
	var group sync.WaitGroup
	for caller := range mixedCallers {
		group.Go(func() {
			for step := range mixedSteps {
				m.step(fmt.Sprintf("%d-%d", caller, step))
			}
		})
	}
	group.Wait()
	t.Log(m.done)
	left := decimal.Zero
	for _, id := range m.ids[:mixedOwn] {
		at, err := m.svcs[0].Balance(t.Context(), id)
		require.NoError(t, err)
		assert.False(t, at.Amount.IsNegative(), "below the floor")
		left = left.Add(at.Amount)
	}
	assert.Equal(t, decimal.NewFromInt(mixedOwn*mixedFunds).Sub(m.spent).String(), left.String())
	for finding, err := range m.svcs[0].Verify(t.Context(), account.ID{}) {
		require.NoError(t, err)
		assert.Fail(t, finding.String())
	}
}

func (m *mixer) open() {
	m.Helper()
	for n := range mixedOwn + mixedChildren {
		child := n - mixedOwn
		made, err := m.svcs[0].Create(m.Context(), clientaccount.Edit{Apply: func(a *account.Account) error {
			a.Core.Login, a.Contact.Company = fmt.Sprint("client.", n), "Company"
			a.Core.Password = account.SetPassword("seven-Herons-at-dusk", "seven-Herons-at-dusk")
			a.Core.TimeZone, a.Sending.Subaccounts = "Europe/Kyiv", true
			if child >= 0 {
				if a.Parent, a.Credit.Shared = m.ids[0], true; child%2 == 1 {
					a.Parent = m.ids[n-1]
				}
			}
			return nil
		}})
		require.NoError(m, err)
		m.ids = append(m.ids, made.Account.ID)
		if child < 0 {
			_, err = m.svcs[0].TopUp(m.Context(), clientaccount.TopUp{
				Account: made.Account.ID, Amount: decimal.NewFromInt(mixedFunds), Reference: "funds",
			})
			require.NoError(m, err)
		}
	}
}

// step is a charge that is given back twice in part, a hold that is captured, or a transfer;
// each is asked for twice.
func (m *mixer) step(reference string) {
	id := m.ids[rand.IntN(len(m.ids))]
	amount := decimal.New(rand.Int64N(200)+100, -2)
	switch rand.IntN(3) {
	case 0:
		r, ok := m.twice("charge", func(svc *clientaccount.Service) (clientaccount.Receipt, error) {
			return svc.Charge(m.Context(), clientaccount.Charge{Account: id, Amount: amount, Reference: reference})
		})
		if ok {
			m.spend(amount)
			m.giveBack(id, r.Number, reference)
		}
	case 1:
		_, ok := m.twice("hold", func(svc *clientaccount.Service) (clientaccount.Receipt, error) {
			return svc.Hold(m.Context(), clientaccount.Hold{Account: id, Amount: amount, Reference: reference})
		})
		if !ok {
			return
		}
		r, ok := m.twice("capture", func(svc *clientaccount.Service) (clientaccount.Receipt, error) {
			return svc.Capture(m.Context(), clientaccount.Capture{Account: id, Hold: reference, Reference: reference + " captured"})
		})
		if assert.True(m, ok) {
			m.spend(amount)
			m.giveBack(id, r.Number, reference)
		}
	default:
		from := rand.IntN(mixedOwn)
		to := (from + 1 + rand.IntN(mixedOwn-1)) % mixedOwn
		m.twice("transfer", func(svc *clientaccount.Service) (clientaccount.Receipt, error) {
			return svc.Transfer(m.Context(), clientaccount.Transfer{Account: m.ids[from], To: m.ids[to], Amount: amount, Reference: reference})
		})
	}
}

// giveBack refunds half a unit, and half a unit more.
func (m *mixer) giveBack(id account.ID, number int64, reference string) {
	half := decimal.RequireFromString("0.5")
	for n := range 2 {
		_, ok := m.twice("refund", func(svc *clientaccount.Service) (clientaccount.Receipt, error) {
			return svc.Refund(m.Context(), clientaccount.Refund{Account: id, Of: number, Amount: half, Reference: fmt.Sprint(reference, "/", n)})
		})
		if assert.True(m, ok) {
			m.spend(half.Neg())
		}
	}
}

func (m *mixer) spend(amount decimal.Decimal) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.spent = m.spent.Add(amount)
}

// twice asks both processes at once, of which one writes; false where there is not enough.
func (m *mixer) twice(what string, ask func(*clientaccount.Service) (clientaccount.Receipt, error)) (clientaccount.Receipt, bool) {
	var receipts [2]clientaccount.Receipt
	var errs [2]error
	var group sync.WaitGroup
	for i, svc := range m.svcs {
		group.Go(func() { receipts[i], errs[i] = ask(svc) })
	}
	group.Wait()
	written := 0
	var got clientaccount.Receipt
	for i := range errs {
		if errs[i] != nil {
			assert.True(m, errors.Is(errs[i], account.ErrExhausted), "%s: %v", what, errs[i])
			continue
		}
		if got = receipts[i]; !got.Repeated {
			written++
		}
	}
	if got.Number == 0 {
		return got, false
	}
	assert.Equal(m, 1, written, what)
	m.mu.Lock()
	m.done[what]++
	m.mu.Unlock()
	return got, true
}
