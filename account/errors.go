package account

import (
	"errors"
	"strings"
)

// Failures that have no field. Compare with errors.Is.
var (
	// ErrNotFound: there is no such account, manager, product or change.
	ErrNotFound = errors.New("account: not found")
	// ErrStale: the account was changed since the revision that the edit was made from.
	ErrStale = errors.New("account: changed by someone else since")
	// ErrConflict: another transaction won a race; the same call may be tried again.
	ErrConflict = errors.New("account: lost a race with another transaction")
	// ErrSecret: what holds a password does not travel as JSON.
	ErrSecret = errors.New("account: a password does not go into JSON")
)

// Rule is the part of a fault's code that names the broken rule: "comma" of
// "credit.comma". Text parsers return it, and the field they parse for adds the
// noun before it.
type Rule string

// Error names the rule.
func (r Rule) Error() string { return "account: breaks the rule " + string(r) }

// Fault is one thing wrong with one field, or one warning about it. Path is the
// field's path, Code is stable and made for programs ("credit.comma"), Text is
// for people and may be translated. No part ever holds the value that was sent.
type Fault struct {
	Path string `json:"field"`
	Code string `json:"code"`
	Text string `json:"message"`
}

// Error returns the path and the text.
func (f Fault) Error() string { return f.Path + ": " + f.Text }

// Faults is everything wrong with what was sent, in the order of the page.
// A nil or empty Faults is no error: return it through [Faults.Err].
type Faults []Fault

// Error lists every fault.
func (fs Faults) Error() string {
	texts := make([]string, len(fs))
	for i, f := range fs {
		texts[i] = f.Error()
	}
	return "account: " + strings.Join(texts, "; ")
}

// Err returns the faults as an error, nil when there are none.
func (fs Faults) Err() error {
	if len(fs) == 0 {
		return nil
	}
	return fs
}

// Has reports whether a fault of this code is among them.
func (fs Faults) Has(code string) bool {
	for _, f := range fs {
		if f.Code == code {
			return true
		}
	}
	return false
}

// On reports whether any fault concerns the field at path.
func (fs Faults) On(path string) bool {
	for _, f := range fs {
		if f.Path == path {
			return true
		}
	}
	return false
}

// AsFaults finds the faults in an error chain; a single Fault counts as one.
// It returns nil and false for errors that are not about fields.
func AsFaults(err error) (Faults, bool) {
	if fs, ok := errors.AsType[Faults](err); ok {
		return fs, true
	}
	if f, ok := errors.AsType[Fault](err); ok {
		return Faults{f}, true
	}
	return nil, false
}
