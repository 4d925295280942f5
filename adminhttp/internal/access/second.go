package access

import (
	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount/account"
)

// Proposal is what an actor is about to do: a change of a client, or a movement of money.
type Proposal struct {
	Account  account.Account      // as it is; zero for one that is made, and for a product
	Change   account.Change       // nil where money is moved
	Kind     account.MovementKind // empty where none is
	Amount   decimal.Decimal      // that is moved; negative where an adjustment takes
	Currency account.Currency     // of the amount
}

// HasSecond reports whether anything that the actor does waits for a second person.
func (j Judge) HasSecond() bool { return j.policy.Second != nil }

// NeedsSecond reports whether what the actor is about to do waits for a second person.
func (j Judge) NeedsSecond(p Proposal) bool { return j.HasSecond() && j.policy.Second(p) }
