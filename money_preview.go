package clientaccount

import (
	"context"
	"time"

	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/internal/committer"
	"github.com/clientaccount/clientaccount/internal/ledger"
	"github.com/clientaccount/clientaccount/store"
)

// MovePreview is what a movement would come to now.
type MovePreview struct {
	// Entry is the entry of the account that the movement is of, without its number. Repeated:
	// it was written before, under the movement's reference.
	Entry    account.Entry `json:"entry"`
	Repeated bool          `json:"repeated"`
	// Amount is what is moved, or set aside, or let go of, whichever account's money it is: of an
	// account that spends the money of one above the entry may have nothing of it. Below zero it is
	// taken; of what is set aside, let go of. Of what was written before it is zero.
	Amount decimal.Decimal `json:"amount"`
	Before Standing        `json:"before"`
	After  Standing        `json:"after"`
	// Other is how the other account of a transfer stands before and after it; else zero.
	Other      Standing `json:"other"`
	OtherAfter Standing `json:"other_after"`
	// Alike are entries of the same kind and amount in the 24 hours before, of a refund those of the
	// same entry, the newest first, at most ten: the same may be about to be written twice.
	Alike []account.Entry `json:"alike"`
	// Proposed are movements of another reference that wait for a second person and are as much alike,
	// the newest first, at most ten.
	Proposed []store.Task `json:"proposed"`
}

const (
	alikeFor  = 24 * time.Hour // how long ago the same movement is worth a look
	mostAlike = 10             // that are told
)

// PreviewMove returns what a movement would come to if it were made now, and writes nothing. Where its
// reference is that of another movement, which waits for a second person, it is [account.ErrReused].
//
// Errors: [account.Faults], [account.ErrNotFound], [account.ErrClosed], [account.ErrExhausted],
// [account.ErrShared], [account.ErrZone], [account.ErrHold], [account.ErrHoldAmount],
// [account.ErrRefund], [account.ErrRefundAmount], [account.ErrReused]; see [Service.Move].
func (s *Service) PreviewMove(ctx context.Context, m account.Movement) (MovePreview, error) {
	if err := s.made(); err != nil {
		return MovePreview{}, err
	}
	checked, err := committer.Check(plainText(m))
	if err != nil {
		return MovePreview{}, err
	}
	p := movePreview{Service: s, m: checked.Movement(), now: s.now(), known: map[account.ID]account.Balance{}}
	return p.preview(ctx)
}

// movePreview is a movement that is looked at.
type movePreview struct {
	*Service
	m     account.Movement
	now   time.Time
	found store.Found
	held  *account.Hold                  // of shared money, whose capture is to be refunded
	known map[account.ID]account.Balance // before it
}

func (p *movePreview) preview(ctx context.Context) (MovePreview, error) {
	if err := p.read(ctx); err != nil {
		return MovePreview{}, err
	}
	out := MovePreview{Before: standingAmong(p.known, p.known[p.m.Account], p.now)}
	if used := p.found.Used; len(used) > 0 {
		if err := committer.Repeats(p.m, used[0].Fingerprint, p.known[p.m.Account].Terms.Currency); err != nil {
			return MovePreview{}, err
		}
		out.Entry, out.Repeated, out.After = used[0], true, out.Before
		return out, nil
	}
	if other, has := p.known[p.m.Other]; has {
		out.Other = standingAmong(p.known, other, p.now)
	}
	steps, err := p.steps()
	if err != nil {
		return MovePreview{}, err
	}
	for _, step := range steps {
		p.known[step.Entry.Account] = step.Balance
	}
	out.Entry = steps[0].Entry
	out.Entry.Number, out.Amount = 0, amountOf(steps)
	out.After = standingAmong(p.known, p.known[p.m.Account], p.now)
	if other, has := p.known[p.m.Other]; has {
		out.OtherAfter = standingAmong(p.known, other, p.now)
	}
	if out.Alike, err = alikeTo(ctx, p.stored(), out.Entry, p.now); err != nil {
		return MovePreview{}, err
	}
	out.Proposed, err = p.proposedAlike(ctx)
	return out, err
}

// read reads what the movement refers to, and all balances that it concerns.
func (p *movePreview) read(ctx context.Context) error {
	l := store.Lookup{Account: p.m.Account, References: []string{p.m.Reference}}
	if p.m.Hold != "" {
		l.Holds = []string{p.m.Hold}
	}
	if p.m.Of > 0 {
		l.Numbers = []int64{p.m.Of}
	}
	found, err := p.stored().Ledger(ctx, []store.Lookup{l})
	if err != nil {
		return err
	}
	p.found = found[0]
	if err := p.readHeld(ctx); err != nil {
		return err
	}
	ids := append([]account.ID{p.m.Account}, p.chain()...)
	if !p.m.Other.IsZero() {
		ids = append(ids, p.m.Other)
	}
	if err := p.settledBalances(ctx, reading{p.stored()}, store.Ascending(ids), p.known); err != nil {
		return err
	}
	_, known := p.known[p.m.Account]
	_, other := p.known[p.m.Other]
	switch {
	case !known:
		return account.ErrNotFound
	case !p.m.Other.IsZero() && !other:
		return account.Faults{account.NewFault("to", "to.unknown")}
	default:
		return nil
	}
}

