package adminhttp

import (
	"slices"
	"strconv"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
	"github.com/clientaccount/clientaccount/adminhttp/internal/sent"
)

// messageField is a name of a message that is tried: in the body of the API, and of
// the input on the page.
type messageField struct {
	name string
	flag bool // true or false
	// set puts the value into the request, or says why it cannot be read. What can
	// be read is for the rules of the decision to judge.
	set func(m *account.Request, text string) *account.Fault
}

// messageFields are all of them, in the order of the page.
func messageFields() []messageField {
	return []messageField{
		lineField("channel", func(m *account.Request, text string) { m.Channel = account.Channel(text) }),
		lineField("sender", func(m *account.Request, text string) { m.Sender = text }),
		lineField("destination", func(m *account.Request, text string) { m.Destination = text }),
		{name: "parts", set: setParts},
		{name: "price", set: setPrice},
		flagField("round", func(m *account.Request, on bool) { m.Round = on }),
		{name: "priority", set: setPriority},
		{name: "validUntil", set: setValidUntil},
		// What the host would know of the message.
		flagField("flagged", func(m *account.Request, on bool) { m.Flagged = on }),
		flagField("reviewed", func(m *account.Request, on bool) { m.Reviewed = on }),
		flagField("blacklisted", func(m *account.Request, on bool) { m.Blacklisted = on }),
		flagField("optedOut", func(m *account.Request, on bool) { m.OptedOut = on }),
		flagField("barred", func(m *account.Request, on bool) { m.Barred = on }),
	}
}

func lineField(name string, set func(*account.Request, string)) messageField {
	return messageField{name: name, set: func(m *account.Request, text string) *account.Fault { set(m, text); return nil }}
}

func flagField(name string, set func(*account.Request, bool)) messageField {
	return messageField{name: name, flag: true, set: func(m *account.Request, text string) *account.Fault { set(m, text == "true"); return nil }}
}

func setParts(m *account.Request, text string) *account.Fault {
	n, err := strconv.Atoi(text)
	m.Parts = n
	return sent.Unless(err == nil, account.Fault{Path: "parts", Code: "parts.range", Text: account.Finding{Code: "parts.range"}.Text()})
}

func setPrice(m *account.Request, text string) *account.Fault {
	price, fault := readMoney("price", text)
	m.Price = account.Some(price)
	return fault
}

func setPriority(m *account.Request, text string) *account.Fault {
	n, err := strconv.Atoi(text)
	m.Priority = account.Some(n)
	return sent.Unless(err == nil && n >= 0 && n <= 3, account.NewFault("priority", "priority.range"))
}

func setValidUntil(m *account.Request, text string) *account.Fault {
	at, fault := instantOf("validUntil", text)
	m.ValidUntil = at
	return fault
}

// toldFinding is a finding as the actor may be told of it, and whether of its amounts.
type toldFinding struct {
	account.Finding
	amounts bool
}

// findings are those of a decision about the client of the path as far as the actor may
// be told of them: of a hidden field only that there is one, and no account outside of
// the scope.
func (r *request) findings(d account.Decision) ([]toldFinding, error) {
	sums, err := r.sumsOf(r.id)
	if err != nil {
		return nil, err
	}
	var told []toldFinding
	for _, f := range d.Findings {
		f := toldFinding{Finding: r.judge.Finding(f)}
		f.amounts = f.Code == "credit.exhausted" && sums.Available
		if f.Account != r.id {
			if f.Account, err = r.judge.Named(r.Context(), f.Account); err != nil {
				return nil, err
			}
		}
		if f.Code != access.CodeHidden || !slices.ContainsFunc(told, func(t toldFinding) bool { return t.Code == f.Code && t.Verdict == f.Verdict }) {
			told = append(told, f)
		}
	}
	return told, nil
}

// until is when a message that waits is decided again; zero for who may not know.
func (r *request) until(d account.Decision) time.Time {
	if !r.judge.Shows("dispatch", "time_zone") {
		return time.Time{}
	}
	return d.Until
}

// words are a finding as people read it.
func (f toldFinding) words() string {
	switch {
	case f.Code == access.CodeHidden:
		return access.HiddenText
	case f.Code == "credit.exhausted" && !f.amounts:
		return "What is available does not pay for this message."
	default:
		return f.Text()
	}
}
