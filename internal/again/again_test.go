package again_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/internal/again"
)

var errLost = errors.New("lost a race")

// failing returns a function that fails so many times, and counts its calls.
func failing(times int, calls *int) func(int) (bool, error) {
	return func(n int) (bool, error) {
		if *calls++; n <= times {
			return true, errLost
		}
		return false, nil
	}
}

func TestDoTriesUntilItSucceedsOrThePolicyEnds(t *testing.T) {
	for _, c := range []struct{ tries, failures, calls int }{
		{tries: 0, failures: 1, calls: 1},
		{tries: 1, failures: 1, calls: 1},
		{tries: 3, failures: 0, calls: 1},
		{tries: 3, failures: 2, calls: 3},
		{tries: 3, failures: 3, calls: 3},
	} {
		var calls int
		err := again.Policy{Tries: c.tries, Pause: time.Microsecond}.Do(t.Context(), failing(c.failures, &calls))
		assert.Equal(t, c.calls, calls, "%+v", c)
		assert.Equal(t, c.failures >= c.calls, errors.Is(err, errLost), "%+v: %v", c, err)
	}
}

func TestDoReturnsAnErrorThatIsForGood(t *testing.T) {
	var calls int
	err := again.Policy{Tries: 5}.Do(t.Context(), func(int) (bool, error) { calls++; return false, errLost })
	require.ErrorIs(t, err, errLost)
	assert.Equal(t, 1, calls)
}

func TestDoEndsWithTheContextWhileItRests(t *testing.T) {
	ended := errors.New("the caller left")
	for _, pause := range []time.Duration{0, time.Hour} {
		ctx, cancel := context.WithCancelCause(t.Context())
		err := again.Policy{Tries: 5, Pause: pause}.Do(ctx, func(int) (bool, error) {
			cancel(ended)
			return true, errLost
		})
		require.ErrorIs(t, err, ended)
	}
}
