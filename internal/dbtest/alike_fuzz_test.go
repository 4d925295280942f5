package dbtest

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/adminhttp"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/memstore"
	"github.com/clientaccount/clientaccount/webhook/payload"
)

// alike are admins over stores of every kind, filled alike to the byte.
type alike struct {
	names  []string
	svcs   []*clientaccount.Service
	admins []http.Handler
	client account.ID

	manager, product account.ID
}

// sameRandom is the same for all who begin with it.
type sameRandom struct {
	mu  sync.Mutex
	src *rand.ChaCha8
}

func (r *sameRandom) Read(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.src.Read(p)
}

func newAlike(f testing.TB) *alike {
	f.Helper()
	all := &alike{}
	for name, st := range map[string]store.Store{
		"memory": memstore.New(), "SQLite": newStore(f, openSQLite(f, filepath.Join(f.TempDir(), "alike.db"))),
		"PostgreSQL": newStore(f, openPostgres(f, storeDSN(f), nil)),
	} {
		svc := clientaccount.New(st, &clientaccount.Options{
			Clock: accounttest.Now, Random: &sameRandom{src: rand.NewChaCha8([32]byte{7})},
			Hash: clientaccount.HashCost{MemoryKiB: 64, Iterations: 1, Parallelism: 1},
		})
		admin, err := adminhttp.New(svc, adminhttp.Config{
			Actor:  func(*http.Request) (account.Actor, error) { return account.Actor{ID: "u1"}, nil },
			Policy: func(*http.Request, account.Actor) (adminhttp.Policy, error) { return adminhttp.FullAccess(), nil },
		})
		require.NoError(f, err)
		all.names, all.svcs, all.admins = append(all.names, name), append(all.svcs, svc), append(all.admins, admin)
		all.client = fillAlike(f, svc)
		all.manager, all.product = referencesAlike(f, svc)
	}
	return all
}

// fillAlike gives a store clients, money and deliveries, and the id of one who has them.
func fillAlike(f testing.TB, svc *clientaccount.Service) account.ID {
	f.Helper()
	var first account.ID
	for n, company := range []string{"Äldermere & Söhne", "aldermere", "100%_sure\\", "Петренко", "İstanbul ﬁ", ""} {
		made, err := svc.Create(f.Context(), clientaccount.Edit{Apply: func(a *account.Account) error {
			a.Core.Login, a.Contact.Company = fmt.Sprint("client-", n), company
			a.Core.Password = account.SetPassword(accounttest.Password, accounttest.Password)
			a.Webhooks = account.Webhooks{RESTIncoming: "https://client.io/in", APIIncoming: "https://client.io/api"}
			if company == "" {
				a.Billing.Enterprise, a.Contact.FirstName, a.Contact.LastName = account.EnterprisePrivate, "Ada", "Ó"
			}
			return nil
		}})
		require.NoError(f, err)
		if n == 0 {
			first = made.Account.ID
		}
	}
	move := func(reference string, kind account.MovementKind) {
		_, err := svc.Move(f.Context(), account.Movement{Kind: kind, Account: first, Amount: decimal.NewFromInt(3), Reference: reference})
		require.NoError(f, err)
	}
	for n := range 4 {
		move(fmt.Sprint("in-", n), account.KindTopUp)
		move(fmt.Sprint("hold-", n), account.KindHold)
		_, err := svc.SubmitIncoming(f.Context(), first, payload.Incoming{MessageID: fmt.Sprint("mo-", n), Text: "x", At: accounttest.Now()})
		require.NoError(f, err)
	}
	return first
}

// referencesAlike gives a store a manager and a product.
func referencesAlike(f testing.TB, svc *clientaccount.Service) (manager, product account.ID) {
	f.Helper()
	m, err := svc.SaveManager(f.Context(), account.Manager{Name: "Olena"}, account.Actor{}, "")
	require.NoError(f, err)
	p, err := svc.SaveProduct(f.Context(), account.Product{Name: "Gold", Currency: "EUR"}, account.Actor{}, "")
	require.NoError(f, err)
	return m.ID, p.ID
}

// alikePaths are asked, and the last one is sent to.
var alikePaths = []string{
	"clients", "clients/{id}", "clients/{id}/entries", "clients/{id}/holds", "clients/{id}/changes", "clients/{id}/deliveries",
	"clients/{id}/balance", "clients/{id}/webhooks", "managers", "products", "PATCH clients/{id}",
}

// FuzzStoresAnswerAlike: whatever is asked for or sent, all stores give the same answer, and
// none fails.
func FuzzStoresAnswerAlike(f *testing.F) {
	all := newAlike(f)
	for i := range alikePaths {
		for _, asked := range [][2]string{
			{"", "{}"},
			{"limit=1", `{"contact":{"company":"Ä \u0000"}}`},
			{"q=%C3%84ld&sort=-company", `{"notes":{"comments":"a\r\nb\u2028"}}`},
			{"q=%25_%5C", `{"login":"client-1"}`},
			{"from=0000-01-01T00:00:00Z", `{"contact":{"contract":"C-1"}}`},
			{"to=9999-12-31T23:59:59Z", `{"credit":{"limit":"1.000001"}}`},
			{"reference=in-1%00", `{"core":1}`},
			{"hold=hold-1&kind=hold,charge", `{"billing":{"invoice_days":[31,1,1]}}`},
			{"state=waiting&message=mo-1", `{"expires_at":"9999-12-31T23:59:59Z"}`},
			{"message=%ff", `{"contact":{"first_name":"\ud800"}}`},
			{"field=login&cursor=x", `{"webhooks":{"rest_incoming":"https://client.io/?\u202e"}}`},
		} {
			f.Add(uint(i), asked[0], asked[1])
		}
	}
	f.Fuzz(func(t *testing.T, which uint, query, body string) {
		path := alikePaths[which%uint(len(alikePaths))]
		method, path, sends := strings.Cut(path, " ")
		if !sends {
			method, path, body = http.MethodGet, method, ""
		}
		path = "/api/" + strings.ReplaceAll(path, "{id}", all.client.String())
		var first string
		for i, admin := range all.admins {
			got := all.ask(t, i, admin, method, path, query, body)
			if i == 0 {
				first = got
			}
			require.Equal(t, first, got, "%s and %s, asked for %s %s?%s %s", all.names[0], all.names[i], method, path, query, body)
		}
	})
}

// ask gives an answer as a text that does not depend on who gave it: a cursor is its own.
func (all *alike) ask(t *testing.T, i int, admin http.Handler, method, path, query, body string) string {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, path, strings.NewReader(body))
	r.URL.RawQuery = query
	if method != http.MethodGet {
		a, err := all.svcs[i].Get(t.Context(), all.client)
		require.NoError(t, err)
		r.Header.Set("If-Match", strconv.Quote(strconv.FormatInt(a.Revision, 10)))
		r.Header.Set("Content-Type", "application/json")
	}
	w := httptest.NewRecorder()
	admin.ServeHTTP(w, r)
	require.Less(t, w.Code, 500, "%s: %s", all.names[i], w.Body)
	var answer any
	require.NoError(t, json.Unmarshal(w.Body.Bytes(), &answer), "%s: %s", all.names[i], w.Body)
	if page, ok := answer.(map[string]any); ok && page["next"] != nil {
		page["next"] = "a cursor"
	}
	text, err := json.MarshalIndent(answer, "", " ")
	require.NoError(t, err)
	return fmt.Sprint(w.Code, " ", string(text))
}
