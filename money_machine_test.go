package clientaccount_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/internal/moneytest"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/memstore"
)

// Random histories in memory and on the reference model never part.
func TestMoneyAgreesWithTheReferenceModel(t *testing.T) {
	moneytest.Checks(t, 1000)
	rapid.Check(t, func(t *rapid.T) {
		clock := moneytest.NewClock(began)
		svc := clientaccount.New(memstore.New(), &clientaccount.Options{Clock: clock.Now, Hash: cheap})
		moneytest.History(t, clock, 50, svc)
	})
}

// While holds that timed out wait for their ends, all else is as if they had them.
func TestMoneyAgreesWithTheReferenceModelWhileHoldsAreOverdue(t *testing.T) {
	clientaccount.EndOneHoldAtOnce(t)
	moneytest.Checks(t, 300)
	rapid.Check(t, func(t *rapid.T) {
		clock := moneytest.NewClock(began)
		svc := clientaccount.New(memstore.New(), &clientaccount.Options{Clock: clock.Now, Hash: cheap})
		moneytest.History(t, clock, 50, svc)
	})
}

// Processes that know different things of an account answer alike.
func TestTwoProcessesAgreeWithTheReferenceModel(t *testing.T) {
	for name, ends := range map[string]int{"while holds are overdue": 1, "while all are ended": store.MaxDue} {
		t.Run(name, func(t *testing.T) {
			clientaccount.EndHoldsAtOnce(t, ends)
			moneytest.Checks(t, 150)
			rapid.Check(t, func(t *rapid.T) {
				clock := moneytest.NewClock(began)
				st, o := memstore.New(), &clientaccount.Options{Clock: clock.Now, Hash: cheap}
				moneytest.History(t, clock, 50, clientaccount.New(st, o), clientaccount.New(st, o))
			})
		})
	}
}
