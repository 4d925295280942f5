package memstore

import (
	"context"
	"fmt"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
)

// Lock only reads: nobody else writes until the transaction ends.
func (t *tx) Lock(ctx context.Context, ids ...account.ID) (balances []account.Balance, err error) {
	err = t.write(ctx, func(s *state) error {
		for _, id := range store.Ascending(ids) {
			if p, ok := s.ledgers.get(id); ok {
				balances = append(balances, p.balance)
			}
		}
		return nil
	})
	return balances, err
}

// TryLock is Lock: there is nobody to wait for.
func (t *tx) TryLock(ctx context.Context, ids ...account.ID) ([]account.Balance, error) {
	return t.Lock(ctx, ids...)
}

// Post is [store.Tx]'s. A posting that contradicts itself is [ErrPosting].
func (t *tx) Post(ctx context.Context, ps ...store.Posting) error {
	return t.write(ctx, func(s *state) error {
		for i := range ps {
			if err := s.post(&ps[i]); err != nil {
				return err
			}
		}
		return nil
	})
}

func (s *state) post(posting *store.Posting) error {
	if err := consistent(posting); err != nil {
		return err
	}
	p, err := s.ledgerAt(posting.Balance.Account, posting.From)
	if err != nil {
		return err
	}
	for i := range posting.Entries {
		if p.used.has(posting.Entries[i].Reference) {
			return account.ErrConflict
		}
	}
	if s.messages.refuses(posting.Messages) {
		return account.ErrConflict
	}
	p.write(posting)
	p.setTerms(posting.Balance.Terms)
	s.keep(posting.Messages)
	return nil
}

// keep writes messages, and accepts their deliveries, which it returns.
func (s *state) keep(ms []store.KeptMessage) (accepted []*store.Delivery) {
	for i := range ms {
		s.messages.write(&ms[i])
		accepted = append(accepted, s.outbox.accept(ms[i].Deliveries)...)
	}
	return accepted
}

// ledgerAt is the account's ledger to write to, a new one for version 0; ErrConflict
// where the account is not at that version.
func (s *state) ledgerAt(id account.ID, version int64) (*ledger, error) {
	p, exists := s.ledgers.get(id)
	switch {
	case version == 0 && (exists || !s.accounts.has(id)):
		return nil, account.ErrConflict
	case version == 0:
		p = &ledger{}
	case !exists, p.balance.Version != version:
		return nil, account.ErrConflict
	}
	if _, own := s.ledgers.own[id]; !own {
		if exists {
			p = p.over()
		}
		s.ledgers.put(id, p)
	}
	return p, nil
}

// consistent reports whether a posting moves the version on, its numbers lead to those of
// its balance, and no reference is twice in it. One that does not would damage the
// ledger unseen.
func consistent(p *store.Posting) error {
	b := &p.Balance
	firstEntry, firstEvent := b.Entries-int64(len(p.Entries))+1, b.Events-int64(len(p.Events))+1
	if b.Version < 1 || b.Version < p.From || b.Version == p.From && writes(p) || firstEntry < 1 || firstEvent < 1 {
		return fmt.Errorf("%w: from version %d to %d", ErrPosting, p.From, b.Version)
	}
	if err := p.Err(); err != nil {
		return fmt.Errorf("%w: %w", ErrPosting, err)
	}
	for i := range p.Entries {
		if e := &p.Entries[i]; e.Account != b.Account || e.Number != firstEntry+int64(i) {
			return fmt.Errorf("%w: entry %d of %d", ErrPosting, e.Number, b.Entries)
		}
	}
	for i := range p.Events {
		if e := &p.Events[i]; e.Account != b.Account || e.Number != firstEvent+int64(i) {
			return fmt.Errorf("%w: event %d of %d", ErrPosting, e.Number, b.Events)
		}
	}
	if len(p.Entries) > 1 && doubled(p.Entries) {
		return fmt.Errorf("%w: two entries of one reference", ErrPosting)
	}
	return consistentMessages(p)
}

func consistentMessages(p *store.Posting) error {
	for i := range p.Messages {
		m := &p.Messages[i]
		if m.Message.Account != p.Balance.Account || m.Message.ID == "" {
			return fmt.Errorf("%w: a message of %s", ErrPosting, m.Message.Account)
		}
		for j := range m.Deliveries {
			if m.Deliveries[j].Hook.Account != p.Balance.Account {
				return fmt.Errorf("%w: a delivery to %s", ErrPosting, m.Deliveries[j].Hook.Account)
			}
		}
	}
	if len(p.Messages) > 1 && doubledMessages(p.Messages) {
		return fmt.Errorf("%w: one message twice", ErrPosting)
	}
	return nil
}

func doubledMessages(ms []store.KeptMessage) bool {
	seen := make(map[string]bool, len(ms))
	for i := range ms {
		seen[ms[i].Message.ID] = true
	}
	return len(seen) < len(ms)
}

// writes reports whether a posting has more than lookups.
func writes(p *store.Posting) bool {
	return len(p.Entries)+len(p.Holds)+len(p.Ended)+len(p.Events)+len(p.Messages) > 0
}

func doubled(entries []account.Entry) bool {
	seen := make(map[string]bool, len(entries))
	for i := range entries {
		seen[entries[i].Reference] = true
	}
	return len(seen) < len(entries)
}
