package account

import (
	"errors"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount/internal/bounds"
	"github.com/clientaccount/clientaccount/internal/textform"
)

// Bounds of a movement.
const (
	// MaxReference is the most bytes of a reference.
	MaxReference = 255
	// MaxReason is the most characters of a reason.
	MaxReason = 200
	// MaxMessages is the most message parts of one movement.
	MaxMessages = 1<<31 - 1
	// DefaultHoldTimeout is for how long a hold stands that names no time-out.
	DefaultHoldTimeout = time.Hour
	// MaxHoldTimeout is the longest time-out of a hold.
	MaxHoldTimeout = 366 * 24 * time.Hour
	// ReservedPrefix begins the references that are made here: the other side of a
	// transfer, the end of a hold. A caller's may not begin like that.
	ReservedPrefix = "clientaccount:"
)

// Movement is a request to move money of one account. Amount is in the account's
// currency, with at most MaxScale places; only an adjustment's may be negative. An
// amount of zero is one that was forgotten, so a message that costs nothing says so
// by its Price. The zero Movement is refused.
type Movement struct {
	Account ID              `json:"account"`
	Kind    MovementKind    `json:"kind"`
	Amount  decimal.Decimal `json:"amount"` // KindCapture: zero for the whole hold; KindRefund: zero for what is left
	// Price, instead of Amount, is that of one message part: Messages times Price is
	// moved. A total of more than MaxScale places is a fault, or with Round rounded
	// once, half away from zero.
	Price     Optional[decimal.Decimal] `json:"price"`
	Round     bool                      `json:"round"`
	Currency  Currency                  `json:"currency"`  // if given, it must be the account's
	Messages  int64                     `json:"messages"`  // message parts paid for
	Reference string                    `json:"reference"` // the caller's own name for it, unique per account, kept for good
	Actor     Actor                     `json:"actor"`
	Second    Actor                     `json:"second"` // who confirmed it, where a second person had to
	Reason    string                    `json:"reason"` // KindAdjust: required

	Hold      string        `json:"hold"`       // KindCapture, KindRelease, KindExpire: reference of the hold
	Timeout   time.Duration `json:"timeout"`    // KindHold: for how long it stands; zero is DefaultHoldTimeout
	More      bool          `json:"more"`       // KindCapture: may exceed the hold, if the money rule allows the rest
	Of        int64         `json:"of"`         // KindRefund: number of the entry given back
	PassLimit bool          `json:"pass_limit"` // KindAdjust: may pass the limit
	Other     ID            `json:"other"`      // KindTransferOut: who gets it; KindTransferIn: who gave it
}

// Total returns the amount that moves: Amount, or Messages times Price. The error is
// Faults on amount.
func (m Movement) Total() (decimal.Decimal, error) {
	price, priced := m.Price.Get()
	switch {
	case !priced && m.Amount.IsZero(): // whatever its exponent, which could be absurd
		return decimal.Zero, nil
	case !priced:
		return m.Amount, nil
	}
	total, err := times(price, m.Messages, m.Round)
	if rule, broken := errors.AsType[Rule](err); broken {
		return decimal.Zero, Faults{amountFault(rule)}
	}
	return total, nil
}

// amountFault returns the fault of a rule that an amount breaks.
func amountFault(rule Rule) Fault {
	if rule == "scale" {
		return NewFault("amount", "amount.scale", MaxScale)
	}
	return NewFault("amount", "amount."+string(rule))
}

