package smtp

import (
	"context"
	"errors"
	"io"
	"net"
	"net/textproto"
	"regexp"

	"github.com/clientaccount/clientaccount/mail"
)

var (
	// ErrClosed is in the chain of what Send returns on a Sender that was closed.
	ErrClosed = errors.New("smtp: the sender is closed")
	// ErrProtocol is in the chain of what Send returns where the server did not speak SMTP as
	// it should.
	ErrProtocol = errors.New("smtp: the server's answer makes no sense")
	// ErrNoTLS is in the chain of what Send returns where the server does not offer STARTTLS.
	ErrNoTLS = errors.New("smtp: the server does not offer STARTTLS")
	// ErrNoAuth is in the chain of what Send returns where the server does not offer a way to
	// sign in that we know.
	ErrNoAuth = errors.New("smtp: the server offers no way to sign in that is known")
)

// enhanced is a status code (RFC 3463) at the beginning of a line that a server said.
var enhanced = regexp.MustCompile(`(?m)^([245]\.\d{1,3}\.\d{1,3})(?: +|$)`)

// failure returns what an error at a step comes to. What a server said is kept without the
// secrets, and none of it while we sign in: it may repeat what it was told, in any form.
func failure(ctx context.Context, step mail.Step, err error, secrets []string) *mail.SendError {
	f := &mail.SendError{Step: step}
	var answer *textproto.Error
	if !errors.As(err, &answer) {
		f.Err = cause(ctx, step, err)
		return f
	}
	f.Code, f.Permanent = answer.Code, isFinal(step, answer.Code)
	if code := enhanced.FindStringSubmatch(answer.Msg); code != nil {
		f.Enhanced = code[1]
	}
	if step != mail.StepAuth {
		f.Said = mail.Said(enhanced.ReplaceAllString(answer.Msg, ""), secrets...)
	}
	return f
}

// isFinal reports whether an answer refuses a message for good. What is about us, and not
// about the message, is for an operator to mend: that we were to sign in first (502, 503,
// 530), or otherwise (534, 535, 538).
func isFinal(step mail.Step, code int) bool {
	switch code {
	case 502, 503, 530, 534, 535, 538:
		return false
	}
	ofMessage := step == mail.StepFrom || step == mail.StepTo || step == mail.StepContent
	return ofMessage && code >= 500 && code <= 599
}

// cause is an error that quotes nothing that the server said.
func cause(ctx context.Context, step mail.Step, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	var network net.Error
	var unreadable textproto.ProtocolError
	switch {
	case errors.As(err, &network), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, net.ErrClosed):
		return err
	case errors.Is(err, errTooMuch), errors.As(err, &unreadable):
		return ErrProtocol
	case step == mail.StepTLS, errors.Is(err, ErrClosed), errors.Is(err, ErrNoAuth), errors.Is(err, errSecret):
		return err
	default:
		return ErrProtocol
	}
}