// readHeld reads how the hold was made whose capture is to be refunded: of shared money it is given
// back in the month of the hold.
func (p *movePreview) readHeld(ctx context.Context) error {
	if len(p.found.Entries) == 0 || p.found.Entries[0].Hold == "" || len(p.found.Entries[0].Chain) == 0 {
		return nil
	}
	found, err := p.stored().Ledger(ctx, []store.Lookup{{Account: p.m.Account, References: []string{p.found.Entries[0].Hold}}})
	if err == nil && len(found[0].Used) > 0 {
		p.held = ledger.Captured(found[0].Used[0])
	}
	return err
}

// chain is that of what the movement refers to; nil where it refers to nothing of shared money.
func (p *movePreview) chain() []account.ID {
	switch on := p.against(); {
	case on.Hold != nil:
		return on.Hold.Chain
	case on.Entry != nil:
		return on.Entry.Chain
	default:
		return nil
	}
}

func (p *movePreview) against() ledger.Against {
	on := ledger.Against{Checked: true, Hold: p.held, Refunds: p.found.Refunds}
	if len(p.found.Entries) > 0 {
		on.Entry = &p.found.Entries[0]
	}
	if len(p.found.Holds) > 0 && p.found.Holds[0].Stands(p.now) {
		on.Hold = &p.found.Holds[0]
	}
	return on
}

// steps works out the movement; the first step is that of the account that it is of.
func (p *movePreview) steps() ([]ledger.Step, error) {
	chain := p.chain()
	if p.m.Kind.Traits().Shared == account.SharingPays {
		chain = p.payers()
	}
	if len(chain) > 1 {
		balances := make([]account.Balance, len(chain))
		for i, id := range chain {
			balances[i] = p.known[id]
		}
		return ledger.ApplyShared(balances, p.m, p.against(), p.now)
	}
	own := p.known[p.m.Account]
	step, err := ledger.Apply(own, p.m, p.against(), p.now)
	if err != nil || !p.m.Kind.Traits().Transfers {
		return []ledger.Step{step}, err
	}
	in, err := ledger.Apply(p.known[p.m.Other], ledger.Received(p.m, own.Terms.Currency), ledger.Against{}, p.now)
	return []ledger.Step{step, in}, err
}

// amountOf is what steps move, else what they set aside: that of the first which does.
func amountOf(steps []ledger.Step) decimal.Decimal {
	for _, step := range steps {
		if moved := step.Entry.Moved(); !moved.IsZero() {
			return moved
		}
	}
	for _, step := range steps {
		if !step.Entry.Held.IsZero() {
			return step.Entry.Held
		}
	}
	return decimal.Decimal{}
}

// payers are the accounts from the movement's up to the nearest that has money of its own.
func (p *movePreview) payers() []account.ID {
	chain := []account.ID{p.m.Account}
	for above := p.known[p.m.Account].Terms.Shares; !above.IsZero() && len(chain) <= account.MaxDepth; above = p.known[above].Terms.Shares {
		chain = append(chain, above)
	}
	return chain
}

// alikeTo returns entries that may be the same movement as one, written before it under another reference,
// the newest first.
func alikeTo(ctx context.Context, r store.LedgerReader, e account.Entry, now time.Time) (alike []account.Entry, err error) {
	recent := account.EntryQuery{
		Account: e.Account, Kinds: []account.MovementKind{e.Kind}, From: now.Add(-alikeFor), Before: e.Number, Limit: account.MaxPage,
	}
	entries, err := r.Entries(ctx, recent)
	for _, before := range entries {
		if len(alike) < mostAlike && before.Moved().Equal(e.Moved()) && before.Other == e.Other && before.Of == e.Of && before.Hold == e.Hold {
			alike = append(alike, before)
		}
	}
	return alike, err
}

// proposedAlike are movements that wait for a second person, and may be the same. One that has the
// reference, and is another, has it first.
func (p *movePreview) proposedAlike(ctx context.Context) (alike []store.Task, err error) {
	kept, can := p.stored().(store.TaskReader)
	if !can {
		return nil, nil
	}
	q := store.TaskQuery{
		Account: p.m.Account, Batch: account.Some(account.ID{}), States: []store.TaskState{store.TaskUnconfirmed}, Limit: account.MaxPage,
	}
	rows := pages(func() ([]store.Task, error) { return kept.Tasks(ctx, q) }, func(last store.Task) { q.After = &store.TaskPosition{ID: last.ID} })
	for t, err := range rows {
		switch {
		case err != nil:
			return nil, err
		case t.Move == nil || p.asOfNow(t).State != store.TaskUnconfirmed:
		case t.Move.Reference == p.m.Reference && !isSameMove(*t.Move, p.m):
			return nil, account.ErrReused
		case len(alike) < mostAlike && isAlike(*t.Move, p.m):
			alike = append(alike, t)
		}
	}
	return alike, nil
}

// isSameMove reports whether two movements of one reference are one.
func isSameMove(a, b account.Movement) bool {
	return ledger.Fingerprint(a) == ledger.Fingerprint(b) && a.Currency == b.Currency
}

// isAlike reports whether two movements of an account move as much, the same way, under two references.
func isAlike(a, b account.Movement) bool {
	one, err := a.Total()
	other, too := b.Total()
	return err == nil && too == nil && one.Equal(other) && a.Reference != b.Reference &&
		a.Kind == b.Kind && a.Other == b.Other && a.Of == b.Of && a.Hold == b.Hold
}
