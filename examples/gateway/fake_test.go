package main

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/message"
)

// What has to come of a message is what the library's rules make of its reports, and all that
// networks do occurs.
func TestOutcomeOfAFateIsThatOfItsReports(t *testing.T) {
	now := time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)
	var early, lost, late, whole, forgets, rejects, fails int
	for i := range 5000 {
		parts := 1 + i%3
		f := fateOf(7, fmt.Sprint(i), parts)
		require.Equal(t, f, fateOf(7, fmt.Sprint(i), parts), "it follows from the seed")
		want := f.outcome()
		if f.rejects != "" {
			rejects++
			require.False(t, want.pays(bySent))
			continue
		}
		ids := message.Handover{Network: "fake", IDs: f.ids}
		require.Nil(t, ids.Faults(parts))
		s, err := message.Message{}.Admitted(message.Envelope{
			Account: account.ID{1}, ID: "m", Channel: account.ChannelREST, Parts: parts, Price: account.Amount("1"), Currency: "EUR",
		}, message.Terms{Refunds: bySent.Refunds, Wait: time.Hour, Day: account.DateOf(now, time.UTC)}, now)
		require.NoError(t, err)
		s, err = s.Message.Sent(ids, nil, now)
		require.NoError(t, err)
		hear := func(reports []planned, at time.Time) {
			for _, p := range reports {
				s, err = s.Message.Reported(message.NetworkReport{Network: "fake", ID: p.id, Report: p.report}, at)
				require.NoError(t, err)
			}
		}
		hear(f.reports, now)
		s = s.Message.At(now.Add(2 * time.Hour))
		hear(f.late, now.Add(3*time.Hour))
		state, isLate := want.late.Get()
		tracking := s.Message.Tracking
		require.Equal(t, want.state, tracking.State)
		require.Equal(t, want.over, tracking.TimedOut)
		require.Equal(t, isLate, tracking.TimedOut && tracking.Reported)
		require.Equal(t, state, tracking.Late)
		require.Equal(t, want.pays(bySent), s.Message.Money == message.MoneyTaken)
		count := func(n *int, is bool) {
			if is {
				*n++
			}
		}
		count(&early, f.early > 0)
		count(&lost, want.over && !isLate)
		count(&late, isLate)
		count(&whole, len(f.ids) < parts)
		count(&forgets, f.forgets)
		count(&fails, f.fails > 0)
	}
	assert.NotContains(t, []int{early, lost, late, whole, forgets, rejects, fails}, 0)
}

func TestFakeNetworkTakesAMessageOnce(t *testing.T) {
	n := newFake(1, time.Now)
	defer n.Stop()
	heard := make(chan message.NetworkReport, 1000)
	n.report = func(_ context.Context, r message.NetworkReport) error { heard <- r; return nil }
	var ids [][]string
	for i := range 40 {
		s := Submission{Key: fmt.Sprintf("c/%d", i), Parts: 1}
		found, err := n.Find(t.Context(), s.Key)
		require.NoError(t, err)
		require.Empty(t, found)
		for tries := 0; ; tries++ {
			got, err := n.Send(t.Context(), s)
			if isRejected(err) {
				break
			}
			if err == nil {
				ids = append(ids, got)
				again, err := n.Send(t.Context(), s)
				require.NoError(t, err)
				require.Equal(t, got, again)
				found, err = n.Find(t.Context(), s.Key)
				require.NoError(t, err)
				require.Equal(t, got, found)
				break
			}
			require.Less(t, tries, 10)
		}
	}
	flat := slices.Concat(ids...)
	slices.Sort(flat)
	assert.Len(t, slices.Compact(flat), len(ids))
	require.Eventually(t, func() bool { return n.pending.Load() == 0 }, time.Minute, time.Millisecond)
	assert.GreaterOrEqual(t, len(heard), len(ids)-5)
}
