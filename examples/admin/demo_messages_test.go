package main

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/message"
)

// The demo's messages came to all kinds of ends, in the past, and are counted.
func TestDemoMessagesArePlausible(t *testing.T) {
	now := demoDay.Add(40 * time.Minute)
	st, rows := told(t, now)
	svc := clientaccount.New(st, &clientaccount.Options{Clock: func() time.Time { return now }})
	states, stages, money, clients := map[account.MessageState]int{}, map[message.Stage]int{}, map[message.Money]int{}, 0
	late, total := 0, 0
	for _, row := range rows {
		kept, counted := 0, int64(0)
		for m, err := range svc.AllMessages(t.Context(), message.Query{Account: row.ID}) {
			require.NoError(t, err)
			assert.False(t, m.AdmittedAt.After(now) || m.SentAt.After(now) || m.EndedAt.After(now), "%s: %s", row.Login, m.ID)
			states[m.State()]++
			stages[m.Stage()]++
			money[m.Money]++
			if m.Tracking.TimedOut && m.Tracking.Reported {
				late++
			}
			kept++
		}
		figures, err := svc.Figures(t.Context(), message.FiguresQuery{Account: row.ID})
		require.NoError(t, err)
		for _, f := range figures {
			counted += f.Figures.Messages
		}
		assert.EqualValues(t, kept, counted, row.Login)
		if total += kept; kept > 0 {
			clients++
		}
	}
	assert.Equal(t, len(demoSenders), clients)
	assert.InDelta(t, 600, total, 150)
	for _, state := range []account.MessageState{account.StateScheduled, account.StateDelivered, account.StateExpired, account.StateUndeliverable, account.StateRejected} {
		assert.NotZero(t, states[state], "%s of %v", state, states)
	}
	for _, stage := range []message.Stage{message.StageHeld, message.StageSent, message.StageEnded, message.StageUnsent} {
		assert.NotZero(t, stages[stage], "%s of %v", stage, stages)
	}
	assert.Len(t, money, 4, "%v", money)
	assert.NotZero(t, late)
}
