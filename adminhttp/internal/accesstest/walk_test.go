package accesstest_test

import (
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/adminhttp"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
	"github.com/clientaccount/clientaccount/store"
)

// every returns one request of how many are asked for each field, or without an action that they
// do not need, unless CLIENTACCOUNT_WALK is whole. Which one differs from field to field, so that
// every route is walked.
func every() int {
	if os.Getenv("CLIENTACCOUNT_WALK") == "whole" {
		return 1
	}
	return 20
}

// anyField returns one for walks that are about no field.
func anyField() (account.Field, string) {
	f, _ := account.FieldAt("contact.company")
	return f, "Wanted company"
}

func baseWorld(t *testing.T, out outside) *world {
	t.Helper()
	return newWorld(t, "", "", "", out)
}

// with returns a policy that says something of one field.
func with(path string, level adminhttp.Access) func(string) adminhttp.Access {
	return func(asked string) adminhttp.Access {
		if asked == path {
			return level
		}
		return adminhttp.Write
	}
}

// secretPaths are the fields that are written by making a new one.
var secretPaths = []string{account.PathGatewayPassword, account.PathHookSecret}

// everyField returns all that a policy is asked for.
func everyField() []account.Field {
	fields := account.Fields()
	for _, path := range secretPaths {
		f, _ := access.Field(path)
		fields = append(fields, f)
	}
	return fields
}

// A new route has an example here, and declares what it needs.
func TestEveryRouteIsWalked(t *testing.T) {
	w := baseWorld(t, outsideHere)
	f, text := anyField()
	asks := w.requests("main", f, text)
	for _, rt := range w.routes() {
		name := rt.Method + " " + rt.Path
		assert.True(t, slices.ContainsFunc(asks, func(a ask) bool { return a.route == name }), "%s has no example", name)
		assert.NotZero(t, rt.Need.Of, "%s declares nothing", name)
	}
	now := w
	for _, a := range asks {
		assert.True(t, slices.ContainsFunc(w.routes(), func(rt access.Route) bool { return rt.Method+" "+rt.Path == a.route }), "%s is no route", a.route)
		got := now.send(a)
		if a.method != http.MethodGet { // each writes to what nobody wrote to
			now = baseWorld(t, outsideHere)
		}
		assert.Less(t, got.code, 500, "%s %s", a.method, a.target)
		assert.NotContains(t, []int{400, 403, 405, 415, 428}, got.code, "%s %s %s: %s", a.method, a.target, a.body, got.text)
	}
}

// follows returns the routes whose answer follows from a field by what they are for, with the
// reason. They are still searched for the field's values.
func follows(path string, a ask) bool {
	switch path {
	case "sending.subaccounts": // whether one may be created
		return strings.HasSuffix(a.route, "/subaccounts") || strings.Contains(a.body, "parent") || strings.Contains(a.body, `"closed"`) || strings.Contains(a.body, "status=closed")
	case "notes.product": // the list of products, for who keeps it
		return strings.HasSuffix(a.route, "products")
	case "password", "password_retype":
		return true
	}
	return false
}

// TestHiddenFields: what somebody does not see does not change a byte of any answer.
// Two worlds differ in one field; who does not see it cannot tell them apart, whatever
// they ask, and nothing of it is changed by them.
func TestHiddenFieldsChangeNoAnswer(t *testing.T) {
	routes, asked := 0, 0
	for n, f := range account.Fields() {
		if f.Secret() || f.Path == "currency" {
			continue
		}
		v := valuesOf(f)
		here, there := newWorld(t, f.Path, v.first, v.here, outsideHere), newWorld(t, f.Path, v.begun(), v.there, outsideHere)
		routes = len(here.routes())
		for i, a := range here.requests("main", f, v.wanted) {
			if (i+n)%every() != 0 {
				continue
			}
			here.policy.Field, there.policy.Field = with(f.Path, adminhttp.Hidden), with(f.Path, adminhttp.Hidden)
			before := here.text(f)
			got, other := here.send(a), there.send(a)
			asked++
			if !follows(f.Path, a) {
				assert.Equal(t, got.code, other.code, "%s hidden: %s %s %s", f.Path, a.method, a.target, a.body)
				if got.text != other.text {
					assert.Fail(t, "an answer follows from a hidden field", "%s hidden: %s %s %s\n%s", f.Path, a.method, a.target, a.body, difference(got.text, other.text))
				}
			}
			if f.Path == "notes.product" && follows(f.Path, a) {
				continue
			}
			for _, text := range append(planted(f, v.here), planted(f, v.first)...) {
				if !strings.Contains(a.target, text) {
					assert.NotContains(t, got.text, text, "%s hidden: %s %s", f.Path, a.method, a.target)
				}
			}
			assert.Equal(t, before, here.text(f), "%s hidden, and changed: %s %s %s", f.Path, a.method, a.target, a.body)
			if a.method != "GET" && (here.revised() || follows(f.Path, a)) {
				here, there = newWorld(t, f.Path, v.first, v.here, outsideHere), newWorld(t, f.Path, v.begun(), v.there, outsideHere)
			}
		}
	}
	t.Logf("%d routes, %d fields hidden: %d requests, each in two worlds", routes, len(account.Fields()), asked)
}

