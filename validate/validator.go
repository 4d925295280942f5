package validate

import (
	"cmp"
	"errors"
	"slices"
	"time"

	"github.com/go-playground/validator/v10"
	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/internal/bounds"
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
	Parent          *account.Account // of account.Parent; nil: none or unknown
	ParentDepth     int              // level of the parent, 1 at the top
	OpenSubaccounts int
	Balance         account.Balance // as it is; zero for a new account
	Held            decimal.Decimal // of its own money, or by it of its parent's
	OverdrawHorizon time.Duration   // 0: DefaultOverdrawHorizon
}

// Validator holds the rules. Build one with New, once: it is safe for concurrent
// use. The zero Validator is not usable.
type Validator struct {
	tags  *validator.Validate
	order map[string]int // of paths on the page, from 1
}

// New is a Validator with every rule.
func New() *Validator {
	v := &Validator{tags: newTags(), order: map[string]int{}}
	for i, f := range account.Fields() {
		v.order[f.Path] = i + 1
	}
	return v
}

// Account finds every fault of an account as it would be stored, in the order of
// the page; faults of what is no field of it (the parent) come first. No path has
// a code twice. Nil means valid. Give it what Normalize returned.
func (v *Validator) Account(a account.Account, f Facts) account.Faults {
	faults := v.judge(a)
	for _, rule := range []func(account.Account, Facts, account.Faults) account.Faults{
		parentFaults, loginFaults, referenceFaults, currencyFaults, amountFaults, overdrawFaults, sharedFaults,
		contactFaults, statusFaults, permissionFaults, mailFaults,
	} {
		faults = append(faults, rule(a, f, faults)...)
	}
	faults = append(faults, v.Password(a, f.Before)...)
	return v.inOrder(faults)
}

// Manager finds every fault of a manager: a name is required, a phone number is
// international.
func (v *Validator) Manager(m account.Manager) account.Faults {
	return v.inOrder(v.judge(m))
}

// Product finds every fault of a product: a name is required, and a currency as
// soon as it has amounts. Its credit limit keeps to the currency's minor digits,
// its price to [account.MaxScale].
func (v *Validator) Product(p account.Product) account.Faults {
	faults := v.judge(p)
	limit, hasLimit := p.CreditLimit.Get()
	price, hasPrice := p.Price.Get()
	if p.Currency == "" && (hasLimit || hasPrice) {
		faults = append(faults, account.NewFault("currency", "currency.required"))
	}
	faults = append(faults, scaleFault("credit_limit", "credit", limit, p.Currency)...)
	if bounds.Scale(price) > account.MaxScale {
		faults = append(faults, account.NewFault("price", "price.scale", account.MaxScale))
	}
	return v.inOrder(faults)
}

// judge runs the tags of a struct and names what they found.
func (v *Validator) judge(subject any) account.Faults {
	err := v.tags.Struct(subject)
	found, ok := errors.AsType[validator.ValidationErrors](err)
	if err != nil && !ok {
		panic("validate: " + err.Error()) // not a struct: a mistake in this package
	}
	var faults account.Faults
	for _, broken := range found {
		faults = append(faults, faultOf(broken))
	}
	return faults
}

// inOrder sorts as the page does and drops what is said twice.
func (v *Validator) inOrder(faults account.Faults) account.Faults {
	slices.SortStableFunc(faults, func(a, b account.Fault) int {
		return cmp.Compare(v.order[a.Path], v.order[b.Path])
	})
	var once account.Faults
	for _, f := range faults {
		if !slices.ContainsFunc(once, func(o account.Fault) bool { return o.Path == f.Path && o.Code == f.Code }) {
			once = append(once, f)
		}
	}
	return once
}
