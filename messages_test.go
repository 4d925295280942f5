package clientaccount_test

import (
	"testing"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/internal/moneytest"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/memstore"
)

// gathered is a store, not an immediate one, so that calls go in batches.
type gathered struct {
	store.Store
	store.Messages
	store.Outbox
}

func gatheredStore() gathered {
	mem := memstore.New()
	return gathered{mem, mem, mem}
}

func TestMessages(t *testing.T) {
	for name, open := range map[string]func() store.Store{
		"each by itself": func() store.Store { return memstore.New() },
		"gathered":       func() store.Store { return gatheredStore() },
	} {
		t.Run(name, func(t *testing.T) {
			moneytest.Messages(t, func(*testing.T) moneytest.Host {
				clock := moneytest.NewClock(began)
				svc := clientaccount.New(open(), &clientaccount.Options{Clock: clock.Now, Hash: cheap})
				return moneytest.Host{Service: svc, Clock: clock}
			})
		})
	}
}
