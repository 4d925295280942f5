package clientaccount

import (
	"context"
	"errors"
	"slices"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/internal/ahead"
	"github.com/clientaccount/clientaccount/internal/ledger"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/validate"
)

// draft is what an edit wants: all that the host's functions have to say, gathered
// before anything is locked.
type draft struct {
	before  account.Account // zero for a creation
	after   account.Account // normalised
	seen    int64           // the revision that the editor saw
	newest  bool            // which is the present one, whatever it is: nobody looked at it
	kind    account.RecordKind
	undoes  int64
	unread  account.Faults // what Apply could not read
	guarded account.Faults
}

// drafter makes a draft over what r reads, and writes nothing.
type drafter func(ctx context.Context, r store.Reader, e Edit) (draft, error)

// alter runs Apply.
func (s *Service) alter(e Edit, d *draft) (err error) {
	if e.Apply != nil {
		d.unread, err = s.asked(func() error { return e.Apply(&d.after) })
	}
	return err
}

// guard runs Guard over what would be stored. No client is handed out of the editor's sight.
func (s *Service) guard(e Edit, d *draft) (err error) {
	s.rules.Normalize(&d.after)
	if e.Guard != nil {
		d.guarded, err = s.asked(func() error { return e.Guard(d.before, d.after) })
	}
	handed := d.before.Revision == 0 || d.before.Core.Manager != d.after.Core.Manager
	if fault := account.NewFault("manager", "manager.unknown"); handed && !e.sees(d.after) && !slices.Contains(d.guarded, fault) {
		d.guarded = append(d.guarded, fault)
	}
	return err
}

// asked calls a function of the host's, and takes the faults out of its error.
func (s *Service) asked(host func() error) (account.Faults, error) {
	err := s.calls.Run(host)
	if faults, ok := account.AsFaults(err); ok {
		return faults, nil
	}
	return nil, err
}

// plan is an edit worked out: the account as it was and as it will be, and the
// record of the difference.
type plan struct {
	before          account.Account // zero for a creation
	after           account.Account // without the new password
	password        account.NewPassword
	record          account.Record
	posting         *store.Posting // of the money, when its terms change
	steps           []account.Fault
	warnings, stood []account.Fault // of the account as it will be, and as it was
}

func (p plan) result() Result {
	return Result{Account: p.after, Change: p.record.Change, Warnings: p.warnings, Steps: p.steps}
}

// land writes the plan; hash is that of the new password, if there is one.
func (p plan) land(ctx context.Context, tx store.Tx, hash string) error {
	if len(p.record.Change) == 0 {
		return nil
	}
	if p.before.Revision == 0 {
		if err := tx.PutAccount(ctx, p.after, 0); err != nil {
			return err
		}
	} else if err := tx.PutAccount(ctx, p.after, p.before.Revision); err != nil {
		return err
	}
	if hash != "" {
		if err := tx.SetCredential(ctx, p.after.ID, store.WebPassword, hash); err != nil {
			return err
		}
	}
	if p.posting != nil {
		if err := tx.Post(ctx, *p.posting); err != nil {
			return err
		}
	}
	if err := p.startAnew(ctx, tx); err != nil {
		return err
	}
	return tx.AddChange(ctx, p.record)
}

// draftCreate returns a new account as the edit wants it.
func (s *Service) draftCreate(ctx context.Context, r store.Reader, e Edit) (draft, error) {
	d := draft{after: account.New(), kind: account.RecordCreated}
	d.after.Core.Currency = "" // so that one left out can be the product's
	err := s.alter(e, &d)
	if err != nil {
		return draft{}, err
	}
	if d.after.ID, err = s.newID(); err != nil {
		return draft{}, err
	}
	if d.after.Core.Currency == "" {
		if d.after.Core.Currency, err = s.firstCurrency(ctx, r, d.after); err != nil {
			return draft{}, err
		}
	}
	d.after.CreatedAt = s.now()
	return d, s.guard(e, &d)
}

// firstCurrency returns what a client without one is created with: the parent's, the
// product's, else the platform's. From then on it is the client's own, since the
// ledger's unit must not move when a product is edited.
func (s *Service) firstCurrency(ctx context.Context, r store.Reader, a account.Account) (account.Currency, error) {
	parent, err := accountOf(ctx, r, a.Parent)
	if err != nil {
		return "", err
	}
	product, err := productOf(ctx, r, a.Notes.Product)
	switch {
	case err != nil:
		return "", err
	case parent != nil:
		return parent.Core.Currency, nil
	case product != nil && product.Currency != "":
		return product.Currency, nil
	default:
		return account.DefaultCurrency, nil
	}
}

// draftUpdate returns an account, seen at a revision, as the edit wants it.
func (s *Service) draftUpdate(id account.ID, revision int64) drafter {
	return s.draftOf(id, func(account.Account) int64 { return revision })
}

