package bunstore

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/session"
)

func TestZeroStoreEndsNoProgram(t *testing.T) {
	ctx := t.Context()
	zero := &Store{}
	_, err := zero.Ledger(ctx, []store.Lookup{{}})
	require.ErrorIs(t, err, session.ErrUnmade)
	_, err = zero.Append(ctx, []store.Posting{{}})
	require.ErrorIs(t, err, session.ErrUnmade)
	require.ErrorIs(t, zero.Migrate(ctx), session.ErrUnmade)
	require.ErrorIs(t, zero.Update(ctx, func(context.Context, store.Tx) error { return nil }), session.ErrUnmade)
}
