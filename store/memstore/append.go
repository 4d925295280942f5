package memstore

import (
	"context"
	"fmt"

	"github.com/clientaccount/clientaccount/store"
)

var _ store.Immediate = (*Store)(nil)

// Immediate says that no write waits for a disk or a network.
func (s *Store) Immediate() {}

// Append is [store.Store]'s. It waits for an Update under way, whatever accounts that
// has locked, so nothing is ever busy. Of several reasons not to write a posting,
// used references are told first. Within an Update of the same store it is
// [store.ErrNested]; a posting that contradicts itself is [ErrPosting], and none of the
// others is written.
func (s *Store) Append(ctx context.Context, ps []store.Posting) ([]store.Outcome, error) {
	if err := s.mayAppend(ctx, ps); err != nil {
		return nil, nothing(err)
	}
	s.mu.Lock()
	if s.updating {
		s.mu.Unlock()
		return s.appendInTurn(ctx, ps)
	}
	defer s.mu.Unlock()
	return s.append(ps), nil
}

// appendInTurn is Append once no Update is under way.
func (s *Store) appendInTurn(ctx context.Context, ps []store.Posting) ([]store.Outcome, error) {
	if err := s.enter(ctx); err != nil {
		return nil, nothing(err)
	}
	defer s.leave()
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.append(ps), nil
}

func (s *Store) mayAppend(ctx context.Context, ps []store.Posting) error {
	if s.writer == nil {
		return ErrZero
	}
	if store.IsInside(ctx, s) {
		return store.ErrNested
	}
	for i := range ps {
		if err := consistent(&ps[i]); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// nothing says of an error that nothing was written before it.
func nothing(err error) error { return fmt.Errorf("%w: %w", store.ErrNothing, err) }

// append writes what can be written. Nobody else reads or writes meanwhile.
func (s *Store) append(ps []store.Posting) []store.Outcome {
	outcomes := make([]store.Outcome, len(ps))
	lost := s.loses()
	for i := range ps {
		s.appendOne(&ps[i], lost, &outcomes[i])
	}
	return outcomes
}

func (s *Store) appendOne(posting *store.Posting, lost bool, outcome *store.Outcome) {
	p, ok := s.committed.ledgers.get(posting.Balance.Account)
	if !ok {
		outcome.Kind = store.OutcomeMissing
		return
	}
	if !lost {
		for i := range posting.Entries {
			outcome.Used = p.appendUsed(outcome.Used, posting.Entries[i].Reference)
		}
		for _, reference := range posting.Lookups {
			outcome.Used = p.appendUsed(outcome.Used, reference)
		}
	}
	switch {
	case outcome.Used != nil:
		outcome.Kind = store.OutcomeUsed
	case lost, p.balance.Version != posting.From:
		now := p.balance
		outcome.Kind, outcome.Balance = store.OutcomeMoved, &now
	case s.committed.messages.refuses(posting.Messages):
		outcome.Kind = store.OutcomeBusy
	default:
		p.write(posting)
		for _, d := range s.committed.keep(posting.Messages) {
			s.committed.outbox.admit(d)
		}
		if len(posting.Events) > 0 {
			s.committed.hasNews(posting.Balance.Account)
		}
		outcome.Kind = store.OutcomeWritten
	}
}
