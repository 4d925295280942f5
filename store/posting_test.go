package store_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
)

// An entry of a kind that there is not makes a posting that no store writes.
func TestPostingOfAnUnknownKindIsRefused(t *testing.T) {
	for _, kind := range []account.MovementKind{"", "bonus", "Charge"} {
		posting := store.Posting{Entries: []account.Entry{{Kind: account.KindCharge}, {Kind: kind}}}
		require.ErrorIs(t, posting.Err(), store.ErrKind)
	}
	posting := store.Posting{Entries: []account.Entry{{Kind: account.KindCharge}, {Kind: account.KindExpire}}}
	require.NoError(t, posting.Err())
}
