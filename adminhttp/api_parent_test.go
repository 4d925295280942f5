package adminhttp_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/adminhttp"
)

func TestSubaccountsByJSON(t *testing.T) {
	a := newAPI(t)
	parent := a.create("above", func(c *account.Account) { c.Sending.Subaccounts, c.Core.Currency = true, "UAH" })
	plain := a.create("plain", nil)
	make := func(login, parent string) answer {
		return a.ask("POST", "clients", `{"login":"`+login+`","password":"`+accounttest.Password+`","password_retype":"`+accounttest.Password+
			`","contact":{"company":"C"},"parent":`+parent+`}`, nil)
	}
	made := make("beneath", `"`+parent.String()+`"`)
	require.Equal(t, 201, made.status, made.body)
	assert.Equal(t, []any{parent.String(), "UAH"}, []any{made.at("parent"), made.at("currency")})
	assert.Equal(t, 201, make("top", "null").status)
	for text, code := range map[string]string{
		`"` + plain.String() + `"`: "parent.forbidden", `"` + accounttest.ID(77).String() + `"`: "parent.unknown", `"7"`: "parent.unknown", `""`: "parent.unknown", `7`: "field.type",
	} {
		make("other", text).expect(422, "parent", code)
	}
	assert.Equal(t, []string{"beneath"}, a.logins("parent="+parent.String()))
	assert.Equal(t, []string{"above", "plain", "top"}, a.logins("parent=none"))
	assert.Empty(t, a.logins("parent="+plain.String()))
	a.get("clients?parent=x").expect(422, "parent", "parent.unknown")
	a.edit("PATCH", "clients/"+plain.String(), 1, `{"parent":"`+parent.String()+`"}`).expect(422, "parent", "field.unknown")
}

func TestParentsOutsideTheScopeAreUnknown(t *testing.T) {
	a := newAPI(t)
	mine := a.manager("Mine")
	theirs := a.create("theirs", nil) // may not add subaccounts either
	a.policy.Scope = adminhttp.ClientsOf(mine)
	body := func(parent account.ID) string {
		return `{"login":"beneath","password":"` + accounttest.Password + `","password_retype":"` + accounttest.Password +
			`","contact":{"company":"C"},"manager":"` + mine.String() + `","parent":"` + parent.String() + `"}`
	}
	given := a.ask("POST", "clients", body(theirs), nil)
	given.expect(422, "parent", "parent.unknown")
	assert.Equal(t, given.body, a.ask("POST", "clients", body(accounttest.ID(77)), nil).body)
}
