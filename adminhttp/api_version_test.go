package adminhttp_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
)

// The loser of a race is shown both sides, with who and when, and nothing of
// either is lost.
func TestALostUpdate(t *testing.T) {
	a := newAPI(t)
	id := a.create("acme", nil)
	path := "clients/" + id.String()
	a.actor = account.Actor{ID: "u2", Name: "Marek Zielinski"}
	require.Equal(t, 200, a.edit("PATCH", path, 1, `{"contact":{"company":"Theirs"},"mail":{"email":"theirs@acme.example"}}`).status)
	a.actor = account.Actor{ID: "u1", Name: "Olena Koval"}
	a.unchanged(id, func() {
		for _, query := range []string{"", "?preview=true"} {
			lost := a.edit("PATCH", path+query, 1, `{"contact":{"company":"Yours"},"notes":{"comments":"yours too"}}`)
			lost.expect(412, "version", "version.conflict")
			assert.Equal(t, `"2"`, lost.header.Get("ETag"))
			who, at := map[string]any{"id": "u2", "name": "Marek Zielinski"}, "2026-11-23T08:41:02.113456Z"
			assert.Equal(t, []any{2.0, who, at}, []any{lost.at("revision"), lost.at("actor"), lost.at("at")})
			assert.Equal(t, []any{
				map[string]any{"field": "contact.company", "was": "Company of acme", "theirs": "Theirs", "yours": "Yours", "actor": who, "at": at},
				map[string]any{"field": "mail.email", "was": nil, "theirs": "theirs@acme.example", "yours": nil, "actor": who, "at": at},
				map[string]any{"field": "notes.comments", "was": nil, "theirs": nil, "yours": "yours too", "actor": nil, "at": nil},
			}, lost.at("fields"))
		}
	})
}

func TestIfMatch(t *testing.T) {
	a := newAPI(t)
	id := a.create("acme", nil)
	path := "clients/" + id.String()
	require.Equal(t, 200, a.edit("PATCH", path, 1, `{"notes":{"comments":"x"}}`).status)
	for name, row := range map[string]struct {
		value  string
		status int
	}{
		"the present": {`"2"`, 200}, "an older": {`"1"`, 412}, "one to come": {`"3"`, 412}, "a list with it": {`"1", "2"`, 200},
		"a list without it": {`"1","7"`, 412}, "weak": {`W/"2"`, 412}, "a weak and the present": {`W/"2", "2"`, 200},
		"another form of 2": {`"02"`, 412}, "not ours": {`"abc"`, 412}, "no quotes": {`2`, 428}, "all": {`*`, 428}, "empty": {``, 428},
		"cut short": {`"2`, 428}, "long": {`"2", ` + `"1", "1", "1"`, 200}, "negative": {`"-1"`, 412}, "huge": {`"99999999999999999999"`, 412},
	} {
		t.Run(name, func(t *testing.T) {
			a := *a
			a.T = t
			a.unchanged(id, func() {
				got := a.ask("PATCH", path, "{}", []string{"If-Match", row.value})
				assert.Equal(t, row.status, got.status, got.body)
				if got.status == 428 {
					got.expect(428, "version", "version.required")
				}
			})
		})
	}
}

// A password that was set meanwhile is a conflict that shows no password.
func TestALostUpdateOfSecrets(t *testing.T) {
	a := newAPI(t)
	id := a.create("acme", nil)
	path := "clients/" + id.String()
	require.Equal(t, 204, a.edit("PUT", path+"/password", 1, `{"password":"marble-Sunday-44"}`).status)
	lost := a.edit("PATCH", path, 1, `{"password":"granite-Monday-45","password_retype":"granite-Monday-45"}`)
	lost.expect(412, "version", "version.conflict")
	assert.NotContains(t, lost.body, "Monday")
	field := lost.at("fields").([]any)[0].(map[string]any)
	assert.Equal(t, []any{"password", true, nil, nil}, []any{field["field"], field["secret"], field["theirs"], field["yours"]})
}
