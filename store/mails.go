package store

import (
	"cmp"
	"context"
	"time"

	"github.com/clientaccount/clientaccount/account"
)

// MailOutbox keeps mails until they are sent. Mails are leased one by one; a lease that ran out
// is anybody's, and its mail still waits. What is sent is made of the mail's document when it is
// sent; a mail is little more than whom it is for.
//
// Instants are the caller's, as with [Outbox].
type MailOutbox interface {
	// ClaimMails leases mails that wait, are due and that nobody holds, those due longest
	// first. No two owners ever hold the same mail at once. It does not wait for others' locks.
	ClaimMails(ctx context.Context, c MailClaim) ([]ClaimedMail, error)
	// RecordMails writes what came of tries, and ends the leases. Mails that the owner does not
	// hold any more are left alone, and returned.
	RecordMails(ctx context.Context, owner account.ID, rs []MailResult) (lost []account.ID, err error)
}

// MailReader is what can be asked of mails.
type MailReader interface {
	// Mails returns those of documents of an account, by the document's id, then in the order in
	// which they were made.
	Mails(ctx context.Context, id account.ID, documents []account.ID) ([]Mail, error)
}

// MailState is what became of a mail.
type MailState string

// The states of mails.
const (
	MailWaiting MailState = "waiting"
	MailSent    MailState = "sent"
	MailFailed  MailState = "failed"
)

// MailRole is which of a client's addresses a mail is for.
type MailRole string

// The roles. A mail of a role goes to the address that the client has for it when it is sent.
const (
	MailFixed   MailRole = ""        // to the mail's own address, whatever the client's are
	MailMain    MailRole = "main"    // E-mail
	MailBilling MailRole = "billing" // E-mail for billing, else the first
	MailPrices  MailRole = "prices"  // E-mail for price update, else the first
)

// Address returns which of a client's addresses a mail of the role goes to; empty where they have
// none, and for MailFixed.
func (r MailRole) Address(of account.Mail) string {
	switch r {
	case MailMain:
		return of.Email
	case MailBilling:
		return of.ForBilling()
	case MailPrices:
		return cmp.Or(of.PriceUpdate, of.Email)
	case MailFixed:
		return ""
	default:
		return ""
	}
}

// Mail is a document on its way to one address.
type Mail struct {
	ID       account.ID `json:"id"`
	Account  account.ID `json:"account"`
	Document account.ID `json:"document"`
	Role     MailRole   `json:"role"`
	To       string     `json:"to"` // the address, name@example.com: of a role the one that was tried last, at first the client's
	State    MailState  `json:"state"`
	MadeAt   time.Time  `json:"made_at"`
	DueAt    time.Time  `json:"due_at"` // of the next try, while it waits
	Tries    int        `json:"tries"`
	Last     MailTry    `json:"last"` // zero before the first
}

// MailTry is what came of a try.
type MailTry struct {
	At   time.Time `json:"at"`
	Code string    `json:"code"` // stable: sent, or why not, see package mail
	Said string    `json:"said"` // by the far end; may be empty
}

// MailClaim says who leases how many mails, and for how long.
type MailClaim struct {
	Owner account.ID `json:"owner"`
	Now   time.Time  `json:"now"`
	Until time.Time  `json:"until"` // the leases end
	Limit int        `json:"limit"`
	// Skip are domains, in lower case, whose mails are left for later: those of the addresses
	// to which mails would go now.
	Skip []string `json:"skip"`
	// Each is how many mails of one domain there are in a claim at most.
	Each int `json:"each"`
}

// ClaimedMail is a mail that was leased, and all that is needed to send it.
type ClaimedMail struct {
	Mail
	Address  string   `json:"address"` // where it goes now; empty: the client has none any more
	Document Document `json:"document"`
}

// MailResult is what came of a try.
type MailResult struct {
	ID    account.ID `json:"id"`
	To    string     `json:"to"` // the address that was tried
	State MailState  `json:"state"`
	DueAt time.Time  `json:"due_at"` // of the next try, where State is waiting
	Tries int        `json:"tries"`
	Last  MailTry    `json:"last"`
}
