package clientaccount

import (
	"context"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
)

// StaleError says that the account moved on since the revision an edit was made
// from, with what a person needs to choose: was, theirs, and who did what. It is
// account.ErrStale.
type StaleError struct {
	Was    account.Account  // as it was at the edit's revision
	Theirs account.Account  // as it is now
	Since  []account.Record // the changes between the two, the newest first
}

// Error says only that the edit is stale.
func (e *StaleError) Error() string { return account.ErrStale.Error() }

// Unwrap is account.ErrStale.
func (e *StaleError) Unwrap() error { return account.ErrStale }

// By is the newest record since that changed the field, if one did.
func (e *StaleError) By(path string) (account.Record, bool) {
	for _, r := range e.Since {
		if _, ok := r.Change.At(path); ok {
			return r, true
		}
	}
	return account.Record{}, false
}

// stale rebuilds the account at a revision by taking back, newest first, what was
// changed since. A revision that never was gives the present account on both sides.
func (s *Service) stale(ctx context.Context, r store.Reader, theirs account.Account, revision int64) error {
	e := &StaleError{Was: theirs.Clone(), Theirs: theirs}
	if revision < 1 || revision > theirs.Revision {
		return e
	}
	before := int64(0)
	for {
		page, err := r.Changes(ctx, account.ChangeQuery{Account: theirs.ID, Since: revision, Before: before, Limit: account.MaxPage})
		if err != nil {
			return err
		}
		for _, record := range page {
			back, _ := record.Inverse()
			if err := back.Apply(&e.Was); err != nil {
				return err
			}
			before = record.Revision
		}
		e.Since = append(e.Since, page...)
		if len(page) < account.MaxPage {
			e.Was.Revision = revision
			return e
		}
	}
}
