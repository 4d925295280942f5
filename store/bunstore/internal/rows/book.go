package rows

import (
	"time"

	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/document"
	"github.com/clientaccount/clientaccount/store"
)

type book = store.Book

// Books is a row of clientaccount_books.
var Books = Codec[book]{
	key("account_id", func(b *book) *account.ID { return &b.Account }),
	bigint("version", func(b *book) *int64 { return &b.Version }),
}.
	And(cut("cut_at", "cut_day", func(b *book) *account.Cut { return &b.Cut })).
	And(mark("opening", func(b *book) *document.Mark { return &b.Opening })).
	And(mark("to", func(b *book) *document.Mark { return &b.To })).
	And(cut("statement_at", "statement_day", func(b *book) *account.Cut { return &b.StatementCut })).
	And(mark("statement", func(b *book) *document.Mark { return &b.Statement })).
	And(cut("daily_at", "daily_day", func(b *book) *account.Cut { return &b.Daily })).
	And(Codec[book]{instantOrNull("due_at", func(b *book) *time.Time { return &b.DueAt })})

func cut[T any](at, date string, of func(*T) *account.Cut) Codec[T] {
	return within(Codec[account.Cut]{
		instantOrNull(at, func(c *account.Cut) *time.Time { return &c.At }),
		day(date, func(c *account.Cut) *account.Date { return &c.Day }),
	}, of)
}

func mark[T any](name string, of func(*T) *document.Mark) Codec[T] {
	return within(Codec[document.Mark]{
		bigint(name+"_entry", func(m *document.Mark) *int64 { return &m.Entry }),
		amount(name+"_balance", func(m *document.Mark) *decimal.Decimal { return &m.Balance }),
		amount(name+"_held", func(m *document.Mark) *decimal.Decimal { return &m.Held }),
	}, of)
}

// Usage is a row of clientaccount_usage, without whose it is.
var Usage = Codec[store.UsageRow]{
	bigint("period", func(u *store.UsageRow) *int64 { return &u.Period }),
	day("day", func(u *store.UsageRow) *account.Date { return &u.Day }),
	text("kind", func(u *store.UsageRow) *account.MovementKind { return &u.Kind }),
	unitPrice("price", func(u *store.UsageRow) *document.UnitPrice { return &u.Price }),
	text("refund", func(u *store.UsageRow) *document.RefundOf { return &u.Refund }),
	flag("shared", func(u *store.UsageRow) *bool { return &u.Shared }),
	bigint("entries", func(u *store.UsageRow) *int64 { return &u.Entries }),
	bigint("messages", func(u *store.UsageRow) *int64 { return &u.Messages }),
	total("moved", func(u *store.UsageRow) *decimal.Decimal { return &u.Moved }),
	total("held", func(u *store.UsageRow) *decimal.Decimal { return &u.Held }),
}

// UsageOfAccount is usage, and whose it is.
type UsageOfAccount struct {
	Account account.ID
	Usage   store.UsageRow
}

// UsageOfAccounts is a whole row of clientaccount_usage.
var UsageOfAccounts = append(Codec[UsageOfAccount]{
	key("account_id", func(u *UsageOfAccount) *account.ID { return &u.Account }),
}, within(Usage, func(u *UsageOfAccount) *store.UsageRow { return &u.Usage })...)

// UsageDays is a day of a period.
var UsageDays = Codec[account.Date]{day("day", func(d *account.Date) *account.Date { return d })}

func unitPrice[T any](name string, at func(*T) *document.UnitPrice) field[T] {
	return field[T]{
		Column{name, "text"},
		func(p *Params, v *T) { p.Text(at(v).String()) },
		func(r *Row, v *T) { r.failed(at(v).UnmarshalText([]byte(r.Text()))) },
	}
}
