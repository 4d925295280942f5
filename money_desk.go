package clientaccount

import (
	"context"
	"slices"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
)

// desk is where one transaction works: the sheets of all accounts it has locked.
type desk struct {
	now    time.Time
	orders []*order
	ids    []account.ID // locked, ascending

	sheets    map[account.ID]*lockedSheet
	done      []decided
	left      []*order // that wait until more due holds were ended
	unsettled bool     // more holds are due than could be ended at once
	complete  bool     // everything was written; only the commit is left
}

// decided is an order that was written, or refused.
type decided struct {
	order    *order
	written  account.Entry
	refusal  error
	repeated bool
}

// lockedSheet is an account under lock: what was found, and what is to be written.
type lockedSheet struct {
	balance account.Balance
	found   account.Found
	posting account.Posting
	holds   known
	used    map[string]account.Entry
}

// run is the transaction: lock, look up in later statements, judge, write.
func (d *desk) run(ctx context.Context, tx store.Tx) error {
	if err := d.open(ctx, tx); err != nil {
		return err
	}
	if err := d.expire(); err != nil {
		return err
	}
	d.notice()
	for _, o := range d.orders {
		if err := d.order(o); err != nil {
			return err
		}
	}
	for _, id := range d.ids {
		s := d.sheets[id]
		s.posting.Balance = s.balance
		if s.balance.Version == s.found.Balance.Version {
			continue
		}
		if err := tx.Post(ctx, s.posting); err != nil {
			return err
		}
	}
	d.complete = true
	return nil
}

// open locks the accounts and reads what the orders name.
func (d *desk) open(ctx context.Context, tx store.Tx) error {
	if err := tx.Lock(ctx, d.ids...); err != nil {
		return err
	}
	lookups := make([]account.Lookup, len(d.ids))
	at := make(map[account.ID]*account.Lookup, len(d.ids))
	for i, id := range d.ids {
		lookups[i] = account.Lookup{Account: id, Due: d.now}
		at[id] = &lookups[i]
	}
	for _, o := range d.orders {
		l := at[o.m.Account]
		l.References = append(l.References, o.m.Reference)
		if o.m.Hold != "" {
			l.Holds = append(l.Holds, o.m.Hold)
		}
		if o.m.Of > 0 {
			l.Numbers = append(l.Numbers, o.m.Of)
		}
	}
	found, err := tx.Ledger(ctx, lookups)
	if err != nil {
		return err
	}
	d.sheets = make(map[account.ID]*lockedSheet, len(found))
	for i, id := range d.ids {
		d.sheets[id] = newLockedSheet(found[i])
	}
	return nil
}

func newLockedSheet(found account.Found) *lockedSheet {
	s := &lockedSheet{
		balance: found.Balance, found: found, posting: account.Posting{From: found.Balance.Version},
		holds: known{kept: map[string]account.Hold{}}, used: map[string]account.Entry{},
	}
	for _, hold := range slices.Concat(found.Holds, found.Due) {
		s.holds.kept[hold.Reference] = hold
	}
	for _, e := range found.Used {
		s.used[e.Reference] = e
	}
	return s
}

// keep takes over what a step does to the account.
func (s *lockedSheet) keep(step account.Step) {
	s.balance = step.Balance
	s.posting.Add(step)
	s.holds.note(step)
	s.used[step.Entry.Reference] = step.Entry
}