// draftNewest is draftUpdate of an account that nobody looked at: it is edited as it is.
func (s *Service) draftNewest(id account.ID) drafter {
	drafted := s.draftOf(id, func(a account.Account) int64 { return a.Revision })
	return func(ctx context.Context, r store.Reader, e Edit) (draft, error) {
		d, err := drafted(ctx, r, e)
		d.newest = true
		return d, err
	}
}

func (s *Service) draftOf(id account.ID, seen func(account.Account) int64) drafter {
	return func(ctx context.Context, r store.Reader, e Edit) (draft, error) {
		before, err := e.ahead.Account(ctx, r, id)
		if err == nil && !e.sees(before) {
			err = account.ErrNotFound
		}
		if err != nil {
			return draft{}, err
		}
		d := draft{before: before, after: before.Clone(), seen: seen(before), kind: account.RecordUpdated}
		if before.Revision != d.seen {
			return d, nil
		}
		if err := s.alter(e, &d); err != nil {
			return draft{}, err
		}
		d.after.ID, d.after.Revision, d.after.Parent = before.ID, before.Revision, before.Parent
		d.after.CreatedAt, d.after.UpdatedAt = before.CreatedAt, before.UpdatedAt
		return d, s.guard(e, &d)
	}
}

// planned works out a draft over what r reads. The account is still what the draft was made of, since
// a revision names one state of it; else the edit is stale. What was read ahead is not asked for again.
func (s *Service) planned(ctx context.Context, r store.Reader, e Edit, d draft) (plan, error) {
	if d.kind != account.RecordCreated && e.ahead == nil {
		before, err := r.Account(ctx, d.before.ID)
		switch {
		case err != nil:
			return plan{}, err
		case before.Revision != d.seen && !d.newest:
			return plan{}, s.stale(ctx, r, before, d.seen)
		case before.Revision != d.before.Revision: // it came to be what was seen only now, or moved on
			return plan{}, account.ErrConflict
		}
	}
	p := plan{before: d.before, after: d.after, record: account.Record{Kind: d.kind, Undoes: d.undoes}}
	return p, s.finish(ctx, r, e, &p, d)
}

// finish validates the whole account, then fills in the rest of the plan.
func (s *Service) finish(ctx context.Context, r store.Reader, e Edit, p *plan, d draft) error {
	facts, err := s.facts(ctx, r, e.ahead, p.before, p.after)
	if err != nil {
		return err
	}
	facts.NoPassword = e.NoPassword
	e.Actor, e.Reason = actorText(e.Actor), validate.Text(e.Reason)
	if err := s.check(e, p, facts, d); err != nil {
		return err
	}
	t, err := s.terms(ctx, p.after, facts.Product)
	if err != nil {
		return err
	}
	switch tx, writes := r.(store.Tx); {
	case p.before.Revision == 0:
		p.posting = &store.Posting{Balance: ledger.Opened(p.after.ID, t, s.now())}
	case writes && reterms(facts.Balance, t):
		if facts, err = s.planTerms(ctx, tx, p, facts, t); err != nil {
			return err
		}
	}
	s.fill(p, e)
	p.warnings, p.stood, p.steps = validate.Warnings(p.after, facts), validate.Warnings(p.before, facts), validate.Steps(p.after, facts)
	if e.looked != nil {
		return e.looked(p.steps)
	}
	return nil
}

// check gathers the faults of an edit: of its texts, by the rules, and of its guard.
func (s *Service) check(e Edit, p *plan, facts validate.Facts, d draft) error {
	faults := append(e.faults(), d.unread...)
	for _, f := range s.rules.Account(p.after, facts) {
		if !d.unread.On(f.Path) { // what could not be read was not set
			faults = append(faults, f)
		}
	}
	if faults = append(faults, d.guarded...); len(faults) > 0 {
		return inPageOrder(faults)
	}
	return nil
}

// planTerms plans other terms. The balance is locked for that, and what was found right over
// one that was only read is found right once more.
func (s *Service) planTerms(ctx context.Context, tx store.Tx, p *plan, facts validate.Facts, t account.Terms) (validate.Facts, error) {
	b, err := s.own(ctx, tx, p.after.ID)
	if err != nil {
		return facts, err
	}
	if facts.Balance = b.seen; t.Closed {
		if facts.Held, err = held(ctx, tx, b.seen, facts.Now); err != nil {
			return facts, err
		}
	}
	if faults := s.rules.Account(p.after, facts); len(faults) > 0 {
		return facts, inPageOrder(faults)
	}
	p.posting, err = s.repost(ctx, tx, b, t)
	return facts, err
}

// fill completes the account and the record of a valid plan.
func (s *Service) fill(p *plan, e Edit) {
	change := account.Diff(p.before, p.after)
	p.password, p.after.Core.Password = p.after.Core.Password, account.NewPassword{}
	if len(change) == 0 {
		return
	}
	p.after.Revision = p.before.Revision + 1
	p.after.UpdatedAt = s.now()
	if p.before.Revision == 0 {
		p.after.UpdatedAt = p.after.CreatedAt
	}
	p.record.Of, p.record.Revision, p.record.At = p.after.ID, p.after.Revision, p.after.UpdatedAt
	p.record.Actor, p.record.Reason, p.record.Change = e.Actor, e.Reason, change
	p.record.Second, p.record.Batch = e.second, e.batch
}

