package adminhttp_test

import (
	"net/url"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/adminhttp"
	"github.com/clientaccount/clientaccount/store"
)

func TestTheHistoryNamesNoManagerOutsideTheScope(t *testing.T) {
	a := newAPI(t)
	mine, other := a.manager("Mine"), a.manager("Other")
	id := a.create("acme", func(c *account.Account) { c.Core.Manager = other })
	_, err := a.svc.Update(t.Context(), id, 1, clientaccount.Edit{Actor: a.actor, Apply: func(c *account.Account) error { c.Core.Manager = mine; return nil }})
	require.NoError(t, err)
	a.policy.Scope = adminhttp.ClientsOf(mine)
	one := "clients/" + id.String()
	for _, got := range []answer{
		a.get(one + "/changes"),
		a.edit("PATCH", one, 1, `{"contact":{"company":"Mine"}}`),
		a.edit("POST", one+"/changes/2/undo", 2, ""),
	} {
		assert.NotContains(t, got.body, other.String())
	}
	assert.Contains(t, a.get(one+"/changes").body, mine.String())
}

func TestWhoSeesNoWebhooksIsNotToldThatOneIsOff(t *testing.T) {
	p := newPostbox(t)
	s := newSiteOver(t, p.svc)
	a := s.create("hooked", withHooks)
	p.incoming(a.ID, "mo-1")
	p.settle(hook(a.ID, account.HookRESTIncoming), store.Health{Failures: 1, OffAt: accounttest.Now(), OffCode: "gone"}, store.DeliveryDead, store.Try{Code: "gone"})
	require.Contains(t, s.get(moneyPath(a)).text(), "switched off")
	s.policy.Actions = without(adminhttp.ActionWebhooks)
	assert.NotContains(t, s.get(moneyPath(a)).text(), "switched off")
}

func TestAHiddenCurrencyIsNeitherShownNorTried(t *testing.T) {
	a := newAPI(t)
	id := a.create("acme", func(c *account.Account) { c.Credit.Limit = account.Some(decimal.NewFromInt(4000)) })
	a.policy.Field = fields(map[string]adminhttp.Access{"currency": adminhttp.Hidden})
	for _, currency := range []string{"EUR", "USD"} {
		a.ask("POST", "clients/"+id.String()+"/top-ups", `{"reference":"`+currency+`","amount":"1","currency":"`+currency+`"}`, nil).expect(422, "currency", "field.unknown")
	}
	s := newSiteOver(t, a.svc)
	s.policy = a.policy
	page := s.get("clients/" + id.String() + "/edit")
	assert.Contains(t, page.html, `value="4000"`)
	assert.NotContains(t, page.html, `value="4000.00"`, "as many decimals as the currency has")
	assert.Contains(t, s.save(s.stored(id), "credit.limit", "4000").header.Get("Location"), "applied=0", "what was left as shown is no change")
}

func TestMoneyTellsNoHiddenStatusNorWhoPays(t *testing.T) {
	a := newAPI(t)
	parent := a.create("parent", func(c *account.Account) { c.Sending.Subaccounts = true })
	child := a.create("child", func(c *account.Account) { c.Parent, c.Credit.Shared = parent, true })
	ended := a.create("ended", func(c *account.Account) { c.Status = account.StatusClosed })
	s := newSiteOver(t, a.svc)
	for id, path := range map[account.ID]string{ended: "status", child: "credit.shared"} {
		a.policy.Field = fields(map[string]adminhttp.Access{path: adminhttp.Hidden})
		s.policy = a.policy
		one := "clients/" + id.String()
		a.ask("POST", one+"/top-ups", `{"reference":"r","amount":"1"}`, nil).expect(409, "account", "field.hidden")
		for _, page := range []reply{
			s.get(one + "/money"), s.get(one + "/subaccounts"),
			s.post(one+"/money", url.Values{"_do": {"topUp"}, "amount": {"1"}, "reference": {"r"}}),
		} {
			assert.NotRegexp(t, "(?i)closed|account above|its parent's", page.text(), path)
		}
	}
}

func TestWhatIsNotToldIsNotShownAsNothing(t *testing.T) {
	s := newSite(t)
	a := s.create("acme", func(a *account.Account) { a.Sending.Subaccounts = true })
	below := s.create("below", func(b *account.Account) { b.Parent = a.ID })
	s.topUp(a, "10")
	s.topUp(below, "10")
	s.policy.Field = fields(map[string]adminhttp.Access{"credit.limit": adminhttp.Hidden, "credit.shared": adminhttp.Hidden, "time_zone": adminhttp.Hidden})
	list := s.get("clients")
	assert.Contains(t, list.text(), "not yours to see")
	assert.NotContains(t, list.html, `class="mini"`, "an empty bar says that nothing is left")
	beneath := s.get("clients/" + a.ID.String() + "/subaccounts").text()
	assert.Contains(t, beneath, "not yours to see")
	assert.NotContains(t, beneath, "none yet")
	assert.NotContains(t, s.get("clients/"+a.ID.String()+"/decide").text(), "the client's clock, UTC")
}

func TestEventsOfMoneyAreHiddenWithWhatTheyFollowFrom(t *testing.T) {
	s := newSite(t)
	product, err := s.svc.SaveProduct(t.Context(), account.Product{Name: "Gold", Currency: "EUR", Price: account.Some(decimal.NewFromInt(2))}, account.Actor{}, "")
	require.NoError(t, err)
	a := s.create("acme", func(a *account.Account) {
		a.Core.Currency, a.Notes.Product = "EUR", product.ID
		a.Core.NotificationLimit = account.MessagesLimit(10)
	})
	s.topUp(a, "100")
	s.charge(a, "c1", "99")
	const limit, exhausted = "Notification limit reached", "Nothing left to send with"
	shown := s.get(moneyPath(a)).text()
	require.Contains(t, shown, limit)
	require.Contains(t, shown, exhausted)
	require.Contains(t, s.get(moneyPath(a)).html, "tone-warn")
	for path, hidden := range map[string][]string{
		"notification_limit": {limit}, "notes.product": {limit, exhausted}, "credit.limit": {limit, exhausted}, "credit.overdraw.limit": {limit, exhausted},
	} {
		s.policy.Field = fields(map[string]adminhttp.Access{path: adminhttp.Hidden})
		page, list := s.get(moneyPath(a)).text(), s.get("clients").text()
		for _, text := range hidden {
			assert.NotContains(t, page, text, path)
		}
		assert.NotContains(t, page+list, "near its limit", path)
		assert.NotContains(t, page, "notification limit.", path)
		assert.NotRegexp(t, "tone-warn|on warn", s.get(moneyPath(a)).html+s.get("clients").html, path)
	}
}
