// Package again tries again what may succeed the next time, such as a transaction that
// lost a race: a bounded number of times, after short random pauses that grow, so that
// those who met once do not meet again.
package again

import (
	"context"
	"math/rand/v2"
	"time"
)

// Policy says how often something is tried, and how long is waited in between. The zero
// value tries once. A Policy is a value and safe for concurrent use.
type Policy struct {
	Tries int           // in all; fewer than one are one
	Pause time.Duration // the longest pause after the first try; after the nth, n times that
}

// Do calls try, with 1 and up, until it does not ask to be called again, or was called
// as often as the policy allows, and returns its last error. When the context ends
// during a pause, the error is the context's cause.
func (p Policy) Do(ctx context.Context, try func(n int) (again bool, err error)) error {
	for n := 1; ; n++ {
		again, err := try(n)
		if !again || !p.Allows(n) {
			return err
		}
		if err := p.Rest(ctx, n); err != nil {
			return err
		}
	}
}

// Allows reports whether there may be another try after the nth.
func (p Policy) Allows(n int) bool { return n < p.Tries }

// Rest pauses after the nth try, or ends early with the context's cause.
func (p Policy) Rest(ctx context.Context, n int) error {
	if p.Pause <= 0 {
		return context.Cause(ctx)
	}
	return Sleep(ctx, rand.N(time.Duration(n)*p.Pause))
}

// Sleep pauses for a while, or ends early with the context's cause.
func Sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-timer.C:
		return nil
	}
}
