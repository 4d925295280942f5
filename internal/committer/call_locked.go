package committer

import (
	"context"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/message"
	"github.com/clientaccount/clientaccount/store"
)

// decideCall works out one call under locks. An error is for the whole transaction.
func (l *lockedBatch) decideCall(p *pending, s *lockedAccount) error {
	c := p.call
	on := s.messages.caseOf(c, &s.found, &s.posting, l.now)
	if by := l.claims.of(c); by != nil {
		on.Owned = append(on.Owned, *by)
	}
	writes, err := p.work(on, lockedMoney{l, s})
	if err != nil {
		return l.refuseOrLeaveOut(p, err)
	}
	if writes {
		s.messages.keep(&on.Message, &c.kept, &s.posting)
		l.claims.add(c, &on.Message)
		if s.balance.Version == s.found.Balance.Version {
			s.balance.Version++
		}
	}
	l.done = append(l.done, decision{pending: p})
	return nil
}

// lockedMoney is the money of an account under lock.
type lockedMoney struct {
	*lockedBatch
	account *lockedAccount
}

func (l lockedMoney) apply(_ *call, m account.Movement) (*account.Entry, error) {
	if _, used := l.account.used[m.Reference]; used {
		return nil, account.ErrReused
	}
	steps, err := l.move(m)
	if err != nil {
		return nil, err
	}
	l.keep(steps)
	return &steps[0].Entry, nil
}

func (l lockedMoney) expiry(c *call) (*account.Entry, error) {
	e, ended := l.account.used[c.holdExpiry()]
	if !ended {
		return nil, nil
	}
	return &e, nil
}

// lookUpPaid reads the entries that messages may have to give back, of those whose messages were
// read.
func (l *lockedBatch) lookUpPaid(ctx context.Context, tx store.Tx) error {
	var lookups []store.Lookup
	for _, id := range l.ids {
		ask := store.Lookup{Account: id}
		for _, m := range l.accounts[id].found.Messages {
			if m.Money == message.MoneyTaken && m.Entries.End > 0 {
				ask.Numbers = append(ask.Numbers, m.Entries.End)
			}
		}
		if ask.Numbers != nil {
			lookups = append(lookups, ask)
		}
	}
	if lookups == nil {
		return nil
	}
	found, err := tx.Ledger(ctx, lookups)
	for i := range found {
		into := &l.accounts[lookups[i].Account].found
		into.Entries = append(into.Entries, found[i].Entries...)
		into.Refunds = append(into.Refunds, found[i].Refunds...)
	}
	return err
}
