package mail

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// Step is how far a sending came. The values are for programs and stable.
type Step string

// The steps of a sending, in their order. Senders that speak something else than SMTP use
// those that fit.
const (
	StepMessage Step = "message" // the message itself cannot be sent
	StepConnect Step = "connect" // no connection, or no greeting
	StepTLS     Step = "tls"     // no trusted encryption
	StepAuth    Step = "auth"    // our credentials were not taken
	StepFrom    Step = "from"    // the sender was not taken
	StepTo      Step = "to"      // the recipient was not taken
	StepContent Step = "content" // the message was not taken, or only a part of it sent
	StepAnswer  Step = "answer"  // all was sent, and no answer came
)

// MaxSaid is the most bytes that are kept of what a far end said.
const MaxSaid = 500

// SendError is why a message was not sent. It can be shown to an operator, and kept: it
// holds neither secrets nor the message.
type SendError struct {
	Step Step
	// Permanent: trying again would not help, as the far end refuses this message for good.
	Permanent bool
	// Unknown: the message may have been taken all the same.
	Unknown bool

	Code     int    // the far end's: an SMTP reply or an HTTP status; 0 where it did not answer
	Enhanced string // the status code of RFC 3463, "5.1.1"; may be empty
	Said     string // what it said, made by [Said]; may be empty
	Err      error  // what went wrong where the far end said nothing; may be nil
}

// Error says how far it came, and what was said.
func (e *SendError) Error() string {
	var s strings.Builder
	fmt.Fprintf(&s, "mail: %s", e.Step)
	if e.Code != 0 {
		fmt.Fprintf(&s, ": %d", e.Code)
	}
	for _, part := range []string{e.Enhanced, e.Said} {
		if part != "" {
			s.WriteString(" " + part)
		}
	}
	if e.Err != nil {
		fmt.Fprintf(&s, ": %v", e.Err)
	}
	return s.String()
}

// Unwrap returns Err.
func (e *SendError) Unwrap() error { return e.Err }

// IsPermanent reports whether an error of a Sender says that trying again would not help. An
// error that is no SendError says nothing of the kind.
func IsPermanent(err error) bool {
	var failed *SendError
	return errors.As(err, &failed) && failed.Permanent
}

// Said returns the beginning of what a far end said, fit to be kept and shown: one line of
// at most MaxSaid bytes in UTF-8, without control characters, and without the secrets, for
// which "…" stands.
func Said(text string, secrets ...string) string {
	for _, secret := range secrets {
		if secret != "" {
			text = strings.ReplaceAll(text, secret, "…")
		}
	}
	var kept strings.Builder
	for _, r := range strings.Join(strings.Fields(strings.ToValidUTF8(text, "?")), " ") {
		if breaksLine(r) {
			r = '?'
		}
		if kept.Len()+utf8.RuneLen(r) > MaxSaid {
			break
		}
		kept.WriteRune(r)
	}
	return kept.String()
}
