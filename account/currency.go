package account

import (
	"maps"
	"slices"
	"strings"

	"github.com/shopspring/decimal"
)

//go:generate go run ../internal/lists

// Currency is the three-letter code of ISO 4217, in capitals: "EUR".
// The zero value is no currency. Its methods and the functions here read a
// table that never changes, and may be called by several goroutines.
type Currency string

// currencyFacts is what the generated table knows of a currency.
type currencyFacts struct {
	name   string
	digits int
}

// ParseCurrency returns the currency whose code is s, and whether there is
// one. It takes the currencies in use today that money can be held in; not
// withdrawn ones (HRK, BGN), and not ISO 4217's codes for funds (CHW),
// precious metals (XAU), units of account (XDR), tests (XTS) or no currency
// (XXX). s must match exactly: "eur" and "EUR " are no codes.
func ParseCurrency(s string) (Currency, bool) {
	c := Currency(s)
	_, ok := currencyTable[c]
	if !ok {
		return "", false
	}
	return c, true
}

// Currencies returns all currencies that ParseCurrency takes, sorted by code,
// in a slice that belongs to the caller.
func Currencies() []Currency {
	return slices.Sorted(maps.Keys(currencyTable))
}

// Digits returns the number of minor digits of amounts in c, as ISO 4217 has
// it: 2 for EUR, 0 for JPY, 3 for KWD. For a currency that ParseCurrency does
// not take it returns 0.
func (c Currency) Digits() int { return currencyTable[c].digits }

// Name returns the English name that ISO 4217 gives c, as "Pound Sterling". Two
// currencies can share one (VED, VES), so show the code too. It is "" for a
// currency that ParseCurrency does not take.
func (c Currency) Name() string { return currencyTable[c].name }

// FormatPlain returns an amount as programs and forms write it, and as [ParseAmount] reads
// it: with a point, no grouping, a hyphen below zero, without the currency. It has at least
// the currency's minor digits, and more where the amount needs them: in EUR, 100 is
// "100.00", and a price of 0.0042 is "0.0042".
func (c Currency) FormatPlain(d decimal.Decimal) string {
	s := d.String()
	_, places, _ := strings.Cut(s, ".")
	if len(places) < c.Digits() {
		return d.StringFixed(int32(c.Digits()))
	}
	return s
}

// Format returns an amount as people read it: as FormatPlain, with a comma between
// thousands, the minus sign U+2212 below zero, and the code after a space, as in
// "−1,234.50 EUR". For the zero Currency there is no code.
func (c Currency) Format(d decimal.Decimal) string {
	return strings.TrimSpace(FormatNumber(d, c.Digits(), ".", ",") + " " + string(c))
}

// FormatNumber writes a number as the people of some language read it: with at least so many
// decimal places and more where it needs them, a point, what stands between thousands, and the
// minus sign U+2212 below zero.
func FormatNumber(d decimal.Decimal, places int, point, thousands string) string {
	whole, rest, _ := strings.Cut(d.Abs().String(), ".")
	rest += strings.Repeat("0", max(0, places-len(rest)))
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + thousands + whole[i:]
	}
	if rest != "" {
		whole += point + rest
	}
	if d.IsNegative() {
		return "−" + whole
	}
	return whole
}
