package ledger

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"strconv"
	"time"

	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount/account"
)

// Fingerprint returns that of a movement's content: what would move, not
// who asked, when, or why. A reference may be used again only with the same one.
// How a number is written does not count, and how it counts does: 1.5 is 1.50, a
// time-out its whole microseconds. The currency is not part of it, since it can only
// be the account's.
func Fingerprint(m account.Movement) account.Fingerprint {
	var space [256]byte
	b := appendText(space[:0], string(m.Kind))
	b = appendAmount(b, m.Amount)
	price, priced := m.Price.Get()
	b = append(b, flags(m.More, m.PassLimit, m.Round, priced))
	b = appendAmount(b, price)
	b = binary.BigEndian.AppendUint64(b, uint64(m.Messages))
	b = binary.BigEndian.AppendUint64(b, uint64(m.Timeout.Truncate(time.Microsecond)))
	b = binary.BigEndian.AppendUint64(b, uint64(m.Of))
	b = append(b, m.Other[:]...)
	b = appendText(b, m.Hold)
	sum := sha256.Sum256(b)
	return account.Fingerprint(sum[:16])
}

// appendText writes a text so that what follows it cannot be taken for a part of it.
func appendText(b []byte, s string) []byte {
	return append(binary.BigEndian.AppendUint64(b, uint64(len(s))), s...)
}

// appendAmount writes an amount whole, and without regard to how it was written: its
// significant digits, and the power of ten that they are multiplied by.
func appendAmount(b []byte, d decimal.Decimal) []byte {
	if d.IsZero() {
		return append(b, make([]byte, 16)...)
	}
	var space [24]byte
	digits, power := space[:0], int64(d.Exponent())
	if d.NumDigits() <= 18 { // spares a text
		digits = strconv.AppendInt(digits, d.CoefficientInt64(), 10)
	} else {
		digits = append(digits, d.Coefficient().String()...)
	}
	significant := bytes.TrimRight(digits, "0")
	power += int64(len(digits) - len(significant))
	return appendText(binary.BigEndian.AppendUint64(b, uint64(power)), string(significant))
}

func flags(set ...bool) (bits byte) {
	for i, on := range set {
		if on {
			bits |= 1 << i
		}
	}
	return bits
}
