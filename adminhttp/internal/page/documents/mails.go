package documents

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
	"github.com/clientaccount/clientaccount/adminhttp/internal/kind"
	"github.com/clientaccount/clientaccount/adminhttp/internal/page"
	"github.com/clientaccount/clientaccount/adminhttp/internal/words"
	"github.com/clientaccount/clientaccount/store"
)

// mailLine is a mail, and what came of it.
type mailLine struct {
	To      string // empty: not the actor's to see
	Role    words.Text
	Pill    page.Pill
	Sent    bool
	Made    words.Moment
	Outcome words.Text    // of the last try
	Said    string        // by the far end
	When    *words.Moment // of the last try
	Next    *words.Moment // of the next one
	Tries   words.Text
}

func (p *clientPage) mailLine(m store.Mail) mailLine {
	line := mailLine{To: m.To, Role: roleWords[m.Role], Pill: mailPills[m.State], Sent: m.State == store.MailSent, Made: p.moment(m.MadeAt), Said: m.Last.Said, Tries: words.Tries(m.Tries)}
	if !m.Last.At.IsZero() {
		when := p.moment(m.Last.At)
		line.When, line.Outcome = &when, mailCode(m.Last.Code)
	}
	if m.State == store.MailWaiting {
		next := p.moment(m.DueAt)
		if line.Next = &next; !m.DueAt.After(p.now) {
			next.Words = "due now"
		}
	}
	return line
}

// mailAgain mails a document once more.
func mailAgain(w http.ResponseWriter, r *ask.Request) error {
	values, err := page.ReadValues(r)
	if err != nil {
		return err
	}
	p, err := newDocumentPage(r)
	if err != nil {
		return err
	}
	p.values, p.faults = values, page.CheckNames(values, map[string]bool{"to": true})
	var m store.Mail
	if len(p.faults) == 0 {
		m, err = r.MailAgain(p.paper, strings.TrimSpace(values.Get("to")))
	}
	if faults, bad := account.AsFaults(err); bad {
		p.faults, err = r.Judge.Faults(faults), nil
	}
	switch {
	case err != nil:
		return err
	case len(p.faults) > 0:
		return p.show(w, http.StatusUnprocessableEntity)
	}
	page.Redirect(w, p.url+"?"+url.Values{"mailed": {m.ID.String()}}.Encode())
	return nil
}

// againForm returns the inputs of the form that mails a document once more.
func (p *documentPage) againForm() []kind.Control {
	if !p.r.MailsTo(p.paper) {
		return nil // it goes to the client's own address
	}
	c := kind.Control{
		Path: "to", Label: "To", Widget: "input", Mode: "email", Width: "wide", ID: "f-to", Described: "f-to-hint", Plain: true,
		Effect: "Another address; empty: the one that the client has for it now.", Value: p.values.Get("to"),
	}
	c.Refused(page.TextsOn(p.faults, "to"))
	return []kind.Control{c}
}
