package clientaccount

import (
	"reflect"
	"testing"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/internal/cursor"
	"github.com/clientaccount/clientaccount/internal/throttle"
)

// HashesBegun counts the password hashes that the Service computed so far.
func (s *Service) HashesBegun() int { return s.hasher.Begun() }

// sealed seals cursors for tests.
var sealed = cursor.New([]byte("a key for tests"))

// SealCursor seals a cursor as the lists do.
func SealCursor(last account.Summary, q account.Query) string { return sealRow(sealed, last, q) }

// OpenCursor opens a cursor as the lists do.
func OpenCursor(text string, q account.Query) (account.Position, error) {
	return openRow(sealed, text, q)
}

// The throttle's bounds, for tests that reach them.
const (
	ThrottleFree = throttle.Free
	ThrottleKeys = throttle.Keys
)

// ThrottledKeys returns how many failing logins are remembered.
func (s *Service) ThrottledKeys() int { return s.throttle.Len() }

// WaitingToWrite counts the movements that wait until others are written.
func (s *Service) WaitingToWrite() int { return s.committer.Waiting() }

// WaitingForLock counts the movements that wait to be written under an account's lock.
func (s *Service) WaitingForLock(id account.ID) int {
	return s.committer.Queued(id)
}

// EndOneHoldAtOnce makes transactions end one hold that has timed out, until the test
// ends.
func EndOneHoldAtOnce(t *testing.T) { EndHoldsAtOnce(t, 1) }

// EndHoldsAtOnce is EndOneHoldAtOnce for n holds.
func EndHoldsAtOnce(t *testing.T, n int) {
	was := mostEnded
	mostEnded = n
	t.Cleanup(func() { mostEnded = was })
}

// Verbs returns the types of what the verbs of money take.
func Verbs() []reflect.Type {
	return []reflect.Type{
		reflect.TypeFor[TopUp](), reflect.TypeFor[Charge](), reflect.TypeFor[Hold](), reflect.TypeFor[Capture](), reflect.TypeFor[Release](),
		reflect.TypeFor[Adjustment](), reflect.TypeFor[Refund](), reflect.TypeFor[Transfer](),
	}
}

// MovementOf returns the movement that a verb makes of what it takes.
func MovementOf(verb any) account.Movement {
	return verb.(interface{ movement() account.Movement }).movement()
}
