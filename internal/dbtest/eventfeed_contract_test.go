package dbtest

import (
	"net/url"
	"path/filepath"
	"testing"

	"github.com/clientaccount/clientaccount/store/storetest"
)

func TestContractOfTheEventFeedOnPostgreSQL(t *testing.T) {
	for name, parameters := range map[string]url.Values{
		"as it is":                 nil,
		"serializable by default":  {"default_transaction_isolation": {"serializable"}},
		"over the simple protocol": {"default_query_exec_mode": {"simple_protocol"}, "timezone": {"America/St_Johns"}},
	} {
		t.Run(name, func(t *testing.T) {
			schemas := newSchemas(t)
			storetest.RunEventFeed(t, func(t *testing.T) storetest.EventFeedStore { return newStore(t, schemas.open(t, parameters)) })
		})
	}
}

func TestContractOfTheEventFeedOnSQLite(t *testing.T) {
	storetest.RunEventFeed(t, func(t *testing.T) storetest.EventFeedStore {
		return newStore(t, openSQLite(t, filepath.Join(t.TempDir(), "test.db")))
	})
}
