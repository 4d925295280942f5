package adminhttp_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/adminhttp"
)

// api is the JSON API over a store in memory, and a client of it that records every
// answer for internal/openapitest.
type api struct {
	*testing.T
	svc    *clientaccount.Service
	server *httptest.Server
	policy adminhttp.Policy
	actor  account.Actor
	nobody bool // signed in
	doc    map[string]any
}

// newAPI has everything allowed; tests narrow policy before they ask.
func newAPI(t *testing.T) *api {
	t.Helper()
	return newAPIOver(t, newPostbox(t).svc)
}

// newAPIOver is newAPI over a Service of the test's own, with more in its Config.
func newAPIOver(t *testing.T, svc *clientaccount.Service, configure ...func(*adminhttp.Config)) *api {
	t.Helper()
	a := &api{T: t, svc: svc, policy: adminhttp.FullAccess(), actor: account.Actor{ID: "u1", Name: "Olena Koval"}}
	config := adminhttp.Config{
		Actor: func(*http.Request) (account.Actor, error) {
			if a.nobody {
				return account.Actor{}, adminhttp.ErrNoActor
			}
			return a.actor, nil
		},
		Policy: func(*http.Request, account.Actor) (adminhttp.Policy, error) { return a.policy, nil },
	}
	for _, more := range configure {
		more(&config)
	}
	admin, err := adminhttp.New(a.svc, config)
	require.NoError(t, err)
	a.server = httptest.NewServer(admin)
	t.Cleanup(a.server.Close)
	a.doc = a.ask("GET", "openapi.json", "", nil).object()
	return a
}

// answer is what came back, its body read.
type answer struct {
	t      *testing.T
	status int
	header http.Header
	body   string
}

func (a answer) object() map[string]any {
	a.t.Helper()
	var o map[string]any
	require.NoError(a.t, json.Unmarshal([]byte(a.body), &o), a.body)
	return o
}

// at is the value at a path of the answer.
func (a answer) at(path string) any {
	a.t.Helper()
	var v any = a.object()
	for name := range strings.SplitSeq(path, ".") {
		v = v.(map[string]any)[name]
	}
	return v
}

// faults are the errors of a problem.
func (a answer) faults() account.Faults {
	a.t.Helper()
	var p struct {
		Type, Title, Detail string
		Status              int
		Errors              account.Faults
	}
	require.NoError(a.t, json.Unmarshal([]byte(a.body), &p), a.body)
	assert.Equal(a.t, "application/problem+json", a.header.Get("Content-Type"))
	assert.Equal(a.t, a.status, p.Status)
	assert.NotEmpty(a.t, p.Type)
	assert.NotEmpty(a.t, p.Title)
	return p.Errors
}

// expect holds a problem against its status and one fault.
func (a answer) expect(status int, field, code string) {
	a.t.Helper()
	require.Equal(a.t, status, a.status, a.body)
	faults := a.faults()
	require.Len(a.t, faults, 1)
	assert.Equal(a.t, [2]string{field, code}, [2]string{faults[0].Path, faults[0].Code})
	assert.NotEmpty(a.t, faults[0].Text)
}

// ask sends a request; headers are name, value, name, value.
func (a *api) ask(method, path, body string, headers []string) answer {
	a.Helper()
	r, err := http.NewRequestWithContext(a.Context(), method, a.server.URL+"/api/"+path, strings.NewReader(body))
	require.NoError(a, err)
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	res, err := a.server.Client().Do(r)
	require.NoError(a, err)
	defer func() { _ = res.Body.Close() }()
	content, err := io.ReadAll(res.Body)
	require.NoError(a, err)
	recordAnswer(a.T, r, body, res, content)
	return answer{a.T, res.StatusCode, res.Header, string(content)}
}

func (a *api) get(path string) answer { a.Helper(); return a.ask("GET", path, "", nil) }

