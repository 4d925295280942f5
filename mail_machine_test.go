package clientaccount_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/internal/moneytest"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/memstore"
)

// Random histories of messages and their slow twins never part.
func TestMailAgreesWithTheReferenceModel(t *testing.T) {
	for name, open := range map[string]func() store.Store{
		"each by itself": func() store.Store { return memstore.New() },
		"gathered":       func() store.Store { return gatheredStore() },
	} {
		t.Run(name, func(t *testing.T) {
			moneytest.Checks(t, 200)
			rapid.Check(t, func(t *rapid.T) {
				st := open()
				moneytest.MailHistory(t, moneytest.NewClock(began), 40, func(o *clientaccount.Options) *clientaccount.Service {
					return clientaccount.New(st, o)
				})
			})
		})
	}
}