// facts gathers what the rules must know beside the account. What they have no use for is
// not asked for.
func (s *Service) facts(ctx context.Context, r store.Reader, known *ahead.Known, before, after account.Account) (validate.Facts, error) {
	f := validate.Facts{Now: s.now(), OverdrawHorizon: s.opts.OverdrawHorizon}
	var errs [8]error
	f.Manager, errs[0] = managerOf(ctx, known.Reader(r), after.Core.Manager)
	f.Product, errs[1] = productOf(ctx, known.Reader(r), after.Notes.Product)
	if before.Revision > 0 {
		f.Before = &before
		if closesSubaccounts(before, after) {
			f.OpenSubaccounts, errs[2] = r.OpenSubaccounts(ctx, after.ID)
		}
		var read bool
		if f.Balance, read = known.Balance(after.ID); !read {
			f.Balance, errs[5] = s.settledBalance(ctx, r, after.ID)
		}
		if after.Status == account.StatusClosed && errs[5] == nil {
			f.Held, errs[5] = held(ctx, r, f.Balance, f.Now)
		}
		if after.Core.Currency != before.Core.Currency {
			f.OwnPrices, errs[6] = hasPrices(ctx, r, store.PriceOwner{Account: after.ID})
		}
		if after.Notes.Product != before.Notes.Product {
			f.ProductBefore, errs[7] = productOf(ctx, known.Reader(r), before.Notes.Product)
		}
	} else {
		f.Parent, f.ParentDepth, errs[2] = s.parent(ctx, r, after.Parent)
	}
	if after.Core.Login != before.Core.Login && storable(after.Core.Login) {
		f.LoginTaken, errs[3] = someoneElse(after.ID)(r.AccountBy(ctx, store.KeyLogin, after.Core.Login))
	}
	if after.Contact.Contract != before.Contact.Contract && storable(after.Contact.Contract) {
		f.ContractTaken, errs[4] = someoneElse(after.ID)(r.AccountBy(ctx, store.KeyContract, after.Contact.Contract))
	}
	return f, errors.Join(errs[:]...)
}

// parent returns the account above a new one and its level, 1 at the top.
func (s *Service) parent(ctx context.Context, r store.Reader, id account.ID) (*account.Account, int, error) {
	parent, err := accountOf(ctx, r, id)
	if err != nil || parent == nil {
		return nil, 0, err
	}
	above, err := ancestors(ctx, r, *parent)
	return parent, len(above) + 1, err
}

// found turns account.ErrNotFound into nil, for what may be missing.
func found[T any](v T, err error) (*T, error) {
	switch {
	case errors.Is(err, account.ErrNotFound):
		return nil, nil
	case err != nil:
		return nil, err
	default:
		return &v, nil
	}
}

// accountOf returns the account of an id, nil where there is none.
func accountOf(ctx context.Context, r store.Reader, id account.ID) (*account.Account, error) {
	if id.IsZero() {
		return nil, nil
	}
	return found(r.Account(ctx, id))
}

// managerOf returns the manager of an id, nil where there is none.
func managerOf(ctx context.Context, r store.Reader, id account.ID) (*account.Manager, error) {
	if id.IsZero() {
		return nil, nil
	}
	return found(store.ItemOf[account.Manager](ctx, r, id))
}

// productOf returns the product of an id, nil where there is none.
func productOf(ctx context.Context, r store.Reader, id account.ID) (*account.Product, error) {
	if id.IsZero() {
		return nil, nil
	}
	return found(store.ItemOf[account.Product](ctx, r, id))
}

// someoneElse reports whether the account found is not the one of id.
func someoneElse(id account.ID) func(account.Account, error) (bool, error) {
	return func(a account.Account, err error) (bool, error) {
		holder, err := found(a, err)
		return holder != nil && holder.ID != id, err
	}
}

// takenFault is the fault of a value that another account took in the very moment
// between the check and the write.
func takenFault(err error) error {
	taken, ok := errors.AsType[*store.TakenError](err)
	if !ok {
		return err
	}
	field, _ := account.FieldAt(taken.Path)
	return account.Faults{field.Fault("taken")}
}

// inPageOrder sorts faults as their fields stand on the page, unknown paths first.
// What two rules say of one field in the same words is said once.
func inPageOrder(faults account.Faults) account.Faults {
	order := map[string]int{}
	for i, f := range account.Fields() {
		order[f.Path] = i + 1
	}
	slices.SortStableFunc(faults, func(a, b account.Fault) int { return order[a.Path] - order[b.Path] })
	return slices.Compact(faults)
}

// needsHash ends a transaction that must not wait for a hash.
type needsHash struct{ password account.NewPassword }

func (needsHash) Error() string { return "clientaccount: password not hashed yet" }

func asNeedsHash(err error) (needsHash, bool) { return errors.AsType[needsHash](err) }