// text returns a field of every client, as it is stored.
func (w *world) text(f account.Field) string {
	var all strings.Builder
	for _, key := range keys {
		a, err := w.store.Account(w.Context(), w.ids[key])
		w.must(err)
		all.WriteString(f.Text(a) + "\n")
	}
	return all.String()
}

// difference returns where two texts part.
func difference(a, b string) string {
	i := 0
	for i < len(a) && i < len(b) && a[i] == b[i] {
		i++
	}
	from := max(0, i-160)
	return "…" + a[from:min(len(a), i+120)] + "\n…" + b[from:min(len(b), i+120)]
}

// TestReadOnlyFieldsStay: they are as they were, whatever is asked.
func TestReadOnlyFieldsStay(t *testing.T) {
	asked := 0
	for n, f := range everyField() {
		if f.Path == "currency" {
			continue
		}
		for _, level := range []adminhttp.Access{adminhttp.Read, adminhttp.Hidden} {
			v := valuesOf(f)
			table, isField := account.FieldAt(f.Path)
			path := f.Path
			if !isField || f.Secret() {
				path, v = "", values{wanted: "x"}
			}
			w := newWorld(t, path, v.first, v.here, outsideHere)
			w.policy.Field = with(f.Path, level)
			for i, a := range w.requests("main", f, v.wanted) {
				if !sampled(a, i+n) || a.method == "GET" || !strings.Contains(a.route, "clients/{id}") {
					continue
				}
				before, secrets := "", w.secrets(f.Path)
				if isField {
					before = w.text(table)
				}
				w.send(a)
				asked++
				if isField {
					assert.Equal(t, before, w.text(table), "%s read-only: %s %s %s", f.Path, a.method, a.target, a.body)
				}
				assert.Equal(t, secrets, w.secrets(f.Path), "%s read-only: %s %s", f.Path, a.method, a.target)
				if w.revised() {
					w = newWorld(t, path, v.first, v.here, outsideHere)
					w.policy.Field = with(f.Path, level)
				}
			}
		}
	}
	t.Logf("%d requests to change a field that is not one's to write", asked)
}

// sampled reports whether a request that writes is asked for a field: those that edit
// are, always.
func sampled(a ask, n int) bool {
	edits := strings.HasSuffix(a.route, "/edit") || strings.Contains(a.route, "password") || strings.HasSuffix(a.route, "/secret") || a.method == "PATCH"
	return edits || n%every() == 0
}

// secrets returns what the store has of a secret field.
func (w *world) secrets(path string) (all []string) {
	kinds := map[string][]store.CredentialKind{ // a gateway password goes with the password
		"password": {store.WebPassword, store.GatewayPassword}, account.PathGatewayPassword: {store.GatewayPassword},
	}
	for _, kind := range kinds[path] {
		hash, err := w.store.Credential(w.Context(), w.ids["main"], kind)
		w.must(err)
		all = append(all, hash)
	}
	if path == account.PathHookSecret {
		times, err := w.svc.HookSecrets(w.Context(), w.ids["main"])
		w.must(err)
		for _, secret := range times {
			all = append(all, secret.CreatedAt.String()+secret.EndsAt.String())
		}
	}
	return all
}

