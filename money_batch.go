package clientaccount

import (
	"context"
	"maps"
	"time"

	"github.com/clientaccount/clientaccount/account"
)

// part is the orders of one account in a batch, and what they amount to.
type part struct {
	id     account.ID
	orders []*order
	sheet  sheet
	seen   bool           // the sheet is known
	found  *account.Found // when it was read for this batch
	// What work made of the sheet:
	posting account.Posting
	done    []worked
	now     time.Time // of the last entry
	locks   bool      // has to be written under a lock
}

// worked is an order that was worked out: into an entry of the posting, or a refusal.
type worked struct {
	order    *order
	entry    int // index in the posting's entries; -1 when refused
	refusal  error
	repeated bool
}

// round works out a batch over the balances last seen, writes it, and answers. What
// it returns has to be tried again.
func (t *till) round(ctx context.Context, batch []*order) (again []*order) {
	now := t.clock()
	parts := t.sort(ctx, batch)
	for _, p := range parts {
		if p.trusted() {
			p.work(now)
		}
	}
	again = t.read(ctx, parts, now)
	return append(again, t.write(ctx, parts)...)
}

// sort gathers the orders of each account. Those that need a lock go their way.
func (t *till) sort(ctx context.Context, batch []*order) []*part {
	t.taken = 0
	clear(t.byID)
	for _, o := range batch {
		if o.m.Kind.Traits().Locks {
			t.underLock(ctx, o.m.Account, o)
			continue
		}
		p := t.byID[o.m.Account]
		if p == nil {
			p = t.newPart(o.m.Account)
			t.byID[p.id] = p
		}
		p.orders = append(p.orders, o)
	}
	t.going = append(t.going[:0], t.parts[:t.taken]...)
	return t.locking(ctx, t.going)
}

// newPart is one of the till's own parts, which serve again in the next round.
func (t *till) newPart(id account.ID) *part {
	if t.taken == len(t.parts) {
		t.parts = append(t.parts, &part{})
	}
	p := t.parts[t.taken]
	t.taken++
	p.id, p.orders, p.found, p.locks = id, p.orders[:0], nil, false
	p.sheet, p.seen = t.sheets.get(id)
	p.begin()
	return p
}

// begin empties what is worked out, and keeps the space.
func (p *part) begin() {
	was := &p.posting
	p.posting = account.Posting{
		From: p.sheet.balance.Version, Entries: was.Entries[:0], Lookups: was.Lookups[:0],
		Holds: was.Holds[:0], Ended: was.Ended[:0], Events: was.Events[:0],
	}
	p.done, p.locks = p.done[:0], false
}

// locking hands over the parts whose account is contested.
func (t *till) locking(ctx context.Context, parts []*part) []*part {
	left := parts[:0]
	for _, p := range parts {
		if p.sheet.contested > 0 {
			t.underLock(ctx, p.id, p.orders...)
			continue
		}
		left = append(left, p)
	}
	return left
}

// trusted says whether what is known of the account will do to work from.
func (p *part) trusted() bool {
	if !p.seen || p.sheet.readFirst > 0 && !p.sheet.fresh {
		return false
	}
	for _, o := range p.orders {
		if _, known := p.sheet.holds[o.m.Hold]; o.m.Hold != "" && !known {
			return false
		}
	}
	return true
}

// work applies the money rule to the orders in turn. It may be run again.
func (p *part) work(now time.Time) {
	p.begin()
	p.now = now
	b := p.sheet.balance
	holds := known{kept: p.sheet.holds}
	for _, o := range p.orders {
		if p.answerEarlier(o) {
			continue
		}
		m := o.m
		hold := holds.get(m.Hold)
		if involvesOthers(b, m, hold, now) {
			p.locks = true
			return
		}
		step, err := b.Apply(m, account.Against{Hold: hold}, now)
		if err != nil {
			p.done = append(p.done, worked{order: o, entry: -1, refusal: err})
			p.posting.Lookups = append(p.posting.Lookups, m.Reference)
			continue
		}
		b = step.Balance
		holds.note(step)
		p.posting.Add(step)
		p.done = append(p.done, worked{order: o, entry: len(p.posting.Entries) - 1})
	}
	p.posting.Balance = b
}

