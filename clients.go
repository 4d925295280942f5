package clientaccount

import (
	"context"
	"log/slog"
	"slices"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/internal/ahead"
	"github.com/clientaccount/clientaccount/internal/textform"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/validate"
)

// Edit says what to alter, and for whom.
type Edit struct {
	Actor  account.Actor
	Reason string // why, for the history; may be empty
	// Apply alters the account in place; nil alters nothing. It may run more than once,
	// and must then do the same. It and Guard run before the transaction begins, and may
	// read through the Service; what writes is ErrNested there. An account.Faults it
	// returns is reported together with what validation finds; any other error ends the
	// edit as it is. account.Change has this signature: pass change.Apply. ID, Revision
	// and the instants are the Service's; Parent counts only in Create.
	Apply func(*account.Account) error
	// Guard is the host's own rule over the account as it was (zero in Create) and
	// as it would be; its Faults are reported like Apply's. Nil allows all.
	Guard func(before, after account.Account) error
	// Managers are those whose clients the actor sees: any other account is
	// account.ErrNotFound, and none is handed to anybody else. Unset: all. A task keeps them.
	Managers account.Optional[[]account.ID]
	// NoPassword makes a new account that has no password, where Apply sets none: nobody gets in
	// by one until it is set.
	NoPassword bool
	// Steps are the codes of the [Result.Steps] that a second person was shown: Confirm does nothing
	// where there are others by now. Nil: those that there were when it was asked for.
	Steps []string
	// Alike is the number of the newest of [MovePreview.Alike] that a second person was shown, 0 for none:
	// Confirm moves no money where there is a newer one by now. Unset: they were shown those that there were
	// when it was proposed.
	Alike account.Optional[int64]

	second account.Actor                     // who confirmed it
	batch  account.ID                        // that it is a part of
	ahead  *ahead.Known                      // what was read for it and others at once; nil: nothing
	looked func(steps []account.Fault) error // its say over the steps; nil: there is none
}

// sees reports whether an account is of a manager whose clients the editor sees.
func (e Edit) sees(a account.Account) bool {
	scope, narrowed := e.Managers.Get()
	return !narrowed || !a.Core.Manager.IsZero() && slices.Contains(scope, a.Core.Manager)
}

// faults is what is wrong with who edits and why.
func (e Edit) faults() account.Faults {
	faults := e.Actor.Faults()
	if !textform.IsLine(e.Reason) {
		faults = append(faults, account.NewFault("reason", "text.chars"))
	}
	return faults
}

// Result is what an edit did, or in a preview would do.
type Result struct {
	Account  account.Account `json:"account"`
	Change   account.Change  `json:"change"`   // what differs; empty when nothing does, and nothing was written
	Warnings []account.Fault `json:"warnings"` // allowed, but worth a look
	// Steps are what cannot be taken back or bites at once, to be looked at before it is written:
	// a person sees them in a preview, and then says so. No verb asks for that.
	Steps []account.Fault `json:"steps"`
}

// LogValue says which account was edited, and what changed, for slog.
func (r Result) LogValue() slog.Value {
	return slog.GroupValue(slog.Any("account", r.Account), slog.Any("change", r.Change), slog.Any("warnings", r.Warnings))
}

// Create stores a new account, starting from account.New, at revision 1. A login that is
// taken is the fault login.taken.
//
// Errors: [account.Faults], [account.ErrConflict], [ErrNested]; what Apply, Guard and
// Options.Price return that is no Faults, and that of Options.Random.
func (s *Service) Create(ctx context.Context, e Edit) (Result, error) {
	return s.write(ctx, e, s.draftCreate, nil)
}

// PreviewCreate is [Service.Create] without writing anything.
//
// Errors: those of Create.
func (s *Service) PreviewCreate(ctx context.Context, e Edit) (Result, error) {
	return s.preview(ctx, e, s.draftCreate)
}

// Update alters the account that the editor saw at a revision. Everything lands together
// with its record in the history, or nothing does. When the account moved on the error is a
// *[StaleError] with both sides; bad input is reported all at once. An edit that changes
// nothing writes nothing.
//
// Errors: [account.Faults], [account.ErrNotFound], [account.ErrStale] (as *[StaleError]),
// [account.ErrConflict], [ErrNested]; what Apply, Guard and Options.Price return that is no
// Faults.
func (s *Service) Update(ctx context.Context, id account.ID, revision int64, e Edit) (Result, error) {
	return s.write(ctx, e, s.draftUpdate(id, revision), nil)
}

// Preview is [Service.Update] without writing anything.
//
// Errors: those of Update.
func (s *Service) Preview(ctx context.Context, id account.ID, revision int64, e Edit) (Result, error) {
	return s.preview(ctx, e, s.draftUpdate(id, revision))
}

