package payload_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/webhook/payload"
)

// A delivery tells the state that it was made of; what came in, and what a host made itself,
// tells of none.
func TestDeliveriesTellTheirState(t *testing.T) {
	for _, state := range account.MessageStates() {
		r := fullReport()
		r.State = state
		made, err := r.Deliveries(hooked(), ids)
		require.NoError(t, err)
		require.Len(t, made, 2)
		for _, d := range made {
			told, is := payload.StateOf(d)
			assert.True(t, is, d.Body)
			assert.Equal(t, state, told, d.Body)
		}
	}
	in, err := fullIncoming().Deliveries(hooked(), ids)
	require.NoError(t, err)
	for _, body := range []string{"", "{", "null", `{"data":5}`, `{"data":{"state":"GONE"}}`, "stat=GONE&%", "%zz"} {
		for _, kind := range account.HookKinds() {
			in = append(in, store.Delivery{Hook: store.Hook{Kind: kind}, Body: body})
		}
	}
	for _, d := range in {
		_, is := payload.StateOf(d)
		assert.False(t, is, "%s %s", d.Hook.Kind, d.Body)
	}
}