// edit sends a body against a revision.
func (a *api) edit(method, path string, revision int64, body string) answer {
	a.Helper()
	return a.ask(method, path, body, []string{"If-Match", tag(revision)})
}

func tag(revision int64) string { return `"` + strconv.FormatInt(revision, 10) + `"` }

// create stores a client and gives its id.
func (a *api) create(login string, alter func(*account.Account)) account.ID {
	a.Helper()
	made, err := a.svc.Create(a.Context(), clientaccount.Edit{Actor: a.actor, Apply: func(c *account.Account) error {
		c.Core.Login, c.Contact.Company = login, "Company of "+login
		c.Core.Password = account.SetPassword(accounttest.Password, accounttest.Password)
		if alter != nil {
			alter(c)
		}
		return nil
	}})
	require.NoError(a, err)
	return made.Account.ID
}

func (a *api) manager(name string) account.ID {
	a.Helper()
	m, err := a.svc.SaveManager(a.Context(), account.Manager{Name: name}, account.Actor{}, "")
	require.NoError(a, err)
	return m.ID
}

// state is everything that could have been written: the client and its history.
func (a *api) state(id account.ID) (account.Account, []account.Record) {
	a.Helper()
	c, err := a.svc.Get(a.Context(), id)
	require.NoError(a, err)
	records, err := a.svc.Changes(a.Context(), account.ChangeQuery{Of: id, Limit: 200})
	require.NoError(a, err)
	return c, records
}

// unchanged fails when do writes anything to the client.
func (a *api) unchanged(id account.ID, do func()) {
	a.Helper()
	before, history := a.state(id)
	do()
	after, now := a.state(id)
	assert.Equal(a, before, after)
	assert.Equal(a, history, now)
}

// body nests a value at a path.
func body(path string, value any) string {
	inner := map[string]any{}
	names := strings.Split(path, ".")
	top := inner
	for _, name := range names[:len(names)-1] {
		next := map[string]any{}
		inner[name] = next
		inner = next
	}
	inner[names[len(names)-1]] = value
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(top); err != nil {
		panic(err)
	}
	return text.String()
}

func TestCreateReadEdit(t *testing.T) {
	a := newAPI(t)
	made := a.ask("POST", "clients", `{"login":"acme","password":"`+accounttest.Password+`","password_retype":"`+accounttest.Password+`",
		"contact":{"company":"Acme Ltd"},"credit":{"limit":"100.50"},"sending":{"rest":true},"status":"active"}`, nil)
	require.Equal(t, http.StatusCreated, made.status, made.body)
	id := made.at("id").(string)
	assert.Equal(t, "../api/clients/"+id, made.header.Get("Location"))
	assert.Equal(t, `"1"`, made.header.Get("ETag"))
	assert.Equal(t, "100.5", made.at("credit.limit"))
	assert.Equal(t, "active", made.at("effective_status"))

	changed := a.edit("PATCH", "clients/"+id+"?reason=a+call", 1, `{"credit":{"limit":250.25},"routing":{"priority":2},"contact":{"phone":null}}`)
	require.Equal(t, http.StatusOK, changed.status, changed.body)
	assert.Equal(t, `"2"`, changed.header.Get("ETag"))
	assert.InDelta(t, 2, changed.at("routing.priority"), 0)

	read := a.get("clients/" + id)
	assert.Equal(t, "250.25", read.at("credit.limit"), "a number is taken by its exact text")
	effective := read.at("effective").(map[string]any)
	assert.Equal(t, map[string]any{"value": "250.25", "origin": "own"}, effective["credit.limit"])
	assert.Equal(t, map[string]any{"value": 3.0, "origin": "default"}, effective["sending.dlr_days"])
	assert.Nil(t, read.at("sending.dlr_days"))
	assert.NotContains(t, read.body, "password")

	history := a.get("clients/" + id + "/changes")
	newest := history.at("changes").([]any)[0].(map[string]any)
	assert.Equal(t, "a call", newest["reason"])
	assert.Equal(t, map[string]any{"id": "u1", "name": "Olena Koval"}, newest["actor"])
	assert.Equal(t, []any{
		map[string]any{"field": "credit.limit", "old": "100.5", "new": "250.25"},
		map[string]any{"field": "routing.priority", "old": nil, "new": 2.0},
	}, newest["fields"])
}

