package dbtest

import (
	"context"
	"fmt"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/internal/dbtest/postgres"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/webhook/payload"
)

func delivered(message string) payload.Report {
	return payload.Report{MessageID: message, Seq: 1, State: account.StateDelivered, At: time.Now()}
}

// The connection is cut after every single byte of a submission, in both directions.
// Whatever the caller was told, asking again ends with it accepted once.
func TestSubmitWithTheConnectionCutAtEveryByte(t *testing.T) {
	t.Parallel()
	dsn := storeDSN(t)
	if u, err := url.Parse(dsn); err != nil || u.Query().Get("host") == "" {
		t.Skip("the server is not reached through a socket of its own")
	}
	direct := newStore(t, openPostgres(t, dsn, nil))
	accounts, _ := hookedAccounts(t, direct, 1, func(int) string { return "https://client.io/dlr" })
	c, through := newCutter(t, dsn)
	db := openPostgres(t, through, nil)
	db.SetMaxOpenConns(1)
	svc := clientaccount.New(newStore(t, db), &clientaccount.Options{SettingsFor: time.Hour})
	submitted := 0
	submit := func(message string) error {
		ctx, cancel := context.WithTimeout(t.Context(), postgres.Patience)
		defer cancel()
		_, err := svc.SubmitState(ctx, accounts[0].ID, delivered(message))
		return err
	}
	warm := func(name string) { // a connection with its statements prepared
		for n := range 2 {
			require.NoError(t, submit(fmt.Sprint(name, "-", n)))
			submitted++
		}
	}
	for d, name := range []string{"to the server", "to the client"} {
		warm(name)
		before := c.passed[d].Load()
		require.NoError(t, submit(name+"-measure"))
		submitted++
		bytes := c.passed[d].Load() - before
		for after := range someOf(t, bytes, 100) { // most of the bytes are the statement's, which is sent whole
			message := fmt.Sprint(name, after)
			c.left[d].Store(after)
			err := submit(message)
			c.heal()
			for err != nil {
				err = submit(message)
			}
			submitted++
			warm(message)
		}
		t.Logf("%s: %d bytes", name, bytes)
	}
	var kept, different int
	require.NoError(t, openPostgres(t, dsn, nil).QueryRowContext(t.Context(),
		`SELECT count(*), count(DISTINCT message) FROM clientaccount_deliveries`).Scan(&kept, &different))
	assert.Equal(t, []int{submitted, submitted}, []int{kept, different}, "each once")
}

// A delivery that waits for a transaction of the host's holds up nobody.
func TestSubmitBesideAnOpenTransaction(t *testing.T) {
	t.Parallel()
	s := newStore(t, openPostgres(t, storeDSN(t), nil))
	accounts, _ := hookedAccounts(t, s, 2, func(int) string { return "https://client.io/dlr" })
	svc := clientaccount.New(s, nil)
	held, release := make(chan struct{}), make(chan struct{})
	var group sync.WaitGroup
	group.Go(func() {
		report := delivered("m-0")
		ds, err := report.Deliveries(accounts[0], func(account.HookKind) account.ID { return accounttest.ID(1) })
		assert.NoError(t, err)
		assert.NoError(t, s.Update(t.Context(), func(ctx context.Context, tx store.Tx) error {
			err := tx.(store.OutboxTx).Enqueue(ctx, ds...)
			close(held)
			<-release
			return err
		}))
	})
	<-held
	report := delivered("m-0")
	ds, err := report.Deliveries(accounts[0], func(account.HookKind) account.ID { return accounttest.ID(1) })
	require.NoError(t, err)
	calls := [][]store.Delivery{ds}
	for n := range 15 {
		report := delivered(fmt.Sprint("m-", n+1))
		ds, err := report.Deliveries(accounts[n%2], func(account.HookKind) account.ID { return accounttest.ID(n + 2) })
		require.NoError(t, err)
		calls = append(calls, ds)
	}
	began := time.Now()
	accepted, err := s.EnqueueEach(t.Context(), calls)
	require.NoError(t, err)
	assert.Less(t, time.Since(began), postgres.Patience)
	for n, is := range accepted {
		assert.Equal(t, n > 0, is, n)
	}
	_, err = svc.SubmitState(t.Context(), accounts[1].ID, delivered("another"))
	require.NoError(t, err)
	close(release)
	group.Wait()
	require.NoError(t, s.Update(t.Context(), func(ctx context.Context, tx store.Tx) error {
		return tx.(store.OutboxTx).Enqueue(ctx, ds...)
	}))
}

// How long deliveries wait for others is no setting of the connection: neither a statement without a
// transaction leaves it behind, nor a transaction, whatever came of them.
func TestImpatienceEndsWithItsWrite(t *testing.T) {
	t.Parallel()
	db := openPostgres(t, storeDSN(t), nil)
	s := newStore(t, db)
	accounts, _ := hookedAccounts(t, s, 1, func(int) string { return "https://client.io/dlr" })
	db.SetMaxOpenConns(1)
	made := 0
	one := func() store.Delivery {
		made++
		report := delivered(fmt.Sprint("m-", made))
		ds, err := report.Deliveries(accounts[0], func(account.HookKind) account.ID { return accounttest.ID(made) })
		require.NoError(t, err)
		return ds[0]
	}
	unknown := one()
	unknown.Hook.Account = accounttest.ID(99)
	for _, calls := range [][][]store.Delivery{{{one()}}, {{one()}, {one()}}, {{one(), one()}}, {{unknown}}} {
		_, err := s.EnqueueEach(t.Context(), calls)
		require.NoError(t, err)
		var bound string
		require.NoError(t, db.QueryRowContext(t.Context(), `SHOW lock_timeout`).Scan(&bound))
		assert.Equal(t, "0", bound)
	}
}

// Four processes submit the same reports at once, and different ones under the same number:
// each message is told once, and in one way.
func TestSubmittedByManyAtOnce(t *testing.T) {
	t.Parallel()
	dsn := storeDSN(t)
	s := newStore(t, openPostgres(t, dsn, nil))
	accounts, _ := hookedAccounts(t, s, 3, func(int) string { return "https://client.io/dlr" })
	const messages = 60
	var told [messages]sync.Map
	var group sync.WaitGroup
	for process := range 4 {
		svc := clientaccount.New(newStore(t, openPostgres(t, dsn, nil)), nil)
		for n := range 64 {
			group.Go(func() {
				for m := n % 4; m < messages; m += 4 {
					report := delivered(fmt.Sprint("m-", m))
					if m%5 == 0 {
						report.Err = fmt.Sprint(process)
					}
					_, err := svc.SubmitState(t.Context(), accounts[m%3].ID, report)
					if err == nil {
						told[m].Store(report.Err, true)
					} else {
						assert.ErrorIs(t, err, account.ErrReused)
						assert.Zero(t, m%5)
					}
				}
			})
		}
	}
	group.Wait()
	for m := range messages {
		ways := 0
		told[m].Range(func(any, any) bool { ways++; return true })
		assert.Equal(t, 1, ways, m)
	}
	var kept int
	require.NoError(t, openPostgres(t, dsn, nil).QueryRowContext(t.Context(), `SELECT count(*) FROM clientaccount_deliveries`).Scan(&kept))
	assert.Equal(t, messages, kept)
}
