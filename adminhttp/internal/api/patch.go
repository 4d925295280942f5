package api

import (
	"slices"
	"strings"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
	"github.com/clientaccount/clientaccount/adminhttp/internal/kind"
	"github.com/clientaccount/clientaccount/adminhttp/internal/sent"
)

// shape is what a body's names may be: the fields by path, and the objects they
// are in.
type shape struct {
	fields []account.Field
	unset  func(account.Field) (text string, set bool) // what null means
}

// shapeOf is the client for an actor: hidden fields have no name. In a merge patch
// (RFC 7396) null sets a field to what a new client has.
func shapeOf(p access.Judge) shape {
	fresh := account.New()
	return shape{p.Fields(), func(f account.Field) (string, bool) { return f.Text(fresh), true }}
}

// omittingNulls is the shape of what does not exist yet, where null is the same as
// left out.
func (s shape) omittingNulls() shape {
	s.unset = func(account.Field) (string, bool) { return "", false }
	return s
}

// read turns a body into the fields to set, and lists what cannot be.
func (s shape) read(d sent.Document) (account.Change, account.Faults) {
	change, faults := s.readObject("", d.Value)
	return change, sent.AddFault(d.Faults, faults...)
}

func (s shape) readObject(path string, n sent.Value) (change account.Change, faults account.Faults) {
	for _, m := range n.Members {
		within := sent.Within(path, m.Name)
		set, bad := s.readMember(within, m)
		change, faults = append(change, set...), sent.AddFault(faults, bad...)
	}
	return change, faults
}

func (s shape) readMember(path string, m sent.Member) (account.Change, account.Faults) {
	if strings.Contains(m.Name, ".") { // "credit.limit" is no name, but a path
		return nil, account.Faults{account.NewFault(path, "field.unknown", path)}
	}
	i := slices.IndexFunc(s.fields, func(f account.Field) bool { return f.Path == path })
	switch within := s.within(path); {
	case i >= 0:
		return s.readField(s.fields[i], m.Value)
	case len(within) == 0:
		return nil, account.Faults{account.NewFault(path, "field.unknown", path)}
	case m.Value.Kind == sent.KindNull:
		return s.clear(within), nil
	case m.Value.Kind != sent.KindObject:
		return nil, sent.TypeFaults(path, false)
	default:
		return s.readObject(path, m.Value)
	}
}

// within are the fields of an object.
func (s shape) within(path string) (fields []account.Field) {
	for _, f := range s.fields {
		if strings.HasPrefix(f.Path, path+".") {
			fields = append(fields, f)
		}
	}
	return fields
}

func (s shape) readField(f account.Field, n sent.Value) (account.Change, account.Faults) {
	if n.Kind == sent.KindNull {
		return s.clear([]account.Field{f}), nil
	}
	text, faults := kind.Text(f, n)
	if len(faults) > 0 {
		return nil, faults
	}
	return account.Change{}.Set(f.Path, text), nil
}

func (s shape) clear(fields []account.Field) (change account.Change) {
	for _, f := range fields {
		if text, set := s.unset(f); set {
			change = change.Set(f.Path, text)
		}
	}
	return change
}

// applying sets a change on an account, and adds what was wrong before.
func applying(change account.Change, faults account.Faults) func(*account.Account) error {
	return func(a *account.Account) error {
		more, _ := account.AsFaults(change.Apply(a))
		return sent.AddFault(slices.Clone(faults), more...).Err()
	}
}
