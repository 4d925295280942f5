package validate

import (
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount/account"
)

// Steps finds what cannot be taken back, or bites at once, in the change of an account that
// was valid before, in the order of the page: a person looks at it before it is written. Their
// codes begin with "step.", but for credit.below_used. What is new has none.
func Steps(a account.Account, f Facts) []account.Fault {
	if f.Before == nil {
		return nil
	}
	was := *f.Before
	var found []account.Fault
	step := func(when bool, path, code string, args ...any) {
		if when {
			found = append(found, account.NewFault(path, code, args...))
		}
	}
	closes := a.Status == account.StatusClosed && was.Status != account.StatusClosed
	step(a.Core.Login != was.Core.Login, "login", "step.login", was.Core.Login)
	step(a.Core.Currency != was.Core.Currency, "currency", "step.currency", string(a.Core.Currency), string(was.Core.Currency))
	found = append(found, limitWarnings(a, f)...)
	step(closes, "status", "step.closes")
	switch {
	case closes && f.Balance.Amount.IsPositive():
		found = append(found, figured("status", "step.closes_money", a.Core.Currency, f.Balance.Amount))
	case closes && f.Balance.Amount.IsNegative():
		found = append(found, figured("status", "step.closes_debt", a.Core.Currency, f.Balance.Amount.Neg()))
	}
	step(!closes && stopsSending(f, a.StatusAt(f.Now)), "status", "step.stops_sending")
	step(!a.Expires.Equal(was.Expires) && !a.Expires.IsZero() && !f.Now.Before(a.Expires), "expires_at", "step.ended")
	step(!closes && sends(was) && !sends(a), "sending.smpp", "step.last_channel")
	return append(found, productSteps(a, f)...)
}

// Looked reports whether who looked at some steps has seen what one says. What is owed, or is used beyond
// a limit, grows by itself while a client sends, and what is a product's own, such as its price, changes for
// all its clients: that one of these was among the steps is enough. Of the money that stays in a client
// for good there may be less by now, but no more. Any other says the same.
func Looked(steps []account.Fault, at account.Fault) bool {
	return slices.ContainsFunc(steps, func(seen account.Fault) bool {
		if seen.Path != at.Path || seen.Code != at.Code {
			return false
		}
		switch at.Code {
		case "credit.below_used", "step.closes_debt", "step.product":
			return true
		case "step.closes_money":
			was, unknown := account.ParseAmount(seen.Figure)
			is, too := account.ParseAmount(at.Figure)
			return unknown == nil && too == nil && is.LessThanOrEqual(was)
		default:
			return seen.Text == at.Text
		}
	})
}

// figured is a fault about an amount, which its text names.
func figured(path, code string, c account.Currency, amount decimal.Decimal) account.Fault {
	fault := account.NewFault(path, code, c.Format(amount))
	fault.Figure = amount.String()
	return fault
}

// productFields are the account's fields that a field of a product gives a value to.
var productFields = map[string]string{
	"credit_limit": "credit.limit", "priority": "routing.priority", "dlr_days": "sending.dlr_days", "moderation": "moderation",
}

// productSteps tell what another product gives and takes away.
func productSteps(a account.Account, f Facts) (found []account.Fault) {
	if a.Notes.Product == f.Before.Notes.Product {
		return nil
	}
	var was, is account.Product
	if f.ProductBefore != nil {
		was = *f.ProductBefore
	}
	if f.Product != nil {
		is = *f.Product
	}
	for _, change := range account.ProductTable().Diff(account.InEffect(a, was), account.InEffect(a, is)) {
		field, _ := account.ProductTable().At(change.Path)
		before, after := productText(field, change.Old, a.Core.Currency), productText(field, change.New, a.Core.Currency)
		if path, own := productFields[change.Path]; own {
			found = append(found, account.NewFault(path, "step.by_product", after, before))
		} else {
			found = append(found, account.NewFault("notes.product", "step.product", field.Label, after, before))
		}
	}
	return found
}

// productText is a field's text for people.
func productText(field account.Field, text string, currency account.Currency) string {
	if amount, err := account.ParseAmount(text); err == nil && field.Kind == account.FieldAmount {
		return currency.Format(amount)
	}
	if text == "" {
		return "none"
	}
	if field.Kind != account.FieldSet {
		return choiceText(field, text)
	}
	var chosen []string
	for value := range strings.SplitSeq(text, ",") {
		chosen = append(chosen, choiceText(field, value))
	}
	return strings.Join(chosen, ", ")
}

// choiceText is the label of a choice; of what is none the text itself.
func choiceText(field account.Field, value string) string {
	for _, choice := range field.Choices {
		if choice.Value == value {
			return choice.Label
		}
	}
	return value
}

// sends reports whether any channel for sending is on.
func sends(a account.Account) bool {
	return a.Sending.SMPP || a.Sending.API || a.Sending.Web || a.Sending.REST
}
