package document

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount/account"
)

// MaxPrices is how many prices of one day and kind are told apart: the lowest ones. The others
// are together, as various.
const MaxPrices = 1000

// Mark is how an account stood after an entry. The zero Mark is before the first one.
type Mark struct {
	Entry   int64           `json:"entry"` // its number
	Balance decimal.Decimal `json:"balance"`
	Held    decimal.Decimal `json:"held"`
}

// MarkOf returns how the account stood after an entry.
func MarkOf(e account.Entry) Mark { return Mark{e.Number, e.After, e.HeldAfter} }

// RefundOf is what a refund gives back.
type RefundOf string

// What a refund gives back. Where the ledger does not say when it was used, as it is in that
// of a subaccount, it is RefundSubaccount.
const (
	RefundNone       RefundOf = "" // it is no refund
	RefundPeriod     RefundOf = "period"
	RefundEarlier    RefundOf = "earlier"    // used before the period
	RefundSubaccount RefundOf = "subaccount" // used by a subaccount that shares the money
)

var refundsInOrder = []RefundOf{RefundNone, RefundPeriod, RefundEarlier, RefundSubaccount}

// UsageKey is what entries are counted by. It is comparable.
type UsageKey struct {
	Day    account.Date         `json:"day"` // the client's civil day
	Kind   account.MovementKind `json:"kind"`
	Price  UnitPrice            `json:"price"`  // of what pays for messages
	Refund RefundOf             `json:"refund"` // of refunds
	Shared bool                 `json:"shared"` // an account above paid, or was paid
}

// Compare orders keys by day, kind, who paid, what was given back, and price.
func (k UsageKey) Compare(other UsageKey) int {
	return compareDays(k.Day, other.Day,
		cmp.Compare(kindOrder(k.Kind), kindOrder(other.Kind)),
		compareBools(k.Shared, other.Shared),
		cmp.Compare(slices.Index(refundsInOrder, k.Refund), slices.Index(refundsInOrder, other.Refund)),
		k.Price.Compare(other.Price),
	)
}

var kindsInOrder = account.MovementKinds()

func kindOrder(kind account.MovementKind) int { return slices.Index(kindsInOrder, kind) }

func compareBools(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	default:
		return 1
	}
}

// UsageSums are what entries come to. Sums of different entries add up in any order.
type UsageSums struct {
	Entries  int64           `json:"entries"`
	Messages int64           `json:"messages"` // message parts paid for
	Moved    decimal.Decimal `json:"moved"`    // money, as account.Entry.Moved has it
	Held     decimal.Decimal `json:"held"`     // effect on what is held
}

// Plus is both together.
func (s UsageSums) Plus(t UsageSums) UsageSums {
	return UsageSums{s.Entries + t.Entries, s.Messages + t.Messages, s.Moved.Add(t.Moved), s.Held.Add(t.Held)}
}

// UsageRow is what the entries of one key come to.
type UsageRow struct {
	UsageKey
	UsageSums
}

// Amount returns the effect on the account's own balance.
func (r UsageRow) Amount() decimal.Decimal {
	if r.Shared {
		return decimal.Zero
	}
	return r.Moved
}

// Usage is what the entries of an account from one mark to another come to. Make it by
// [NewUsage]. It is not safe for concurrent use, and a copy shares its rows.
type Usage struct {
	account account.ID
	begins  int64 // number of the first entry of the period
	from    Mark
	to      Mark
	rows    map[UsageKey]*UsageSums
	prices  map[UsageKey][]UnitPrice // those told apart, ascending, by key without price
}

// NewUsage returns that of no entries yet, of the period that begins behind a mark.
func NewUsage(id account.ID, opening Mark) *Usage {
	return &Usage{
		account: id, begins: opening.Entry + 1, from: opening, to: opening,
		rows: map[UsageKey]*UsageSums{}, prices: map[UsageKey][]UnitPrice{},
	}
}

// Part returns the usage of no entries yet that goes on behind a mark within the same period: to
// be added to elsewhere, and merged when the entries up to the mark are in.
func (u *Usage) Part(mark Mark) *Usage {
	part := NewUsage(u.account, mark)
	part.begins = u.begins
	return part
}

// Restore returns the usage of a period, up to a mark, from the rows that were kept of it.
func Restore(id account.ID, opening, to Mark, rows []UsageRow) *Usage {
	u := NewUsage(id, opening)
	u.to = to
	for _, row := range rows {
		u.put(row.UsageKey, row.UsageSums)
	}
	return u
}

// Account returns whose it is.
func (u *Usage) Account() account.ID { return u.account }

// From returns how the account stood before the first entry.
func (u *Usage) From() Mark { return u.from }

// To returns how it stood after the last one.
func (u *Usage) To() Mark { return u.to }

