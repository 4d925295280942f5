package throttle_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/clientaccount/clientaccount/internal/throttle"
)

// However far a clock is set back, a throttled login waits no longer than the longest wait,
// counted by the clock as it goes on.
func TestAThrottleWaitsNoLongerThanItsMaximum(t *testing.T) {
	now := time.Date(2026, 11, 28, 12, 0, 0, 0, time.UTC)
	for _, back := range []time.Duration{0, time.Nanosecond, time.Minute, time.Hour, 365 * 24 * time.Hour} {
		for _, failed := range []int{throttle.Free, throttle.Free + 3, 100} {
			th, key := throttle.New(), throttle.KeyOf("acme", "192.0.2.1")
			for range failed {
				th.Fail(key, now)
			}
			before := th.Wait(key, now)
			set := now.Add(-back)
			wait := th.Wait(key, set)
			assert.LessOrEqual(t, wait, before, "%s back", back)
			assert.LessOrEqual(t, wait, throttle.Longest, "%s back", back)
			assert.Positive(t, wait, "%s back: a clock set back lets nobody in", back)
			assert.Equal(t, wait-wait/2, th.Wait(key, set.Add(wait/2)), "it goes by, %s back", back)
			assert.Zero(t, th.Wait(key, set.Add(wait)), "%s back", back)
		}
	}
}