func TestAnEmptyPatchChangesNothing(t *testing.T) {
	a := newAPI(t)
	id := a.create("acme", nil)
	a.unchanged(id, func() {
		got := a.edit("PATCH", "clients/"+id.String(), 1, `{}`)
		assert.Equal(t, http.StatusOK, got.status)
		assert.Equal(t, `"1"`, got.header.Get("ETag"))
	})
}

func TestPreviewWritesNothing(t *testing.T) {
	a := newAPI(t)
	id := a.create("acme", nil)
	a.unchanged(id, func() {
		got := a.edit("PATCH", "clients/"+id.String()+"?preview=true", 1, `{"status":"active","notes":{"comments":"x"}}`)
		require.Equal(t, http.StatusOK, got.status, got.body)
		assert.Equal(t, []any{
			map[string]any{"field": "status", "old": "pending", "new": "active"},
			map[string]any{"field": "notes.comments", "old": nil, "new": "x"},
		}, got.at("changes"))
		assert.NotEmpty(t, got.at("warnings"), "active without a channel is worth a warning")
	})
	fresh := a.ask("POST", "clients?preview=true", `{"login":"other","password":"`+accounttest.Password+`","password_retype":"`+accounttest.Password+`","contact":{"company":"O"}}`, nil)
	assert.Equal(t, http.StatusOK, fresh.status, fresh.body)
	_, err := a.svc.ByLogin(t.Context(), "other")
	assert.ErrorIs(t, err, account.ErrNotFound)
}

func TestHeadIsGetWithoutABody(t *testing.T) {
	a := newAPI(t)
	id := a.create("acme", nil)
	got := a.ask("HEAD", "clients/"+id.String(), "", nil)
	assert.Equal(t, http.StatusOK, got.status)
	assert.Equal(t, `"1"`, got.header.Get("ETag"))
	assert.Empty(t, got.body)
}

func TestMethodsAndPathsThatAreNot(t *testing.T) {
	a := newAPI(t)
	got := a.ask("DELETE", "clients", "", nil)
	got.expect(http.StatusMethodNotAllowed, "method", "method_not_allowed")
	assert.Equal(t, "GET, HEAD, POST", got.header.Get("Allow"))
	for _, path := range []string{"", "nothing", "clients/", "clients/../clients", "clients//", "clients/x/y/z"} {
		a.get(path).expect(http.StatusNotFound, "id", "not_found")
	}
}

func TestNobodyIsSignedIn(t *testing.T) {
	a := newAPI(t)
	id := a.create("acme", nil)
	a.nobody = true
	for _, path := range []string{"clients", "clients/" + id.String(), "openapi.json", "nothing"} {
		a.get(path).expect(http.StatusUnauthorized, "actor", "unauthorized")
	}
}

