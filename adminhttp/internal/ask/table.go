package ask

import (
	"context"
	"slices"
	"strings"
	"sync"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
	"github.com/clientaccount/clientaccount/validate"
)

// table is a List of Ts: the fields, and the verbs of the Service.
type table[T any] struct {
	texts  ListTexts
	needs  ListNeeds
	fields account.Table[T]
	head   func(*T) (id *account.ID, revision *int64)
	shows  func(access.Judge, account.ID) bool // whether an actor sees one; nil: everybody all
	rules  func(*validate.Validator, T) account.Faults

	all    func(*clientaccount.Service, context.Context) ([]T, error)
	one    func(*clientaccount.Service, context.Context, account.ID) (T, error)
	save   func(*clientaccount.Service, context.Context, T, account.Actor, string) (T, error)
	remove func(*clientaccount.Service, context.Context, account.ID, account.Actor, string) error
	effect func(*Request, T) (*ListEffect, error) // nil: saving one comes to nothing for clients
	alone  func(*Request, T) error                // refuses what a second person must confirm; nil: nothing

	changes func(*clientaccount.Service, context.Context, account.ChangeQuery) ([]account.Record, error)
	undone  func(s *clientaccount.Service, ctx context.Context, id account.ID, revision, record int64) (T, error)
	undo    func(s *clientaccount.Service, ctx context.Context, id account.ID, revision, record int64, by account.Actor, reason string) (T, error)
	others  func(access.Judge, string) bool // paths in records that are no fields, and shown; nil: none is
}

func (t table[T]) Texts() ListTexts        { return t.texts }
func (t table[T]) Needs() ListNeeds        { return t.needs }
func (t table[T]) Fields() []account.Field { return t.fields.Fields() }

func (t table[T]) Rows(r *Request) (rows []ListRow, err error) {
	seen, err := t.seen(r)
	for _, of := range seen {
		rows = append(rows, t.row(of))
	}
	return rows, err
}

// seen are those that the actor sees, by name.
func (t table[T]) seen(r *Request) ([]T, error) {
	all, err := t.all(r.Service, r.Context())
	if t.shows == nil {
		return all, err
	}
	return slices.DeleteFunc(slices.Clone(all), func(of T) bool {
		id, _ := t.head(&of)
		return !t.shows(r.Judge, *id)
	}), err
}

func (t table[T]) Row(r *Request, id account.ID) (ListRow, error) {
	of, err := t.one(r.Service, r.Context(), id)
	return t.row(of), err
}

func (t table[T]) row(of T) ListRow {
	id, revision := t.head(&of)
	row := ListRow{ID: *id, Revision: *revision, Texts: map[string]string{}, Currency: t.currency(of)}
	for f := range t.fields.All() {
		text := t.fields.Text(of, f.Path)
		if amount, err := account.ParseAmount(text); f.Kind == account.FieldAmount && err == nil {
			text = row.Currency.FormatPlain(amount)
		}
		row.Texts[f.Path] = text
	}
	return row
}

// currency is that of the amounts of a T.
func (t table[T]) currency(of T) account.Currency {
	for f := range t.fields.All() {
		if f.Kind == account.FieldCurrency {
			return account.Currency(t.fields.Text(of, f.Path))
		}
	}
	return ""
}

func (t table[T]) Save(r *Request, row ListRow, reason string) (account.ID, error) {
	var of T
	id, revision := t.head(&of)
	*id, *revision = row.ID, row.Revision
	if unread := t.set(&of, row.Texts); len(unread) > 0 {
		return account.ID{}, t.allFaults(of, unread)
	}
	if err := t.byOne(r, of); err != nil {
		return account.ID{}, err
	}
	saved, err := t.save(r.Service, r.Context(), of, r.Actor, reason)
	id, _ = t.head(&saved)
	return *id, err
}

// byOne refuses to save what a second person must confirm.
func (t table[T]) byOne(r *Request, of T) error {
	if t.alone == nil {
		return nil
	}
	return t.alone(r, of)
}

func (t table[T]) Effect(r *Request, row ListRow) (*ListEffect, error) {
	var of T
	id, revision := t.head(&of)
	*id, *revision = row.ID, row.Revision
	if unread := t.set(&of, row.Texts); t.effect == nil || row.ID.IsZero() || len(unread) > 0 {
		return nil, nil // of what cannot be read, saving says so
	}
	return t.effect(r, of)
}

// set puts texts into all fields of a T, and returns the faults of what cannot be read. What
// is left out is unset.
func (t table[T]) set(of *T, texts map[string]string) account.Faults {
	var change account.Change
	for f := range t.fields.All() {
		change = change.Set(f.Path, strings.TrimSpace(texts[f.Path]))
	}
	faults, _ := account.AsFaults(t.fields.Apply(of, change))
	return faults
}

var rules = sync.OnceValue(validate.New)

// allFaults are those of what could not be read and of the rest, in the form's order.
func (t table[T]) allFaults(of T, faults account.Faults) account.Faults {
	unread, order := slices.Clone(faults), map[string]int{}
	for i, f := range t.Fields() {
		order[f.Path] = i
		if f.Kind == account.FieldAmount && unread.On(f.Path) {
			_ = t.fields.Set(&of, f.Path, "0") // it is given, though it cannot be read
		}
	}
	for _, fault := range t.rules(rules(), of) {
		if !unread.On(fault.Path) {
			faults = append(faults, fault)
		}
	}
	slices.SortStableFunc(faults, func(a, b account.Fault) int { return order[a.Path] - order[b.Path] })
	return faults
}

func (t table[T]) Remove(r *Request, id account.ID, reason string) error {
	return t.remove(r.Service, r.Context(), id, r.Actor, reason)
}
