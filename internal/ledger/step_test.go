package ledger_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/internal/ledger"
	"github.com/clientaccount/clientaccount/store"
)

// A posting gathers steps; a hold that it makes and ends itself is none.
func TestPostingGathersSteps(t *testing.T) {
	var p store.Posting
	for _, name := range []string{"a", "b", "c"} {
		ledger.Step{Entry: account.Entry{Reference: name}, Hold: &account.Hold{Reference: name}, Events: []account.Event{{Number: 1}}}.AddTo(&p)
	}
	ledger.Step{Ended: "b"}.AddTo(&p)
	ledger.Step{Ended: "before"}.AddTo(&p)
	ledger.Step{}.AddTo(&p)
	assert.Len(t, p.Entries, 6)
	assert.Len(t, p.Events, 3)
	assert.Equal(t, []string{"before"}, p.Ended)
	assert.Equal(t, []account.Hold{{Reference: "a"}, {Reference: "c"}}, p.Holds)
}
