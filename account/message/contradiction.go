package message

import (
	"errors"
	"maps"
	"slices"

	"github.com/clientaccount/clientaccount/account"
)

// ErrContradiction is every [*ContradictionError].
var ErrContradiction = errors.New("message: contradicts what was said before")

// Code is which contradiction it is. Codes are stable and made for programs.
type Code string

// The contradictions.
const (
	CodeAdmittedOther Code = "admitted.other" // admitted before with another Path
	CodeAdmittedOver  Code = "admitted.over"  // it ended without being sent: another attempt needs an id of its own
	CodeSentUnsent    Code = "sent.unsent"    // it was said to be unsent
	CodeSentTimedOut  Code = "sent.timed_out" // the time to send it was over
	CodeSentOther     Code = "sent.other"     // the part was handed over under another id, or the id stands for another part: Was
	CodeSentTaken     Code = "sent.taken"     // the network's id, Was, is that of another message that is on its way
	CodeUnsentSent    Code = "unsent.sent"    // it was handed to a network
	CodeUnsentOther   Code = "unsent.other"   // it was unsent with another state or error
)

// contradictions have the text of each, and what else it is.
var contradictions = map[Code]struct {
	text string
	is   error
}{
	CodeAdmittedOther: {"was admitted with another content", account.ErrReused},
	CodeAdmittedOver:  {"ended without being sent", account.ErrHold},
	CodeSentUnsent:    {"was said not to be sent", account.ErrHold},
	CodeSentTimedOut:  {"was sent after its hold had timed out", account.ErrHold},
	CodeSentOther:     {"was handed over under another network id", account.ErrReused},
	CodeSentTaken:     {"was handed over under the network id of another message", account.ErrReused},
	CodeUnsentSent:    {"was sent", nil},
	CodeUnsentOther:   {"was not sent for another reason", account.ErrReused},
}

// ContradictionCodes returns every code that a [ContradictionError] can have, in their order.
func ContradictionCodes() []account.Code {
	var codes []account.Code
	for _, code := range slices.Sorted(maps.Keys(contradictions)) {
		codes = append(codes, account.Code{Code: string(code), Text: contradictions[code].text, About: "Messages that are kept"})
	}
	return codes
}

// ContradictionError is a call that cannot be true together with an earlier one. Nothing
// was changed by it.
type ContradictionError struct {
	Message string    // the message's id
	Code    Code      // which contradiction
	Path    string    // CodeAdmittedOther: the field that differs, by its JSON name
	Was     NetworkID // CodeSentOther: what the part, or the id, was said to be before; CodeSentTaken: the id
	// CodeSentTaken: the message that has the id, and its account.
	Other        string
	OtherAccount account.ID
}

// Error says which contradiction it is.
func (e *ContradictionError) Error() string {
	text := "message: " + e.Message + " " + contradictions[e.Code].text
	if e.Path != "" {
		text += ": " + e.Path
	}
	return text
}

// Unwrap is ErrContradiction, and account.ErrReused or account.ErrHold.
func (e *ContradictionError) Unwrap() []error {
	return slices.DeleteFunc([]error{ErrContradiction, contradictions[e.Code].is}, func(err error) bool { return err == nil })
}

func (m *Message) contradiction(e ContradictionError) error {
	e.Message = m.ID
	return &e
}
