package account

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/shopspring/decimal"
)

// MovementKind is what a movement does to the balance and to what is held.
type MovementKind string

// The kinds of movements, and the sign of their effect.
const (
	TopUp       MovementKind = "top_up"       // balance up
	Charge      MovementKind = "charge"       // balance down, under the money rule
	HoldFunds   MovementKind = "hold"         // held up, under the money rule
	Capture     MovementKind = "capture"      // a hold ends: held down, balance down
	Release     MovementKind = "release"      // a hold ends: held down
	Expire      MovementKind = "expire"       // as Release, at the hold's time-out
	Adjust      MovementKind = "adjust"       // balance up or down, with a reason
	Refund      MovementKind = "refund"       // balance up, of an earlier charge or capture
	TransferOut MovementKind = "transfer_out" // balance down, under the money rule
	TransferIn  MovementKind = "transfer_in"  // balance up
)

// MovementKinds are all kinds, in the order in which they are explained.
func MovementKinds() []MovementKind {
	return []MovementKind{
		TopUp, Charge, HoldFunds, Capture, Release, Expire, Adjust, Refund, TransferOut, TransferIn,
	}
}

func (k MovementKind) known() bool {
	switch k {
	case TopUp, Charge, HoldFunds, Capture, Release, Expire, Adjust, Refund, TransferOut, TransferIn:
		return true
	default:
		return false
	}
}

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
	// systemReference begins the references that are made here: the other side of a
	// transfer, the end of a hold. A caller's may not begin like that.
	systemReference = "clientaccount:"
)

// Movement is a wish to move money of one account. Amount is in the account's
// currency, with at most MaxScale places; only an adjustment's may be negative. An
// amount of zero is one that was forgotten, so a message that costs nothing says so
// by its Price. The zero Movement is refused.
type Movement struct {
	Account ID
	Kind    MovementKind
	Amount  decimal.Decimal // Capture: zero for the whole hold; Refund: zero for what is left
	// Price, instead of Amount, is that of one message part: Messages times Price is
	// moved. A total of more than MaxScale places is a fault, or with Round rounded
	// once, half away from zero.
	Price     Optional[decimal.Decimal]
	Round     bool
	Currency  Currency // if given, it must be the account's
	Messages  int64    // message parts paid for
	Reference string   // the caller's own name for it, unique per account, kept for good
	Actor     Actor
	Reason    string // Adjust: required

	Hold      string        // Capture, Release, Expire: reference of the hold
	Timeout   time.Duration // HoldFunds: for how long it stands; zero is DefaultHoldTimeout
	More      bool          // Capture: may exceed the hold, if the money rule allows the rest
	Of        int64         // Refund: number of the entry given back
	PassLimit bool          // Adjust: may pass the limit
	Other     ID            // TransferOut: who gets it; TransferIn: who gave it
}

// Total is the amount that moves: Amount, or Messages times Price. The error is
// Faults on amount.
func (m Movement) Total() (decimal.Decimal, error) {
	price, priced := m.Price.Get()
	if !priced {
		return m.Amount, nil
	}
	total, err := times(price, m.Messages, m.Round)
	if rule, broken := errors.AsType[Rule](err); broken {
		return decimal.Zero, Faults{amountFault(rule)}
	}
	return total, nil
}

// amountFault is the fault of a rule that an amount breaks.
func amountFault(rule Rule) Fault {
	if rule == "scale" {
		return NewFault("amount", "amount.scale", MaxScale)
	}
	return NewFault("amount", "amount."+string(rule))
}

// Faults is everything wrong with the movement by itself, nil for nothing.
func (m Movement) Faults() Faults {
	var faults Faults
	if !m.Kind.known() {
		faults = append(faults, NewFault("kind", "kind.unknown"))
	}
	faults = append(faults, m.amountFaults()...)
	faults = append(faults, referenceFaults("reference", m.Reference)...)
	if m.endsHold() {
		faults = append(faults, referenceFaults("hold", m.Hold)...)
	}
	if _, priced := m.Price.Get(); m.Messages < 0 || m.Messages > MaxMessages || priced && m.Messages == 0 {
		faults = append(faults, NewFault("messages", "messages.range"))
	}
	if m.Timeout < 0 || m.Timeout > MaxHoldTimeout || m.Timeout > 0 && m.Timeout < time.Microsecond {
		faults = append(faults, NewFault("timeout", "timeout.range"))
	}
	if m.Kind == Refund && m.Of < 1 {
		faults = append(faults, NewFault("of", "of.required"))
	}
	if m.Kind == TransferOut && (m.Other.IsZero() || m.Other == m.Account) {
		faults = append(faults, NewFault("to", "to.other"))
	}
	return append(append(faults, m.reasonFaults()...), m.Actor.Faults()...)
}

