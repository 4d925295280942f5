package customstore_test

import (
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/examples/customstore"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/memstore"
	"github.com/clientaccount/clientaccount/store/storetest"
)

func watched() *customstore.Watched {
	return &customstore.Watched{Store: memstore.New(), Slow: time.Minute, Logger: slog.New(slog.DiscardHandler)}
}

// The contract: each failure says which promise broke.
func TestContract(t *testing.T) {
	storetest.Run(t, func(*testing.T) store.Store { return watched() })
}

func TestWritesAreCounted(t *testing.T) {
	st := watched()
	svc := clientaccount.New(st, nil)
	change := account.Change{}.Set("login", "acme").Set("contact.company", "Acme").
		Set("password", "seven-Herons-at-dusk").Set("password_retype", "seven-Herons-at-dusk")
	_, err := svc.Create(t.Context(), clientaccount.Edit{Actor: account.Actor{ID: "u1"}, Apply: change.Apply})
	require.NoError(t, err)
	transactions, batches := st.Writes()
	assert.Positive(t, transactions)
	assert.Zero(t, batches, "no money moved")
}
