package clientaccount_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/internal/moneytest"
	"github.com/clientaccount/clientaccount/store/memstore"
)

// Random histories in memory and on the reference model never part.
func TestMoneyAgreesWithTheReferenceModel(t *testing.T) {
	moneytest.Checks(t, 1000)
	rapid.Check(t, func(t *rapid.T) {
		clock := moneytest.NewClock(began)
		svc := clientaccount.New(memstore.New(), &clientaccount.Options{Clock: clock.Now, Hash: cheap})
		moneytest.History(t, svc, clock, 50)
	})
}

// While holds that timed out wait for their ends, all else is as if they had them.
func TestMoneyAgreesWithTheReferenceModelWhileHoldsAreOverdue(t *testing.T) {
	clientaccount.EndOneHoldAtOnce(t)
	moneytest.Checks(t, 300)
	rapid.Check(t, func(t *rapid.T) {
		clock := moneytest.NewClock(began)
		svc := clientaccount.New(memstore.New(), &clientaccount.Options{Clock: clock.Now, Hash: cheap})
		moneytest.History(t, svc, clock, 50)
	})
}
