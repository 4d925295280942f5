package mail

import (
	"context"
	"errors"
	"fmt"
	"mime"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"
)

// Sender sends messages: mail/smtp, or what a host writes over its provider's interface. It
// must be safe for concurrent use, and return soon after the context ended.
type Sender interface {
	// Send returns nil once somebody took the message and answers for it. Any error means
	// that it is to be tried again, with the same Message-ID, unless [IsPermanent] reports
	// otherwise; it may have been taken all the same. An error's text holds no secret of the
	// sender's. Best is a *[SendError], which says what the far end said.
	Send(ctx context.Context, m Message) error
}

// Message is a mail to one recipient. What several people get are several messages: so what
// became of it is the fate of one, and nobody learns who else got it.
type Message struct {
	ID          MessageID    `json:"id"`
	Date        time.Time    `json:"date"` // when it was made; it stays when it is tried again
	From        Address      `json:"from"`
	ReplyTo     Address      `json:"reply_to"` // may be zero
	To          Address      `json:"to"`
	Subject     Line         `json:"subject"`
	Language    string       `json:"language"` // of the text (BCP 47), such as "en"; may be empty
	Text        string       `json:"text"`
	HTML        string       `json:"html"` // the same as Text; may be empty
	Attachments []Attachment `json:"attachments"`
}

// Attachment is a file that comes with a message.
type Attachment struct {
	Name    Line   `json:"name"` // at most 255 bytes, without slashes
	Type    string `json:"type"` // its media type, "application/pdf"
	Content []byte `json:"content"`
}

// ErrMessage is in the chain of what [Message.Check] returns.
var ErrMessage = errors.New("mail: not a whole message")

// languageTag is the outward form of a tag of BCP 47.
var languageTag = regexp.MustCompile(`^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,4}$`)

// Check returns all that keeps a message from being sent, or nil. Errors: ErrMessage.
func (m Message) Check() error {
	var wrong []string
	need := func(ok bool, what string) {
		if !ok {
			wrong = append(wrong, what)
		}
	}
	need(!m.ID.IsZero(), "id")
	need(m.Date.Year() > 1900 && m.Date.Year() < 10000, "date")
	need(!m.From.IsZero(), "from")
	need(!m.To.IsZero(), "to")
	need(strings.TrimSpace(m.Subject.text) != "", "subject")
	need(m.Language == "" || languageTag.MatchString(m.Language), "language")
	need(m.Text != "" && isText(m.Text), "text")
	need(isText(m.HTML), "html")
	for _, a := range m.Attachments {
		need(a.valid(), "attachment")
	}
	if wrong == nil {
		return nil
	}
	return fmt.Errorf("%w: %s", ErrMessage, strings.Join(wrong, ", "))
}

// isText reports whether a body is UTF-8 without NUL.
func isText(s string) bool { return utf8.ValidString(s) && !strings.ContainsRune(s, 0) }

// maxFileName is the most bytes of the name of a file.
const maxFileName = 255

func (a Attachment) valid() bool {
	name := a.Name.text
	return name != "" && name != "." && name != ".." && len(name) <= maxFileName && !strings.ContainsAny(name, `/\`) && a.mediaType() != ""
}

// mediaType returns the type as a header has it, or nothing where it is none, or one that
// has parts of its own.
func (a Attachment) mediaType() string {
	kind, params, err := mime.ParseMediaType(a.Type)
	if err != nil || len(a.Type) > maxFileName || !strings.Contains(kind, "/") ||
		strings.HasPrefix(kind, "multipart/") || strings.HasPrefix(kind, "message/") {
		return ""
	}
	return mime.FormatMediaType(kind, params)
}
