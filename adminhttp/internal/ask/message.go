package ask

import (
	"slices"
	"strconv"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/price"
	"github.com/clientaccount/clientaccount/adminhttp/internal/sent"
	"github.com/clientaccount/clientaccount/internal/bounds"
)

// InstantOf reads a time of RFC 3339 that can be stored.
func InstantOf(path, text string) (time.Time, *account.Fault) {
	at, err := time.Parse(time.RFC3339, text)
	switch {
	case err != nil:
		return at, &account.Fault{Path: path, Code: "time.format", Text: "Use RFC 3339, for example 2026-11-23T08:41:02Z."}
	case !bounds.Instant(at):
		return at, sent.Fault(path, "instant.range")
	default:
		return at, nil
	}
}

// Trial is a message that is tried.
type Trial struct {
	account.Request
	At time.Time // as of when it is judged; zero: now
}

// Decide judges a message of the path's client.
func (r *Request) Decide(t Trial) (account.Decision, error) {
	if t.At.IsZero() {
		return r.Service.Decide(r.Context(), r.ID, t.Request)
	}
	return r.Service.DecideAt(r.Context(), r.ID, t.Request, t.At)
}

// MessageField is a name of a message that is tried: in the body of the API, and of
// the input on the page.
type MessageField struct {
	Name string
	Flag bool // true or false
	// Set puts the value into the trial, or says why it cannot be read. What can
	// be read is for the rules of the decision to check.
	Set func(m *Trial, text string) *account.Fault
}

// MessageFields returns all of them, in the order of the page.
func MessageFields() []MessageField {
	return []MessageField{
		lineField("channel", func(m *Trial, text string) { m.Channel = account.Channel(text) }),
		lineField("sender", func(m *Trial, text string) { m.Sender = text }),
		lineField("destination", func(m *Trial, text string) { m.Destination = text }),
		lineField("mcc", func(m *Trial, text string) { m.MCC = text }),
		lineField("mnc", func(m *Trial, text string) { m.MNC = text }),
		{Name: "parts", Set: setParts},
		{Name: "price", Set: setPrice},
		flagField("round", func(m *Trial, on bool) { m.Round = on }),
		{Name: "priority", Set: setPriority},
		{Name: "validUntil", Set: setValidUntil},
		{Name: "at", Set: setAt},
		// What the host would know of the message.
		flagField("flagged", func(m *Trial, on bool) { m.Flagged = on }),
		flagField("reviewed", func(m *Trial, on bool) { m.Reviewed = on }),
		flagField("blacklisted", func(m *Trial, on bool) { m.Blacklisted = on }),
		flagField("optedOut", func(m *Trial, on bool) { m.OptedOut = on }),
		flagField("barred", func(m *Trial, on bool) { m.Barred = on }),
	}
}

// networkNames are those of a message's network, by which its price is found.
var networkNames = []string{"mcc", "mnc"}

// MessageFields returns those of an actor: who does not see price lists has no name for the
// network, since what a message to it costs would tell.
func (r *Request) MessageFields() []MessageField {
	if r.SeesPrices() {
		return MessageFields()
	}
	return slices.DeleteFunc(MessageFields(), func(f MessageField) bool { return slices.Contains(networkNames, f.Name) })
}

// PricedBy returns the row of a price list by which a message has its price, or has none; false
// where that is not by a list, or not the actor's to see.
func (r *Request) PricedBy(m Trial) (price.Found, bool, error) {
	if !m.NeedsPrice() || !r.SeesPrices() {
		return price.Found{}, false, nil
	}
	at := m.At
	if at.IsZero() {
		at = r.Service.Now()
	}
	found, _, err := r.Service.PriceAt(r.Context(), r.ID, price.Network{MCC: m.MCC, MNC: m.MNC}, at)
	return found, found.MCC != "", err
}

func lineField(name string, set func(*Trial, string)) MessageField {
	return MessageField{Name: name, Set: func(m *Trial, text string) *account.Fault { set(m, text); return nil }}
}

func flagField(name string, set func(*Trial, bool)) MessageField {
	return MessageField{Name: name, Flag: true, Set: func(m *Trial, text string) *account.Fault { set(m, text == "true"); return nil }}
}

func setParts(m *Trial, text string) *account.Fault {
	n, err := strconv.Atoi(text)
	m.Parts = n
	return sent.Unless(err == nil, account.Fault{Path: "parts", Code: "parts.range", Text: account.Finding{Code: "parts.range"}.Text()})
}

func setPrice(m *Trial, text string) *account.Fault {
	price, fault := MoneyOfText("price", text)
	m.Price = account.Some(price)
	return fault
}

func setPriority(m *Trial, text string) *account.Fault {
	n, err := strconv.Atoi(text)
	m.Priority = account.Some(n)
	return sent.Unless(err == nil && n >= 0 && n <= 3, account.NewFault("priority", "priority.range"))
}

func setValidUntil(m *Trial, text string) *account.Fault {
	at, fault := InstantOf("validUntil", text)
	m.ValidUntil = at
	return fault
}

func setAt(m *Trial, text string) *account.Fault {
	at, fault := InstantOf("at", text)
	m.At = at
	return fault
}
