package dbtest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/adminhttp"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/memstore"
)

// Every field of the page is set in three ways, on three stores: stored, read
// back, shown, and recorded with old and new; secrets only as changed.
func TestEveryFieldIsWalked(t *testing.T) {
	t.Parallel()
	stores := map[string]func(t *testing.T) store.Store{
		"memory": func(*testing.T) store.Store { return memstore.New() },
		"SQLite": func(t *testing.T) store.Store {
			return newStore(t, openSQLiteStore(t))
		},
		"PostgreSQL": func(t *testing.T) store.Store { return newStore(t, openPostgres(t, storeDSN(t), nil)) },
	}
	ways := map[string]func(*walker, account.Field, string){"Go": (*walker).byGo, "JSON": (*walker).byJSON, "form": (*walker).byForm}
	for backend, open := range stores {
		for name, set := range ways {
			t.Run(name+" on "+backend, func(t *testing.T) {
				t.Parallel()
				w := newWalker(t, open(t))
				for _, f := range account.Fields() {
					if f.Path != "password_retype" { // goes with the password
						w.walk(f, func(text string) { set(w, f, text) })
					}
				}
			})
		}
	}
}

// others are values that every field can take beside those of accounttest.Full.
var others = map[string]string{
	"login": "acme.other", "notification_limit": "5000 messages", "moderation": "automatic",
	"time_zone": "Asia/Kathmandu", "dispatch": "Sat,Sun 22:00-06:00", "currency": "UAH",
	"credit.limit": "0", "credit.cap": "0.02", "credit.overdraw.limit": "0.01", "credit.overdraw.expires_at": "2026-12-01T10:00:30Z",
	"credit.overdraw.reason": "Asked by phone", "routing.priority": "0", "routing.senders": "Zebra,4455",
	"contact.first_name": "Iryna", "contact.last_name": "Bondar", "contact.contract": "C-1", "contact.company": `Acme <b>"&'`,
	"contact.credential": "EE100", "contact.phone": "+37251234567", "contact.country": "EE",
	"contact.telegram": "@other_name", "contact.skype": "other.name", "sending.dlr_days": "30",
	"status": "suspended", "expires_at": "2027-06-01T00:00:00Z",
	"mail.email": "a@example.com", "mail.price_update": "b@example.com", "mail.billing": "c@example.com",
	"mail.price_format": "csv", "webhooks.api_state": "https://a.client.io/1?token=t", "webhooks.api_incoming": "https://a.client.io/2",
	"webhooks.rest_state": "https://a.client.io/3", "webhooks.rest_incoming": "https://a.client.io/4",
	"billing.enterprise": "company", "billing.invoice_days": "28,30", "notes.comments": "Two\nlines", "notes.pinned": "Call before noon",
}

// walker edits one client of one store, over a real server.
type walker struct {
	*testing.T
	svc *clientaccount.Service
	url string // of the client, without its page
	api string
	id  account.ID
}

func newWalker(t *testing.T, st store.Store) *walker {
	t.Helper()
	svc := clientaccount.New(st, &clientaccount.Options{
		Clock: accounttest.Now, Hash: clientaccount.HashCost{MemoryKiB: 64, Iterations: 1, Parallelism: 1},
	})
	for n := 1; n <= 2; n++ {
		require.NoError(t, st.Update(t.Context(), func(ctx context.Context, tx store.Tx) error {
			if err := tx.PutItem(ctx, accounttest.Manager(n), 0); err != nil {
				return err
			}
			return tx.PutItem(ctx, accounttest.Product(n), 0)
		}))
	}
	made, err := svc.Create(t.Context(), clientaccount.Edit{Apply: func(a *account.Account) error {
		*a = accounttest.Full()
		return nil
	}})
	require.NoError(t, err)
	admin, err := adminhttp.New(svc, adminhttp.Config{
		Actor:  func(*http.Request) (account.Actor, error) { return account.Actor{ID: "w", Name: "Walker"}, nil },
		Policy: func(*http.Request, account.Actor) (adminhttp.Policy, error) { return adminhttp.FullAccess(), nil },
	})
	require.NoError(t, err)
	server := httptest.NewServer(admin)
	t.Cleanup(server.Close)
	id := made.Account.ID
	return &walker{T: t, svc: svc, id: id, url: server.URL + "/clients/" + id.String(), api: server.URL + "/api/clients/" + id.String()}
}

func (w *walker) stored() account.Account {
	w.Helper()
	a, err := w.svc.Get(w.Context(), w.id)
	require.NoError(w, err)
	return a
}

// other returns a value that the field does not have now.
func (w *walker) other(f account.Field, now string) string {
	w.Helper()
	switch f.Kind {
	case account.FieldFlag:
		return strconv.FormatBool(now != "true")
	case account.FieldManager:
		return accounttest.ID(2).String()
	case account.FieldProduct:
		return accounttest.Product(2).ID.String()
	case account.FieldSecret:
		return "rusty-anchor-9-violet"
	}
	text, ok := others[f.Path]
	if !ok && f.Kind == account.FieldText {
		return "Another " + f.Label
	}
	require.True(w, ok, "no other value for %s", f.Path)
	return text
}

