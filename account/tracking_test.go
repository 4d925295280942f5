package account_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
)

func TestMessageStates(t *testing.T) {
	var names []string
	var finals []string
	for code, s := range account.MessageStates() {
		assert.EqualValues(t, code, s)
		names = append(names, s.String())
		if s.Final() {
			finals = append(finals, s.String())
		}
		parsed, err := account.ParseMessageState(s.String())
		require.NoError(t, err)
		assert.Equal(t, s, parsed)
	}
	assert.Equal(t, []string{"SCHEDULED", "ENROUTE", "DELIVRD", "EXPIRED", "DELETED", "UNDELIV", "ACCEPTD", "UNKNOWN", "REJECTD", "SKIPPED"}, names)
	assert.Equal(t, []string{"DELIVRD", "EXPIRED", "DELETED", "UNDELIV", "REJECTD", "SKIPPED"}, finals)
	for _, bad := range []string{"", "DELIVERED", "delivrd", "DELIVRD "} {
		_, err := account.ParseMessageState(bad)
		assert.Equal(t, account.Rule("choice"), err, bad)
	}
	assert.Equal(t, "UNKNOWN", account.MessageState(200).String())
	assert.False(t, account.MessageState(200).Final())
}

func TestStateSet(t *testing.T) {
	set := account.States(account.StateUndeliverable, account.StateRejected)
	for _, s := range append(account.MessageStates(), 16, 200) {
		assert.Equal(t, s == account.StateUndeliverable || s == account.StateRejected, set.Has(s), s)
	}
	assert.Zero(t, account.States())
}

func TestDLRDeadlineIsInDaysOf24Hours(t *testing.T) {
	a := account.New()
	a.Sending.DLRDays = account.Some(2)
	dispatched := time.Date(2026, 3, 28, 12, 0, 0, 0, time.UTC)
	assert.Equal(t, dispatched.Add(48*time.Hour), account.EffectiveSettings(a, nil).DLRDeadline(dispatched))
	assert.Equal(t, dispatched.Add(72*time.Hour), account.EffectiveSettings(account.New(), nil).DLRDeadline(dispatched))
}

// story feeds a delivery and collects what was told. Steps are "STATE@hours" or
// "@hours" for the passing of time alone; the deadline is at 72 hours.
type story struct {
	d       account.Tracking
	told    []string
	refunds int
}

var refunds = account.RefundPolicy{States: account.States(account.StateUndeliverable, account.StateRejected)}

func (s *story) take(step account.TrackingStep) {
	s.d = step.Tracking
	for _, u := range step.Updates {
		text := u.State.String()
		if u.Late {
			text += " late"
		}
		if u.Synthetic {
			text += " " + u.Err
		}
		s.told = append(s.told, text)
	}
	if step.Refund {
		s.refunds++
	}
}

