package committer

import (
	"errors"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/internal/ledger"
)

// What a transaction makes of each movement, and with holds that are due.

// expire ends holds that have timed out, each by an entry, as many as are ended at once.
// Beside movements it locks nothing further for that: a hold of shared money waits until all
// accounts of its chain are locked, by a movement of its own or by Tick, and counts no longer
// meanwhile. Else a charge would lock a whole family, whose holds time out together.
func (l *lockedBatch) expire() error {
	l.ends, l.wanted = l.committer.mostEnded, nil
	for _, id := range l.ids {
		if s := l.accounts[id]; ledger.Due(s.balance, l.now) {
			if err := l.expireOf(s); err != nil {
				return err
			}
		}
	}
	if len(l.wanted) > 0 {
		return l.wanted
	}
	return nil
}

// expireOf ends due holds of one account, and notes when the next one is due.
func (l *lockedBatch) expireOf(s *lockedAccount) error {
	next, waits := s.found.Expires, false
	for _, hold := range s.found.Due {
		ended, err := l.expireHold(s, hold)
		if err != nil {
			return err
		}
		if !ended && !waits {
			next, waits = hold.Until, true
		}
	}
	was := s.balance.Expires
	s.balance.Expires = next
	if s.balance.Version == s.found.Balance.Version && !next.Equal(was) { // only that is news
		s.balance.Version++
	}
	l.unsettled = l.unsettled || ledger.Due(s.balance, l.now)
	return nil
}

// mostLocked is how many accounts are locked, and few more, to end holds of one of them.
const mostLocked = 64

// notice records the events that came true by the passing of time: an overdraw that ended. What
// accounts that share money have left follows from others, and is recorded as they move.
func (l *lockedBatch) notice() {
	for _, id := range l.ids {
		s := l.accounts[id]
		if s.balance.Version == 0 || !s.balance.Terms.Shares.IsZero() {
			continue
		}
		seen := s.counted(l.now)
		after, events := ledger.Notice(seen, seen.Available(l.now), l.now)
		if len(events) > 0 {
			after.Version++
			s.balance, s.posting.Events = ledger.With(after, s.balance, seen), append(s.posting.Events, events...)
		}
	}
}

// expireHold ends one hold, in the ledgers of all accounts that it concerns, and says
// whether it has ended. One that can wait does not.
func (l *lockedBatch) expireHold(s *lockedAccount, hold account.Hold) (bool, error) {
	if s.holds.ended[hold.Reference] { // with that of another account of its chain
		return true, nil
	}
	if l.ends == 0 || l.waits(hold.Chain) {
		return false, nil
	}
	l.ends--
	if len(hold.Chain) > 0 && hold.Account != hold.Chain[0] {
		ordered, ok := account.CallerReference(hold.Reference)
		if !ok {
			return false, account.ErrHold
		}
		hold.Account, hold.Reference = hold.Chain[0], ordered
	}
	l.noLongerOverdue(hold)
	steps, err := l.apply(ledger.Expiry(hold), ledger.Against{Hold: &hold}, hold.Chain)
	if err != nil {
		return false, err
	}
	l.keep(steps)
	return true, nil
}

// waits reports whether accounts of a hold's chain are not locked. Where one account is to be
// settled, and nothing else, they are wanted, as many as are locked for that at once.
func (l *lockedBatch) waits(chain []account.ID) bool {
	missing, needs := errors.AsType[needsAccounts](l.need(chain))
	if needs && len(l.movements) == 0 && len(l.ids) == 1 && len(l.wanted) < mostLocked {
		l.wanted = append(l.wanted, missing...)
	}
	return needs
}

// noLongerOverdue takes a hold, which is about to be ended, out of what is overdue of
// each account that it concerns.
func (l *lockedBatch) noLongerOverdue(hold account.Hold) {
	if len(hold.Chain) == 0 {
		l.accounts[hold.Account].overdue.Add(hold, -1)
	}
	for _, hold.Account = range hold.Chain {
		l.accounts[hold.Account].overdue.Add(hold, -1)
	}
}

// counted is the balance as it counts at an instant, whatever is still to be ended.
func (s *lockedAccount) counted(now time.Time) account.Balance {
	if !ledger.Due(s.balance, now) {
		return s.balance
	}
	return ledger.Without(s.balance, s.overdue, now)
}

// apply works out a movement of an account, or of a chain of them.
func (l *lockedBatch) apply(m account.Movement, on ledger.Against, chain []account.ID) ([]ledger.Step, error) {
	if len(chain) < 2 {
		step, err := l.applyOwn(m, on)
		return []ledger.Step{step}, err
	}
	if err := l.need(chain); err != nil {
		return nil, err
	}
	balances := make([]account.Balance, len(chain))
	for i, id := range chain {
		balances[i] = l.accounts[id].counted(l.now)
	}
	steps, err := ledger.ApplyShared(balances, m, on, l.now)
	for i := range steps {
		if steps[i], err = steps[i].With(l.accounts[chain[i]].balance, balances[i]); err != nil {
			return nil, err
		}
	}
	return steps, err
}

