package dbtest

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// Two processes take the same messages at once: both admit them and hand them over, and of the
// reports each hears some, and both some. None is lost, and nothing is told twice.
func TestTwoProcessesTakeTheSameMessages(t *testing.T) {
	t.Parallel()
	for driver, messages := range map[string]int{"pgx": 400, "sqlite": 150} {
		t.Run(driver, func(t *testing.T) {
			t.Parallel()
			v := travelsOf(t, driver)
			c := v.send(route{Driver: driver, Last: messages, Of: 2}, route{Driver: driver, Last: messages, Of: 2, Share: 1})
			v.learn(c.answers())
			c.wait()
			t.Logf("%d messages, %d calls acknowledged", len(v.begun), len(v.heard))
			v.arrived()
			assert.Positive(t, v.firstCounts())
		})
	}
}
