package account

import (
	"errors"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"
)

// LimitUnit is what a notification limit counts.
type LimitUnit string

// A limit counts messages still affordable, or an amount of money.
const (
	UnitMessages LimitUnit = "messages"
	UnitMoney    LimitUnit = "money"
)

// MaxNotificationMessages is the highest limit in messages.
const MaxNotificationMessages = 1<<31 - 1

// NotificationLimit is the point at which a client is told that little is left.
// The zero value is off; a limit of 0 messages is on. Build one with
// [MessagesLimit] or [MoneyLimit].
type NotificationLimit struct {
	Unit   LimitUnit
	Number decimal.Decimal
}

// MessagesLimit returns a limit of n messages.
func MessagesLimit(n int64) NotificationLimit {
	return NotificationLimit{UnitMessages, decimal.NewFromInt(n)}
}

// MoneyLimit returns a limit of an amount in the account's currency; it may be negative.
func MoneyLimit(amount decimal.Decimal) NotificationLimit {
	return NotificationLimit{UnitMoney, amount}
}

// IsZero reports whether the limit is off.
func (l NotificationLimit) IsZero() bool { return l.Unit == "" }

// String returns the canonical text, "5000 messages" or "-12.5 money"; empty when off.
func (l NotificationLimit) String() string {
	if l.IsZero() {
		return ""
	}
	return l.Number.String() + " " + string(l.Unit)
}

// MarshalText returns String as bytes; it never fails.
func (l NotificationLimit) MarshalText() ([]byte, error) { return []byte(l.String()), nil }

// UnmarshalText reads a number and a unit; a number alone counts messages, and
// empty text turns the limit off. The error is a [Rule]: range for a number of
// messages, unit, or for money those of [ParseAmount], with amount for range. A unit alone is off, as a
// form sends it whose number was left empty.
func (l *NotificationLimit) UnmarshalText(text []byte) error {
	number, unit, err := splitLimit(string(text))
	switch {
	case err != nil:
		return err
	case number == "":
		*l = NotificationLimit{}
		return nil
	case unit == string(UnitMessages):
		n, err := strconv.ParseUint(number, 10, 31)
		if err != nil {
			return Rule("range")
		}
		*l = MessagesLimit(int64(n))
		return nil
	case unit == string(UnitMoney):
		return l.setMoney(number)
	default:
		return Rule("unit")
	}
}

// setMoney reads an amount; one too large breaks the rule amount, since range
// speaks of messages.
func (l *NotificationLimit) setMoney(number string) error {
	amount, err := ParseAmount(number)
	switch {
	case err == nil:
		*l = MoneyLimit(amount)
		return nil
	case errors.Is(err, Rule("range")):
		return Rule("amount")
	default:
		return err
	}
}

// splitLimit returns the number and the unit of "5000 messages", whatever the blanks.
func splitLimit(text string) (number, unit string, err error) {
	words := strings.Fields(text)
	if last := len(words) - 1; last >= 0 && (words[last] == string(UnitMessages) || words[last] == string(UnitMoney)) {
		words, unit = words[:last], words[last]
	}
	switch {
	case len(words) == 0:
		return "", "", nil
	case len(words) > 1:
		return "", "", Rule("unit")
	case unit == "":
		unit = string(UnitMessages)
	}
	return words[0], unit, nil
}
