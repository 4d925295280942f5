package validate

import (
	"cmp"
	"slices"
	"time"

	"github.com/go-playground/validator/v10"
	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount/account"
)

// DefaultOverdrawHorizon is how far ahead an overdraw may end where Facts leaves
// it open: 90 days.
const DefaultOverdrawHorizon = 90 * 24 * time.Hour

// Facts is what the rules must know beside the account itself.
type Facts struct {
	Now             time.Time
	Before          *account.Account // as stored; nil while it is created
	LoginTaken      bool             // by another account
	ContractTaken   bool             // by another account
	Manager         *account.Manager // of account.Core.Manager; nil: none or unknown
	Product         *account.Product // of account.Notes.Product; nil: none or unknown
	ProductBefore   *account.Product // of Before.Notes.Product, where that is another; nil: none or unknown
	Parent          *account.Account // of account.Parent; nil: none or unknown
	ParentDepth     int              // level of the parent, 1 at the top
	OpenSubaccounts int
	OwnPrices       bool            // it has a price list of its own, or a draft of one
	Balance         account.Balance // as it is; zero for a new account
	Held            decimal.Decimal // of its own money, or by it of its parent's
	OverdrawHorizon time.Duration   // 0: DefaultOverdrawHorizon
	NoPassword      bool            // a new account may have none
}

// Validator holds the rules. Build one with New, once: it is safe for concurrent
// use. The zero Validator is not usable.
type Validator struct{ words *validator.Validate }

// New returns a Validator with every rule.
func New() *Validator { return &Validator{newWords()} }

// Account finds every fault of an account as it would be stored, in the order of
// the page; faults of what is no field of it (the parent) come first. No path has
// a code twice. Nil means valid. Give it what Normalize returned.
func (v *Validator) Account(a account.Account, f Facts) account.Faults {
	faults := fieldFaults(v, account.AccountTable(), a, a.Contact.Country)
	for _, rule := range []func(account.Account, Facts, account.Faults) account.Faults{
		parentFaults, loginFaults, referenceFaults, currencyFaults, amountFaults, overdrawFaults, sharedFaults,
		contactFaults, statusFaults, permissionFaults, mailFaults,
	} {
		faults = append(faults, rule(a, f, faults)...)
	}
	if !f.NoPassword || f.Before != nil || !a.Core.Password.IsZero() {
		faults = append(faults, v.Password(a, f.Before)...)
	}
	return inOrder(account.AccountTable(), faults)
}

// Manager finds every fault of a manager: a name is required, a phone number is
// international.
func (v *Validator) Manager(m account.Manager) account.Faults {
	return fieldFaults(v, account.ManagerTable(), m, "")
}

// Product finds every fault of a product: a name is required, and a currency as
// soon as it has amounts. Its credit limit keeps to the currency's minor digits,
// its price to [account.MaxScale]. Only what is paid for when it is sent is given back.
func (v *Validator) Product(p account.Product) account.Faults {
	faults := fieldFaults(v, account.ProductTable(), p, "")
	if p.Currency == "" && (!p.CreditLimit.IsZero() || !p.Price.IsZero()) {
		faults = append(faults, account.NewFault("currency", "currency.required"))
	}
	if p.Pricing == account.PricingDelivered && p.Refunds != (account.RefundPolicy{}) {
		faults = append(faults, account.NewFault("refunds", "refunds.delivered"))
	}
	faults = append(faults, scaleFaults(account.ProductTable(), p, p.Currency)...)
	return inOrder(account.ProductTable(), faults)
}

// inOrder sorts as the rows stand, unknown paths first, and drops what is said twice.
func inOrder[T any](t account.Table[T], faults account.Faults) account.Faults {
	if len(faults) == 0 {
		return nil
	}
	place := map[string]int{}
	for f := range t.All() {
		place[f.Path] = len(place) + 1
	}
	slices.SortStableFunc(faults, func(a, b account.Fault) int { return cmp.Compare(place[a.Path], place[b.Path]) })
	var once account.Faults
	for _, f := range faults {
		if !slices.ContainsFunc(once, func(o account.Fault) bool { return o.Path == f.Path && o.Code == f.Code }) {
			once = append(once, f)
		}
	}
	return once
}
