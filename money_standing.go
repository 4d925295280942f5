package clientaccount

import (
	"time"

	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount/account"
)

// OwnMoney is an [account.Balance] as it is stored, without that type's methods: what
// they answer of an account that shares money is of its own money, which it does not
// spend. [Standing] has those that are right for both.
type OwnMoney account.Balance

// Standing is how an account stands at an instant.
type Standing struct {
	OwnMoney // its own; holds that have timed out are no part of it
	// Payer is the account whose money is spent: itself, or one above.
	Payer account.ID `json:"payer"`
	// Available is what may be spent: of its own money, or of the payer's within the
	// caps of all accounts between.
	Available decimal.Decimal `json:"available"`
}

// Allows reports whether a charge or a hold of amount would go, as of the Standing's
// instant.
func (s Standing) Allows(amount decimal.Decimal) bool { return amount.LessThanOrEqual(s.Available) }

// Messages is how many messages what is available pays for, at the reference price;
// false where that is not known.
func (s Standing) Messages() (decimal.Decimal, bool) { return s.own().Messages(s.Available) }

// Used is how much of its own credit and overdraw a negative balance draws on, as
// [account.Balance.Used] says. An account that shares money has none.
func (s Standing) Used() (credit, overdraw decimal.Decimal) { return s.own().Used() }

// SpentAt is what the account spent of shared money in the month of an instant.
func (s Standing) SpentAt(now time.Time) decimal.Decimal { return s.own().SpentAt(now) }

// CapLeft is what its own cap leaves of shared money in the month of an instant, whatever
// else limits that; false without a cap.
func (s Standing) CapLeft(now time.Time) (decimal.Decimal, bool) { return s.own().CapLeft(now) }

func (s Standing) own() account.Balance { return account.Balance(s.OwnMoney) }
