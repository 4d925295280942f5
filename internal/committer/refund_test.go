package committer_test

import (
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/internal/committer"
)

func refund(of, amount int64, reference string) committer.Checked {
	m, err := committer.Check(account.Movement{
		Account: acme, Kind: account.KindRefund, Of: of, Amount: decimal.NewFromInt(amount), Reference: reference,
	})
	if err != nil {
		panic(err)
	}
	return m
}

// Refunds of one entry count once each, whether they were read, or are in the same batch.
func TestRefundsOfOneEntryInOneBatch(t *testing.T) {
	for name, busy := range map[string]bool{"comparing": false, "under a lock": true} {
		t.Run(name, func(t *testing.T) {
			f := &failing{busy: busy}
			c := over(t, f)
			charged, err := c.Move(t.Context(), movement(account.KindCharge, 10, "m"))
			require.NoError(t, err)
			of := charged.Entry.Number
			_, err = c.Move(t.Context(), refund(of, 4, "r-1"))
			require.NoError(t, err)
			results := c.MoveMany(t.Context(), []committer.Checked{
				refund(of, 2, "r-2"), refund(of, 5, "r-3"), refund(of, 2, "r-1"), refund(of, 2, "r-2"), refund(of, 0, "r-4"), refund(of, 0, "r-5"),
				refund(99, 1, "r-6"), refund(1, 1, "r-7"),
			})
			var got []string
			for i, want := range []error{
				nil, account.ErrRefundAmount, account.ErrReused, nil, nil, account.ErrRefundAmount, account.ErrRefund, account.ErrRefund,
			} {
				require.ErrorIs(t, results[i].Err, want, "%d", i)
				got = append(got, results[i].Written.Entry.Amount.String())
			}
			assert.Equal(t, []string{"2", "0", "0", "2", "4", "0", "0", "0"}, got)
			assert.True(t, results[3].Written.Repeated)
			assert.Equal(t, busy, f.updates.Load() > 0, "money of one's own needs no lock")
		})
	}
}
