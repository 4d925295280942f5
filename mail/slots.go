package mail

import (
	"slices"
	"sync"
)

// slots are what may be under way at once: so many mails in all, and so many to one domain.
// Domains that were slow have half of them together, so that any number of such leaves room for
// the others. A Sender that does not end is not waited for, but its domain's place stays taken; and
// when too many hang, nothing more is begun, so that they do not use up the machine.
type slots struct {
	all, each int

	mu      sync.Mutex
	running int             // mails under way
	hanging int             // Senders that did not end
	domains map[string]int  // of both
	slow    map[string]bool // domains, at most maxSlow
}

const (
	// hangingPerSlot is how many Senders may hang for each mail that may be under way.
	hangingPerSlot = 4
	// maxSlow is how many domains are remembered to be slow.
	maxSlow = 1000
)

func newSlots(all, each int) *slots {
	return &slots{all: all, each: each, domains: map[string]int{}, slow: map[string]bool{}}
}

// free returns how many mails may begin, each to another domain, and the domains to which none may.
func (s *slots) free() (n int, full []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.hanging >= hangingPerSlot*s.all {
		return 0, nil
	}
	left := max(1, s.all/2) // of places for slow domains
	for domain, taken := range s.domains {
		if taken >= s.each {
			full = append(full, domain)
		}
		if s.slow[domain] {
			left -= taken
		}
	}
	for domain := range s.slow { // in any order, another one each time
		if left--; left < 0 && !slices.Contains(full, domain) {
			full = append(full, domain)
		}
	}
	return s.all - s.running, full
}

// take notes that a mail began.
func (s *slots) take(domain string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.running++
	s.domains[domain]++
}

// release notes that a mail ended, and whether that was slow.
func (s *slots) release(domain string, slow bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.running--
	s.leave(domain)
	s.remember(domain, slow)
}

// hang notes that a mail ended whose Sender did not.
func (s *slots) hang(domain string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.running--
	s.hanging++
	s.remember(domain, true)
}

// unhang notes that such a Sender ended.
func (s *slots) unhang(domain string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.hanging--
	s.leave(domain)
}

// leave frees a place of a domain. s.mu is held.
func (s *slots) leave(domain string) {
	if s.domains[domain]--; s.domains[domain] <= 0 {
		delete(s.domains, domain)
	}
}

// remember keeps whether a domain is slow. s.mu is held.
func (s *slots) remember(domain string, slow bool) {
	if !slow {
		delete(s.slow, domain)
		return
	}
	if len(s.slow) >= maxSlow {
		clear(s.slow)
	}
	s.slow[domain] = true
}
