package store_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
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

// A posting gathers steps; a hold that it makes and ends itself is none.
func TestPostingGathersSteps(t *testing.T) {
	var p store.Posting
	for _, name := range []string{"a", "b", "c"} {
		p.Add(account.Step{Entry: account.Entry{Reference: name}, Hold: &account.Hold{Reference: name}, Events: []account.Event{{Number: 1}}})
	}
	p.Add(account.Step{Ended: "b"})
	p.Add(account.Step{Ended: "before"})
	p.Add(account.Step{})
	assert.Len(t, p.Entries, 6)
	assert.Len(t, p.Events, 3)
	assert.Equal(t, []string{"before"}, p.Ended)
	assert.Equal(t, []account.Hold{{Reference: "a"}, {Reference: "c"}}, p.Holds)
}
