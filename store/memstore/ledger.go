package memstore

import (
	"slices"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
)

// ledger is the money of one account: its balance and what led to it. Unlike the
// values of other tables, a committed ledger is changed in place, because a movement
// must not copy what an account has; a transaction works in one of its own on top.
type ledger struct {
	balance  account.Balance
	entries  pages[account.Entry]  // entry n is at n-1
	events   pages[account.Event]  // likewise
	used     rows[string, int64]   // numbers of entries by reference
	refunds  rows[int64, []int64]  // numbers of the refunds of an entry, by its number
	ends     rows[string, []int64] // numbers of the entries that name a hold, by its reference
	kinds    []kindSet             // of each run of entries
	holds    rows[string, account.Hold]
	timeouts tree[timeout] // of holds
	noted    int64         // the last event that subscriptions know of; of the committed ledger alone
	news     bool          // feed.news has it
}

// over is a ledger that reads through to l and keeps what is written to itself.
func (l *ledger) over() *ledger {
	return &ledger{
		balance: l.balance,
		entries: pages[account.Entry]{base: &l.entries}, events: pages[account.Event]{base: &l.events},
		used: over(&l.used), refunds: over(&l.refunds), ends: over(&l.ends), kinds: slices.Clone(l.kinds), holds: over(&l.holds), timeouts: l.timeouts,
	}
}

func (l *ledger) mergeInto(base *ledger) {
	base.balance = l.balance
	l.entries.mergeInto(&base.entries)
	l.events.mergeInto(&base.events)
	l.used.mergeInto(&base.used)
	l.refunds.mergeInto(&base.refunds)
	l.holds.mergeInto(&base.holds)
	base.timeouts, base.kinds = l.timeouts, l.kinds
	l.ends.mergeInto(&base.ends)
}

// mergePurses merges into ledgers of the base what was made on top of them; ledgers of
// new accounts move there.
func mergeLedgers(from, base *rows[account.ID, *ledger]) {
	for id, p := range from.own {
		if below, ok := base.own[id]; ok {
			p.mergeInto(below)
		} else {
			base.put(id, p)
		}
	}
}

// write takes over what a posting brings, but not its terms.
func (l *ledger) write(posting *store.Posting) {
	for i := range posting.Entries {
		l.enter(&posting.Entries[i])
	}
	for i := range posting.Holds {
		hold := cloneHold(posting.Holds[i])
		l.endHold(hold.Reference)
		l.holds.put(hold.Reference, hold)
		l.timeouts.put(timeoutOf(&hold))
	}
	for _, reference := range posting.Ended {
		l.endHold(reference)
	}
	for i := range posting.Events {
		event := l.events.grow()
		*event = posting.Events[i]
		event.At = instant(event.At)
	}
	terms := l.balance.Terms
	l.balance = posting.Balance
	l.balance.Expires, l.balance.At, l.balance.Terms = instant(l.balance.Expires), instant(l.balance.At), terms
}

// endHold takes out a hold, if it is there.
func (l *ledger) endHold(reference string) {
	if hold, ok := l.holds.get(reference); ok {
		l.holds.delete(reference)
		l.timeouts.delete(timeoutOf(&hold))
	}
}

func (l *ledger) enter(e *account.Entry) {
	l.used.put(e.Reference, e.Number)
	if e.Kind.Traits().Refunds {
		earlier, _ := l.refunds.get(e.Of) // appending to it shows to nobody who has it
		l.refunds.put(e.Of, append(earlier, e.Number))
	}
	if e.Hold != "" {
		earlier, _ := l.ends.get(e.Hold)
		l.ends.put(e.Hold, append(slices.Clip(earlier), e.Number))
	}
	stored := l.entries.grow()
	*stored = *e
	stored.At, stored.Until, stored.Chain = instant(e.At), instant(e.Until), slices.Clone(e.Chain)
	l.noteKind(e)
}

// setTerms takes over the terms that an edit of the account led to.
func (l *ledger) setTerms(t account.Terms) {
	t.OverdrawEnds = instant(t.OverdrawEnds)
	l.balance.Terms = t
}

// entry is a copy of the entry of a number; false where there is none.
func (l *ledger) entry(number int64) (account.Entry, bool) {
	if number < 1 || number > int64(l.entries.len()) {
		return account.Entry{}, false
	}
	e := *l.entries.at(int(number - 1))
	e.Chain = slices.Clone(e.Chain)
	return e, true
}

// appendUsed appends the entry under a reference, if there is one.
func (l *ledger) appendUsed(entries []account.Entry, reference string) []account.Entry {
	number, ok := l.used.get(reference)
	if !ok {
		return entries
	}
	e, _ := l.entry(number)
	return append(entries, e)
}

func cloneHold(h account.Hold) account.Hold {
	h.At, h.Until, h.Chain = instant(h.At), instant(h.Until), slices.Clone(h.Chain)
	return h
}
