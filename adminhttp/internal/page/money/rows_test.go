package money

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/words"
)

func TestEventsHaveWords(t *testing.T) {
	for _, c := range account.EventCodes() {
		e := account.Event{Kind: account.EventKind(c.Code), Hook: account.HookRESTState}
		assert.NotContains(t, (&moneyPage{}).eventRow(e, words.Moment{}).Words, c.Code)
	}
}