// answerEarlier notes an order whose reference an earlier one of the batch has.
func (p *part) answerEarlier(o *order) bool {
	if len(p.done) == 0 {
		return false
	}
	for _, w := range p.done {
		if w.entry < 0 || w.order.m.Reference != o.m.Reference {
			continue
		}
		if err := o.repeats(w.order.print, p.sheet.balance.Terms.Currency); err != nil {
			p.done = append(p.done, worked{order: o, entry: -1, refusal: err})
		} else {
			p.done = append(p.done, worked{order: o, entry: w.entry, repeated: true})
		}
		return true
	}
	return false
}

// involvesOthers says whether other accounts or due holds have a part in the movement.
func involvesOthers(b account.Balance, m account.Movement, hold *account.Hold, now time.Time) bool {
	if hold != nil {
		return len(hold.Chain) > 0 || b.Due(now)
	}
	return b.Due(now) || !b.Terms.Shares.IsZero() && m.Kind.Traits().Shared == account.SharedPays
}

// refusedOnly says whether nothing is to be written, and the refusals were worked
// out over a balance that may be an old one.
func (p *part) refusedOnly() bool { return !p.locks && len(p.posting.Entries) == 0 && p.found == nil }

// read looks up what is not known, and what was only refused, and works it out over
// what it finds. Orders whose reference was used before are answered.
func (t *till) read(ctx context.Context, parts []*part, now time.Time) (again []*order) {
	var asked []*part
	var lookups []account.Lookup
	for _, p := range parts {
		if !p.seen || len(p.done) == 0 && !p.locks || p.refusedOnly() {
			asked = append(asked, p)
			lookups = append(lookups, p.lookup())
		}
	}
	if len(asked) == 0 {
		return nil
	}
	found, err := t.store.Ledger(ctx, lookups)
	if err != nil {
		return t.retry(ctx, giveBack(asked), certain(err))
	}
	for i, p := range asked {
		p.take(&found[i], now)
		if len(p.orders) > 0 {
			p.work(now)
		}
	}
	return nil
}

// giveBack takes the orders out of parts that come to nothing.
func giveBack(parts []*part) (orders []*order) {
	for _, p := range parts {
		orders = append(orders, p.orders...)
		p.drop()
	}
	return orders
}

// lookup asks for the account's balance and all that its orders name.
func (p *part) lookup() account.Lookup {
	l := account.Lookup{Account: p.id, References: make([]string, len(p.orders))}
	for i, o := range p.orders {
		l.References[i] = o.m.Reference
		if o.m.Hold != "" {
			l.Holds = append(l.Holds, o.m.Hold)
		}
	}
	return l
}

// take makes what was read the sheet to work from, and answers what was done before.
func (p *part) take(found *account.Found, now time.Time) {
	p.found = found
	p.begin()
	was := p.sheet
	read := sheet{
		balance: found.Balance, holds: make(map[string]account.Hold, len(found.Holds)),
		conflicts: was.conflicts, readFirst: was.readFirst, at: now,
	}
	switch {
	case was.balance.Version == found.Balance.Version:
		read.readFirst = max(0, was.readFirst-1)
		maps.Copy(read.holds, was.holds)
	case was.readFirst > 0:
		read.readFirst = quietTurns
	}
	for _, hold := range found.Holds {
		read.holds[hold.Reference] = hold
	}
	p.sheet, p.seen = read, true
	if found.Balance.Version == 0 {
		p.refuseAll(account.ErrNotFound)
		return
	}
	p.orders = answerUsed(p.orders, found.Used, found.Balance.Terms.Currency)
}

