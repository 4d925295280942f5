package clientaccount_test

import (
	"context"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/internal/moneytest"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/memstore"
)

// unhurried is a store over which calls gather, as each write takes its time.
type unhurried struct{ gathered }

func (s unhurried) Append(ctx context.Context, ps []store.Posting) ([]store.Outcome, error) {
	time.Sleep(50 * time.Microsecond)
	return s.gathered.Append(ctx, ps)
}

// Random histories of messages and their slow twins never part.
func TestMailAgreesWithTheReferenceModel(t *testing.T) {
	for name, p := range map[string]struct {
		open   func() store.Store
		checks int
	}{
		"each by itself": {func() store.Store { return memstore.New() }, 100},
		"gathered":       {func() store.Store { return unhurried{gatheredStore()} }, 100},
	} {
		t.Run(name, func(t *testing.T) {
			moneytest.Checks(t, p.checks)
			rapid.Check(t, func(t *rapid.T) {
				st := p.open()
				moneytest.MailHistory(t, moneytest.NewClock(began), 40, func(o *clientaccount.Options) *clientaccount.Service {
					return clientaccount.New(st, o)
				})
			})
		})
	}
}
