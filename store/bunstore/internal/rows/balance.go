package rows

import (
	"time"

	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
)

type balance = account.Balance

// Balances is a row of clientaccount_balances: whose it is, what a movement changes, and
// the terms.
var (
	Balances = Codec[balance]{key("account_id", func(b *balance) *account.ID { return &b.Account })}.And(Moving).And(Terms)
	Moving   = Codec[balance]{
		bigint("version", func(b *balance) *int64 { return &b.Version }),
		bigint("entries", func(b *balance) *int64 { return &b.Entries }),
		bigint("events", func(b *balance) *int64 { return &b.Events }),
		amount("amount", func(b *balance) *decimal.Decimal { return &b.Amount }),
		amount("held", func(b *balance) *decimal.Decimal { return &b.Held }),
		instantOrNull("expires_at", func(b *balance) *time.Time { return &b.Expires }),
		amount("spent", func(b *balance) *decimal.Decimal { return &b.Spent }),
		integer("month", func(b *balance) *int { return &b.Month }),
		flag("low", func(b *balance) *bool { return &b.Low }),
		flag("exhausted", func(b *balance) *bool { return &b.Exhausted }),
		flag("overdraw_over", func(b *balance) *bool { return &b.OverdrawOver }),
		instantOrNull("last_at", func(b *balance) *time.Time { return &b.At }),
	}
	Terms = Codec[balance]{
		text("currency", func(b *balance) *account.Currency { return &b.Terms.Currency }),
		amount("credit", func(b *balance) *decimal.Decimal { return &b.Terms.Credit }),
		amount("overdraw", func(b *balance) *decimal.Decimal { return &b.Terms.Overdraw }),
		instantOrNull("overdraw_ends", func(b *balance) *time.Time { return &b.Terms.OverdrawEnds }),
		flag("closed", func(b *balance) *bool { return &b.Terms.Closed }),
		idOrNull("shares", func(b *balance) *account.ID { return &b.Terms.Shares }),
		optionalAmount("cap", func(b *balance) *account.Optional[decimal.Decimal] { return &b.Terms.Cap }),
		text("zone", func(b *balance) *string { return &b.Terms.Zone }),
		limit("notification_limit", func(b *balance) *account.NotificationLimit { return &b.Terms.Limit }),
		optionalAmount("price", func(b *balance) *account.Optional[decimal.Decimal] { return &b.Terms.Price }),
	}
)

// ChangeColumns returns those that WriteChange writes.
func ChangeColumns(terms bool) Columns {
	cs := Columns{Account, Was}.And(Moving.Columns()...)
	if terms {
		return cs.And(Terms.Columns()...)
	}
	return cs
}

// WriteChange writes the balance after a posting, and the version that it is written over.
func WriteChange(p *Params, posting *store.Posting, terms bool) {
	p.Key(posting.Balance.Account)
	p.Integer(posting.From)
	Moving.Write(p, &posting.Balance)
	if terms {
		Terms.Write(p, &posting.Balance)
	}
}
