package document

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/internal/textform"
)

// Kind is what a document is. Its value is stable, and that of the mail that carries it.
type Kind string

// The kinds of documents.
const (
	KindDaily      Kind = "statistics.daily"
	KindStatement  Kind = "statement"
	KindInvoice    Kind = "invoice"
	KindCreditNote Kind = "credit_note"

	KindPriceUpdate Kind = "price.update"
	KindNotice      Kind = "notice" // its mail is of the kind of its event
)

// Kinds returns all kinds.
func Kinds() []Kind {
	return []Kind{KindDaily, KindStatement, KindInvoice, KindCreditNote, KindPriceUpdate, KindNotice}
}

// Document is a [Daily], [Statement], [Invoice], [CreditNote], [PriceUpdate] or [Notice].
type Document interface {
	// Kind returns which it is.
	Kind() Kind
	// About returns what all documents have.
	About() Head
	// Check returns ErrSums where something does not add up, and ErrUnshowable for a text that no
	// document may hold.
	Check() error
	// tidy returns it as it is written.
	tidy() Document
	// masked returns it without what a viewer does not see.
	masked(sees func(path string) bool) Document
}

// Head is what all documents have. Everything in it is as of when the document was made.
type Head struct {
	ID       account.ID       `json:"id"`
	Account  account.ID       `json:"account"`
	Number   Number           `json:"number"`
	Issued   account.Date     `json:"issued"`   // on the client's calendar
	At       time.Time        `json:"at"`       // when it was made; of a notice, when it happened
	Zone     string           `json:"zone"`     // of the days in it
	Language string           `json:"language"` // in whose Words it is shown, a tag: "en"
	Currency account.Currency `json:"currency"`
	Digits   int              `json:"digits"` // the currency's minor ones
	Issuer   Issuer           `json:"issuer"`
	Customer Customer         `json:"customer"`
	Manager  Contact          `json:"manager,omitzero"` // whom the client asks
}

// About returns the head itself.
func (h Head) About() Head { return h }

// of returns the head of a document that is being made of an account.
func (h Head) of(id account.ID) Head {
	h.Account, h.Digits = id, h.Currency.Digits()
	return h
}

// places is how many decimal places can be paid.
func (h Head) places() int32 { return int32(min(max(h.Digits, 0), account.MaxScale)) }

// location returns the zone, or UTC for one that is not known here.
func (h Head) location() *time.Location {
	zone, err := account.LoadZone(h.Zone)
	if err != nil {
		return time.UTC
	}
	return zone
}

// check returns ErrUnshowable for what cannot be shown.
func (h Head) check() error {
	texts := slices.Concat(
		[]string{h.Number.Series, h.Number.Text, h.Zone, h.Language, string(h.Currency)},
		[]string{h.Issuer.Name, string(h.Issuer.Country), h.Issuer.Credential, h.Issuer.Email, h.Issuer.Phone}, h.Issuer.Address, h.Issuer.Notes,
		[]string{h.Customer.Login, h.Customer.Name, h.Customer.Contact, string(h.Customer.Country), h.Customer.Credential, h.Customer.Contract}, h.Customer.Address,
		[]string{h.Manager.Name, h.Manager.Email, h.Manager.Phone},
	)
	return checkTexts(texts...)
}

// MaxText is the most bytes of a text in a document.
const MaxText = 10_000

func checkTexts(texts ...string) error {
	for _, text := range texts {
		if !isText(text) {
			return fmt.Errorf("%w: %.100q", ErrUnshowable, text)
		}
	}
	return nil
}

// isText reports whether a document can hold a text.
func isText(text string) bool { return len(text) <= MaxText && textform.IsLine(text) }

// tidied returns the head as it is written, with instants as stores keep them.
func (h Head) tidied() Head {
	h.At = tidyInstant(h.At)
	return h
}

func tidyInstant(t time.Time) time.Time { return t.UTC().Truncate(time.Microsecond) }

func tidyWindow(w account.Window) account.Window {
	return account.Window{From: tidyInstant(w.From), To: tidyInstant(w.To)}
}

