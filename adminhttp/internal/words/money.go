package words

import (
	"fmt"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/internal/bounds"
)

// Messages returns a number of messages in words; empty for none.
func Messages(n int64) string {
	switch n {
	case 0:
		return ""
	case 1:
		return "1 message"
	default:
		return Grouped(Num(n)) + " messages"
	}
}

// Limit returns a notification limit in words.
func Limit(l account.NotificationLimit, c account.Currency) string {
	if l.Unit == account.UnitMoney {
		return Money(l.Number, c)
	}
	return Grouped(l.Number.String()) + " messages"
}

// Plural returns a number and its noun: "1 day", "12 days".
func Plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// Grouped writes the digits of a whole number in threes: "25,419".
func Grouped(number string) string {
	sign, digits := "", number
	if rest, negative := strings.CutPrefix(number, "-"); negative {
		sign, digits = "−", rest
	}
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return sign + digits
}

// MoneyText is canonical decimal text as people read it: the currency's minor
// digits at least, a real minus, the currency after it.
func MoneyText(text string, currency account.Currency) string {
	amount, err := account.ParseAmount(text)
	if err != nil {
		return text
	}
	shown := currency.FormatPlain(amount)
	return strings.TrimSpace(strings.Replace(shown, "-", "−", 1) + " " + string(currency))
}

// Money is [account.Currency.Format].
func Money(d decimal.Decimal, c account.Currency) string {
	return c.Format(d)
}

// Amount is Money without the currency.
func Amount(d decimal.Decimal, c account.Currency) string {
	return strings.TrimSpace(strings.TrimSuffix(c.Format(d), string(c)))
}

// Spaces as wide as what they stand for, where digits are tabular.
const (
	figureSpace = "\u2007"
	pointSpace  = "\u2008"
)

// Places returns how many decimals a column of amounts needs, for [Aligned].
func Places(c account.Currency, amounts ...decimal.Decimal) int {
	places := c.Digits()
	for _, d := range amounts {
		places = max(places, bounds.Scale(d))
	}
	return places
}

// Aligned is Money with the room of as many decimals as the longest of a
// column has, so that the points stand beneath each other.
func Aligned(d decimal.Decimal, c account.Currency, places int) string {
	digits := Amount(d, c)
	_, given, pointed := strings.Cut(digits, ".")
	if !pointed && places > 0 {
		digits += pointSpace
	}
	return digits + strings.Repeat(figureSpace, max(0, places-len(given))) + " " + string(c)
}

// Signed is Money with a plus where it adds.
func Signed(d decimal.Decimal, c account.Currency) string {
	if d.IsPositive() {
		return "+" + Money(d, c)
	}
	return Money(d, c)
}

// Bytes returns a size in words: "312 B", "48 kB".
func Bytes(n int) string {
	const kilo = 1000
	if n < kilo {
		return Num(int64(n)) + " B"
	}
	return Num(int64((n+kilo/2)/kilo)) + " kB"
}
