package account

import (
	"errors"
	"fmt"
	"strings"

	"github.com/shopspring/decimal"
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

// Refusals of a movement. Compare with errors.Is.
var (
	// ErrExhausted: more than is available.
	ErrExhausted = errors.New("account: more than is available")
	// ErrClosed: the account is closed.
	ErrClosed = errors.New("account: closed")
	// ErrHold: there is no such hold, or it has ended.
	ErrHold = errors.New("account: no such hold stands")
	// ErrHoldAmount: a capture is larger than its hold, and More was not said.
	ErrHoldAmount = errors.New("account: more than the hold")
	// ErrRefund: there is no such entry, it took no money, or was asked of another account.
	ErrRefund = errors.New("account: no entry that can be refunded")
	// ErrRefundAmount: more than what is left of the entry; nothing is left of one
	// that was refunded in full.
	ErrRefundAmount = errors.New("account: more than is left of the entry")
	// ErrReused: the reference was used before, for another movement.
	ErrReused = errors.New("account: the reference was used for something else")
	// ErrShared: the account has no money of its own to move.
	ErrShared = errors.New("account: has no money of its own")
	// ErrZone: the account's time zone is not known on this machine, and so not the month
	// in which shared money would be spent. See [LoadZone].
	ErrZone = errors.New("account: time zone not known on this machine")
)

// ExhaustedError is a refusal of the money rule. It is ErrExhausted.
type ExhaustedError struct {
	Account   ID // whose money, or cap, is exhausted
	Needed    decimal.Decimal
	Available decimal.Decimal
	Cap       bool // the monthly cap of shared money is
}

// Error names both amounts.
func (e *ExhaustedError) Error() string {
	return fmt.Sprintf("account: %s needed, %s available", e.Needed, e.Available)
}

// Unwrap returns ErrExhausted.
func (e *ExhaustedError) Unwrap() error { return ErrExhausted }

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
	// Figure is the amount that the text names, as plain decimals ("1639.16"), where programs have to
	// compare it; else empty.
	Figure string `json:"figure,omitempty"`
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