func (p *part) refuseAll(err error) {
	for _, o := range p.orders {
		o.refuse(err)
	}
	p.drop()
}

// drop leaves the part with nothing to do.
func (p *part) drop() {
	p.orders = p.orders[:0]
	p.begin()
}

// answerUsed answers the orders whose references were used; the others are left.
func answerUsed(orders []*order, used []account.Entry, c account.Currency) []*order {
	if len(used) == 0 {
		return orders
	}
	byReference := make(map[string]account.Entry, len(used))
	for _, e := range used {
		byReference[e.Reference] = e
	}
	left := make([]*order, 0, len(orders))
	for _, o := range orders {
		if e, was := byReference[o.m.Reference]; was {
			o.answerUsed(e, c)
		} else {
			left = append(left, o)
		}
	}
	return left
}

// write appends what was worked out, and answers.
func (t *till) write(ctx context.Context, parts []*part) (again []*order) {
	postings, written := t.postings[:0], t.written[:0]
	defer func() { t.postings, t.written = postings, written }()
	for _, p := range parts {
		switch {
		case p.locks:
			t.underLock(ctx, p.id, p.orders...)
		case len(p.posting.Entries) == 0:
			p.confirm()
			t.learn(p)
		default:
			postings, written = append(postings, p.posting), append(written, p)
		}
	}
	if len(postings) == 0 {
		return nil
	}
	outcomes, err := t.fast.Append(ctx, postings)
	if err != nil {
		for _, p := range written {
			t.sheets.drop(p.id)
		}
		return t.retry(ctx, giveBack(written), err)
	}
	for i, p := range written {
		again = append(again, t.settle(ctx, p, outcomes[i])...)
	}
	return again
}

// learn keeps what was read of an account that exists.
func (t *till) learn(p *part) {
	if p.found != nil && p.found.Balance.Version > 0 {
		t.sheets.put(p.sheet)
	}
}

// confirm answers everything of a part that was written, or had nothing to write.
func (p *part) confirm() {
	for _, w := range p.done {
		if w.entry < 0 {
			w.order.refuse(w.refusal)
		} else {
			w.order.answer(&p.posting.Entries[w.entry], w.repeated)
		}
	}
}

// settle answers a part by its outcome. What it returns has to be tried again.
func (t *till) settle(ctx context.Context, p *part, outcome account.Outcome) (again []*order) {
	switch outcome.Kind {
	case account.OutcomeWritten:
		t.sheets.put(p.after())
		p.confirm()
		return nil
	case account.OutcomeUsed:
		return answerUsed(p.orders, outcome.Used, p.sheet.balance.Terms.Currency)
	case account.OutcomeMissing:
		t.sheets.drop(p.id)
		p.refuseAll(account.ErrNotFound)
		return nil
	case account.OutcomeMoved:
		moved := sheet{balance: *outcome.Balance, conflicts: p.sheet.conflicts + 1, readFirst: quietTurns, fresh: true}
		if moved.conflicts >= 2 {
			moved.contested = quietTurns
		}
		t.sheets.put(moved)
		return p.orders
	default: // OutcomeBusy: who holds the account is waited for, without holding up others
		t.underLock(ctx, p.id, p.orders...)
		return nil
	}
}

// after is what is known of the account once the part is written.
func (p *part) after() sheet {
	holds := p.sheet.holds // nobody else reads the map: sheets of one account follow each other
	for _, reference := range p.posting.Ended {
		delete(holds, reference)
	}
	if len(p.posting.Holds) > 0 && (holds == nil || len(holds) > maxKnownHolds) {
		holds = make(map[string]account.Hold, len(p.posting.Holds))
	}
	for _, hold := range p.posting.Holds {
		holds[hold.Reference] = hold
	}
	return sheet{balance: p.posting.Balance, holds: holds, readFirst: p.sheet.readFirst, at: p.now}
}
