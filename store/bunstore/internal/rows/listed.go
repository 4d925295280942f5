package rows

import (
	"time"

	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/internal/textform"
	"github.com/clientaccount/clientaccount/store"
)

type summary = account.Summary

// Listed is what an edit writes of a row of clientaccount_listed: whose it is, its fields, and its
// place beneath others.
var Listed = Codec[summary]{
	key("account_id", func(s *summary) *account.ID { return &s.ID }),
	text("login", func(s *summary) *string { return &s.Login }),
	derived("company_key", func(s *summary) string { return textform.ForSort(s.Company) }),
	instant("created_at", func(s *summary) *time.Time { return &s.CreatedAt }),
	instant("updated_at", func(s *summary) *time.Time { return &s.UpdatedAt }),
	idOrNull("manager", func(s *summary) *account.ID { return &s.Manager }),
	idOrNull("product", func(s *summary) *account.ID { return &s.Product }),
	text("country", func(s *summary) *account.Country { return &s.Country }),
	idOrNull("parent", func(s *summary) *account.ID { return &s.Parent }),
}.And(Placed[1:])

// Placed is a row's place beneath others, and what that makes of its status.
var Placed = Codec[summary]{
	key("account_id", func(s *summary) *account.ID { return &s.ID }),
	text("above", func(s *summary) *account.Status { return &s.Above }),
	instantOrNull("above_expires", func(s *summary) *time.Time { return &s.AboveExpires }),
	derived("status", func(s *summary) string { return string(s.Status.Worse(s.Above)) }),
	{
		Column{"ends_at", "timestamptz"},
		func(p *Params, s *summary) { p.instant(s.Ends()) },
		func(r *Row, _ *summary) { r.Instant() },
	},
}

// Outlooks is a row as those beneath it see it: with the worst status and the first end as its own.
var Outlooks = Codec[summary]{
	key("account_id", func(s *summary) *account.ID { return &s.ID }),
	{
		Column{"status", "text"},
		func(p *Params, s *summary) { p.Text(string(s.Status)) },
		func(r *Row, s *summary) { s.Status, s.Above = account.Status(r.Text()), account.StatusActive },
	},
	instantOrNull("ends_at", func(s *summary) *time.Time { return &s.Expires }),
}

// Accountwise is an account's own status and end, by the account's columns.
var Accountwise = Codec[summary]{
	key("id", func(s *summary) *account.ID { return &s.ID }),
	text("status", func(s *summary) *account.Status { return &s.Status }),
	instantOrNull("expires_at", func(s *summary) *time.Time { return &s.Expires }),
}

// InList are the columns of a page that are of clientaccount_listed.
var InList = Codec[summary]{
	text("above", func(s *summary) *account.Status { return &s.Above }),
	instantOrNull("above_expires", func(s *summary) *time.Time { return &s.AboveExpires }),
	instant("moved_at", func(s *summary) *time.Time { return &s.Moved }),
	sortAmount("balance", func(s *summary) *decimal.Decimal { return &s.Balance }),
	sortAmount("available", func(s *summary) *decimal.Decimal { return &s.Available }),
}

// Standings is what is written of a standing.
var Standings = Codec[store.Standing]{
	key("account_id", func(s *store.Standing) *account.ID { return &s.Account }),
	bigint("version", func(s *store.Standing) *int64 { return &s.Version }),
	instant("moved_at", func(s *store.Standing) *time.Time { return &s.Moved }),
	sortAmount("balance", func(s *store.Standing) *decimal.Decimal { return &s.Balance }),
	sortAmount("available", func(s *store.Standing) *decimal.Decimal { return &s.Available }),
	flag("exhausted", func(s *store.Standing) *bool { return &s.Exhausted }),
	flag("near_limit", func(s *store.Standing) *bool { return &s.NearLimit }),
	instantOrNull("overdraw_ends", func(s *store.Standing) *time.Time { return &s.OverdrawEnds }),
	bigint("seen_marks", func(s *store.Standing) *int64 { return &s.Marks }),
	instantOrNull("changes_at", func(s *store.Standing) *time.Time { return &s.ChangesAt }),
}

// Behind is a row of an account whose standing is to be put.
var Behind = Codec[store.Behind]{
	key("account_id", func(b *store.Behind) *account.ID { return &b.Account }),
	bigint("marks", func(b *store.Behind) *int64 { return &b.Marks }),
}

// sortAmount is an amount as text that sorts as amounts do.
func sortAmount[T any](name string, at func(*T) *decimal.Decimal) field[T] {
	return field[T]{
		Column{name, "text"},
		func(p *Params, v *T) { p.Text(account.SortAmount(*at(v))) },
		func(r *Row, v *T) {
			d, ok := account.ParseSortAmount(r.Text())
			if !ok {
				r.failed(ErrAmount)
			}
			*at(v) = d
		},
	}
}

// FoundMessages is a row of a message that was found, of several tables.
var FoundMessages = Codec[store.MessageKey]{
	key("account_id", func(k *store.MessageKey) *account.ID { return &k.Account }),
	text("message", func(k *store.MessageKey) *string { return &k.ID }),
}
