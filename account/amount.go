package account

import (
	"math"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount/internal/bounds"
)

// Bounds of an amount of money.
const (
	// MaxScale is the most decimal places an amount may have.
	MaxScale = bounds.MaxScale
	// maxAmountText bounds what is handed to the decimal parser, whose cost
	// grows with the square of the length.
	maxAmountText = 40
)

// constant is a text that only an untyped constant is: what was read from anywhere does not
// compile as one.
type constant string

// Amount returns the amount that a constant of the program writes, as [ParseAmount] reads
// it:
//
//	account.Amount("0.0312")
//
// It panics for what is no amount, or one with more than MaxScale places. What is not
// known when the program is compiled is for ParseAmount.
func Amount(text constant) decimal.Decimal {
	d, err := ParseAmount(string(text))
	if err == nil && bounds.Scale(d) > MaxScale {
		err = Rule("scale")
	}
	if err != nil {
		panic("account.Amount(" + strconv.Quote(string(text)) + "): " + err.Error())
	}
	return d
}

// ParseAmount reads plain decimal digits with an optional sign (hyphen or
// U+2212) and an optional point: no exponent, no grouping. The error is a
// [Rule]: comma, range (too many integer digits, huge exponents), scale (so many
// places that no currency has them) or format. How many places a currency allows
// is checked by validation, not here.
func ParseAmount(s string) (decimal.Decimal, error) {
	sign, digits := "", s
	for _, minus := range []string{"-", "−"} {
		if rest, ok := strings.CutPrefix(s, minus); ok {
			sign, digits = "-", rest
		}
	}
	whole, places, pointed := strings.Cut(digits, ".")
	switch {
	case isExponential(digits):
		return decimal.Zero, Rule("range")
	case strings.Contains(digits, ",") && allDigits(strings.NewReplacer(",", "", ".", "").Replace(digits)):
		return decimal.Zero, Rule("comma")
	case !allDigits(whole) || pointed && !allDigits(places):
		return decimal.Zero, Rule("format")
	case len(strings.TrimLeft(whole, "0")) > bounds.MaxIntegerDigits:
		return decimal.Zero, Rule("range")
	case len(digits) > maxAmountText:
		return decimal.Zero, Rule("scale")
	}
	d, err := decimal.NewFromString(sign + digits)
	if err != nil {
		return decimal.Zero, Rule("format")
	}
	return d, nil
}

func allDigits(s string) bool {
	for _, c := range []byte(s) {
		if c < '0' || c > '9' {
			return false
		}
	}
	return s != ""
}

// isExponential recognises 1e400 and its like, which mean a number but are
// refused: what a person types as money has no exponent.
func isExponential(s string) bool {
	mantissa, exponent, ok := strings.Cut(strings.ToLower(s), "e")
	return ok && allDigits(strings.Replace(mantissa, ".", "", 1)) && allDigits(strings.TrimLeft(exponent, "+-"))
}

// MaxParts is the most parts of one message (3GPP TS 23.040, 9.2.3.24.1).
const MaxParts = 255

// maxPlaces bounds the decimal places that an amount or a price is written with, and so
// what reading and multiplying it costs; no price list has more than a few.
const maxPlaces = 40

func boundedPlaces(d decimal.Decimal) bool { return d.IsZero() || d.Exponent() >= -maxPlaces }

// Cost returns what a message of so many parts costs: parts x price, exactly. When round
// is asked for, the total is rounded once, half away from zero, to MaxScale places.
// The error is a [Rule]: negative, range (the price or the total is too large, or
// parts is not 1 to MaxParts), or scale (the total has more than MaxScale places).
func Cost(price decimal.Decimal, parts int, round bool) (decimal.Decimal, error) {
	if parts < 1 || parts > MaxParts {
		return decimal.Zero, Rule("range")
	}
	return times(price, int64(parts), round)
}

// times returns what n cost at a price, as Cost has it.
func times(price decimal.Decimal, n int64, round bool) (decimal.Decimal, error) {
	switch {
	case price.IsZero(): // whatever its exponent, which could be absurd
		return decimal.Zero, nil
	case price.IsNegative():
		return decimal.Zero, Rule("negative")
	case !bounds.Range(price):
		return decimal.Zero, Rule("range")
	case !boundedPlaces(price):
		return decimal.Zero, Rule("scale")
	}
	total := price.Mul(decimal.NewFromInt(n))
	if round {
		total = total.Round(MaxScale)
	}
	switch {
	case !bounds.Range(total):
		return decimal.Zero, Rule("range")
	case bounds.Scale(total) > MaxScale:
		return decimal.Zero, Rule("scale")
	default:
		return total, nil
	}
}

// surelyCovers reports whether available covers the cost, worked out without allocating:
// in millionths, where all of them are whole and an int64 holds them. False only
// means that Cost must be asked.
func surelyCovers(available, price decimal.Decimal, parts int) bool {
	each, exact := bounds.Millionths(price)
	have, exactToo := bounds.Millionths(available)
	if !exact || !exactToo || each < 0 || each > math.MaxInt64/MaxParts {
		return false
	}
	return each*int64(parts) <= have
}