func TestTrackingStories(t *testing.T) {
	type at struct {
		state account.MessageState
		hours int
	}
	const tick = account.MessageState(255) // only time passes
	accepted := account.StateAccepted
	enroute, delivered, undeliverable := account.StateEnroute, account.StateDelivered, account.StateUndeliverable
	for name, tt := range map[string]struct {
		policy  account.RefundPolicy
		reports []at
		told    []string
		refunds int
		state   account.MessageState
	}{
		"delivered":                {refunds, []at{{enroute, 1}, {delivered, 2}}, []string{"ENROUTE", "DELIVRD"}, 0, delivered},
		"repeated":                 {refunds, []at{{enroute, 1}, {enroute, 1}, {delivered, 2}, {delivered, 2}}, []string{"ENROUTE", "DELIVRD"}, 0, delivered},
		"overtaken":                {refunds, []at{{delivered, 1}, {enroute, 1}}, []string{"DELIVRD"}, 0, delivered},
		"scheduled":                {refunds, []at{{account.StateScheduled, 1}, {enroute, 1}, {account.StateScheduled, 1}}, []string{"SCHEDULED", "ENROUTE"}, 0, enroute},
		"unknown is not the end":   {refunds, []at{{account.StateUnknown, 1}, {enroute, 1}, {delivered, 2}}, []string{"UNKNOWN", "DELIVRD"}, 0, delivered},
		"accepted, then delivered": {refunds, []at{{accepted, 1}, {delivered, 2}}, []string{"ACCEPTD", "DELIVRD"}, 0, delivered},
		"accepted, then not":       {refunds, []at{{accepted, 1}, {undeliverable, 2}}, []string{"ACCEPTD", "UNDELIV"}, 1, undeliverable},
		"accepted, and no more":    {refunds, []at{{accepted, 1}, {tick, 72}}, []string{"ACCEPTD", "EXPIRED dlr-timeout"}, 0, account.StateExpired},
		"accepted late":            {refunds, []at{{tick, 72}, {accepted, 80}}, []string{"EXPIRED dlr-timeout"}, 0, account.StateExpired},
		"the order on the way": {
			refunds,
			[]at{{account.StateScheduled, 1}, {enroute, 2}, {accepted, 3}, {enroute, 4}, {account.StateUnknown, 5}, {accepted, 6}},
			[]string{"SCHEDULED", "ENROUTE", "ACCEPTD", "UNKNOWN"},
			0, account.StateUnknown,
		},
		"not delivered":       {refunds, []at{{undeliverable, 1}, {undeliverable, 2}}, []string{"UNDELIV"}, 1, undeliverable},
		"a second opinion":    {refunds, []at{{undeliverable, 1}, {delivered, 2}, {account.StateRejected, 3}}, []string{"UNDELIV"}, 1, undeliverable},
		"one instant in time": {refunds, []at{{delivered, 71}, {tick, 72}}, []string{"DELIVRD"}, 0, delivered},
		"no word at all":      {refunds, []at{{tick, 71}, {tick, 72}, {tick, 73}}, []string{"EXPIRED dlr-timeout"}, 0, account.StateExpired},
		"late":                {refunds, []at{{tick, 72}, {delivered, 80}}, []string{"EXPIRED dlr-timeout", "DELIVRD late"}, 0, account.StateExpired},
		"late, and nobody ticked": {
			refunds,
			[]at{{enroute, 1}, {delivered, 72}},
			[]string{"ENROUTE", "EXPIRED dlr-timeout", "DELIVRD late"},
			0, account.StateExpired,
		},
		"late, and not final":      {refunds, []at{{tick, 72}, {enroute, 80}}, []string{"EXPIRED dlr-timeout"}, 0, account.StateExpired},
		"late, and again":          {refunds, []at{{tick, 72}, {delivered, 80}, {delivered, 81}, {undeliverable, 82}}, []string{"EXPIRED dlr-timeout", "DELIVRD late"}, 0, account.StateExpired},
		"late, and expired":        {refunds, []at{{account.StateExpired, 80}}, []string{"EXPIRED dlr-timeout", "EXPIRED late"}, 0, account.StateExpired},
		"a late refund":            {refunds, []at{{tick, 72}, {undeliverable, 80}}, []string{"EXPIRED dlr-timeout", "UNDELIV late"}, 1, account.StateExpired},
		"a refund for silence":     {account.RefundPolicy{States: refunds.States, Timeout: true}, []at{{tick, 72}, {undeliverable, 80}}, []string{"EXPIRED dlr-timeout", "UNDELIV late"}, 1, account.StateExpired},
		"silence is not EXPIRED":   {account.RefundPolicy{States: account.States(account.StateExpired)}, []at{{tick, 72}}, []string{"EXPIRED dlr-timeout"}, 0, account.StateExpired},
		"a code that nobody knows": {refunds, []at{{10, 1}, {200, 80}}, []string{"EXPIRED dlr-timeout"}, 0, account.StateExpired},
	} {
		t.Run(name, func(t *testing.T) {
			dispatched := accounttest.Now()
			s := story{d: account.NewTracking(dispatched.Add(72*time.Hour), 1)}
			for _, r := range tt.reports {
				now := dispatched.Add(time.Duration(r.hours) * time.Hour)
				if r.state == tick {
					s.take(s.d.At(now, tt.policy))
				} else {
					s.take(s.d.Report(account.Report{State: r.state, DoneAt: now}, now, tt.policy))
				}
			}
			assert.Equal(t, tt.told, s.told)
			assert.Equal(t, tt.refunds, s.refunds)
			assert.Equal(t, tt.state, s.d.State)
		})
	}
}

