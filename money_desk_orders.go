package clientaccount

import (
	"errors"
	"time"

	"github.com/clientaccount/clientaccount/account"
)

// What a transaction does with each order, and with holds that are due.

// expire ends holds that have timed out, each by an entry, as many as are ended at once.
// Beside orders it locks nothing further for that: a hold of shared money waits until all
// accounts of its chain are locked, by who ordered it or by Tick, and counts no longer
// meanwhile. Else a charge would lock a whole family, whose holds time out together.
func (d *desk) expire() error {
	d.ends, d.wanted = mostEnded, nil
	for _, id := range d.ids {
		if s := d.sheets[id]; s.balance.Due(d.now) {
			if err := d.expireOf(s); err != nil {
				return err
			}
		}
	}
	if len(d.wanted) > 0 {
		return d.wanted
	}
	return nil
}

// expireOf ends due holds of one account, and notes when the next one is due.
func (d *desk) expireOf(s *lockedSheet) error {
	next, waits := s.found.Expires, false
	for _, hold := range s.found.Due {
		ended, err := d.expireHold(s, hold)
		if err != nil {
			return err
		}
		if !ended && !waits {
			next, waits = hold.Until, true
		}
	}
	was := s.balance.Expires
	s.balance = s.balance.MaySettle(next)
	if s.balance.Version == s.found.Balance.Version && !next.Equal(was) { // only that is news
		s.balance.Version++
	}
	d.unsettled = d.unsettled || s.balance.Due(d.now)
	return nil
}

// mostEnded is how many holds of an account one transaction ends at most. Tests make it
// small, so that what is overdue outlasts many movements.
var mostEnded = account.MaxDue

// mostLocked is how many accounts are locked, and few more, to end holds of one of them.
const mostLocked = 64

// notice tells what came true by the passing of time: an overdraw that ended. What
// accounts that share money have left follows from others, and is told as they move.
func (d *desk) notice() {
	for _, id := range d.ids {
		s := d.sheets[id]
		if s.balance.Version == 0 || !s.balance.Terms.Shares.IsZero() {
			continue
		}
		seen := s.seen(d.now)
		after, events := seen.Notice(seen.Available(d.now), d.now)
		if len(events) > 0 {
			after.Version++
			s.balance, s.posting.Events = after.With(s.balance, seen), append(s.posting.Events, events...)
		}
	}
}

// expireHold ends one hold, in the ledgers of all accounts that it concerns, and says
// whether it has ended. One that can wait does not.
func (d *desk) expireHold(s *lockedSheet, hold account.Hold) (bool, error) {
	if s.holds.ended[hold.Reference] { // with that of another account of its chain
		return true, nil
	}
	if d.ends == 0 || d.waits(hold.Chain) {
		return false, nil
	}
	d.ends--
	if len(hold.Chain) > 0 && hold.Account != hold.Chain[0] {
		ordered, ok := account.OrderedReference(hold.Reference)
		if !ok {
			return false, account.ErrHold
		}
		hold.Account, hold.Reference = hold.Chain[0], ordered
	}
	d.noLongerOverdue(hold)
	steps, err := d.apply(account.Expiry(hold), account.Against{Hold: &hold}, hold.Chain)
	if err != nil {
		return false, err
	}
	d.keep(steps)
	return true, nil
}

// waits says whether accounts of a hold's chain are not locked. Where one account is to be
// settled, and nothing else, they are wanted, as many as are locked for that at once.
func (d *desk) waits(chain []account.ID) bool {
	missing, needs := errors.AsType[needsAccounts](d.need(chain))
	if needs && len(d.orders) == 0 && len(d.ids) == 1 && len(d.wanted) < mostLocked {
		d.wanted = append(d.wanted, missing...)
	}
	return needs
}

// noLongerOverdue takes a hold, which is about to be ended, out of what is overdue of
// each account that it concerns.
func (d *desk) noLongerOverdue(hold account.Hold) {
	if len(hold.Chain) == 0 {
		d.sheets[hold.Account].overdue.Add(hold, -1)
	}
	for _, hold.Account = range hold.Chain {
		d.sheets[hold.Account].overdue.Add(hold, -1)
	}
}

// seen is the balance as it counts at an instant, whatever is still to be ended.
func (s *lockedSheet) seen(now time.Time) account.Balance {
	if !s.balance.Due(now) {
		return s.balance
	}
	return s.balance.Without(s.overdue, now)
}

// apply works out a movement of an account, or of a chain of them.
func (d *desk) apply(m account.Movement, on account.Against, chain []account.ID) ([]account.Step, error) {
	if len(chain) < 2 {
		step, err := d.applyOwn(m, on)
		return []account.Step{step}, err
	}
	if err := d.need(chain); err != nil {
		return nil, err
	}
	balances := make([]account.Balance, len(chain))
	for i, id := range chain {
		balances[i] = d.sheets[id].seen(d.now)
	}
	steps, err := account.ApplyShared(balances, m, on, d.now)
	for i := range steps {
		if steps[i], err = steps[i].With(d.sheets[chain[i]].balance, balances[i]); err != nil {
			return nil, err
		}
	}
	return steps, err
}

