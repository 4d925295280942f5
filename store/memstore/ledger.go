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
	timeouts timeouts // of holds
	telling  telling
}

// over is a ledger that reads through to p and keeps what is written to itself.
func (p *ledger) over() *ledger {
	return &ledger{
		balance: p.balance,
		entries: pages[account.Entry]{base: &p.entries}, events: pages[account.Event]{base: &p.events},
		used: over(&p.used), refunds: over(&p.refunds), ends: over(&p.ends), kinds: slices.Clone(p.kinds), holds: over(&p.holds), timeouts: p.timeouts,
	}
}

func (p *ledger) mergeInto(base *ledger) {
	base.balance = p.balance
	p.entries.mergeInto(&base.entries)
	p.events.mergeInto(&base.events)
	p.used.mergeInto(&base.used)
	p.refunds.mergeInto(&base.refunds)
	p.holds.mergeInto(&base.holds)
	base.timeouts, base.kinds = p.timeouts, p.kinds
	p.ends.mergeInto(&base.ends)
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
func (p *ledger) write(posting *store.Posting) {
	for i := range posting.Entries {
		p.enter(&posting.Entries[i])
	}
	for i := range posting.Holds {
		hold := cloneHold(posting.Holds[i])
		p.endHold(hold.Reference)
		p.holds.put(hold.Reference, hold)
		p.timeouts.put(&hold)
	}
	for _, reference := range posting.Ended {
		p.endHold(reference)
	}
	for i := range posting.Events {
		event := p.events.grow()
		*event = posting.Events[i]
		event.At = instant(event.At)
	}
	terms := p.balance.Terms
	p.balance = posting.Balance
	p.balance.Expires, p.balance.At, p.balance.Terms = instant(p.balance.Expires), instant(p.balance.At), terms
}

// endHold takes out a hold, if it is there.
func (p *ledger) endHold(reference string) {
	if hold, ok := p.holds.get(reference); ok {
		p.holds.delete(reference)
		p.timeouts.delete(&hold)
	}
}

func (p *ledger) enter(e *account.Entry) {
	p.used.put(e.Reference, e.Number)
	if e.Kind.Traits().Refunds {
		earlier, _ := p.refunds.get(e.Of) // appending to it shows to nobody who has it
		p.refunds.put(e.Of, append(earlier, e.Number))
	}
	if e.Hold != "" {
		earlier, _ := p.ends.get(e.Hold)
		p.ends.put(e.Hold, append(slices.Clip(earlier), e.Number))
	}
	stored := p.entries.grow()
	*stored = *e
	stored.At, stored.Until, stored.Chain = instant(e.At), instant(e.Until), slices.Clone(e.Chain)
	p.noteKind(e)
}

// setTerms takes over the terms that an edit of the account led to.
func (p *ledger) setTerms(t account.Terms) {
	t.OverdrawEnds = instant(t.OverdrawEnds)
	p.balance.Terms = t
}

// entry is a copy of the entry of a number; false where there is none.
func (p *ledger) entry(number int64) (account.Entry, bool) {
	if number < 1 || number > int64(p.entries.len()) {
		return account.Entry{}, false
	}
	e := *p.entries.at(int(number - 1))
	e.Chain = slices.Clone(e.Chain)
	return e, true
}

// appendUsed appends the entry under a reference, if there is one.
func (p *ledger) appendUsed(entries []account.Entry, reference string) []account.Entry {
	number, ok := p.used.get(reference)
	if !ok {
		return entries
	}
	e, _ := p.entry(number)
	return append(entries, e)
}

func cloneHold(h account.Hold) account.Hold {
	h.At, h.Until, h.Chain = instant(h.At), instant(h.Until), slices.Clone(h.Chain)
	return h
}