// Issuer is who a document is from: the host's answer.
type Issuer struct {
	Name       string          `json:"name"`
	Address    []string        `json:"address,omitempty"` // line by line
	Country    account.Country `json:"country"`
	Credential string          `json:"credential"` // legal or tax id
	Email      string          `json:"email"`
	Phone      string          `json:"phone"`
	Notes      []string        `json:"notes,omitempty"` // at the foot of invoices and credit notes: a bank account, a clause
}

// Customer is who a document is for.
type Customer struct {
	Login      string          `json:"login"`
	Name       string          `json:"name"`              // the company, or of a private client the person
	Contact    string          `json:"contact"`           // the person at a company
	Address    []string        `json:"address,omitempty"` // line by line; an account has none, a host may
	Country    account.Country `json:"country"`
	Credential string          `json:"credential"`
	Contract   string          `json:"contract"`
}

// CustomerOf returns who a client is now.
func CustomerOf(a account.Account) Customer {
	c := Customer{
		Login: a.Core.Login, Name: a.Name(), Contact: strings.TrimSpace(a.Contact.FirstName + " " + a.Contact.LastName),
		Country: a.Contact.Country, Credential: a.Contact.Credential, Contract: a.Contact.Contract,
	}
	if a.Billing.Enterprise == account.EnterprisePrivate && c.Contact != "" {
		c.Name = c.Contact
	}
	if c.Contact == c.Name {
		c.Contact = ""
	}
	return c
}

// Contact is a person who can be asked; zero for nobody.
type Contact struct {
	Name  string `json:"name"`
	Email string `json:"email"`
	Phone string `json:"phone"`
}

// Number is the number of a document within its series and year, 1, 2, 3. The zero Number is
// that of a document without one.
type Number struct {
	Series string `json:"series"` // may be empty
	Year   int    `json:"year"`
	Number int64  `json:"number"`
	Text   string `json:"text"` // as it is printed
}

// NumberFormat writes a number for people. It must write each differently.
type NumberFormat func(Number) string

// NewNumber returns a number as the format writes it; nil is [FormatNumber].
func NewNumber(series string, year int, number int64, format NumberFormat) Number {
	n := Number{Series: series, Year: year, Number: number}
	if format == nil {
		format = FormatNumber
	}
	n.Text = format(n)
	return n
}

// FormatNumber writes "INV-2026-000042", or "2026-000042" without a series.
func FormatNumber(n Number) string {
	digits := strconv.FormatInt(n.Number, 10)
	text := strconv.Itoa(n.Year) + "-" + strings.Repeat("0", max(0, 6-len(digits))) + digits
	if n.Series != "" {
		text = n.Series + "-" + text
	}
	return text
}

// IsZero reports whether there is none.
func (n Number) IsZero() bool { return n == Number{} }

// Period is that of a document: an instant from its first to its last one, and the days that
// people call it by. It is cut in the zone that the client had at its end.
type Period struct {
	account.Window
	First account.Date `json:"first"`
	Last  account.Date `json:"last"` // included
}

// NewPeriod returns the period between two cuts that follow each other, in the zone of the second,
// which names the first day where the first cut has no date, as that of an account's creation.
func NewPeriod(from, to account.Cut, zone *time.Location) Period {
	first := from.Day
	if first.IsZero() {
		first = account.DateOf(from.At, zone)
	}
	return Period{account.Window{From: from.At, To: to.At}, first, to.Day.Prev()}
}

// Takes reports whether an entry that is in no earlier period is in this one. Those of an account
// ascend in time as their numbers do, so the period is the entries behind the last one's
// up to the first that it does not take.
func (p Period) Takes(e account.Entry) bool { return e.At.Before(p.To) }

func (p Period) tidied() Period {
	p.Window = tidyWindow(p.Window)
	return p
}

// compareDays orders by day, and the rest by what follows.
func compareDays(a, b account.Date, rest ...int) int {
	return cmp.Or(slices.Insert(rest, 0, a.Compare(b))...)
}
