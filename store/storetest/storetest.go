// Package storetest is the contract of package store as tests. A backend passes
// it in whole:
//
//	func TestContract(t *testing.T) {
//		storetest.Run(t, func(t *testing.T) store.Store { return mystore.New(t.TempDir()) })
//	}
//
// What a store can do beside has a contract of its own, which it passes if it can do that, and
// leaves out if it cannot: [RunOutbox] that of a [store.Outbox], [RunEventFeed] that of a
// [store.EventFeed], [RunMessages] that of a [store.Messages], [RunPrices] that of a
// [store.Prices], [RunBilling] that of a [store.Billing], [RunTasks] that of a [store.Tasks],
// [RunStandings] that of [store.Standings]. A store that keeps no messages has none of the methods of store.Messages, ignores Messages and
// NetworkIDs of a [store.Lookup], and is given no [store.Posting] with Messages; the Service then
// says clientaccount.ErrNoMessages.
//
// Each subtest is named after the promise it holds the backend to. Properties are
// checked with rapid: the flag -rapid.checks (default 100) says how often, and
// -short makes it a fifth.
package storetest

import (
	"slices"
	"testing"

	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/storetest/internal/billing"
	"github.com/clientaccount/clientaccount/store/storetest/internal/prices"
	"github.com/clientaccount/clientaccount/store/storetest/internal/support"
	"github.com/clientaccount/clientaccount/store/storetest/internal/tasks"
)

// promise is one thing a store promises, and the test that it keeps it.
type promise struct {
	name string
	test func(t *testing.T, s store.Store)
}

// Run tests the whole contract. newStore returns a fresh and empty store to every
// subtest, and cleans up through t.Cleanup. The store must be able to read while
// one of its transactions is open.
//
// A store that panics, or stands still for ten seconds without an answer, fails the
// promise that was being tried, with the stack of where it was asked; the others are
// tried as well.
func Run(t *testing.T, newStore func(t *testing.T) store.Store) {
	t.Helper()
	run(t, newWatch(), newStore)
}

func run(t *testing.T, w *watch, newStore func(t *testing.T) store.Store) {
	t.Helper()
	for _, group := range []struct {
		name     string
		promises []promise
	}{
		{"values", slices.Concat(valuePromises, aliasPromises)},
		{"missing", missingPromises},
		{"unique", uniquePromises},
		{"revisions", revisionPromises},
		{"transactions", transactionPromises},
		{"races", slices.Concat(racePromises, lockPromises)},
		{"context", slices.Concat(contextPromises, moneyContextPromises)},
		{"references", referencePromises},
		{"credentials", credentialPromises},
		{"history", historyPromises},
		{"list", slices.Concat(listPromises, pagePromises, searchPromises)},
		{"money", slices.Concat(moneyValuePromises, moneyExactPromises)},
		{"append", slices.Concat(appendPromises, appendRacePromises)},
		{"post", slices.Concat(postPromises, moneyLockPromises, moneySumPromises)},
		{"ledger", slices.Concat(entryPromises, longLedgerPromises, holdPromises, lookupPromises, moneyModelPromises)},
	} {
		t.Run(group.name, func(t *testing.T) {
			for _, p := range group.promises {
				t.Run(p.name, func(t *testing.T) { on(w, t, newStore, p.test) })
			}
		})
	}
}

// PriceStore is a store that keeps price lists.
type PriceStore interface {
	store.Store
	store.Prices
}

// RunPrices tests what [store.Prices] and [store.PricesTx] promise, as [Run] does for the rest of
// the contract.
func RunPrices(t *testing.T, newStore func(t *testing.T) PriceStore) {
	t.Helper()
	runGroups(t, prices.Groups(), func(t *testing.T) prices.Store { return newStore(t) })
}

// BillingStore is a store that keeps documents, and the mails that bring them.
type BillingStore interface {
	store.Store
	store.Billing
}

// RunBilling tests what [store.Billing], [store.BillingTx] and [store.MailOutbox] promise, as
// [Run] does for the rest of the contract.
func RunBilling(t *testing.T, newStore func(t *testing.T) BillingStore) {
	t.Helper()
	runGroups(t, billing.Groups(), func(t *testing.T) billing.Store { return newStore(t) })
}

// TaskStore is a store that keeps tasks.
type TaskStore interface {
	store.Store
	store.Tasks
}

// RunTasks tests what [store.Tasks] and [store.TaskTx] promise, as [Run] does for the rest of the
// contract.
func RunTasks(t *testing.T, newStore func(t *testing.T) TaskStore) {
	t.Helper()
	runGroups(t, tasks.Groups(), func(t *testing.T) tasks.Store { return newStore(t) })
}

func runGroups[S any](t *testing.T, groups []support.Group[S], newStore func(t *testing.T) S) {
	t.Helper()
	w := newWatch()
	for _, group := range groups {
		t.Run(group.Name, func(t *testing.T) {
			for _, p := range group.Promises {
				t.Run(p.Name, func(t *testing.T) { on(w, t, newStore, p.Test) })
			}
		})
	}
}
