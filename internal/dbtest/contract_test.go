package dbtest

import (
	"net/url"
	"testing"

	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/bunstore"
	"github.com/clientaccount/clientaccount/store/storetest"
)

// The contracts of package store, on every database, and on PostgreSQL in every
// setting that a host may have it in.

func TestContractOnPostgreSQL(t *testing.T)               { inEverySetting(t, runContract) }
func TestContractOnSQLite(t *testing.T)                   { onSQLite(t, runContract) }
func TestContractOfTheOutboxOnPostgreSQL(t *testing.T)    { inEverySetting(t, runOutbox) }
func TestContractOfTheOutboxOnSQLite(t *testing.T)        { onSQLite(t, runOutbox) }
func TestContractOfTheEventFeedOnPostgreSQL(t *testing.T) { inEverySetting(t, runEventFeed) }
func TestContractOfTheEventFeedOnSQLite(t *testing.T)     { onSQLite(t, runEventFeed) }
func TestContractOfMessagesOnPostgreSQL(t *testing.T)     { inEverySetting(t, runMessages) }
func TestContractOfMessagesOnSQLite(t *testing.T)         { onSQLite(t, runMessages) }
func TestContractOfPricesOnPostgreSQL(t *testing.T)       { inEverySetting(t, runPrices) }
func TestContractOfPricesOnSQLite(t *testing.T)           { onSQLite(t, runPrices) }
func TestContractOfBillingOnPostgreSQL(t *testing.T)      { inEverySetting(t, runBilling) }
func TestContractOfBillingOnSQLite(t *testing.T)          { onSQLite(t, runBilling) }
func TestContractOfTasksOnPostgreSQL(t *testing.T)        { inEverySetting(t, runTasks) }
func TestContractOfTasksOnSQLite(t *testing.T)            { onSQLite(t, runTasks) }
func TestContractOfStandingsOnPostgreSQL(t *testing.T)    { inEverySetting(t, runStandings) }
func TestContractOfStandingsOnSQLite(t *testing.T)        { onSQLite(t, runStandings) }

// opener gives a fresh and empty store.
type opener func(t *testing.T) *bunstore.Store

func runContract(t *testing.T, open opener) {
	t.Helper()
	storetest.Run(t, func(t *testing.T) store.Store { return open(t) })
}

func runOutbox(t *testing.T, open opener) {
	t.Helper()
	storetest.RunOutbox(t, func(t *testing.T) storetest.OutboxStore { return open(t) })
}

func runEventFeed(t *testing.T, open opener) {
	t.Helper()
	storetest.RunEventFeed(t, func(t *testing.T) storetest.EventFeedStore { return open(t) })
}

func runMessages(t *testing.T, open opener) {
	t.Helper()
	storetest.RunMessages(t, func(t *testing.T) storetest.MessageStore { return open(t) })
}

func runPrices(t *testing.T, open opener) {
	t.Helper()
	storetest.RunPrices(t, func(t *testing.T) storetest.PriceStore { return open(t) })
}

func runBilling(t *testing.T, open opener) {
	t.Helper()
	storetest.RunBilling(t, func(t *testing.T) storetest.BillingStore { return open(t) })
}

func runTasks(t *testing.T, open opener) {
	t.Helper()
	storetest.RunTasks(t, func(t *testing.T) storetest.TaskStore { return open(t) })
}

func runStandings(t *testing.T, open opener) {
	t.Helper()
	storetest.RunStandings(t, func(t *testing.T) storetest.StandingStore { return open(t) })
}

func inEverySetting(t *testing.T, run func(*testing.T, opener)) {
	t.Helper()
	t.Parallel()
	for name, parameters := range map[string]url.Values{
		"as it is":                 nil,
		"serializable by default":  {"default_transaction_isolation": {"serializable"}},
		"over the simple protocol": {"default_query_exec_mode": {"simple_protocol"}, "timezone": {"America/St_Johns"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			schemas := newSchemas(t, parameters)
			run(t, func(t *testing.T) *bunstore.Store { return newStore(t, schemas.open(t)) })
		})
	}
}

func onSQLite(t *testing.T, run func(*testing.T, opener)) {
	t.Helper()
	t.Parallel()
	run(t, newSQLite)
}

func newSQLite(t *testing.T) *bunstore.Store {
	t.Helper()
	return newStore(t, openSQLiteStore(t))
}
