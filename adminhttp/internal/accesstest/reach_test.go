package accesstest_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/adminhttp"
)

// Who sees only their own clients hands none to a manager outside, and lets none spend
// more of the money of an account outside: by edit, by the page, or by a new client.
func TestNothingIsWonFromOutsideTheScope(t *testing.T) {
	w, all := baseWorld(t, outsideHere), baseWorld(t, outsideHere)
	w.policy.Scope = adminhttp.ClientsOf(w.ids["mine"])
	before := w.dump()
	refuse := func(a ask) {
		t.Helper()
		got := w.send(a)
		assert.Equal(t, 422, got.code, "%s %s %s: %s", a.method, a.target, a.body, got.text)
		require.Equal(t, before, w.dump(), "%s %s %s", a.method, a.target, a.body)
		got = all.send(a)
		assert.Less(t, got.code, 400, "refused to who sees all clients too: %s %s %s: %s", a.method, a.target, a.body, got.text)
		all = baseWorld(t, outsideHere)
	}
	for _, edit := range []struct{ client, path, text string }{
		{"main", "manager", "other"},
		{"idle", "credit.shared", "true"},
		{"spends", "credit.cap", "201"},
		{"spends", "credit.cap", ""},
		{"spends", "time_zone", "Asia/Tokyo"},
	} {
		f, _ := account.FieldAt(edit.path)
		text, id, version := w.value(edit.path, edit.text), w.ids[edit.client].String(), w.revision(edit.client)
		body := nested(f, text)
		if text == "" {
			body = cleared(f)
		}
		refuse(ask{method: "PATCH", target: "api/clients/" + id, body: body, media: jsonMedia, version: version})
		refuse(ask{method: "POST", target: "clients/" + id + "/edit", body: form(append([]string{"revision", version}, typed(f, text)...)...), media: formMedia})
	}
	fresh := `{"login":"brand-new","password":"` + accounttest.Password + `","password_retype":"` + accounttest.Password + `","contact":{"company":"New"}`
	for _, more := range []string{
		`"manager":"` + w.ids["other"].String() + `"`,
		`"parent":"` + w.ids["spends"].String() + `","credit":{"shared":true}`,
		`"parent":"` + w.ids["above"].String() + `"`,
	} {
		refuse(ask{method: "POST", target: "api/clients", body: fresh + "," + more + "}", media: jsonMedia})
	}
}
