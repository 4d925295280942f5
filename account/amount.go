package account

import (
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

// ParseAmount reads plain decimal digits with an optional sign (hyphen or
// U+2212) and an optional point: no exponent, no grouping. The error is a
// [Rule]: comma, range (too many integer digits, huge exponents), scale (so many
// places that no currency has them) or format. How many places a currency allows
// is judged by validation, not here.
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

// FormatAmount is the shortest plain text of an amount with at least minor
// decimal places: 100 in EUR (2) is "100.00", a price of 0.0042 stays "0.0042".
func FormatAmount(d decimal.Decimal, minor int) string {
	s := d.String()
	_, places, _ := strings.Cut(s, ".")
	if len(places) < minor {
		return d.StringFixed(int32(minor))
	}
	return s
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