// Faults returns everything wrong with what a caller asks for, by itself; nil for nothing.
// That callers cannot ask for the kind is one, kind.internal; the references of such a
// movement are made by this module, and not looked at.
func (m Movement) Faults() Faults {
	row := m.Kind.row()
	faults := m.kindFaults(row)
	faults = append(faults, m.amountFaults(row)...)
	if row.Callers || !m.Kind.IsKnown() {
		faults = append(faults, ReferenceFaults("reference", m.Reference)...)
		if row.Ends {
			faults = append(faults, ReferenceFaults("hold", m.Hold)...)
		}
	}
	faults = append(faults, m.numberFaults(row)...)
	if row.Transfers && (m.Other.IsZero() || m.Other == m.Account) {
		faults = append(faults, NewFault("to", "to.other"))
	}
	faults = append(append(faults, m.reasonFaults(row)...), m.Actor.Faults()...)
	if m.Second.Faults() != nil {
		faults = append(faults, NewFault("second", "text.chars"))
	}
	return faults
}

// kindFaults returns those of the kind, and of fields that it does not use.
func (m *Movement) kindFaults(row *Traits) Faults {
	switch {
	case !m.Kind.IsKnown():
		return Faults{NewFault("kind", "kind.unknown")}
	case !row.Callers:
		return append(Faults{NewFault("kind", "kind.internal")}, m.unusedFaults(row)...)
	default:
		return m.unusedFaults(row)
	}
}

// amountFaults returns those of an amount or a price, where the kind has one.
func (m *Movement) amountFaults(row *Traits) Faults {
	_, priced := m.Price.Get()
	switch {
	case row.uses&usesAmount == 0 && m.Kind.IsKnown():
		return nil
	case priced && row.uses&usesPrice != 0:
		return m.priceFaults()
	case !bounds.Range(m.Amount):
		return Faults{amountFault("range")}
	case !boundedPlaces(m.Amount), bounds.Scale(m.Amount) > MaxScale:
		return Faults{amountFault("scale")}
	case m.Amount.IsNegative() && !row.Negative:
		return Faults{amountFault("negative")}
	case m.Amount.IsZero() && row.Amount == AmountRequired:
		return Faults{amountFault("zero")}
	default:
		return nil
	}
}

func (m *Movement) priceFaults() Faults {
	if !m.Amount.IsZero() {
		return Faults{NewFault("amount", "amount.price")}
	}
	_, err := m.Total()
	faults, _ := AsFaults(err)
	return faults
}

// numberFaults returns those of the numbers that the kind uses.
func (m *Movement) numberFaults(row *Traits) (faults Faults) {
	_, priced := m.Price.Get()
	if row.uses&usesMessages != 0 && (m.Messages < 0 || m.Messages > MaxMessages || priced && m.Messages == 0) {
		faults = append(faults, NewFault("messages", "messages.range"))
	}
	if row.uses&usesTimeout != 0 && (m.Timeout < 0 || m.Timeout > MaxHoldTimeout || m.Timeout > 0 && m.Timeout < time.Microsecond) {
		faults = append(faults, NewFault("timeout", "timeout.range"))
	}
	if row.uses&usesOf != 0 && m.Of < 1 {
		faults = append(faults, NewFault("of", "of.required"))
	}
	return faults
}

// ReferenceFaults returns what is wrong with a reference of a caller's, at a path.
func ReferenceFaults(path, reference string) Faults {
	switch {
	case reference == "":
		return Faults{NewFault(path, "idempotency.required")}
	case len(reference) > MaxReference:
		return Faults{NewFault(path, "idempotency.length")}
	case !textform.IsLine(reference), strings.HasPrefix(reference, ReservedPrefix):
		return Faults{NewFault(path, "idempotency.chars")}
	default:
		return nil
	}
}

func (m *Movement) reasonFaults(row *Traits) Faults {
	switch {
	case row.Reason && strings.TrimSpace(m.Reason) == "":
		return Faults{NewFault("reason", "reason.required")}
	case len(m.Reason) > MaxReason && utf8.RuneCountInString(m.Reason) > MaxReason:
		return Faults{NewFault("reason", "reason.length")}
	case !textform.IsLine(m.Reason):
		return Faults{NewFault("reason", "text.chars")}
	default:
		return nil
	}
}

// Fingerprint tells movements of different content apart: it is the same for movements of
// the same content, however their numbers are written. A reference may be used again only
// with the same one.
type Fingerprint [16]byte
