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
	// more, if not nil, gives further orders of these accounts, at most so many.
	more func(room int) []*order
	// trusting: references are taken for unused without looking. The store refuses those
	// that are not; then the orders are tried again, by a desk that looks.
	trusting bool

	sheets    map[account.ID]*lockedSheet
	done      []decided
	unsettled bool // more holds are due than are ended at once
	ends      int  // how many more may be ended
	wanted    needsAccounts
	complete  bool // everything was written; only the commit is left
	seen      *sheets
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
	// overdue is what is still held by holds that have timed out. They are ended so many
	// at a time; what they have is nobody's from the first moment on.
	overdue account.Overdue
}

// run is the transaction: lock, judge, write. What balances do not tell is looked up
// in a statement of its own, once the locks are had; also before anything is refused,
// since a repeated order is answered as it was the first time.
func (d *desk) run(ctx context.Context, tx store.Tx) error {
	locked, err := tx.Lock(ctx, d.ids...)
	if err != nil {
		return err
	}
	if d.more != nil {
		d.orders = append(d.orders, d.more(maxBatch-len(d.orders))...)
	}
	d.trusting = d.trusting && d.simple(locked)
	if d.trusting {
		d.open(locked)
		err = d.judge()
	}
	if !d.trusting || d.refuses() {
		if err = d.lookUp(ctx, tx, locked); err == nil {
			err = d.judge()
		}
	}
	if err != nil {
		return err
	}
	return d.write(ctx, tx)
}

// judge decides all orders. An error is for the whole transaction.
func (d *desk) judge() error {
	d.done, d.unsettled = nil, false
	if err := d.expire(); err != nil {
		return err
	}
	d.notice()
	for _, o := range d.orders {
		if err := d.order(o); err != nil {
			return err
		}
	}
	return nil
}

// refuses says whether an order is refused.
func (d *desk) refuses() bool {
	return slices.ContainsFunc(d.done, func(one decided) bool { return one.refusal != nil })
}

// write posts what moved.
func (d *desk) write(ctx context.Context, tx store.Tx) error {
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

// open begins with balances alone.
func (d *desk) open(locked []account.Balance) {
	d.sheets = make(map[account.ID]*lockedSheet, len(d.ids))
	for _, id := range d.ids {
		d.sheets[id] = newLockedSheet(account.Found{})
	}
	for _, b := range locked {
		d.sheets[b.Account] = newLockedSheet(account.Found{Balance: b})
	}
}

// simple says whether the orders can be decided by balances alone.
func (d *desk) simple(locked []account.Balance) bool {
	return !slices.ContainsFunc(locked, func(b account.Balance) bool { return b.Due(d.now) }) &&
		!slices.ContainsFunc(d.orders, func(o *order) bool { return o.m.Hold != "" || o.m.Of > 0 })
}

// lookUp reads what the orders name, of the accounts that are locked. What their overdue
// holds come to is added up once, as long as nobody else writes in between.
func (d *desk) lookUp(ctx context.Context, tx store.Tx, locked []account.Balance) error {
	kept := make(map[account.ID]overdue, len(locked))
	for _, b := range locked {
		kept[b.Account] = d.seen.overdueOf(b.Account, b.Version, d.now)
	}
	lookups := make([]account.Lookup, len(d.ids))
	at := make(map[account.ID]*account.Lookup, len(d.ids))
	for i, id := range d.ids {
		lookups[i] = account.Lookup{Account: id, Due: d.now, Sum: true, Since: kept[id].at}
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
		found[i].Overdue = kept[id].sum.Plus(found[i].Overdue)
		d.sheets[id] = newLockedSheet(found[i])
	}
	return d.lookUpCaptured(ctx, tx)
}

// lookUpCaptured reads how the holds were made whose captures of shared money are to be
// given back.
func (d *desk) lookUpCaptured(ctx context.Context, tx store.Tx) error {
	var lookups []account.Lookup
	for _, id := range d.ids {
		l := account.Lookup{Account: id}
		for _, e := range d.sheets[id].found.Entries {
			if e.Hold != "" && len(e.Chain) > 0 {
				l.References = append(l.References, e.Hold)
			}
		}
		if l.References != nil {
			lookups = append(lookups, l)
		}
	}
	if lookups == nil {
		return nil
	}
	found, err := tx.Ledger(ctx, lookups)
	for i := range found {
		for _, e := range found[i].Used {
			d.sheets[lookups[i].Account].used[e.Reference] = e
		}
	}
	return err
}

func newLockedSheet(found account.Found) *lockedSheet {
	s := &lockedSheet{
		balance: found.Balance, found: found, posting: account.Posting{From: found.Balance.Version},
		holds: known{kept: map[string]account.Hold{}}, used: map[string]account.Entry{}, overdue: found.Overdue,
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
