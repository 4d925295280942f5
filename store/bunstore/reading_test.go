package bunstore

import (
	"context"
	"database/sql"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/prepared"
)

func TestReadThatLosesIsRunAgainOnlyOutsideATransaction(t *testing.T) {
	var runs int
	losing := func(times int) func() (int, error) {
		runs = 0
		return func() (int, error) {
			if runs++; runs <= times {
				return 0, account.ErrConflict
			}
			return runs, nil
		}
	}
	alone, within := session{conn: prepared.NewPool(&sql.DB{}).Conn()}, session{conn: prepared.Hosted(&sql.Tx{})}

	got, err := reading(t.Context(), alone, losing(3))
	require.NoError(t, err)
	assert.Equal(t, 4, got)

	_, err = reading(t.Context(), within, losing(3))
	require.ErrorIs(t, err, account.ErrConflict)
	assert.Equal(t, 1, runs, "the transaction is lost, not the read")

	_, err = reading(t.Context(), alone, losing(reads.Tries))
	require.ErrorIs(t, err, account.ErrConflict)
	assert.Equal(t, reads.Tries, runs)

	ended, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = reading(ended, alone, losing(reads.Tries))
	require.ErrorIs(t, err, context.Canceled)
}
