package moneybench

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/internal/dbtest/postgres"
	"github.com/clientaccount/clientaccount/internal/ledger"
	"github.com/clientaccount/clientaccount/store"
)

const (
	children     = 2000 // accounts that spend the money of others
	childrenEach = 10   // of one payer
)

// BenchmarkRefunds prints the table of what refers to an earlier entry, or concerns several
// accounts, alone.
func BenchmarkRefunds(b *testing.B) {
	t := &table{}
	refundBars(b, t)
	t.print("Refunds, shared money, transfers: ratios within this run, medians of rounds")
}

// refundBars: 64 callers over many accounts, to charges of own money.
func refundBars(b *testing.B, t *table) {
	s := newStage(b, postgres.DSN(b))
	shared, family := s.beneath(childrenEach), s.beneath(children)
	got := map[string]rounds{}
	run := func(name string, accounts int, c charger) {
		got[name] = append(got[name], drive(b, c, load{callers: 64, accounts: accounts}, duration))
		fmt.Printf("%s: %.0f/s, p99 %s\n", name, got[name][len(got[name])-1].rate, got[name][len(got[name])-1].p99)
	}
	for n := range nRounds {
		s.reset()
		own, ofShared := s.refunding(s.ids, fmt.Sprint("own-", n)), s.refunding(shared, fmt.Sprint("shared-", n))
		run("charges", spread, s.ours(s.svc))
		run("refunds", spread, own)
		run("transfers", spread, s.transferring())
		run("charges of shared money", children, charging(s.svc, shared, "0.0042"))
		run("charges of one family", children, charging(s.svc, family, "0.0042"))
		run("refunds of shared money", children, ofShared)
	}
	bar := func(name string, want float64) {
		t.atLeast("18", name+", 64 callers, to charges", want, ratio(got[name], got["charges"]))
	}
	bar("refunds", 0.4)
	for _, name := range []string{"transfers", "charges of shared money", "charges of one family", "refunds of shared money"} {
		bar(name, 0.1)
	}
	for _, name := range []string{"charges", "refunds", "transfers", "charges of shared money", "charges of one family", "refunds of shared money"} {
		t.note("a second, 64 callers, "+name, fmt.Sprintf("%.0f, p99 %s", got[name].rate(), got[name].p99()))
	}
}

// beneath makes accounts that spend the money of the stage's, so many of each.
func (s *stage) beneath(each int) (ids []account.ID) {
	s.Helper()
	require.NoError(s, s.store.Update(s.Context(), func(ctx context.Context, tx store.Tx) error {
		for n := range children {
			a := accounttest.Valid(fmt.Sprintf("child-%d-%d", each, n))
			if err := tx.PutAccount(ctx, a, 0); err != nil {
				return err
			}
			b := ledger.Opened(a.ID, account.Terms{Currency: "EUR", Zone: "Europe/Kyiv", Shares: s.ids[1+n/each]}, time.Now())
			if err := tx.Post(ctx, store.Posting{Balance: b}); err != nil {
				return err
			}
			ids = append(ids, a.ID)
		}
		return nil
	}))
	return ids
}

// refunding charges each account once, and gives back some of that each time.
func (s *stage) refunding(ids []account.ID, reference string) charger {
	s.Helper()
	charges := make([]clientaccount.Charge, len(ids))
	for i, id := range ids {
		charges[i] = clientaccount.Charge{Account: id, Amount: decimal.NewFromInt(1), Messages: 1, Reference: reference}
	}
	numbers := make([]int64, len(ids))
	for i, charged := range s.svc.ChargeMany(s.Context(), charges) {
		require.NoError(s, charged.Err)
		numbers[i] = charged.Receipt.Number
	}
	amount := decimal.RequireFromString("0.0001")
	return func(ctx context.Context, n int, reference string) error {
		n %= len(ids)
		_, err := s.svc.Refund(ctx, clientaccount.Refund{Account: ids[n], Of: numbers[n], Amount: amount, Reference: reference})
		return err
	}
}

// transferring moves money from an account to the next.
func (s *stage) transferring() charger {
	amount := decimal.RequireFromString("0.0042")
	return func(ctx context.Context, n int, reference string) error {
		from, to := s.ids[n%len(s.ids)], s.ids[(n+1)%len(s.ids)]
		_, err := s.svc.Transfer(ctx, clientaccount.Transfer{Account: from, To: to, Amount: amount, Reference: reference})
		return err
	}
}
