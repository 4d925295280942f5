package mail

import (
	"cmp"
	"time"

	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount/account"
)

// About is what every mail may speak of: who writes, to whom, who helps, and when it
// happened. Templates see this and the fields of their kind, and nothing else of an account:
// no comment, password, hash, token or secret can be reached.
type About struct {
	Platform string // the name of who writes
	Client   Client
	Manager  Contact        // whom the client asks; the zero Contact where there is none
	At       time.Time      // when it happened
	Zone     *time.Location // the client's, in which instants are written; nil is UTC
}

func (a About) about() About { return a }

// Local returns an instant on the client's clock.
func (a About) Local(t time.Time) time.Time {
	if a.Zone == nil {
		return t.UTC()
	}
	return t.In(a.Zone)
}

// Client is who a mail is about.
type Client struct {
	Login   string
	Company string
	Name    string // first and last name of the contact
}

// Title returns how to address the client: by name, else company, else login.
func (c Client) Title() string { return cmp.Or(c.Name, c.Company, c.Login) }

// Contact is a person who can be asked.
type Contact struct{ Name, Email, Phone string }

// IsZero reports whether there is nobody.
func (c Contact) IsZero() bool { return c == Contact{} }

// Money is an amount in a currency.
type Money struct {
	Amount   decimal.Decimal
	Currency account.Currency
}

// Funds are what a client has, and what it is enough for.
type Funds struct {
	Balance   Money
	Available Money // what may be spent: with credit, without what is held
	// Messages is how many messages are left at the reference price. Counted: there is a
	// price to count them by; otherwise Messages means nothing.
	Messages decimal.Decimal
	Counted  bool
}

// Period are the days of a document, both included, on the client's calendar.
type Period struct{ First, Last account.Date }

// Document is what all documents have.
type Document struct {
	Number string
	Issued account.Date
}