// Who lacks an action is refused it on every route that needs it, and nothing is changed.
func TestMissingActionsAreRefused(t *testing.T) {
	refused, asked := 0, 0
	f, text := anyField()
	w := baseWorld(t, outsideHere)
	needs := map[string]access.Need{}
	for _, rt := range w.routes() {
		needs[rt.Method+" "+rt.Path] = rt.Need
	}
	tells := map[access.Action][]string{access.Money: {"76543", "76,5", "98765", "98,765"}, access.History: {"Reasonofchange"}}
	for n, missing := range access.Actions() {
		limit := slices.DeleteFunc(access.Actions(), func(a access.Action) bool { return a == missing })
		w.policy.Actions = limit
		before := w.dump()
		for i, a := range w.requests("main", f, text) {
			need := needs[a.route]
			needed := slices.Contains(append(slices.Clone(need.May), a.needs...), missing) && need.Shows == "" || slices.Contains(need.Always, missing)
			if !needed && tells[missing] == nil && (i+n)%every() != 0 {
				continue
			}
			got := w.send(a)
			asked++
			if needed {
				refused++
				assert.Equal(t, 403, got.code, "without %s: %s %s %s", missing, a.method, a.target, a.body)
				require.Equal(t, before, w.dump(), "without %s: %s %s", missing, a.method, a.target)
				continue
			}
			assert.NotEqual(t, 403, got.code, "without %s: %s %s %s", missing, a.method, a.target, a.body)
			for _, told := range tells[missing] {
				assert.NotContains(t, got.text, told, "without %s: %s %s", missing, a.method, a.target)
			}
			if w.revised() {
				w = baseWorld(t, outsideHere)
				w.policy.Actions = limit
			}
			if a.method != "GET" && got.code < 400 {
				before = w.dump()
			}
		}
	}
	t.Logf("%d requests without one of %d actions: %d refused", asked, len(access.Actions()), refused)
}

// What is outside of the scope is answered byte for byte as what is not there.
func TestOutsideTheScopeIsMissing(t *testing.T) {
	f, text := anyField()
	w := baseWorld(t, outsideHere)
	w.policy.Scope = adminhttp.ClientsOf(w.ids["mine"])
	before, asked := w.dump(), 0
	missing := accounttest.ID(77)
	for _, outside := range []string{"outside", "above", "outshares"} {
		for _, a := range w.requests(outside, f, text) {
			if strings.Contains(a.route, "clients/{id}") {
				asked++
				w.assertMissing(a, w.ids[outside], missing)
			}
			for _, task := range []account.ID{w.tasks[outside].change, w.tasks[outside].later, w.tasks[outside].move} {
				if strings.Contains(a.route, "tasks/{id}") && strings.Contains(a.target, task.String()) {
					asked++
					w.assertMissing(a, task, missing)
				}
			}
		}
	}
	for _, outside := range []string{"other", "otherunused"} {
		for _, a := range w.requests("main", f, text) {
			for _, key := range []string{"mine", "unused"} {
				if strings.Contains(a.route, "managers/{id}") && strings.Contains(a.target, w.ids[key].String()) {
					asked++
					a.target = strings.ReplaceAll(a.target, w.ids[key].String(), w.ids[outside].String())
					w.assertMissing(a, w.ids[outside], missing)
				}
			}
		}
	}
	assert.Equal(t, before, w.dump())
	t.Logf("%d requests about what is outside of the scope", asked)
}

func (w *world) assertMissing(a ask, outside, missing account.ID) {
	w.Helper()
	there := w.send(a)
	a.target = strings.ReplaceAll(a.target, outside.String(), missing.String())
	assert.Equal(w, 404, there.code, "%s %s", a.method, a.target)
	assert.Equal(w, there, w.send(a), "%s %s", a.method, a.target)
}

// Two worlds differ in all that is outside of the scope: names, money, reasons and
// people. Who sees only their own clients cannot tell them apart, and their own moves
// change nothing outside.
func TestOutsideTheScopeChangesNoAnswer(t *testing.T) {
	f, text := anyField()
	make := func(out outside) *world {
		w := baseWorld(t, out)
		w.policy.Scope = adminhttp.ClientsOf(w.ids["mine"], w.ids["unused"])
		return w
	}
	here, there := make(outsideHere), make(outsideThere)
	asked := 0
	for _, client := range []string{"main", "beside", "spends", "lonely", "shares"} {
		same := there.requests(client, f, text)
		for i, a := range here.requests(client, f, text) {
			got, other := here.send(a), there.send(same[i])
			asked++
			assert.Equal(t, got.code, other.code, "%s: %s %s %s", client, a.method, a.target, a.body)
			if strings.Contains(a.body, here.out.login) { // it is told what was typed
				other.text = strings.ReplaceAll(other.text, there.out.login, here.out.login)
			}
			if got.text != other.text {
				assert.Fail(t, "an answer follows from what is outside", "%s: %s %s %s\n%s", client, a.method, a.target, a.body, difference(got.text, other.text))
			}
			for _, key := range []string{"outside", "above", "outshares", "other", "otherunused"} {
				if !strings.Contains(a.target, here.ids[key].String()) {
					assert.NotContains(t, got.text, here.ids[key].String(), "%s: %s %s %s tells of %s", client, a.method, a.target, a.body, key)
				}
			}
			if a.method != "GET" && here.revised() {
				here, there = make(outsideHere), make(outsideThere)
				same = there.requests(client, f, text)
			}
		}
	}
	t.Logf("%d requests, each in two worlds", asked)
}