func (m Movement) amountFaults() Faults {
	_, priced := m.Price.Get()
	switch {
	case priced && !m.Amount.IsZero():
		return Faults{NewFault("amount", "amount.price")}
	case priced && m.Kind != Charge && m.Kind != HoldFunds && m.Kind != Capture:
		return Faults{NewFault("price", "amount.price")}
	case priced:
		_, err := m.Total()
		faults, _ := AsFaults(err)
		return faults
	case !FitsRange(m.Amount):
		return Faults{amountFault("range")}
	case Scale(m.Amount) > MaxScale:
		return Faults{amountFault("scale")}
	case m.Amount.IsNegative() && m.Kind != Adjust:
		return Faults{amountFault("negative")}
	case m.Amount.IsZero() && m.needsAmount():
		return Faults{amountFault("zero")}
	default:
		return nil
	}
}

// needsAmount says whether zero can only mean that the amount was forgotten.
func (m Movement) needsAmount() bool {
	switch m.Kind {
	case Capture, Release, Expire, Refund:
		return false
	default:
		return true
	}
}

func referenceFaults(path, reference string) Faults {
	switch {
	case reference == "":
		return Faults{NewFault(path, "idempotency.required")}
	case len(reference) > MaxReference:
		return Faults{NewFault(path, "idempotency.length")}
	case !IsLine(reference), strings.HasPrefix(reference, systemReference):
		return Faults{NewFault(path, "idempotency.chars")}
	default:
		return nil
	}
}

func (m Movement) reasonFaults() Faults {
	switch {
	case m.Kind == Adjust && strings.TrimSpace(m.Reason) == "":
		return Faults{NewFault("reason", "reason.required")}
	case len(m.Reason) > MaxReason && utf8.RuneCountInString(m.Reason) > MaxReason:
		return Faults{NewFault("reason", "reason.length")}
	case !IsLine(m.Reason):
		return Faults{NewFault("reason", "text.chars")}
	default:
		return nil
	}
}

// Fingerprint tells movements of different content apart.
type Fingerprint [16]byte

// Fingerprint is the same for movements of the same content: what would move, not
// who asked, when, or why. A reference may be used again only with the same one.
func (m Movement) Fingerprint() Fingerprint {
	var space [256]byte
	b := append(space[:0], m.Kind...)
	b = append(b, 0)
	b = appendAmount(b, m.Amount)
	price, priced := m.Price.Get()
	if priced {
		b = append(b, 'p')
		b = appendAmount(b, price)
	}
	b = binary.BigEndian.AppendUint64(b, uint64(m.Messages))
	b = binary.BigEndian.AppendUint64(b, uint64(m.Timeout))
	b = binary.BigEndian.AppendUint64(b, uint64(m.Of))
	b = append(b, flags(m.More, m.PassLimit, m.Round))
	b = append(b, m.Other[:]...)
	b = append(b, m.Hold...)
	sum := sha256.Sum256(b)
	return Fingerprint(sum[:16])
}

// appendAmount writes an amount without regard to how it was written: 1.5 as 1.50.
// Which form it takes depends on how large the amount is, and on nothing else.
func appendAmount(b []byte, d decimal.Decimal) []byte {
	if d.IsZero() {
		return append(b, '0')
	}
	if d.Exponent() < -MaxScale {
		d = d.Truncate(MaxScale)
	}
	if d.NumDigits()+int(d.Exponent()) > 12 { // too large for 64 bits of millionths
		return append(append(b, d.String()...), 0)
	}
	units := d.CoefficientInt64()
	for range MaxScale + d.Exponent() {
		units *= 10
	}
	return binary.BigEndian.AppendUint64(append(b, 'u'), uint64(units))
}

func flags(set ...bool) (bits byte) {
	for i, on := range set {
		if on {
			bits |= 1 << i
		}
	}
	return bits
}

// needsFunds says whether the movement is under the money rule.
func (m Movement) needsFunds() bool {
	switch m.Kind {
	case Charge, HoldFunds, TransferOut:
		return true
	case Adjust:
		return m.Amount.IsNegative() && !m.PassLimit
	default:
		return false
	}
}

func (m Movement) endsHold() bool {
	return m.Kind == Capture || m.Kind == Release || m.Kind == Expire
}
