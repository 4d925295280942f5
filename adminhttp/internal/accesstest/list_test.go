package accesstest_test

import (
	"slices"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
)

// Two worlds differ in what decides whether a client is exhausted or near its limit, and where it stands by
// money: no order, reason, number or file tells which of the two it is to who does not see that.
func TestTheListTellsNothingOfMoneyThatIsHidden(t *testing.T) {
	asked := 0
	for _, hidden := range []struct{ path, here, there string }{
		{"notification_limit", "1 money", "900 money"},
		{"credit.limit", "", "90000"},
		{"", "", "90000"}, // money
	} {
		worlds := [2]*world{}
		for i, text := range []string{hidden.here, hidden.there} {
			w := baseWorld(t, outsideHere)
			_, err := w.svc.Update(t.Context(), w.ids["beside"], 2, clientaccount.Edit{Actor: self, Apply: func(a *account.Account) error {
				w.set(a, "notes.product", "plain")
				w.set(a, "notification_limit", "40000 messages")
				w.set(a, "credit.overdraw.expires_at", "2026-12-13T11:17:00Z")
				w.set(a, "credit.overdraw.limit", "1")
				if hidden.path != "" {
					w.set(a, hidden.path, text)
				}
				return nil
			}})
			w.must(err)
			if hidden.path != "" {
				w.policy.Field = with(hidden.path, adminhttp.Hidden)
			} else {
				w.policy.Actions = slices.DeleteFunc(access.Actions(), func(a access.Action) bool { return a == access.Money })
				if text != "" {
					w.move(account.KindTopUp, "beside", text, "rich", "")
				} else {
					w.move(account.KindAdjust, "beside", "-495", "poor", "why", func(m *account.Movement) { m.Amount = decimal.NewFromInt(-495) })
				}
			}
			w.must(w.svc.Tick(t.Context()))
			worlds[i] = w
		}
		for _, q := range []string{"attention=exhausted", "attention=near_limit", "sort=-balance", "sort=available", "sort=-moved"} {
			for _, path := range []string{"clients", "clients/export", "api/clients", "api/clients.csv"} {
				a := ask{method: "GET", target: path + "?" + q}
				asked++
				got, other := worlds[0].send(a), worlds[1].send(a)
				assert.Less(t, got.code, 500, a.target)
				if got != other {
					assert.Fail(t, "the list follows from what is hidden", "%s hidden: %s\n%s", hidden.path, a.target, difference(got.text, other.text))
				}
			}
		}
		counts := ask{method: "GET", target: "api/clients/counts"}
		assert.Equal(t, worlds[0].send(counts), worlds[1].send(counts), hidden.path)
	}
	t.Logf("%d lists, each in two worlds", asked)
}
