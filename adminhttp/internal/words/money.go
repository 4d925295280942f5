package words

import (
	"strings"

	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/internal/bounds"
	"github.com/clientaccount/clientaccount/internal/say"
)

// Messages returns a number of messages in words; empty for none.
func Messages(n int64) Text {
	switch n {
	case 0:
		return ""
	case 1:
		return "1 message"
	default:
		return Textf("%s messages", grouped(Num(n)))
	}
}

// Limit returns a notification limit in words.
func Limit(l account.NotificationLimit, c account.Currency) Text {
	if l.Unit == account.UnitMoney {
		return Money(l.Number, c)
	}
	return Textf("%s messages", grouped(l.Number.String()))
}

// Plural returns a number and its noun: "1 day", "12 days".
func Plural(n int, noun Text) Text {
	if n == 1 {
		return Textf("%s "+noun, say.Digits("1"))
	}
	return Textf("%s "+noun+"s", grouped(Num(int64(n))))
}

// Count returns a whole number: "25,419".
func Count(n int) Text { return Grouped(Num(int64(n))) }

// Grouped writes the digits of a whole number in threes: "25,419".
func Grouped(number string) Text { return say.Number(grouped(number)) }

func grouped(number string) say.Digits {
	sign, digits := "", number
	if rest, negative := strings.CutPrefix(number, "-"); negative {
		sign, digits = "−", rest
	}
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return say.Digits(sign + digits)
}

// MoneyText is Money of canonical decimal text.
func MoneyText(text string, currency account.Currency) Text {
	amount, err := account.ParseAmount(text)
	if err != nil {
		return Plain(text)
	}
	return Money(amount, currency)
}

// Money is [account.Currency.Format].
func Money(d decimal.Decimal, c account.Currency) Text { return withCurrency(digits(d, c), c) }

// Amount is Money without the currency.
func Amount(d decimal.Decimal, c account.Currency) Text { return say.Number(say.Digits(digits(d, c))) }

func digits(d decimal.Decimal, c account.Currency) string {
	return account.FormatNumber(d, c.Digits(), ".", ",")
}

func withCurrency(digits string, c account.Currency) Text {
	if c == "" {
		return say.Number(say.Digits(digits))
	}
	return Textf("%s %s", say.Digits(digits), string(c))
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
func Aligned(d decimal.Decimal, c account.Currency, places int) Text {
	digits := digits(d, c)
	_, given, pointed := strings.Cut(digits, ".")
	if !pointed && places > 0 {
		digits += pointSpace
	}
	return Textf("%s %s", say.Digits(digits+strings.Repeat(figureSpace, max(0, places-len(given)))), string(c))
}

// Signed is Money with a plus where it adds.
func Signed(d decimal.Decimal, c account.Currency) Text {
	if d.IsPositive() {
		return withCurrency("+"+digits(d, c), c)
	}
	return Money(d, c)
}

// Bytes returns a size in words: "312 B", "48 kB".
func Bytes(n int) Text {
	const kilo = 1000
	if n < kilo {
		return Textf("%d B", n)
	}
	return Textf("%d kB", (n+kilo/2)/kilo)
}
