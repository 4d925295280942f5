package ask

import (
	"time"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
	"github.com/clientaccount/clientaccount/store"
)

// SecondRequired is the fault of what a second person must confirm, where it cannot wait for one.
var SecondRequired = account.NewFault("", "second.required")

// NeedsSecond reports whether a second person must confirm a change of a client. A new client,
// with before zero, is compared with one of which nothing was typed.
func (r *Request) NeedsSecond(before, after account.Account) (bool, error) {
	if !r.Judge.HasSecond() {
		return false, nil
	}
	base := before
	if before.Revision == 0 {
		base = account.New()
	}
	change := account.Diff(base, after)
	gives, err := r.givenByProduct(base, after)
	for _, fc := range gives {
		if _, changed := change.At(fc.Path); !changed {
			change = append(change, fc)
		}
	}
	if err != nil || len(change) == 0 {
		return false, err
	}
	return r.Judge.NeedsSecond(access.Proposal{Account: before, Change: change}), nil
}

// givenByProduct is what else counts for a client with another product.
func (r *Request) givenByProduct(before, after account.Account) (change account.Change, err error) {
	if before.Notes.Product == after.Notes.Product {
		return nil, nil
	}
	was, err := r.Service.Settings(r.Context(), before)
	if err != nil {
		return nil, err
	}
	is, err := r.Service.Settings(r.Context(), after)
	for _, f := range account.Fields() {
		old, inherits := was.Text(f.Path)
		if now, _ := is.Text(f.Path); inherits && old.Value != now.Value {
			change = append(change, account.FieldChange{Path: f.Path, Old: old.Value, New: now.Value})
		}
	}
	return change, err
}

// NewGatewayPassword makes one for the path's client, unless a second person must confirm that: a
// secret cannot wait.
func (r *Request) NewGatewayPassword(revision int64) (string, clientaccount.Result, error) {
	if err := r.SecretAlone(account.PathGatewayPassword); err != nil {
		return "", clientaccount.Result{}, err
	}
	return r.Service.NewGatewayPassword(r.Context(), r.ID, revision, r.Actor)
}

// NewHookSecret is NewGatewayPassword of the secret that webhooks are signed with.
func (r *Request) NewHookSecret(revision int64, overlap time.Duration) (string, clientaccount.Result, error) {
	if err := r.SecretAlone(account.PathHookSecret); err != nil {
		return "", clientaccount.Result{}, err
	}
	return r.Service.NewHookSecret(r.Context(), r.ID, revision, r.Actor, overlap)
}

// SecretAlone refuses to make a new secret that a second person must confirm.
func (r *Request) SecretAlone(path string) error {
	if r.Judge.NeedsSecond(access.Proposal{Account: r.Client, Change: account.Change{{Path: path, Secret: true}}}) {
		return account.Faults{SecondRequired}
	}
	return nil
}

// Look returns what an edit of the path's client, as it is now, comes to, and whether it is to be
// proposed, since a second person must confirm it: that is one of its steps.
func (r *Request) Look(now account.Account, revision int64, e clientaccount.Edit) (result clientaccount.Result, second bool, err error) {
	result, err = r.Service.Preview(r.Context(), r.ID, revision, e)
	if err != nil || len(result.Change) == 0 {
		return result, false, err
	}
	if second, err = r.NeedsSecond(now, result.Account); second {
		result.Steps = append(result.Steps, account.NewFault("", "step.second"))
	}
	return result, second, err
}

// Propose has an edit of the path's client wait for a second person.
func (r *Request) Propose(revision int64, e clientaccount.Edit) (store.Task, error) {
	return r.Service.Propose(r.Context(), r.ID, revision, r.Service.Now().Add(r.ConfirmWithin), e)
}

// MoveLook is what a movement would come to, and whether it is to be proposed.
type MoveLook struct {
	clientaccount.MovePreview
	Second bool
}

// LookAtMove returns what a movement would come to. One that was made before needs nobody.
func (r *Request) LookAtMove(m account.Movement) (MoveLook, error) {
	seen, err := r.Service.PreviewMove(r.Context(), m)
	if err != nil || seen.Repeated {
		return MoveLook{MovePreview: seen}, err
	}
	amount := seen.Amount
	if !m.Kind.Traits().Negative {
		amount = amount.Abs()
	}
	return MoveLook{seen, r.Judge.NeedsSecond(access.Proposal{
		Account: r.Client, Kind: m.Kind, Amount: amount, Currency: r.Client.Core.Currency,
	})}, nil
}

// Moved is what became of a movement: it was made, or waits for a second person.
type Moved struct {
	clientaccount.Receipt
	Task *store.Task // nil: it was made
}

// Move makes a movement of the path's client, or has it wait for a second person who must confirm
// it. Nothing else here moves money.
func (r *Request) Move(m account.Movement) (Moved, error) {
	if r.Judge.HasSecond() {
		look, err := r.LookAtMove(m)
		if err != nil {
			return Moved{}, err
		}
		if look.Second {
			task, err := r.Service.ProposeMove(r.Context(), r.Service.Now().Add(r.ConfirmWithin), m, r.Judge.Managers())
			return Moved{Task: &task}, err
		}
	}
	receipt, err := r.Service.Move(r.Context(), m)
	return Moved{Receipt: receipt}, err
}

// guarding refuses what a second person must confirm, beside what a guard does.
func (r *Request) guarding(guard func(before, after account.Account) error) func(before, after account.Account) error {
	return func(before, after account.Account) error {
		if err := guard(before, after); err != nil {
			return err
		}
		second, err := r.NeedsSecond(before, after)
		if second {
			return account.Faults{SecondRequired}
		}
		return err
	}
}

// productAlone refuses to save a product, which cannot wait, where a second person must confirm what
// it gives to its clients: the fields have the paths there that they have in clients.
func (r *Request) productAlone(after account.Product) error {
	if !r.Judge.HasSecond() || after.ID.IsZero() {
		return nil
	}
	before, err := r.Service.Product(r.Context(), after.ID)
	if err != nil {
		return err
	}
	was, is := account.EffectiveSettings(account.Account{}, &before), account.EffectiveSettings(account.Account{}, &after)
	var change account.Change
	for _, f := range account.Fields() {
		old, inherits := was.Text(f.Path)
		if now, _ := is.Text(f.Path); inherits && old.Value != now.Value {
			change = append(change, account.FieldChange{Path: f.Path, Old: old.Value, New: now.Value})
		}
	}
	if len(change) > 0 && r.Judge.NeedsSecond(access.Proposal{Change: change}) {
		return account.Faults{SecondRequired}
	}
	return nil
}
