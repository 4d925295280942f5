package rows

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/internal/textform"
)

type client = account.Account

// Accounts is a row of clientaccount_accounts as it is read. It has a column for every
// field of the field table that is not secret: a new field needs a migration, and nothing
// here.
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

// FieldColumn is the name of the column of a field's path.
func FieldColumn(path string) string { return strings.ReplaceAll(path, ".", "_") }

func profile() (c Codec[client]) {
	for _, f := range account.Fields() {
		if !f.Secret() {
			c = append(c, fieldOf(f))
		}
	}
	return c
}

// fieldOf is the column of a field. A value whose text could not be read back is refused
// before it is written.
func fieldOf(f account.Field) field[client] {
	return field[client]{
		Column{FieldColumn(f.Path), ""},
		func(p *Params, a *client) {
			before := p.err
			text := f.Exact(*a)
			var back client
			p.failed(f.Restore(&back, text))
			p.exact(f.Kind, text)
			if before == nil && p.err != nil {
				p.err = fmt.Errorf("bunstore: %s: %w", f.Path, p.err)
			}
		},
		func(r *Row, a *client) { r.failed(f.Restore(a, r.exact(f.Kind))) },
	}
}

// exact writes a field's exact text as columns of its kind take it.
func (p *Params) exact(kind account.FieldKind, text string) {
	switch kind {
	case account.FieldFlag:
		p.Flag(text == "true")
	case account.FieldNumber, account.FieldManager, account.FieldProduct:
		p.quotedOrNull(text)
	case account.FieldAmount:
		d, err := parsed(text, account.ParseAmount)
		p.failed(err)
		p.optional(d)
	case account.FieldTime:
		t, err := parsed(text, func(s string) (time.Time, error) { return time.Parse(time.RFC3339Nano, s) })
		p.failed(err)
		if at, ok := t.Get(); ok {
			p.at(at)
		} else {
			p.Null()
		}
	default:
		p.Text(text)
	}
}

// parsed is what a text says, unset where it is empty.
func parsed[V any](text string, parse func(string) (V, error)) (account.Optional[V], error) {
	if text == "" {
		return account.Optional[V]{}, nil
	}
	v, err := parse(text)
	return account.Some(v), err
}

// exact reads a field's exact text.
func (r *Row) exact(kind account.FieldKind) string {
	if kind == account.FieldFlag {
		return strconv.FormatBool(r.Flag())
	}
	return r.Text()
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
