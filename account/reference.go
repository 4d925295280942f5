package account

import "github.com/shopspring/decimal"

// Manager is a person who looks after clients.
type Manager struct {
	ID       ID
	Revision int64
	Name     string
	Email    string
	Phone    string
}

// Product is a tariff: the defaults it gives to its clients and the reference
// price of one message part. What is unset gives no default.
type Product struct {
	ID          ID
	Revision    int64
	Name        string
	Currency    Currency // what a client without a currency of its own is created with
	Price       Optional[decimal.Decimal]
	CreditLimit Optional[decimal.Decimal]
	Priority    Optional[int]
	DLRDays     Optional[int]
	Moderation  Moderation
}
