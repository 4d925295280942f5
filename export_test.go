package clientaccount

// HashesBegun counts the password hashes that the Service computed so far.
func (s *Service) HashesBegun() int { return int(s.hasher.begun.Load()) }

// Tests seal and open cursors as the lists do.
var (
	SealCursor = sealCursor
	OpenCursor = openCursor
)

// The throttle's bounds, for tests that reach them.
const (
	ThrottleFree = throttleFree
	ThrottleKeys = throttleKeys
)

// ThrottledKeys is how many failing logins are remembered.
func (s *Service) ThrottledKeys() int {
	s.throttle.mu.Lock()
	defer s.throttle.mu.Unlock()
	return len(s.throttle.failed)
}