// applyOwn works out a movement that concerns no other account.
func (d *desk) applyOwn(m account.Movement, on account.Against) (account.Step, error) {
	s := d.sheets[m.Account]
	seen := s.seen(d.now)
	step, err := seen.Apply(m, on, d.now)
	if err != nil {
		return step, err
	}
	return step.With(s.balance, seen)
}

// need is needsAccounts while one of the accounts is not locked.
func (d *desk) need(ids []account.ID) error {
	var missing needsAccounts
	for _, id := range ids {
		if d.sheets[id] == nil {
			missing = append(missing, id)
		}
	}
	if missing != nil {
		return missing
	}
	return nil
}

func (d *desk) keep(steps []account.Step) {
	for _, step := range steps {
		d.sheets[step.Entry.Account].keep(step)
	}
}

// order decides one order. An error is for the whole transaction.
func (d *desk) order(o *order) error {
	s := d.sheets[o.m.Account]
	if s.balance.Version == 0 {
		d.refuse(o, account.ErrNotFound)
		return nil
	}
	if e, used := s.used[o.m.Reference]; used {
		if err := o.repeats(e.Fingerprint, s.balance.Terms.Currency); err != nil {
			d.refuse(o, err)
		} else {
			d.done = append(d.done, decided{order: o, written: e, repeated: true})
		}
		return nil
	}
	steps, err := d.move(o.m)
	_, needs := errors.AsType[needsAccounts](err)
	switch {
	case needs:
		return err
	case err != nil:
		d.refuse(o, err)
	default:
		d.keep(steps)
		d.done = append(d.done, decided{order: o, written: steps[0].Entry})
	}
	return nil
}

func (d *desk) refuse(o *order, err error) {
	d.done = append(d.done, decided{order: o, refusal: err})
}

// move works out a movement; the first step is that of the account that ordered it.
func (d *desk) move(m account.Movement) ([]account.Step, error) {
	s := d.sheets[m.Account]
	switch row := m.Kind.Traits(); {
	case row.Transfers:
		return d.transfer(m)
	case row.Refunds:
		return d.refund(s, m)
	case row.Ends:
		hold := s.holds.get(m.Hold)
		if hold == nil {
			return d.apply(m, account.Against{}, nil)
		}
		return d.apply(m, account.Against{Hold: hold}, hold.Chain)
	case row.Shared == account.SharedPays:
		chain, err := d.chain(m.Account)
		if err != nil {
			return nil, err
		}
		return d.apply(m, account.Against{}, chain)
	default: // of money of one's own, if the rule knows it
		return d.apply(m, account.Against{}, nil)
	}
}

// chain are the accounts from one up to the nearest that has money of its own.
func (d *desk) chain(id account.ID) ([]account.ID, error) {
	chain := []account.ID{id}
	for {
		above := d.sheets[id].balance.Terms.Shares
		if above.IsZero() {
			return chain, nil
		}
		if err := d.need([]account.ID{above}); err != nil {
			return nil, err
		}
		if chain, id = append(chain, above), above; len(chain) > account.MaxDepth {
			return nil, account.ErrConflict // a circle can only be seen half written
		}
	}
}

// refund gives back an entry that stands in the account's ledger, along the chain
// that paid for it, whoever would pay today.
func (d *desk) refund(s *lockedSheet, m account.Movement) ([]account.Step, error) {
	var on account.Against
	for _, e := range s.found.Entries {
		if e.Number == m.Of {
			on.Entry = &e
		}
	}
	for _, e := range s.found.Refunds {
		if e.Of == m.Of {
			on.Refunds = append(on.Refunds, e)
		}
	}
	for _, e := range s.posting.Entries {
		switch {
		case e.Number == m.Of:
			on.Entry = &e
		case e.Kind.Traits().Refunds && e.Of == m.Of:
			on.Refunds = append(on.Refunds, e)
		}
	}
	if on.Entry == nil || len(on.Entry.Chain) == 0 || on.Entry.Chain[0] != m.Account {
		return d.apply(m, on, nil)
	}
	on.Hold = s.captured(on.Entry.Hold)
	return d.apply(m, on, on.Entry.Chain)
}

// captured is a hold that stands no longer, as far as its entry tells; nil for none.
func (s *lockedSheet) captured(reference string) *account.Hold {
	e, made := s.used[reference]
	if reference == "" || !made {
		return nil
	}
	return &account.Hold{Account: e.Account, Reference: e.Reference, At: e.At, Chain: e.Chain}
}

// transfer moves money from one account to another: two entries, or none.
func (d *desk) transfer(m account.Movement) ([]account.Step, error) {
	if err := d.need([]account.ID{m.Other}); err != nil {
		return nil, err
	}
	if d.sheets[m.Other].balance.Version == 0 {
		return nil, account.Faults{account.NewFault("to", "to.unknown")}
	}
	out, err := d.applyOwn(m, account.Against{})
	if err != nil {
		return nil, err
	}
	in, err := d.applyOwn(m.Received(d.sheets[m.Account].balance.Terms.Currency), account.Against{})
	if err != nil {
		return nil, err
	}
	return []account.Step{out, in}, nil
}
