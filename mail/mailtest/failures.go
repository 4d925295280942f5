package mailtest

import (
	"errors"
	"io"

	"github.com/clientaccount/clientaccount/mail"
)

// Busy is a server that asks to come again later (greylisting, 451).
func Busy() error {
	return &mail.SendError{Step: mail.StepTo, Code: 451, Enhanced: "4.7.1", Said: "greylisted, try again later"}
}

// UnknownUser is a server that has no such recipient (550).
func UnknownUser() error {
	return &mail.SendError{Step: mail.StepTo, Permanent: true, Code: 550, Enhanced: "5.1.1", Said: "no such user"}
}

// MailboxFull is a server that takes no more for the recipient (552).
func MailboxFull() error {
	return &mail.SendError{Step: mail.StepContent, Permanent: true, Code: 552, Enhanced: "5.2.2", Said: "mailbox full"}
}

// Unreachable is a server to which there is no connection.
func Unreachable() error {
	return &mail.SendError{Step: mail.StepConnect, Err: io.EOF}
}

// Lost is a server that took the message, and whose answer was lost.
func Lost() error {
	return &mail.SendError{Step: mail.StepAnswer, Unknown: true, Err: io.ErrUnexpectedEOF}
}

func isUnknown(err error) bool {
	var failed *mail.SendError
	return errors.As(err, &failed) && failed.Unknown
}
