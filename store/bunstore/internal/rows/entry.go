package rows

import (
	"time"

	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount/account"
)

type entry = account.Entry

// Entries is a row of clientaccount_entries: the part that a plain charge or top-up has, the rest of
// what no second person confirmed, and who that was. The narrower ones are written, so that nothing
// takes longer for columns that it does not have.
var (
	Entries      = SoleEntries.And(Codec[entry]{actorOrNull("confirmed_by", func(e *entry) *account.Actor { return &e.Second })})
	SoleEntries  = PlainEntries.And(otherEntries)
	PlainEntries = Codec[entry]{
		key("account_id", func(e *entry) *account.ID { return &e.Account }),
		bigint("number", func(e *entry) *int64 { return &e.Number }),
		instant("at", func(e *entry) *time.Time { return &e.At }),
		key("fingerprint", func(e *entry) *account.Fingerprint { return &e.Fingerprint }),
		integer("messages", func(e *entry) *int64 { return &e.Messages }),
		movementKind("kind", func(e *entry) *account.MovementKind { return &e.Kind }),
		text("reference", func(e *entry) *string { return &e.Reference }),
		amount("amount", func(e *entry) *decimal.Decimal { return &e.Amount }),
		amount("after", func(e *entry) *decimal.Decimal { return &e.After }),
		sumOrNull("credit_limit", func(e *entry) *decimal.Decimal { return &e.Limit }),
		textOrNull("actor_id", func(e *entry) *string { return &e.Actor.ID }),
		textOrNull("actor_name", func(e *entry) *string { return &e.Actor.Name }),
	}
	otherEntries = Codec[entry]{
		amountOrNull("held", func(e *entry) *decimal.Decimal { return &e.Held }),
		amountOrNull("held_after", func(e *entry) *decimal.Decimal { return &e.HeldAfter }),
		amountOrNull("shared", func(e *entry) *decimal.Decimal { return &e.Shared }),
		amountOrNull("spent", func(e *entry) *decimal.Decimal { return &e.Spent }),
		amountOrNull("spent_after", func(e *entry) *decimal.Decimal { return &e.SpentAfter }),
		textOrNull("reason", func(e *entry) *string { return &e.Reason }),
		textOrNull("hold", func(e *entry) *string { return &e.Hold }),
		instantOrNull("until_at", func(e *entry) *time.Time { return &e.Until }),
		bigintOrNull("of_entry", func(e *entry) *int64 { return &e.Of }),
		idOrNull("other", func(e *entry) *account.ID { return &e.Other }),
		idsOrNull("chain", func(e *entry) *[]account.ID { return &e.Chain }),
	}
)

// movementKind returns a kind that there is.
func movementKind[T any](name string, at func(*T) *account.MovementKind) field[T] {
	f := text(name, at)
	f.write = func(p *Params, v *T) { p.movementKind(*at(v)) }
	return f
}

// actorOrNull is an actor as JSON.
func actorOrNull[T any](name string, at func(*T) *account.Actor) field[T] {
	none := func(a account.Actor) bool { return a == account.Actor{} }
	return jsonOrNull(name, at, none, func(a account.Actor) []string { return []string{a.ID, a.Name} })
}

// IsSole reports whether an entry has nothing beyond what SoleEntries writes: no second person
// confirmed it.
func IsSole(e *account.Entry) bool { return e.Second == account.Actor{} }

// IsPlain reports whether an entry has nothing beyond what PlainEntries writes.
func IsPlain(e *account.Entry) bool {
	return IsSole(e) && e.Held.IsZero() && e.HeldAfter.IsZero() && e.Shared.IsZero() && e.Spent.IsZero() && e.SpentAfter.IsZero() &&
		e.Reason == "" && e.Hold == "" && e.Until.IsZero() && e.Of == 0 && e.Other.IsZero() && len(e.Chain) == 0
}

// References are an account's references, of holds that ended or of entries.
var References = Columns{Account, {"reference", "text"}}
