package moneybench

import (
	"context"
	"fmt"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/store/memstore"
)

// signInBars: what a request costs that signs in, with a password that was right lately and
// with one that was not, at the default cost of a hash.
func signInBars(b *testing.B, t *table) {
	const again, first = 20_000, 10
	st, none := memstore.New(), clientaccount.Options{SignIns: -1}
	_, err := clientaccount.New(st, nil).Create(b.Context(), clientaccount.Edit{Apply: func(a *account.Account) error {
		a.Core.Login, a.Contact.Company, a.Status, a.Sending.REST = "acme", "Acme", account.StatusActive, true
		a.Core.Password = account.SetPassword(accounttest.Password, accounttest.Password)
		return nil
	}})
	require.NoError(b, err)
	known, hashed := clientaccount.New(st, nil), clientaccount.New(st, &none)
	require.NoError(b, signIn(b.Context(), known, 1)) // the first one
	var lately, spent, ratios []float64
	for range nRounds {
		wall, cpu := timed(b, func() error { return signIn(b.Context(), known, again) })
		slow, _ := timed(b, func() error { return signIn(b.Context(), hashed, first) })
		lately, spent = append(lately, wall/again), append(spent, cpu/again)
		ratios = append(ratios, slow/first/(wall/again))
	}
	t.withinMicros("19", "sign-in with a password that was right lately", 5, 1e6*median(lately))
	t.note("the same, of the processor", fmt.Sprintf("%.2f us", 1e6*median(spent)))
	t.note("a sign-in with a hash, to it", fmt.Sprintf("%.0fx", median(ratios)))
}

func signIn(ctx context.Context, svc *clientaccount.Service, times int) error {
	for range times {
		_, err := svc.Authenticate(ctx, clientaccount.Attempt{
			Channel: account.ChannelREST, Login: "acme", Password: accounttest.Password, From: "192.0.2.1",
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// timed is the time that something takes, and that of the processor, in seconds.
func timed(b *testing.B, do func() error) (wall, cpu float64) {
	b.Helper()
	began, before := time.Now(), processor(b)
	require.NoError(b, do())
	return time.Since(began).Seconds(), processor(b) - before
}

func processor(b *testing.B) float64 {
	b.Helper()
	var used syscall.Rusage
	require.NoError(b, syscall.Getrusage(syscall.RUSAGE_SELF, &used))
	return time.Duration(used.Utime.Nano() + used.Stime.Nano()).Seconds()
}

// BenchmarkSignIn prints the bars of signing in alone.
func BenchmarkSignIn(b *testing.B) {
	t := &table{}
	signInBars(b, t)
	t.print("Signing in: within this run, medians of rounds")
}