func TestSyntheticExpiredIsOfTheDeadline(t *testing.T) {
	deadline := accounttest.Now()
	step := account.NewTracking(deadline, 3).At(deadline.Add(time.Hour), account.RefundPolicy{})
	assert.Equal(t, []account.StateUpdate{{
		Report: account.Report{State: account.StateExpired, Err: "dlr-timeout", DoneAt: deadline}, Seq: 1, Synthetic: true, Parts: 3,
	}}, step.Updates)
	late := step.Tracking.Report(account.Report{State: account.StateDelivered, Err: "000"}, deadline.Add(2*time.Hour), account.RefundPolicy{})
	assert.Equal(t, account.StateDelivered, late.Tracking.Late)
	assert.Equal(t, int64(2), late.Updates[0].Seq)
	assert.Nil(t, account.Tracking{}.At(deadline, account.RefundPolicy{Timeout: true}).Updates, "the zero Tracking waits without end")
}

// Invariant 11, and the other promises: reports in any order, any number of times, at any
// instants; what is told does not depend on when somebody looked at the deadline.
func TestTrackingKeepsItsPromises(t *testing.T) {
	dispatched := accounttest.Now()
	deadline := dispatched.Add(72 * time.Hour)
	rapid.Check(t, func(t *rapid.T) {
		policy := account.RefundPolicy{States: account.StateSet(rapid.Uint16().Draw(t, "refunded")), Timeout: rapid.Bool().Draw(t, "timeout")}
		watched, unwatched := account.NewTracking(deadline, 1), account.NewTracking(deadline, 1)
		var told, twin []account.StateUpdate
		refunds, inTime := 0, false
		take := func(step account.TrackingStep) {
			watched, told = step.Tracking, append(told, step.Updates...)
			if step.Refund {
				refunds++
			}
		}
		hours := rapid.SliceOfN(rapid.IntRange(0, 120), 0, 12).Draw(t, "hours")
		slices.Sort(hours)
		for _, hour := range hours {
			now := dispatched.Add(time.Duration(hour) * time.Hour)
			if rapid.Bool().Draw(t, "looked") {
				take(watched.At(now, policy))
			}
			r := account.Report{State: account.MessageState(rapid.IntRange(0, 10).Draw(t, "state")), DoneAt: now}
			inTime = inTime || r.State.Final() && now.Before(deadline)
			take(watched.Report(r, now, policy))
			step := unwatched.Report(r, now, policy)
			unwatched, twin = step.Tracking, append(twin, step.Updates...)
		}
		take(watched.At(deadline.AddDate(1, 0, 0), policy))
		step := unwatched.At(deadline.AddDate(1, 0, 0), policy)
		require.Equal(t, told, append(twin, step.Updates...), "when somebody looked makes no difference")

		finals, late, synthetic := 0, 0, 0
		for i, u := range told {
			require.EqualValues(t, i+1, u.Seq)
			require.False(t, finals > 0 && !u.State.Final(), "nothing that is not final after a final state")
			require.False(t, i > 0 && u == told[i-1])
			switch {
			case u.Late:
				late++
				require.Equal(t, 1, synthetic, "late only after the synthetic one")
			case u.State.Final():
				finals++
				require.Equal(t, 1, finals, "one final state at most that is not late")
			}
			if u.Synthetic {
				synthetic++
			}
		}
		require.Equal(t, 1, finals, "one final state that is not late, in the end")
		require.LessOrEqual(t, late, 1)
		require.Equal(t, !inTime, synthetic == 1, "exactly one synthetic EXPIRED, if nothing final came in time")
		require.LessOrEqual(t, refunds, 1)
		require.Equal(t, watched.Refunded, refunds == 1)
	})
}