// Add takes the next entry, of the civil day that it is on in the zone. The error is ErrLedger:
// for an entry of another account, or number, or that does not begin with the balance at which the
// one before ended, or of no kind that there is, and for no zone. Then nothing is added.
func (u *Usage) Add(e account.Entry, zone *time.Location) error {
	if err := u.follows(e); err != nil {
		return err
	}
	if zone == nil {
		return fmt.Errorf("%w: entry %d: there is no zone to say of which day it is", ErrLedger, e.Number)
	}
	u.put(u.keyOf(e, zone), UsageSums{1, e.Messages, e.Moved(), e.Held})
	u.to = MarkOf(e)
	return nil
}

// follows returns why an entry is not the next one, or nil.
func (u *Usage) follows(e account.Entry) error {
	switch {
	case e.Account != u.account:
		return fmt.Errorf("%w: entry %d is of another account", ErrLedger, e.Number)
	case e.Number != u.to.Entry+1:
		return fmt.Errorf("%w: entry %d after %d", ErrLedger, e.Number, u.to.Entry)
	case !e.Kind.IsKnown():
		return fmt.Errorf("%w: entry %d is of no known kind, %q", ErrLedger, e.Number, e.Kind)
	case !u.to.Balance.Add(e.Amount).Equal(e.After), !u.to.Held.Add(e.Held).Equal(e.HeldAfter):
		return fmt.Errorf("%w: entry %d does not begin with the balance at which the one before ended", ErrLedger, e.Number)
	default:
		return nil
	}
}

func (u *Usage) keyOf(e account.Entry, zone *time.Location) UsageKey {
	kind := e.Kind.Traits()
	key := UsageKey{Day: account.DateOf(e.At, zone), Kind: e.Kind, Shared: e.IsShared()}
	switch {
	case kind.Refundable:
		key.Price = NewUnitPrice(e.Moved().Neg(), e.Messages)
	case kind.Refunds:
		key.Refund = u.refundOf(e)
	}
	return key
}

func (u *Usage) refundOf(e account.Entry) RefundOf {
	switch {
	case len(e.Chain) > 0 && e.Chain[0] != e.Account: // Of is a number in another ledger
		return RefundSubaccount
	case e.Of < u.begins:
		return RefundEarlier
	default:
		return RefundPeriod
	}
}

// put adds sums to those of a key. Of more than MaxPrices prices, the lowest stay, whatever the
// order they come in: so parts that are merged come to the same as all at once.
func (u *Usage) put(key UsageKey, sums UsageSums) {
	row := u.rows[key]
	if row == nil {
		row = u.row(u.told(key))
	}
	*row = row.Plus(sums)
}

// row returns the sums of a key, which are new ones at first.
func (u *Usage) row(key UsageKey) *UsageSums {
	row := u.rows[key]
	if row == nil {
		row = &UsageSums{}
		u.rows[key] = row
	}
	return row
}

// told returns the key under which a new one is counted. Where its price is one too many, the
// highest is told apart no longer.
func (u *Usage) told(key UsageKey) UsageKey {
	if _, one := key.Price.Get(); !one {
		return key
	}
	group, together := withPrice(key, UnitPrice{}), withPrice(key, Various())
	prices := u.prices[group]
	at, _ := slices.BinarySearchFunc(prices, key.Price, UnitPrice.Compare)
	prices = slices.Insert(prices, at, key.Price)
	u.prices[group] = prices[:min(len(prices), MaxPrices)]
	if len(prices) <= MaxPrices {
		return key
	}
	highest := withPrice(key, prices[MaxPrices])
	if highest == key {
		return together
	}
	u.put(together, *u.rows[highest])
	delete(u.rows, highest)
	return key
}

func withPrice(key UsageKey, price UnitPrice) UsageKey {
	key.Price = price
	return key
}

// Merge takes what another comes to, a part of the same period that begins at the mark at which
// this ends. The error is ErrLedger for any other; then nothing is added.
func (u *Usage) Merge(next *Usage) error {
	switch {
	case next.account != u.account || next.begins != u.begins:
		return fmt.Errorf("%w: this part is of another period or account", ErrLedger)
	case next.from.Entry != u.to.Entry, !next.from.Balance.Equal(u.to.Balance), !next.from.Held.Equal(u.to.Held):
		return fmt.Errorf("%w: the part behind entry %d does not follow on entry %d", ErrLedger, next.from.Entry, u.to.Entry)
	}
	for key, sums := range next.rows {
		u.put(key, *sums)
	}
	u.to = next.to
	return nil
}

// Rows returns all rows in the order of their keys, in a slice that belongs to the caller.
func (u *Usage) Rows() []UsageRow {
	rows := make([]UsageRow, 0, len(u.rows))
	for _, key := range slices.SortedFunc(maps.Keys(u.rows), UsageKey.Compare) {
		rows = append(rows, UsageRow{key, *u.rows[key]})
	}
	return rows
}
