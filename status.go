package clientaccount

import (
	"context"
	"time"

	"github.com/clientaccount/clientaccount/account"
)

// Now is the present instant by the Service's clock, in UTC, as stores keep it.
func (s *Service) Now() time.Time { return s.now() }

// Status is the status that counts for an account now: the worst of its own and
// those of the accounts above it, expired where an end has come.
func (s *Service) Status(ctx context.Context, a account.Account) (account.Status, error) {
	above, err := ancestors(ctx, s.stored(), a)
	if err != nil {
		return "", err
	}
	now := s.now()
	status := a.StatusAt(now)
	for _, parent := range above {
		status = status.Worse(parent.StatusAt(now))
	}
	return status, nil
}
