// Package bounds says what every store holds: which amounts, and which instants. What lies
// beyond is refused for all of them alike.
package bounds

import (
	"strings"
	"time"

	"github.com/shopspring/decimal"
)

const (
	// MaxScale is the most decimal places of an amount.
	MaxScale = 6
	// MaxIntegerDigits is the most digits of an amount before the decimal point.
	MaxIntegerDigits = 15
)

// Scale returns the number of decimal places an amount needs: 1.50 needs 1. It never
// writes the amount out, which for an exponent of a billion would not end.
func Scale(d decimal.Decimal) int {
	if d.Exponent() >= 0 || d.IsZero() {
		return 0
	}
	trailing := 0
	if d.NumDigits() <= 18 { // spares writing it out
		for units := d.CoefficientInt64(); units%10 == 0; units /= 10 {
			trailing++
		}
	} else {
		digits := d.Coefficient().String()
		trailing = len(digits) - len(strings.TrimRight(digits, "0"))
	}
	return max(0, -int(d.Exponent())-trailing)
}

// Amount reports whether an amount keeps within MaxScale and MaxIntegerDigits.
func Amount(d decimal.Decimal) bool { return Scale(d) <= MaxScale && Range(d) }

// Range reports whether an amount keeps within MaxIntegerDigits.
func Range(d decimal.Decimal) bool {
	return d.IsZero() || d.NumDigits()+int(d.Exponent()) <= MaxIntegerDigits
}

// Instant reports whether an instant is in the years 1 to 9999 in UTC, as RFC 3339 has
// them. The zero instant is.
func Instant(t time.Time) bool {
	year := t.UTC().Year()
	return year >= 1 && year <= 9999
}

// Millionths returns an amount in units of MaxScale places, when it is a whole number of
// them and an int64 holds it.
func Millionths(d decimal.Decimal) (int64, bool) {
	const surelyInt64 = 18 // digits
	places := int(d.Exponent()) + MaxScale
	if places < 0 || d.NumDigits()+places > surelyInt64 {
		return 0, false
	}
	n := d.CoefficientInt64()
	for range places {
		n *= 10
	}
	return n, true
}
