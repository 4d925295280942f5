package account

import "github.com/shopspring/decimal"

// Manager is a person who looks after clients.
type Manager struct {
	ID       ID     `json:"id"`
	Revision int64  `json:"revision"`
	Name     string `json:"name"`
	Email    string `json:"email"`
	Phone    string `json:"phone"`
}

// Product is a tariff: the defaults it gives to its clients and the reference
// price of one message part. What is unset gives no default.
type Product struct {
	ID          ID                        `json:"id"`
	Revision    int64                     `json:"revision"`
	Name        string                    `json:"name"`
	Currency    Currency                  `json:"currency"` // what a client without a currency of its own is created with
	Price       Optional[decimal.Decimal] `json:"price"`
	CreditLimit Optional[decimal.Decimal] `json:"credit_limit"`
	Priority    Optional[int]             `json:"priority"`
	DLRDays     Optional[int]             `json:"dlr_days"`
	Moderation  Moderation                `json:"moderation"`
	Pricing     Pricing                   `json:"pricing"` // empty: PricingSent
	Refunds     RefundPolicy              `json:"refunds"` // with PricingSent; after which ends other than delivery
}
