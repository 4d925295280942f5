package access

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/clientaccount/clientaccount/account"
)

// An event that Judge.Event does not name would be told to nobody.
func TestEventsAreToldToWhoSeesAllFigures(t *testing.T) {
	all := Sums{true, true, true, true, true, true, true, true, true, true}
	for _, c := range account.EventCodes() {
		if kind := account.EventKind(c.Code); !kind.IsOfHook() {
			assert.True(t, Judge{}.Event(account.Event{Kind: kind}, all), kind)
			assert.False(t, Judge{}.Event(account.Event{Kind: kind}, Sums{}), kind)
		}
	}
}
