package account

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/shopspring/decimal"
)

// Account is one client with every setting of the Edit page, in the page's
// sections. It is a plain value; take a copy with [Account.Clone]. The zero
// Account has no login; [New] returns one with the platform's defaults. An Account
// is not safe for concurrent change.
type Account struct {
	ID       ID
	Revision int64 // counts applied changes, from 1; 0 before it is stored
	Parent   ID    // the account this is a subaccount of; zero for none; fixed at creation

	Core     Core
	Credit   Credit
	Routing  Routing
	Contact  Contact
	Status   Status
	Expires  time.Time // when the account stops sending; zero for never
	Sending  Sending
	Mail     Mail
	Webhooks Webhooks
	Billing  Billing
	Notes    Notes

	CreatedAt time.Time
	UpdatedAt time.Time
}

// MaxDepth is how many levels of accounts there may be: a top-level account and
// four beneath it.
const MaxDepth = 5

// Core is how a client signs in and when they may send.
type Core struct {
	Login             string            `json:"login"` // lower case, unique, kept for good
	Password          NewPassword       `json:"-"`     // set by an edit, never stored
	Manager           ID                `json:"manager"`
	NotificationLimit NotificationLimit `json:"notification_limit"`
	Moderation        Moderation        `json:"moderation"` // empty: the product's, or none
	TimeZone          string            `json:"time_zone"`  // IANA name
	Dispatch          Dispatch          `json:"dispatch"`
	Currency          Currency          `json:"currency"` // fixed once money has moved
}

// Credit is what a client may spend beyond the balance.
type Credit struct {
	Limit    Optional[decimal.Decimal] `json:"limit"` // unset: the product's, or 0
	Overdraw Overdraw                  `json:"overdraw"`
	Shared   bool                      `json:"shared"` // spends the money of the account above
	Cap      Optional[decimal.Decimal] `json:"cap"`    // the most of it in a calendar month; unset: no cap
}

// Overdraw is credit that ends by itself: it counts while now < ExpiresAt.
type Overdraw struct {
	Limit     decimal.Decimal `json:"limit"`
	ExpiresAt time.Time       `json:"expires_at"`
	Reason    string          `json:"reason"`
}

// Routing is how messages of a client travel.
type Routing struct {
	Priority        Optional[int] `json:"priority"`         // 0-3, 3 highest; unset: the product's, or 0
	BypassBlacklist bool          `json:"bypass_blacklist"` // the platform's list only, never opt-outs
	DynamicSender   bool          `json:"dynamic_sender"`   // any valid sender, not only Senders
	Senders         Senders       `json:"senders"`
	MOviaSMPP       bool          `json:"mo_smpp"` // incoming messages go to the SMPP session, not the URL
}

// Contact is who the client is.
type Contact struct {
	FirstName  string  `json:"first_name"`
	LastName   string  `json:"last_name"`
	Contract   string  `json:"contract"` // unique when given
	Company    string  `json:"company"`
	Credential string  `json:"credential"` // legal or tax id
	Phone      string  `json:"phone"`      // E.164
	Country    Country `json:"country"`
	Telegram   string  `json:"telegram"` // @name
	Skype      string  `json:"skype"`
}

// Sending is what a client may send by, and for how long reports are awaited.
type Sending struct {
	DLRDays     Optional[int] `json:"dlr_days"` // 1-30; unset: the product's, or 3
	SMPP        bool          `json:"smpp"`
	API         bool          `json:"api"`
	Web         bool          `json:"web"`
	REST        bool          `json:"rest"`
	Subaccounts bool          `json:"subaccounts"`
}

// Mail is where mails go and what they carry.
type Mail struct {
	Email           string      `json:"email"`
	PriceUpdate     string      `json:"price_update"` // empty: Email
	Billing         string      `json:"billing"`      // empty: Email
	PriceFormat     PriceFormat `json:"price_format"`
	DailyStatistics bool        `json:"daily_statistics"`
}

// Webhooks are the URLs that states and incoming messages are sent to. The two
// families do not stand in for each other.
type Webhooks struct {
	APIState     string `json:"api_state"`
	APIIncoming  string `json:"api_incoming"`
	RESTState    string `json:"rest_state"`
	RESTIncoming string `json:"rest_incoming"`
}

// Billing is when invoices and statistics are made.
type Billing struct {
	Enterprise   Enterprise `json:"enterprise"`
	InvoiceDays  MonthDays  `json:"invoice_days"`
	SendStats    bool       `json:"send_stats"`
	SendInvoices bool       `json:"send_invoices"`
	ToEmail      bool       `json:"to_email"`
}

// Notes are internal remarks and the product whose defaults apply.
type Notes struct {
	Pinned   string `json:"pinned"`   // never shown to the client
	Comments string `json:"comments"` // nor is this
	Product  ID     `json:"product"`
}

// Platform defaults, used where neither the account nor its product says more.
const (
	DefaultTimeZone   = "UTC"
	DefaultCurrency   = Currency("EUR")
	DefaultDLRDays    = 3
	DefaultPriority   = 0
	DefaultModeration = ModerationNone
)

// New returns an account with the platform's defaults: pending, a company, open for
// dispatch at any hour. It still lacks a login, a password and a company name.
func New() Account {
	return Account{
		Core:    Core{TimeZone: DefaultTimeZone, Dispatch: AllWeek(), Currency: DefaultCurrency},
		Status:  StatusPending,
		Billing: Billing{Enterprise: EnterpriseCompany},
	}
}

// Clone returns a copy that shares nothing that can be changed (invariant 5).
func (a Account) Clone() Account {
	a.Routing.Senders = slices.Clone(a.Routing.Senders)
	return a
}

// Name returns what people call the client: the company, else the person, else the login.
func (a Account) Name() string {
	switch c := a.Contact; {
	case c.Company != "":
		return c.Company
	case c.FirstName != "" && c.LastName != "":
		return c.FirstName + " " + c.LastName
	default:
		return a.Core.Login
	}
}

// SharesMoney reports whether the account spends the money of the one above.
func (a Account) SharesMoney() bool { return a.Credit.Shared && !a.Parent.IsZero() }

// MOGoesToSMPP says where an incoming message goes: to the SMPP session, or else to
// the URL of its family. Without the permission for SMPP there is no session.
func (a Account) MOGoesToSMPP() bool { return a.Routing.MOviaSMPP && a.Sending.SMPP }

// Location returns the client's time zone. Where this machine does not know it, the error is
// [ErrZone]: another zone would send, and cut, at the wrong hour.
func (a Account) Location() (*time.Location, error) {
	loc, err := LoadZone(a.Core.TimeZone)
	if err != nil {
		return nil, fmt.Errorf("%w: %q", ErrZone, a.Core.TimeZone)
	}
	return loc, nil
}

// ForBilling returns where invoices, statements and daily statistics are mailed: the e-mail for
// billing, else the first; empty for nowhere.
func (m Mail) ForBilling() string { return cmp.Or(m.Billing, m.Email) }

// PriceUpdates returns where price updates are mailed, the e-mail for them, else the first,
// and as what kind of file. It is false when there is no address, or no format.
func (m Mail) PriceUpdates() (to string, format PriceFormat, ok bool) {
	to = cmp.Or(m.PriceUpdate, m.Email)
	return to, m.PriceFormat, to != "" && m.PriceFormat != ""
}
