package main

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
)

// The demo's webhooks have deliveries in every state, none of them from the future.
func TestDemoWebhooksArePlausible(t *testing.T) {
	now := demoDay.Add(40 * time.Minute)
	st, rows := told(t, now)
	svc := clientaccount.New(st, &clientaccount.Options{Clock: func() time.Time { return now }})
	states, codes, off, paused, clients := map[clientaccount.DeliveryState]int{}, map[string]int{}, 0, 0, 0
	for _, row := range rows {
		all := deliveries(t, svc, row.ID)
		if len(all) == 0 {
			continue
		}
		clients++
		for _, d := range all {
			states[d.State]++
			codes[d.Last.Code]++
			assert.False(t, d.Last.At.After(now) || d.EndedAt.After(now) || d.CreatedAt.After(now), "%s: %+v", row.Login, d)
			assert.True(t, d.EndedAt.IsZero() || !d.EndedAt.Before(d.CreatedAt), row.Login)
			assert.True(t, d.Tries > 0 || d.Last.Code == "", row.Login)
		}
		statuses, err := svc.HookStatuses(t.Context(), row.ID)
		require.NoError(t, err)
		for _, s := range statuses {
			if !s.Health.OffAt.IsZero() {
				off++
			}
			if s.Health.PausedUntil.After(now) {
				paused++
			}
		}
		secrets, err := svc.HookSecrets(t.Context(), row.ID)
		require.NoError(t, err)
		assert.Len(t, secrets, 1)
	}
	assert.Equal(t, []int{6, 1, 1}, []int{clients, off, paused})
	assert.Len(t, codes, 5, "%v", codes)
	for _, state := range []clientaccount.DeliveryState{clientaccount.DeliveryDone, clientaccount.DeliveryDead, clientaccount.DeliveryWaiting} {
		assert.Greater(t, states[state], 1, "%s of %v", state, states)
	}
	assert.Greater(t, states[clientaccount.DeliveryDone]+states[clientaccount.DeliveryDead]+states[clientaccount.DeliveryWaiting], 500)
}

// deliveries returns all of an account.
func deliveries(t *testing.T, svc *clientaccount.Service, id account.ID) (all []clientaccount.Delivery) {
	t.Helper()
	q := clientaccount.DeliveryQuery{Account: id, Limit: account.MaxPage}
	for {
		page, err := svc.Deliveries(t.Context(), q)
		require.NoError(t, err)
		all = append(all, page...)
		if len(page) < account.MaxPage {
			return all
		}
		q.Before = page[len(page)-1].Seq
	}
}
