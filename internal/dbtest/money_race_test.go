package dbtest

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
)

// processes and goroutines of the races.
const (
	processes  = 4
	goroutines = 64
)

// vault is a Service on a PostgreSQL database of its own, with funded accounts.
type vault struct {
	*testing.T
	svc *clientaccount.Service
	dsn string
	ids []account.ID
}

func newVault(t *testing.T, dsn string, accounts int, funds int64) *vault {
	t.Helper()
	db := openPostgres(t, dsn, nil)
	v := &vault{T: t, dsn: dsn, svc: clientaccount.New(newStore(t, db), nil)}
	v.fund(accounts, funds)
	return v
}

// fund creates accounts that have some money.
func (v *vault) fund(accounts int, funds int64) {
	v.Helper()
	for n := range accounts {
		made, err := v.svc.Create(v.Context(), clientaccount.Edit{Apply: func(a *account.Account) error {
			a.Core.Login, a.Contact.Company = fmt.Sprint("client.", n), "Company"
			a.Core.Password = account.SetPassword("seven-Herons-at-dusk", "seven-Herons-at-dusk")
			return nil
		}})
		require.NoError(v, err)
		v.ids = append(v.ids, made.Account.ID)
		_, err = v.svc.TopUp(v.Context(), clientaccount.TopUp{
			Account: made.Account.ID, Amount: decimal.NewFromInt(funds), Reference: "funds",
		})
		require.NoError(v, err)
	}
}

// watch reads the accounts all the time, and fails for one below its floor. What it
// returns ends it.
func (v *vault) watch() (stop func()) {
	ctx, cancel := context.WithCancel(v.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		for n := 0; ctx.Err() == nil; n++ {
			at, err := v.svc.Balance(ctx, v.ids[n%len(v.ids)])
			if ctx.Err() == nil && assert.NoError(v, err) {
				assert.False(v, at.Available.IsNegative(), "%s is below the floor", at.Available)
			}
		}
	}()
	return func() { cancel(); <-done }
}

// entries are the references of an account's entries of a kind; each is there once,
// and the numbers have no gaps.
func (v *vault) entries(id account.ID, kind account.MovementKind) map[string]account.Entry {
	v.Helper()
	found := map[string]account.Entry{}
	number := int64(0)
	for e, err := range v.svc.AllEntries(v.Context(), account.EntryQuery{Account: id, Oldest: true}) {
		require.NoError(v, err)
		number++
		require.Equal(v, number, e.Number)
		_, twice := found[e.Reference]
		require.False(v, twice, "%s is written twice", e.Reference)
		if e.Kind == kind {
			found[e.Reference] = e
		}
	}
	return found
}

// holds fails for every reference that was acknowledged and is not there.
func (v *vault) holds(written map[string]account.Entry, references ...string) {
	v.Helper()
	for _, reference := range references {
		if _, there := written[reference]; !there {
			assert.Fail(v, reference+" was acknowledged and is not there")
		}
	}
}

func (v *vault) verified() {
	v.Helper()
	for finding, err := range v.svc.Verify(v.Context(), account.ID{}) {
		require.NoError(v, err)
		assert.Fail(v, finding.String())
	}
}

// Four processes of 64 goroutines charge one account that has money for exactly so
// many charges. Each reference is asked for by two of them.
func TestFloorRace(t *testing.T) {
	t.Parallel()
	const charges = 4000
	v := newVault(t, storeDSN(t), 1, charges)
	stop := v.watch()
	var all []orders
	for p := range processes {
		first := 1 + p/2*(charges/2+500)
		all = append(all, orders{
			Driver: "pgx", DSN: v.dsn, Accounts: v.ids, Goroutines: goroutines, First: first, Last: first + charges/2 + 499,
		})
	}
	c := hire(t, all...)
	said := c.answers()
	c.wait()
	stop()

	assert.Len(t, said[tellerDone], charges, "exactly as many as there was money for")
	assert.Len(t, said[tellerFailed], 0)
	assert.Len(t, said[tellerAgain], charges, "every one was asked for twice, at the end or before")
	assert.Len(t, said[tellerRefused], 2*1000)
	written := v.entries(v.ids[0], account.KindCharge)
	assert.Len(t, written, charges)
	v.holds(written, append(said[tellerDone], said[tellerAgain]...)...)
	at, err := v.svc.Balance(t.Context(), v.ids[0])
	require.NoError(t, err)
	assert.True(t, at.Amount.IsZero(), "%s is left", at.Amount)
	v.verified()
}

