package adminpages_test

import (
	"context"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/memstore"
)

// manySite is a site with some clients to be changed at once, over a store that can be made to fail
// in the middle of that.
type manySite struct {
	site
	store *failing
}

func newManySite(t *testing.T) *manySite {
	t.Helper()
	s := &manySite{store: &failing{Store: memstore.New()}}
	s.svc = clientaccount.New(s.store, &clientaccount.Options{Hash: cheap})
	s.fill(t)
	return s
}

// more makes clients that can be changed at once, and one whose currency has no decimals.
func (s *manySite) more(t *testing.T) {
	t.Helper()
	for _, login := range []string{"many-1", "many-2", "many-3", "many-4", "many-5"} {
		s.create(t, login, account.Change{}.Set("contact.company", "Company of "+login).Set("sending.rest", "true").Set("status", "active"))
	}
	s.create(t, "many-yen", account.Change{}.Set("contact.company", "Tokyo 株式会社").Set("currency", "JPY").Set("status", "active"))
}

// limit is the credit limit of a client, as text.
func (s *manySite) limit(t *testing.T, login string) string {
	t.Helper()
	a, err := s.svc.ByLogin(t.Context(), login)
	assert.NoError(t, err)
	return text(t, a, "credit.limit")
}

// failing is a store some of whose transactions fail.
type failing struct {
	*memstore.Store

	mu   sync.Mutex
	next string // a dot for each that goes, another sign for one that does not; the last is for all after it
	with error
}

// fail has transactions fail with an error; none where next is empty.
func (s *failing) fail(next string, with error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.next, s.with = next, with
}

func (s *failing) failure() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	sign := s.next
	if len(s.next) > 1 {
		s.next = s.next[1:]
	}
	if sign == "" || sign[0] == '.' {
		return nil
	}
	return s.with
}

func (s *failing) Update(ctx context.Context, fn func(context.Context, store.Tx) error) error {
	if err := s.failure(); err != nil {
		return err
	}
	return s.Store.Update(ctx, fn)
}
