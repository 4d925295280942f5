package adminhttp_test

import (
	"net/url"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp"
)

func TestAPolicyOfUnknownNamesIsAnErrorWhenItIsBuilt(t *testing.T) {
	all, none := adminhttp.AllClients(), map[string]adminhttp.Access(nil)
	for name, build := range map[string]func() (adminhttp.Policy, error){
		"credit.limits": func() (adminhttp.Policy, error) {
			return adminhttp.NewPolicy(all, adminhttp.Write, map[string]adminhttp.Access{"credit.limits": adminhttp.Read, "login": adminhttp.Read})
		},
		"core": func() (adminhttp.Policy, error) {
			return adminhttp.NewPolicy(all, adminhttp.Write, map[string]adminhttp.Access{"core": adminhttp.Hidden})
		},
		"the access 7": func() (adminhttp.Policy, error) { return adminhttp.NewPolicy(all, 7, none) },
		`gives "login"`: func() (adminhttp.Policy, error) {
			return adminhttp.NewPolicy(all, 0, map[string]adminhttp.Access{"login": -1})
		},
		"topup": func() (adminhttp.Policy, error) { return adminhttp.NewPolicy(all, adminhttp.Write, none, "topup") },
		`no use without "money"`: func() (adminhttp.Policy, error) {
			return adminhttp.NewPolicy(all, adminhttp.Write, none, adminhttp.ActionTopUp)
		},
	} {
		_, err := build()
		require.ErrorContains(t, err, name)
	}
	fields := map[string]adminhttp.Access{"credit.limit": adminhttp.Read, account.PathGatewayPassword: adminhttp.Hidden}
	p, err := adminhttp.NewPolicy(all, adminhttp.Hidden, fields, adminhttp.FullAccess().Actions...)
	require.NoError(t, err)
	fields["credit.limit"] = adminhttp.Write
	assert.Equal(t, adminhttp.Read, p.Field("credit.limit"), "the map is the caller's own")
	assert.Equal(t, adminhttp.Hidden, p.Field("login"))
}

// without is full access but for some actions.
func without(actions ...adminhttp.Action) []adminhttp.Action {
	return slices.DeleteFunc(adminhttp.FullAccess().Actions, func(a adminhttp.Action) bool { return slices.Contains(actions, a) })
}

func TestWhoMayNotSetPasswordsCanCreate(t *testing.T) {
	a := newAPI(t)
	a.policy.Actions = without(adminhttp.ActionPassword)
	made := a.ask("POST", "clients", `{"login":"acme","contact":{"company":"Acme"}}`, nil)
	require.Equal(t, 201, made.status, made.body)
	_, err := a.svc.Authenticate(t.Context(), clientaccount.Attempt{Login: "acme", Channel: account.ChannelWeb})
	require.Error(t, err, "nobody knows the password")
	refused := a.ask("POST", "clients", `{"login":"other","contact":{"company":"Other"},"password":"marble-Sunday-44","password_retype":"marble-Sunday-44"}`, nil)
	assert.Equal(t, 422, refused.status, "what they may not, they do not by creating")

	s := newSite(t)
	s.policy.Actions = without(adminhttp.ActionPassword)
	require.Equal(t, 200, s.get("clients/new").code)
	form := url.Values{"login": {"acme"}, "contact.company": {"Acme"}}
	assert.Equal(t, 303, s.post("clients/new", form).code)
	form.Set("login", "other")
	form.Set("password", "marble-Sunday-44")
	form.Set("password_retype", "marble-Sunday-44")
	forged := s.post("clients/new", form)
	assert.Equal(t, 422, forged.code)
}

func TestAClientMadeByJSONHasWhatThePageWouldBeginWith(t *testing.T) {
	a := newAPI(t)
	mine := a.manager("Mine")
	top := a.create("top", func(c *account.Account) {
		c.Core.Manager, c.Core.TimeZone, c.Sending.Subaccounts, c.Status = mine, "Europe/Kyiv", true, account.StatusActive
	})
	a.policy.Scope = adminhttp.ClientsOf(mine)
	a.policy.Field = fields(map[string]adminhttp.Access{"manager": adminhttp.Read})
	for _, body := range []string{
		`{"login":"one","contact":{"company":"One"},"password":"marble-Sunday-44","password_retype":"marble-Sunday-44"}`,
		`{"login":"two","contact":{"company":"Two"},"password":"marble-Sunday-44","password_retype":"marble-Sunday-44","parent":"` + top.String() + `"}`,
	} {
		made := a.ask("POST", "clients", body, nil)
		require.Equal(t, 201, made.status, made.body)
		assert.Equal(t, mine.String(), made.at("manager"))
	}
	a.policy.Scope = adminhttp.ClientsOf(mine, a.manager("Also mine"))
	a.policy.Field = fields(map[string]adminhttp.Access{"manager": adminhttp.Read, "time_zone": adminhttp.Hidden})
	made := a.ask("POST", "clients", `{"login":"three","contact":{"company":"Three"},"password":"marble-Sunday-44","password_retype":"marble-Sunday-44","parent":"`+top.String()+`"}`, nil)
	require.Equal(t, 201, made.status, made.body)
	assert.Equal(t, mine.String(), made.at("manager"), "the parent's: what it begins with is nobody's choice")
	three, err := a.svc.ByLogin(t.Context(), "three")
	require.NoError(t, err)
	assert.Equal(t, "Europe/Kyiv", three.Core.TimeZone)
	two, err := a.svc.ByLogin(t.Context(), "two")
	require.NoError(t, err)
	assert.Equal(t, "Europe/Kyiv", two.Core.TimeZone)
}
