package api

import (
	"time"

	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount/account"
)

// Amount is an amount of money: a string in JSON, whatever a host sets decimals to.
type Amount decimal.Decimal

// MarshalText returns the amount without zeros at its end.
func (a Amount) MarshalText() ([]byte, error) { return decimal.Decimal(a).MarshalText() }

func amount(d decimal.Decimal) *Amount { return new(Amount(d)) }

// amountOrNull is an amount of JSON that may be missing.
func amountOrNull(of account.Optional[decimal.Decimal]) *Amount {
	if d, ok := of.Get(); ok {
		return amount(d)
	}
	return nil
}

// orNull is a value of JSON, null for the zero one.
func orNull[T comparable](value T) *T {
	var zero T
	if value == zero {
		return nil
	}
	return &value
}

// instant is a time of JSON, null when there is none.
func instant(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return new(t.UTC())
}