func (w *walker) walk(f account.Field, set func(text string)) {
	w.Helper()
	before := w.stored()
	old := f.Text(before)
	text := w.other(f, old)
	if f.Kind == account.FieldCurrency {
		w.unchangeable(f, set)
		return
	}
	set(text)
	after := w.stored()
	require.Equal(w, before.Revision+1, after.Revision, f.Path)
	records, err := w.svc.Changes(w.Context(), account.ChangeQuery{Of: w.id, Limit: 1})
	require.NoError(w, err)
	if f.Secret() {
		require.Equal(w, account.Change{{Path: f.Path, Secret: true}}, records[0].Change)
		require.NotContains(w, w.page("edit")+w.page("history"), text)
		return
	}
	require.Equal(w, text, f.Text(after), f.Path)
	hides := f.Shown(old) != old || f.Shown(text) != text // a token in a URL
	require.Equal(w, account.Change{{Path: f.Path, Old: f.Shown(old), New: f.Shown(text), Secret: hides}}, records[0].Change)
	require.Contains(w, html.UnescapeString(w.page("history")), f.Label)
	w.restore(f, old)
}

// unchangeable: an account with amounts keeps its currency, whichever way one tries.
func (w *walker) unchangeable(f account.Field, set func(text string)) {
	w.Helper()
	before := w.stored()
	set(f.Text(before)) // setting what is there is no change
	assert.Equal(w, before, w.stored())
	_, err := w.svc.Update(w.Context(), w.id, before.Revision, clientaccount.Edit{Apply: account.Change{}.Set(f.Path, "EUR").Apply})
	faults, _ := account.AsFaults(err)
	assert.True(w, faults.Has("currency.amounts"), "%v", err)
}

// restore takes the value back, so that every field is walked from the same account.
func (w *walker) restore(f account.Field, old string) {
	w.Helper()
	if f.Path == "status" || f.Path == "billing.enterprise" || old != "" {
		w.byGo(f, old)
	}
}

func (w *walker) byGo(f account.Field, text string) {
	w.Helper()
	change := account.Change{}.Set(f.Path, text)
	if f.Secret() {
		change = change.Set("password_retype", text)
	}
	_, err := w.svc.Update(w.Context(), w.id, w.stored().Revision, clientaccount.Edit{Apply: change.Apply})
	require.NoError(w, err, f.Path)
}

func (w *walker) byJSON(f account.Field, text string) {
	w.Helper()
	body := nested(f.Path, jsonValue(f, text))
	if f.Secret() {
		body["password_retype"] = text
	}
	content, err := json.Marshal(body)
	require.NoError(w, err)
	request, err := http.NewRequestWithContext(w.Context(), http.MethodPatch, w.api, bytes.NewReader(content))
	require.NoError(w, err)
	request.Header.Set("Content-Type", "application/merge-patch+json")
	request.Header.Set("If-Match", fmt.Sprintf("%q", strconv.FormatInt(w.stored().Revision, 10)))
	answer, status := w.send(request)
	require.Equal(w, http.StatusOK, status, "%s: %s", f.Path, answer)
	if f.Secret() {
		require.NotContains(w, answer, text)
	}
}

func jsonValue(f account.Field, text string) any {
	switch f.Kind {
	case account.FieldFlag:
		return text == "true"
	case account.FieldNumber:
		return json.Number(text)
	default:
		return text
	}
}

// nested is {"credit":{"limit":value}} for credit.limit.
func nested(path string, value any) map[string]any {
	head, rest, deeper := strings.Cut(path, ".")
	if !deeper {
		return map[string]any{head: value}
	}
	return map[string]any{head: nested(rest, value)}
}

func (w *walker) byForm(f account.Field, text string) {
	w.Helper()
	form := url.Values{"revision": {strconv.FormatInt(w.stored().Revision, 10)}, f.Path: {text}}
	switch {
	case f.Secret():
		form.Set("password_retype", text)
	case f.Kind == account.FieldFlag:
		form.Set("_flag", f.Path)
		if text == "false" {
			form.Del(f.Path)
		}
	}
	answer := w.post(f, form)
	if _, shown, looks := strings.Cut(answer, `name="_warned" value="`); looks { // at a step before it is written
		shown, _, _ = strings.Cut(shown, `"`)
		form.Set("_warned", html.UnescapeString(shown))
		w.post(f, form)
	}
}

// post sends the form of a field, and follows the redirect.
func (w *walker) post(f account.Field, form url.Values) string {
	w.Helper()
	request, err := http.NewRequestWithContext(w.Context(), http.MethodPost, w.url+"/edit", strings.NewReader(form.Encode()))
	require.NoError(w, err)
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	answer, status := w.send(request)
	require.Equal(w, http.StatusOK, status, "%s: %s", f.Path, faultsIn(answer))
	return answer
}

func (w *walker) page(name string) string {
	w.Helper()
	request, err := http.NewRequestWithContext(w.Context(), http.MethodGet, w.url+"/"+name, nil)
	require.NoError(w, err)
	answer, status := w.send(request)
	require.Equal(w, http.StatusOK, status)
	return answer
}

func (w *walker) send(request *http.Request) (string, int) {
	w.Helper()
	response, err := http.DefaultClient.Do(request)
	require.NoError(w, err)
	defer func() { _ = response.Body.Close() }()
	var content bytes.Buffer
	_, err = content.ReadFrom(response.Body)
	require.NoError(w, err)
	return content.String(), response.StatusCode
}

// faultsIn cuts a page down to what it says is wrong.
func faultsIn(page string) string {
	_, after, _ := strings.Cut(page, "role=\"alert\"")
	shown, _, _ := strings.Cut(after, "</ul>")
	return shown
}
