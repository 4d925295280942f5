package adminhttp

import (
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
)

// Proposal is what an actor is about to do, for [Policy].Second: a change of a client, or a
// movement of money.
type Proposal = access.Proposal

// SecondAbove wants a second person for movements of money of more than a limit in their currency,
// of these kinds, or of all where none is named. Of a currency without a limit it is every amount.
func SecondAbove(limits map[account.Currency]decimal.Decimal, kinds ...account.MovementKind) func(Proposal) bool {
	return func(p Proposal) bool {
		if p.Kind == "" || len(kinds) > 0 && !slices.Contains(kinds, p.Kind) {
			return false
		}
		limit, limited := limits[p.Currency]
		return !limited || p.Amount.Abs().GreaterThan(limit)
	}
}

// SecondFor wants a second person for changes of these fields, and of those beneath them: "credit"
// stands for the limit, the overdraw, and whose money is spent. "status" stands for the end of an account
// that exists, too, since an end that has passed stops a client as another status does, and one that is
// taken away lets them send again. A field that a product gives counts as changed where the client gets another
// value by another product.
func SecondFor(paths ...string) func(Proposal) bool {
	return func(p Proposal) bool {
		return slices.ContainsFunc(p.Change, func(fc account.FieldChange) bool {
			if fc.Path == "expires_at" && p.Account.Revision > 0 && slices.Contains(paths, "status") {
				return true
			}
			return slices.ContainsFunc(paths, func(path string) bool {
				return fc.Path == path || strings.HasPrefix(fc.Path, path+".")
			})
		})
	}
}

// SecondForAny wants a second person where any of these does.
func SecondForAny(of ...func(Proposal) bool) func(Proposal) bool {
	return func(p Proposal) bool {
		return slices.ContainsFunc(of, func(wants func(Proposal) bool) bool { return wants(p) })
	}
}
