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
	name   string
	schema object
	kind   sent.Kind
	// set puts the value into the request, or says why it cannot be read. What can
	// be read is for the rules of the decision to judge.
	set func(m *account.Request, text string) *account.Fault
}

// messageFields are all of them, in the order of the page.
func messageFields() []messageField {
	return slices.Concat([]messageField{
		{
			name: "channel", kind: sent.KindString, schema: described(object{"type": "string"}, "By which it is handed over: smpp, api, web or rest."),
			set: func(m *account.Request, text string) *account.Fault { m.Channel = account.Channel(text); return nil },
		},
		{
			name: "sender", kind: sent.KindString, schema: described(object{"type": "string"}, "The name or number it comes from."),
			set: func(m *account.Request, text string) *account.Fault { m.Sender = text; return nil },
		},
		{
			name: "destination", kind: sent.KindString, schema: described(object{"type": "string"}, "The number it goes to, as E.164."),
			set: func(m *account.Request, text string) *account.Fault { m.Destination = text; return nil },
		},
		{
			name: "parts", kind: sent.KindNumber, schema: described(object{"type": "integer"}, "How many parts it has, 1 to 255."), set: setParts,
		},
		{
			name: "price", kind: sent.KindString, schema: amountOf("Of one part, in the client's currency."), set: setPrice,
		},
		messageFlag("round", "Round parts times price to 6 decimals, half away from zero; else more is refused.", func(m *account.Request, on bool) { m.Round = on }),
		{
			name: "priority", kind: sent.KindNumber, set: setPriority,
			schema: object{"type": "integer", "minimum": 0, "maximum": 3, "description": "The one asked for; the client's unless given, which is also the highest that counts."},
		},
		{
			name: "validUntil", kind: sent.KindString, set: setValidUntil,
			schema: described(instantSchema(), "The last instant at which it may go; no end unless given."),
		},
	}, messageFlags())
}

// messageFlags are what the host would know of the message.
func messageFlags() []messageField {
	return []messageField{
		messageFlag("flagged", "The content check wants a person to look.", func(m *account.Request, on bool) { m.Flagged = on }),
		messageFlag("reviewed", "A person has looked, and lets it pass.", func(m *account.Request, on bool) { m.Reviewed = on }),
		messageFlag("blacklisted", "The destination is on the platform's blacklist.", func(m *account.Request, on bool) { m.Blacklisted = on }),
		messageFlag("optedOut", "The recipient wants nothing from this sender.", func(m *account.Request, on bool) { m.OptedOut = on }),
		messageFlag("barred", "A legal list forbids it.", func(m *account.Request, on bool) { m.Barred = on }),
	}
}

func messageFlag(name, about string, set func(*account.Request, bool)) messageField {
	return messageField{
		name: name, kind: sent.KindBool, schema: object{"type": "boolean", "description": about},
		set: func(m *account.Request, text string) *account.Fault { set(m, text == "true"); return nil },
	}
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
	m.ValidUntil, _ = time.Parse(time.RFC3339, text)
	return validInstant("validUntil")(text, access.Judge{})
}

// toldFinding is a finding as the actor may be told of it, and whether of its amounts.
type toldFinding struct {
	account.Finding
	amounts bool
}

// findings are those of a decision about the client of the path as far as the actor may
// be told of them: of a hidden field only that there is one, and no account outside of
// the scope.
func findings(r *request, d account.Decision) ([]toldFinding, error) {
	sums, err := sumsOf(r, r.id)
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
