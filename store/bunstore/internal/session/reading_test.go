package session

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
	alone, within := Session{Conn: prepared.NewPool(&sql.DB{}).Conn()}, Session{Conn: prepared.Hosted(&sql.Tx{})}

	got, err := Reading(t.Context(), alone, losing(3))
	require.NoError(t, err)
	assert.Equal(t, 4, got)

	_, err = Reading(t.Context(), within, losing(3))
	require.ErrorIs(t, err, account.ErrConflict)
	assert.Equal(t, 1, runs, "the transaction is lost, not the read")

	_, err = Reading(t.Context(), alone, losing(Reads.Tries))
	require.ErrorIs(t, err, account.ErrConflict)
	assert.Equal(t, Reads.Tries, runs)

	ended, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = Reading(ended, alone, losing(Reads.Tries))
	require.ErrorIs(t, err, context.Canceled)
}
