package session

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/dialect/postgres"
)

// pgxError has the code in the way of pgx and lib/pq.
type pgxError struct{ code, text string }

func (e pgxError) Error() string    { return e.text }
func (e pgxError) SQLState() string { return e.code }

// A driver may call a canceled statement whatever it likes.
func TestCanceledContextIsTheError(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	s := Session{Dialect: postgres.New()}
	lost := pgxError{"40001", "lost"}
	require.ErrorIs(t, s.Failed(ctx, lost), account.ErrConflict)
	require.NoError(t, s.Failed(ctx, nil))
	cancel()
	err := s.Failed(ctx, lost)
	require.ErrorIs(t, err, context.Canceled)
	require.ErrorIs(t, err, lost)
	require.NotErrorIs(t, err, account.ErrConflict)
}

func TestBrokenReferenceMeansWhatTheCallerSays(t *testing.T) {
	s := Session{Dialect: postgres.New()}
	broken := pgxError{"23503", "reference"}
	require.ErrorIs(t, s.Failed(t.Context(), broken), account.ErrConflict)
	require.ErrorIs(t, s.FailedTo(t.Context(), broken, store.ErrInUse), store.ErrInUse)
}