// Get returns the account of an id.
//
// Errors: [account.ErrNotFound].
func (s *Service) Get(ctx context.Context, id account.ID) (account.Account, error) {
	return s.stored().Account(ctx, id)
}

// GetMany returns the accounts of ids, by these; unknown ones are left out. It asks the store once.
//
// Errors: the store's.
func (s *Service) GetMany(ctx context.Context, ids ...account.ID) (map[account.ID]account.Account, error) {
	ids = slices.Clone(ids)
	slices.SortFunc(ids, func(a, b account.ID) int { return slices.Compare(a[:], b[:]) })
	found, err := s.stored().AccountsByID(ctx, slices.Compact(ids)...)
	all := make(map[account.ID]account.Account, len(found))
	for _, a := range found {
		all[a.ID] = a
	}
	return all, err
}

// ByLogin returns the account of a login, whatever its case.
//
// Errors: [account.ErrNotFound].
func (s *Service) ByLogin(ctx context.Context, login string) (account.Account, error) {
	if !storable(login) {
		return account.Account{}, account.ErrNotFound
	}
	return s.stored().AccountBy(ctx, store.KeyLogin, textform.FoldLogin(login))
}

// Settings returns the values that count for an account, with their origin: its own, its
// product's, or the platform's.
//
// Errors: the store's.
func (s *Service) Settings(ctx context.Context, a account.Account) (account.Settings, error) {
	product, err := productOf(ctx, s.stored(), a.Notes.Product)
	return account.EffectiveSettings(a, product), err
}

func (s *Service) preview(ctx context.Context, e Edit, drafted drafter) (Result, error) {
	p, err := s.previewed(ctx, e, drafted)
	return p.result(), err
}

// previewed is an edit worked out, of which nothing is written.
func (s *Service) previewed(ctx context.Context, e Edit, drafted drafter) (plan, error) {
	d, err := drafted(ctx, s.stored(), e)
	if err != nil {
		return plan{}, err
	}
	p, err := s.planned(ctx, s.stored(), e, d)
	if err != nil {
		return plan{}, err
	}
	return p, nil
}

// along is what is written in the transaction of an edit, after it.
type along func(ctx context.Context, tx store.Tx, p plan) error

// write lands an edit in one transaction. The host's functions have their say before it
// begins, and a new password is hashed outside of it, so that nothing stays locked, and
// no connection taken, meanwhile. A nil beside writes nothing.
func (s *Service) write(ctx context.Context, e Edit, drafted drafter, beside along) (Result, error) {
	var done plan
	hash := ""
	attempt := func() error {
		return s.again(ctx, func() error {
			d, err := drafted(ctx, s.stored(), e)
			if err != nil {
				return err
			}
			return s.stored().Update(ctx, func(ctx context.Context, tx store.Tx) error {
				p, err := s.planned(ctx, tx, e, d)
				if err != nil {
					return err
				}
				if !p.password.IsZero() && hash == "" {
					return needsHash{p.password}
				}
				done = p
				return s.landed(ctx, tx, p, hash, beside)
			})
		})
	}
	err := s.settling(ctx, attempt)
	if unhashed, ok := asNeedsHash(err); ok {
		plain, _ := unhashed.password.Reveal()
		if hash, err = s.hasher.Hash(ctx, plain); err == nil {
			err = s.settling(ctx, attempt)
		}
	}
	if !done.after.ID.IsZero() { // also where it is not known what became of it
		s.Forget(done.after.ID)
	}
	if err != nil {
		return Result{}, takenFault(err)
	}
	return done.result(), nil
}

// landed writes a plan, and what goes along with it.
func (s *Service) landed(ctx context.Context, tx store.Tx, p plan, hash string, beside along) error {
	if err := p.land(ctx, tx, hash); err != nil {
		return err
	}
	if beside != nil {
		if err := beside(ctx, tx, p); err != nil {
			return err
		}
	}
	return s.edited(ctx, tx, p.before, p.result())
}

// edited has an account that was changed looked at by Tick, and its client told what they are to
// know of it, in the transaction of the change.
func (s *Service) edited(ctx context.Context, tx store.Tx, before account.Account, r Result) error {
	if len(r.Change) == 0 {
		return nil
	}
	return s.documenter().Edited(ctx, tx, before, r.Account, r.Change)
}

// actorText is an actor in the form of text that is stored.
func actorText(a account.Actor) account.Actor {
	return account.Actor{ID: validate.Text(a.ID), Name: validate.Text(a.Name)}
}

// closesSubaccounts reports whether an edit may not be made above open subaccounts.
func closesSubaccounts(before, after account.Account) bool {
	closes := after.Status == account.StatusClosed && before.Status != account.StatusClosed
	return closes || before.Sending.Subaccounts && !after.Sending.Subaccounts
}
