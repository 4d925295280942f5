package document

import (
	"cmp"

	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/internal/bounds"
)

// UnitPrice is what one message part cost, to the millionth. It is comparable. The zero
// UnitPrice is that of what is not counted in messages.
type UnitPrice struct {
	kind       priceKind
	millionths int64
}

type priceKind int8

// A price is none, one, or of messages at prices that are not told apart.
const (
	priceNone priceKind = iota
	priceOne
	priceVarious
)

// various is the text of priceVarious.
const various = "various"

// Various returns the price of messages whose prices are not told apart: those that
// are no whole number of millionths, or more than [MaxPrices].
func Various() UnitPrice { return UnitPrice{kind: priceVarious} }

// NewUnitPrice returns what one of so many messages cost, which together cost amount. It is
// none without messages, and Various for what is no whole number of millionths, or a trillion or
// more.
func NewUnitPrice(amount decimal.Decimal, messages int64) UnitPrice {
	if messages <= 0 {
		return UnitPrice{}
	}
	if bounds.Scale(amount) <= account.MaxScale { // zeros at the end are no places
		amount = amount.Truncate(account.MaxScale)
	}
	total, exact := bounds.Millionths(amount)
	if !exact || total < 0 || total%messages != 0 {
		return Various()
	}
	return UnitPrice{priceOne, total / messages}
}

// Get returns the price, and whether it is one.
func (p UnitPrice) Get() (decimal.Decimal, bool) {
	return decimal.New(p.millionths, -account.MaxScale), p.kind == priceOne
}

// IsVarious reports whether it is that of Various.
func (p UnitPrice) IsVarious() bool { return p.kind == priceVarious }

// IsNone reports whether nothing was counted in messages.
func (p UnitPrice) IsNone() bool { return p.kind == priceNone }

// Compare orders prices: one below the other, before them what has none, behind them various.
func (p UnitPrice) Compare(other UnitPrice) int {
	return cmp.Or(cmp.Compare(p.kind, other.kind), cmp.Compare(p.millionths, other.millionths))
}

// String returns plain digits, "0.077", or "various", or nothing.
func (p UnitPrice) String() string {
	switch p.kind {
	case priceOne:
		price, _ := p.Get()
		return price.String()
	case priceVarious:
		return various
	case priceNone:
		return ""
	}
	return ""
}

// MarshalText returns String as bytes; it never fails.
func (p UnitPrice) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// UnmarshalText reads what MarshalText wrote. The error is a [account.Rule].
func (p *UnitPrice) UnmarshalText(text []byte) error {
	switch s := string(text); s {
	case "":
		*p = UnitPrice{}
	case various:
		*p = Various()
	default:
		price, err := account.ParseAmount(s)
		if err != nil {
			return err
		}
		millionths, exact := bounds.Millionths(price)
		if !exact || millionths < 0 {
			return account.Rule("range")
		}
		*p = UnitPrice{priceOne, millionths}
	}
	return nil
}
