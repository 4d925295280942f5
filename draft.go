package clientaccount

import (
	"context"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
)

// draft is what an edit wants: all that the host's functions have to say, gathered
// before anything is locked.
type draft struct {
	before  account.Account // zero for a creation
	after   account.Account // normalised
	seen    int64           // the revision that the editor saw
	kind    account.RecordKind
	undoes  int64
	unread  account.Faults // what Apply could not read
	guarded account.Faults
}

// drafter makes a draft over what r reads, and writes nothing.
type drafter func(ctx context.Context, r store.Reader, e Edit) (draft, error)

// alter runs Apply.
func (s *Service) alter(e Edit, d *draft) (err error) {
	if e.Apply != nil {
		d.unread, err = s.asked(func() error { return e.Apply(&d.after) })
	}
	return err
}

// guard runs Guard over what would be stored.
func (s *Service) guard(e Edit, d *draft) (err error) {
	s.rules.Normalize(&d.after)
	if e.Guard != nil {
		d.guarded, err = s.asked(func() error { return e.Guard(d.before, d.after) })
	}
	return err
}

// asked calls a function of the host's, and takes the faults out of its error.
func (s *Service) asked(host func() error) (account.Faults, error) {
	err := s.calls.run(host)
	if faults, ok := account.AsFaults(err); ok {
		return faults, nil
	}
	return nil, err
}