func TestPasswordsComeInAndNeverOut(t *testing.T) {
	a := newAPI(t)
	id := a.create("acme", func(c *account.Account) { c.Sending.SMPP, c.Sending.Web, c.Status = true, true, account.StatusActive })
	path := "clients/" + id.String()
	const secret = "marble-Sunday-44"
	set := a.edit("PUT", path+"/password", 1, `{"password":"`+secret+`"}`)
	require.Equal(t, http.StatusNoContent, set.status, set.body)
	assert.Equal(t, `"2"`, set.header.Get("ETag"))
	_, err := a.svc.Authenticate(t.Context(), clientaccount.Attempt{Channel: account.ChannelWeb, Login: "acme", Password: secret})
	require.NoError(t, err)

	gateway := a.edit("POST", path+"/gateway-password", 2, "")
	require.Equal(t, http.StatusOK, gateway.status, gateway.body)
	_, err = a.svc.Authenticate(t.Context(), clientaccount.Attempt{
		Channel: account.ChannelSMPP, Login: "acme", Password: gateway.at("password").(string),
	})
	require.NoError(t, err)

	for _, again := range []string{path, path + "/changes", "clients"} {
		got := a.get(again)
		assert.NotContains(t, got.body, secret)
		assert.NotContains(t, got.body, gateway.at("password"))
		assert.NotContains(t, got.body, "argon2")
	}
	fields := a.get(path + "/changes").at("changes").([]any)[0].(map[string]any)["fields"]
	assert.Equal(t, []any{map[string]any{"field": "gateway_password", "old": nil, "new": nil, "secret": true}}, fields)

	a.edit("PUT", path+"/password", 3, `{"password":"`+secret+`","password_retype":"another-One-9"}`).
		expect(http.StatusUnprocessableEntity, "password", "password.mismatch")
	a.edit("PUT", path+"/password", 3, `{}`).expect(http.StatusUnprocessableEntity, "password", "password.required")
	a.edit("PUT", path+"/password", 3, `{"password":null}`).expect(http.StatusUnprocessableEntity, "password", "password.required")
	a.edit("PUT", path+"/password", 3, `{"password":"`+secret+`","login":"x"}`).expect(http.StatusUnprocessableEntity, "login", "field.unknown")
	a.edit("PUT", path+"/password", 1, `{"password":"`+secret+`"}`).expect(http.StatusPreconditionFailed, "version", "version.conflict")
	a.ask("POST", path+"/gateway-password", "", nil).expect(http.StatusPreconditionRequired, "version", "version.required")
	a.edit("POST", path+"/gateway-password", 3, `{"x":1}`).expect(http.StatusUnprocessableEntity, "x", "field.unknown")
}

func TestUndoIsAChange(t *testing.T) {
	a := newAPI(t)
	id := a.create("acme", nil)
	path := "clients/" + id.String()
	require.Equal(t, 200, a.edit("PATCH", path, 1, `{"notes":{"comments":"first"}}`).status)
	require.Equal(t, 200, a.edit("PATCH", path, 2, `{"contact":{"company":"New Name"}}`).status)
	undone := a.edit("POST", path+"/changes/2/undo?reason=a+slip", 3, "")
	require.Equal(t, http.StatusOK, undone.status, undone.body)
	assert.Nil(t, undone.at("notes.comments"))
	assert.Equal(t, "New Name", undone.at("contact.company"))
	record := a.get(path + "/changes?field=notes.comments").at("changes").([]any)[0].(map[string]any)
	assert.Equal(t, []any{"undone", 2.0, "a slip"}, []any{record["kind"], record["undoes"], record["reason"]})

	a.edit("POST", path+"/changes/2/undo", 4, "").expect(422, "notes.comments", "change.superseded")
	a.edit("POST", path+"/changes/1/undo", 4, "").expect(422, "change", "change.final")
	for _, none := range []string{"99", "0", "-1", "x"} {
		a.edit("POST", path+"/changes/"+none+"/undo", 4, "").expect(404, "id", "not_found")
	}
	a.ask("POST", path+"/changes/2/undo", "", nil).expect(428, "version", "version.required")
	a.edit("POST", path+"/changes/2/undo", 3, "").expect(412, "version", "version.conflict")
}

// soon is an instant after the service's present one.
func soon(d time.Duration) string { return accounttest.Now().Add(d).Format(time.RFC3339) }

// merge puts a JSON text into an object, object by object.
func merge(into map[string]any, patch string) {
	var o map[string]any
	if err := json.Unmarshal([]byte(patch), &o); err != nil {
		panic(err)
	}
	for name, v := range o {
		inner, nested := v.(map[string]any)
		if there, ok := into[name].(map[string]any); ok && nested {
			merge(there, text(inner))
			continue
		}
		into[name] = v
	}
}

func text(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(b)
}
