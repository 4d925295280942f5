package rows

import (
	"time"

	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/document"
	"github.com/clientaccount/clientaccount/internal/textform"
	"github.com/clientaccount/clientaccount/store"
)

type kind = document.Kind

// Documents is a row of clientaccount_documents as it is read.
var (
	Documents = DocumentHeads.And(content)
	// NewDocuments is one as it is written; the state of its mails follows from them.
	NewDocuments = documentHead.And(content).And(Codec[store.Document]{
		{
			Column{"number_key", "text"},
			func(p *Params, d *store.Document) { p.textOrNull(NumberKey(d.Number)) },
			func(r *Row, _ *store.Document) { r.Text() },
		},
	})
	// DocumentHeads is one without its text.
	DocumentHeads = documentHead.And(Codec[store.Document]{
		text("mailed", func(d *store.Document) *store.MailState { return &d.Mailed }),
	})

	documentHead = Codec[store.Document]{
		key("id", func(d *store.Document) *account.ID { return &d.ID }),
		key("account_id", func(d *store.Document) *account.ID { return &d.Account }),
		text("kind", func(d *store.Document) *kind { return &d.Kind }),
		text("origin", func(d *store.Document) *string { return &d.Origin }),
		textOrNull("number", func(d *store.Document) *string { return &d.Number }),
		idOrNull("of_invoice", func(d *store.Document) *account.ID { return &d.Of }),
		instant("at", func(d *store.Document) *time.Time { return &d.At }),
		day("issued", func(d *store.Document) *account.Date { return &d.Issued }),
		day("first_day", func(d *store.Document) *account.Date { return &d.First }),
		day("last_day", func(d *store.Document) *account.Date { return &d.Last }),
		totalOrNull("total", func(d *store.Document) *account.Optional[decimal.Decimal] { return &d.Total }),
		text("currency", func(d *store.Document) *account.Currency { return &d.Currency }),
	}
	content = Codec[store.Document]{{
		Column{"content", "text"},
		func(p *Params, d *store.Document) { p.Text(string(d.Text)) },
		func(r *Row, d *store.Document) { d.Text = []byte(r.Text()) },
	}}
)

// NumberKey returns a printed number, or the beginning of one, as it is looked for.
func NumberKey(number string) string { return textform.ForSort(number) }

// totalOrNull is a sum of any number of amounts, NULL where it is unset.
func totalOrNull[T any](name string, at func(*T) *account.Optional[decimal.Decimal]) field[T] {
	return field[T]{
		Column{name, "numeric"},
		func(p *Params, v *T) {
			if d, set := at(v).Get(); set {
				p.form.Text(d.String())
			} else {
				p.Null()
			}
		},
		func(r *Row, v *T) {
			if r.isNull() {
				r.next++
				return
			}
			*at(v) = account.Some(r.sum())
		},
	}
}

// MailedDocument is a document, and what its mails come to.
type MailedDocument struct {
	Document account.ID
	Mailed   store.MailState
}

// MailedDocuments are they as a parameter, or what is returned of new mails.
var MailedDocuments = Codec[MailedDocument]{
	key("document", func(d *MailedDocument) *account.ID { return &d.Document }),
	text("state", func(d *MailedDocument) *store.MailState { return &d.Mailed }),
}

// DocumentKeys is a document in a parameter.
var DocumentKeys = Codec[account.ID]{key("document", func(id *account.ID) *account.ID { return id })}

// Numbers is a number that is given out.
var Numbers = Codec[int64]{bigint("number", func(n *int64) *int64 { return n })}
