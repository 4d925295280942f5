package ledger_test

import (
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/internal/ledger"
)

// nowhere is a zone that is on no machine.
const nowhere = "Nowhere/Land"

func utc(t require.TestingT, text string) time.Time {
	at, err := time.Parse(time.RFC3339Nano, text)
	require.NoError(t, err)
	return at
}

// shared is a chain of a client and who pays; the client's cap is 10, of which 4 are
// spent in October.
func sharedIn(zone string, limit account.Optional[decimal.Decimal]) []account.Balance {
	child, payer := account.ID{1}, account.ID{2}
	october := 2026*12 + 10
	return []account.Balance{
		{Account: child, Version: 1, Spent: money("4"), Month: october, Terms: account.Terms{Currency: "EUR", Shares: payer, Cap: limit, Zone: zone}},
		{Account: payer, Version: 1, Amount: money("100"), Held: money("3"), Terms: account.Terms{Currency: "EUR", Zone: "UTC"}},
	}
}

func TestSharedMoneyIsNotSpentInAMonthThatIsNotKnown(t *testing.T) {
	now := utc(t, "2026-11-02T12:00:00Z")
	hold := account.Hold{Account: account.ID{1}, Reference: "h", Amount: money("3"), At: now, Until: now.Add(time.Hour), Chain: []account.ID{{1}, {2}}}
	on := ledger.Against{Hold: &hold, Entry: &account.Entry{Account: account.ID{1}, Kind: account.KindCharge, At: now, Spent: money("3"), Chain: hold.Chain, Shared: money("-3")}}
	for name, limit := range map[string]account.Optional[decimal.Decimal]{"under a cap": account.Some(money("10")), "without one": {}} {
		chain := sharedIn(nowhere, limit)
		for what, m := range map[string]account.Movement{
			"charge":       {Kind: account.KindCharge, Amount: money("1"), Reference: "r"},
			"hold":         {Kind: account.KindHold, Amount: money("1"), Reference: "r"},
			"capture more": {Kind: account.KindCapture, Amount: money("4"), Hold: "h", More: true, Reference: "r"},
		} {
			_, err := ledger.ApplyShared(chain, m, on, now)
			require.ErrorIs(t, err, account.ErrZone, "%s %s", what, name)
			_, err = ledger.ApplyShared(sharedIn("UTC", limit), m, on, now)
			require.NoError(t, err, "%s %s, in a zone that is known", what, name)
		}
		for what, m := range map[string]account.Movement{
			"capture":      {Kind: account.KindCapture, Hold: "h", Reference: "r"},
			"capture less": {Kind: account.KindCapture, Amount: money("1"), Hold: "h", Reference: "r"},
			"release":      {Kind: account.KindRelease, Hold: "h", Reference: "r"},
		} {
			steps, err := ledger.ApplyShared(chain, m, on, now)
			require.NoError(t, err, "%s %s: a hold that stands can always be ended", what, name)
			assert.Equal(t, "4", steps[0].Balance.Spent.String(), "%s %s frees nothing of the cap", what, name)
			assert.Equal(t, chain[0].Month, steps[0].Balance.Month, "%s %s", what, name)
			assert.Equal(t, "0", steps[1].Balance.Held.String(), "%s %s: the payer has it back, or has paid", what, name)
		}
		steps, err := ledger.ApplyShared(chain, ledger.Expiry(hold), on, hold.Until)
		require.NoError(t, err, "nor does a hold stand for ever in the way of who pays")
		assert.Equal(t, "4", steps[0].Balance.Spent.String())
	}
}

func TestACapInAZoneThatIsNotKnownBeginsNoMonth(t *testing.T) {
	b := sharedIn(nowhere, account.Some(money("10")))[0]
	left, capped := ledger.CapLeft(b, utc(t, "2027-06-01T00:00:00Z"))
	assert.True(t, capped)
	assert.Equal(t, "6", left.String())
	b.Terms.Zone = "UTC"
	left, _ = ledger.CapLeft(b, utc(t, "2027-06-01T00:00:00Z"))
	assert.Equal(t, "10", left.String())
}

// The account in the middle of a chain has a month, too.
func TestAMonthThatIsNotKnownInTheMiddleOfAChain(t *testing.T) {
	chain := sharedIn(nowhere, account.Optional[decimal.Decimal]{})
	low := account.Balance{Account: account.ID{3}, Version: 1, Terms: account.Terms{Currency: "EUR", Shares: account.ID{1}, Zone: "UTC"}}
	_, err := ledger.ApplyShared(append([]account.Balance{low}, chain...), account.Movement{Kind: account.KindCharge, Amount: money("1"), Reference: "r"}, ledger.Against{}, utc(t, "2026-11-02T12:00:00Z"))
	require.ErrorIs(t, err, account.ErrZone)
}
