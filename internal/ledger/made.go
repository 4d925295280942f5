package ledger

import (
	"github.com/clientaccount/clientaccount/account"
)

// Movements that nobody asks for: they follow from another one, or from a hold.

// Expiry returns the movement that ends a hold which has timed out.
func Expiry(h account.Hold) account.Movement {
	return account.Movement{
		Account: h.Account, Kind: account.KindExpire, Hold: h.Reference, Reference: account.ReservedPrefix + "expired:" + h.Reference,
	}
}

// Captured returns the hold that an entry made, and that stands no longer, as far as the entry tells:
// what a refund of its capture is applied against.
func Captured(made account.Entry) *account.Hold {
	return &account.Hold{Account: made.Account, Reference: made.Reference, At: made.At, Chain: made.Chain}
}

// Received returns the movement by which the other account of a transfer gets its money,
// in the currency of the one that gives it.
func Received(m account.Movement, c account.Currency) account.Movement {
	return account.Movement{
		Account: m.Other, Other: m.Account, Kind: account.KindTransferIn, Amount: m.Amount, Currency: c,
		Reference: OtherReference(m.Account, m.Reference), Actor: m.Actor, Second: m.Second, Reason: m.Reason,
	}
}

// aboveOf returns a movement asked of an account as the ledgers above it have it.
func aboveOf(m account.Movement, spender account.ID) account.Movement {
	m.Account, m.Of = account.ID{}, 0 // the number is one of the spender's ledger
	m.Reference = OtherReference(spender, m.Reference)
	if m.Hold != "" {
		m.Hold = OtherReference(spender, m.Hold)
	}
	return m
}

// OtherReference returns the reference under which a movement that was asked of an account
// stands in the ledger of another: that of who pays for it, or gets it. See
// account.CallerReference.
func OtherReference(asked account.ID, reference string) string {
	return account.ReservedPrefix + asked.String() + ":" + reference
}
