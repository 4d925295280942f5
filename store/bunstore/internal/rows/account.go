package rows

import (
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/internal/textform"
)

type client = account.Account

// Accounts is a row of clientaccount_accounts as it is read. It has a column for every
// field of the field table that is not secret.
var Accounts = append(Codec[client]{
	key("id", func(a *client) *account.ID { return &a.ID }),
	bigint("revision", func(a *client) *int64 { return &a.Revision }),
	idOrNull("parent", func(a *client) *account.ID { return &a.Parent }),
	instant("created_at", func(a *client) *time.Time { return &a.CreatedAt }),
	instant("updated_at", func(a *client) *time.Time { return &a.UpdatedAt }),
}, profile()...)

// AccountsWritten has beside them the columns that follow from others.
var AccountsWritten = Accounts.And(Codec[client]{
	derived("company_key", func(a *client) string { return textform.ForSort(a.Contact.Company) }),
	derived("search_text", func(a *client) string { return a.SearchText() }),
})

// profile is the columns of the field table, each of its field's kind.
func profile() Codec[client] {
	return columnsOf(account.AccountTable(), func(f account.Field) account.FieldKind { return f.Kind })
}

// Summaries is what a page of the Clients list reads of an account.
var Summaries = Codec[account.Summary]{
	key("id", func(s *account.Summary) *account.ID { return &s.ID }),
	text("login", func(s *account.Summary) *string { return &s.Login }),
	text("contact_company", func(s *account.Summary) *string { return &s.Company }),
	text("contact_first_name", func(s *account.Summary) *string { return &s.FirstName }),
	text("contact_last_name", func(s *account.Summary) *string { return &s.LastName }),
	text("contact_country", func(s *account.Summary) *account.Country { return &s.Country }),
	idOrNull("manager", func(s *account.Summary) *account.ID { return &s.Manager }),
	idOrNull("notes_product", func(s *account.Summary) *account.ID { return &s.Product }),
	idOrNull("parent", func(s *account.Summary) *account.ID { return &s.Parent }),
	text("status", func(s *account.Summary) *account.Status { return &s.Status }),
	instantOrNull("expires_at", func(s *account.Summary) *time.Time { return &s.Expires }),
	text("currency", func(s *account.Summary) *account.Currency { return &s.Currency }),
	instant("created_at", func(s *account.Summary) *time.Time { return &s.CreatedAt }),
	instant("updated_at", func(s *account.Summary) *time.Time { return &s.UpdatedAt }),
}