// applyOwn works out a movement that concerns no other account.
func (l *lockedBatch) applyOwn(m account.Movement, on ledger.Against) (ledger.Step, error) {
	s := l.accounts[m.Account]
	seen := s.counted(l.now)
	step, err := ledger.Apply(seen, m, on, l.now)
	if err != nil {
		return step, err
	}
	return step.With(s.balance, seen)
}

// need is needsAccounts while one of the accounts is not locked.
func (l *lockedBatch) need(ids []account.ID) error {
	var missing needsAccounts
	for _, id := range ids {
		if l.accounts[id] == nil {
			missing = append(missing, id)
		}
	}
	if missing != nil {
		return missing
	}
	return nil
}

func (l *lockedBatch) keep(steps []ledger.Step) {
	for _, step := range steps {
		l.accounts[step.Entry.Account].keep(step)
	}
}

// decideOne works out one movement. An error is for the whole transaction.
func (l *lockedBatch) decideOne(p *pending) error {
	s := l.accounts[p.m.Account]
	if s.balance.Version == 0 {
		l.refuse(p, account.ErrNotFound)
		return nil
	}
	if p.call != nil {
		return l.decideCall(p, s)
	}
	if e, used := s.used[p.m.Reference]; used {
		if err := p.repeats(e.Fingerprint, s.balance.Terms.Currency); err != nil {
			l.refuse(p, err)
		} else {
			l.done = append(l.done, decision{pending: p, written: e, repeated: true})
		}
		return nil
	}
	steps, err := l.move(p.m)
	if err != nil {
		return l.refuseOrLeaveOut(p, err)
	}
	l.keep(steps)
	l.done = append(l.done, decision{pending: p, written: steps[0].Entry})
	return nil
}

// refuseOrLeaveOut refuses what failed, or leaves it out where it needs more accounts. Its
// error is for the whole transaction.
func (l *lockedBatch) refuseOrLeaveOut(p *pending, err error) error {
	missing, needs := errors.AsType[needsAccounts](err)
	switch {
	case needs && l.queue != nil:
		l.leftOut = append(l.leftOut, leftOut{pending: p, needs: missing})
	case needs:
		return err
	default:
		l.refuse(p, err)
	}
	return nil
}

func (l *lockedBatch) refuse(p *pending, err error) {
	l.done = append(l.done, decision{pending: p, refusal: err})
}

// checked is what a movement is applied against that refers to nothing.
var checked = ledger.Against{Checked: true}

// move works out a movement; the first step is that of the account that it is of.
func (l *lockedBatch) move(m account.Movement) ([]ledger.Step, error) {
	s := l.accounts[m.Account]
	switch row := m.Kind.Traits(); {
	case row.Transfers:
		return l.transfer(m)
	case row.Refunds:
		return l.refund(s, m)
	case row.Ends:
		hold := s.holds.get(m.Hold)
		if hold == nil {
			return l.apply(m, checked, nil)
		}
		return l.apply(m, ledger.Against{Hold: hold, Checked: true}, hold.Chain)
	case row.Shared == account.SharingPays:
		chain, err := l.chain(m.Account)
		if err != nil {
			return nil, err
		}
		return l.apply(m, checked, chain)
	default: // of money of one's own, if the rule knows it
		return l.apply(m, checked, nil)
	}
}

// chain are the accounts from one up to the nearest that has money of its own.
func (l *lockedBatch) chain(id account.ID) ([]account.ID, error) {
	chain := []account.ID{id}
	for {
		above := l.accounts[id].balance.Terms.Shares
		if above.IsZero() {
			return chain, nil
		}
		if err := l.need([]account.ID{above}); err != nil {
			return nil, err
		}
		if chain, id = append(chain, above), above; len(chain) > account.MaxDepth {
			return nil, account.ErrConflict // a circle can only be seen half written
		}
	}
}

// refund gives back an entry that stands in the account's ledger, along the chain
// that paid for it, whoever would pay today.
func (l *lockedBatch) refund(s *lockedAccount, m account.Movement) ([]ledger.Step, error) {
	on := refundOf(m.Of, &s.found, &s.posting)
	if !paidByOthers(on.Entry, m.Account) {
		return l.apply(m, on, nil)
	}
	on.Hold = s.captured(on.Entry.Hold)
	return l.apply(m, on, on.Entry.Chain)
}

// captured is a hold that stands no longer, as far as its entry tells; nil for none.
func (s *lockedAccount) captured(reference string) *account.Hold {
	e, made := s.used[reference]
	if reference == "" || !made {
		return nil
	}
	return ledger.Captured(e)
}

// transfer moves money from one account to another: two entries, or none.
func (l *lockedBatch) transfer(m account.Movement) ([]ledger.Step, error) {
	if err := l.need([]account.ID{m.Other}); err != nil {
		return nil, err
	}
	if l.accounts[m.Other].balance.Version == 0 {
		return nil, account.Faults{account.NewFault("to", "to.unknown")}
	}
	out, err := l.applyOwn(m, checked)
	if err != nil {
		return nil, err
	}
	in, err := l.applyOwn(ledger.Received(m, l.accounts[m.Account].balance.Terms.Currency), ledger.Against{})
	if err != nil {
		return nil, err
	}
	return []ledger.Step{out, in}, nil
}