// The same with twenty accounts and transfers among them in all directions.
func TestTransferRace(t *testing.T) {
	t.Parallel()
	const accounts, funds, transfers = 20, 5, 1200
	v := newVault(t, storeDSN(t), accounts, funds)
	stop := v.watch()
	var all []orders
	for range processes {
		all = append(all, orders{
			Driver: "pgx", DSN: v.dsn, Accounts: v.ids, Goroutines: goroutines, First: 1, Last: transfers,
		})
	}
	c := hire(t, all...)
	said := c.answers()
	c.wait()
	stop()

	assert.Empty(t, said[tellerFailed])
	sum, out, in := decimal.Zero, 0, 0
	for _, id := range v.ids {
		at, err := v.svc.Balance(t.Context(), id)
		require.NoError(t, err)
		sum = sum.Add(at.Amount)
		out += len(v.entries(id, account.KindTransferOut))
		in += len(v.entries(id, account.KindTransferIn))
	}
	assert.True(t, sum.Equal(decimal.NewFromInt(accounts*funds)), "transfers made or lost money: %s", sum)
	assert.Equal(t, len(said[tellerDone]), out)
	assert.Equal(t, out, in)
	t.Logf("%d transfers, %d repeats, %d refused", out, len(said[tellerAgain]), len(said[tellerRefused]))
	v.verified()
}

// While another transaction holds the money of one account, transfers among the others go
// on, and those with it are done when it lets go.
func TestTransfersPassAHeldAccount(t *testing.T) {
	t.Parallel()
	const accounts, rounds = 12, 20
	v := newVault(t, storeDSN(t), accounts, 100)
	db := openPostgres(t, v.dsn, nil)
	holder, err := db.BeginTx(t.Context(), nil)
	require.NoError(t, err)
	_, err = holder.ExecContext(t.Context(), `SELECT 1 FROM clientaccount_balances WHERE account_id = ? FOR UPDATE`, v.ids[0].String())
	require.NoError(t, err)
	var held sync.WaitGroup
	transfer := func(from, to int, reference string) {
		_, err := v.svc.Transfer(t.Context(), clientaccount.Transfer{
			Account: v.ids[from], To: v.ids[to], Amount: decimal.NewFromInt(1), Reference: reference,
		})
		assert.NoError(t, err)
	}
	among := func(reference string) time.Duration {
		var others sync.WaitGroup
		began := time.Now()
		for k := 1; k < accounts; k++ {
			others.Go(func() {
				for n := range rounds {
					transfer(k, 1+k%(accounts-1), fmt.Sprint(reference, n))
				}
			})
		}
		others.Wait()
		return time.Since(began)
	}
	for k := 1; k < accounts; k++ {
		held.Go(func() { transfer(k, 0, "to") })
		held.Go(func() { transfer(0, k, fmt.Sprint("from ", k)) })
	}
	beside := among("beside")
	assert.Less(t, beside, rounds*2*time.Second, "a lock is waited for two seconds: so long it took if each transfer did")
	require.NoError(t, holder.Rollback())
	held.Wait()
	t.Logf("%d transfers took %s beside the held account, %s without", rounds*(accounts-1), beside, among("without"))
	for _, id := range v.ids {
		at, err := v.svc.Balance(t.Context(), id)
		require.NoError(t, err)
		assert.Equal(t, "100", at.Amount.String())
	}
	v.verified()
}
