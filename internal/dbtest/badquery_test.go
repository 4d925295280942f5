package dbtest

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/adminhttp"
	"github.com/clientaccount/clientaccount/internal/rounds"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/memstore"
)

// onEachStore runs a test over the three stores.
func onEachStore(t *testing.T, test func(t *testing.T, s store.Store)) {
	t.Helper()
	t.Run("memory", func(t *testing.T) { test(t, memstore.New()) })
	t.Run("SQLite", func(t *testing.T) { test(t, newStore(t, openSQLiteStore(t))) })
	t.Run("PostgreSQL", func(t *testing.T) { test(t, newStore(t, openPostgres(t, storeDSN(t), nil))) })
}

// madeBy returns a client with some money.
func madeBy(t *testing.T, svc *clientaccount.Service) account.ID {
	t.Helper()
	made, err := svc.Create(t.Context(), clientaccount.Edit{Apply: func(a *account.Account) error {
		*a = accounttest.Valid("acme")
		a.Core.Password = account.SetPassword("seven-Herons-at-dusk", "seven-Herons-at-dusk")
		return nil
	}})
	require.NoError(t, err)
	_, err = svc.TopUp(t.Context(), clientaccount.TopUp{Account: made.Account.ID, Amount: decimal.NewFromInt(5), Reference: "t"})
	require.NoError(t, err)
	return made.Account.ID
}

// wild are instants that one database or another does not hold.
var wild = []time.Time{
	time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(-5000, 1, 1, 0, 0, 0, 0, time.UTC),
	time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(294277, 1, 1, 0, 0, 0, 0, time.UTC),
	time.Unix(math.MinInt64/2, 0), time.Unix(math.MaxInt64/2, 0),
	time.Date(1, 1, 1, 0, 0, 0, 0, time.FixedZone("east", 3600)),
}

// odd are texts that a database refuses to look for, or takes for something else.
var odd = []string{"\x00", "a\x00b", "\xff\xfe", "\xed\xa0\x80", "%_\\'\"", strings.Repeat("x", 5000), "\u202e", "-1", "1e400", "NaN"}

// Whatever a query of a host's holds, the answer is faults or a page, never the store's
// own error, and the same from each store.
func TestNoQueryOfAHostsIsAStoresError(t *testing.T) {
	onEachStore(t, func(t *testing.T, s store.Store) {
		svc := clientaccount.New(s, &clientaccount.Options{Clock: accounttest.Now})
		id := madeBy(t, svc)
		ctx := t.Context()
		check := func(what string, given any, err error) {
			t.Helper()
			if _, bad := account.AsFaults(err); err != nil && !bad {
				assert.NoError(t, err, "%s %+v", what, given)
			}
		}
		for _, at := range wild {
			for _, q := range []account.EntryQuery{{Account: id, From: at}, {Account: id, To: at}, {Account: id, From: at, To: at, Oldest: true}} {
				_, err := svc.Entries(ctx, q)
				require.Error(t, err)
				check("Entries", q, err)
			}
			for _, q := range []account.HoldQuery{{Account: id, Due: at}, {Account: id, After: &account.Hold{Until: at}}} {
				_, err := svc.Holds(ctx, q)
				require.Error(t, err)
				check("Holds", q, err)
			}
			for _, r := range []clientaccount.Replay{{Account: id, From: at}, {Account: id, To: at}} {
				_, err := svc.Replay(ctx, r)
				require.Error(t, err)
				check("Replay", r, err)
			}
			_, err := svc.Update(ctx, id, 1, clientaccount.Edit{Apply: func(a *account.Account) error { a.Expires = at; return nil }})
			require.Error(t, err)
			check("Update", at, err)
		}
		for _, text := range odd {
			_, err := svc.Entries(ctx, account.EntryQuery{Account: id, Reference: text, Hold: text})
			check("Entries", text, err)
			_, err = svc.Entries(ctx, account.EntryQuery{Account: id, Kinds: []account.MovementKind{account.MovementKind(text)}})
			check("Entries", text, err)
			_, err = svc.Holds(ctx, account.HoldQuery{Account: id, After: &account.Hold{Until: accounttest.Now(), Reference: text}})
			check("Holds", text, err)
			_, err = svc.Changes(ctx, account.ChangeQuery{Of: id, Path: text})
			check("Changes", text, err)
			_, err = svc.Deliveries(ctx, clientaccount.DeliveryQuery{Account: id, Message: text})
			check("Deliveries", text, err)
			_, err = svc.Deliveries(ctx, clientaccount.DeliveryQuery{Account: id, Kind: account.HookKind(text), State: clientaccount.DeliveryState(text)})
			check("Deliveries", text, err)
			for _, q := range []account.Query{{Search: text}, {Status: account.Status(text)}, {Country: account.Country(text)}, {Sort: account.Sort(text)}} {
				_, err = svc.List(ctx, q, "")
				check("List", q, err)
			}
			_, err = svc.List(ctx, account.Query{}, text)
			check("List", text, err)
			_, err = svc.ByLogin(ctx, text)
			require.ErrorIs(t, err, account.ErrNotFound)
		}
		for _, n := range []int64{math.MinInt64, -1, math.MaxInt64} {
			_, err := svc.Entries(ctx, account.EntryQuery{Account: id, Before: n, After: n})
			check("Entries", n, err)
			_, err = svc.Changes(ctx, account.ChangeQuery{Of: id, Before: n, Since: n})
			check("Changes", n, err)
			_, err = svc.Events(ctx, account.EventQuery{Account: id, After: n})
			check("Events", n, err)
			_, err = svc.Deliveries(ctx, clientaccount.DeliveryQuery{Account: id, Before: n})
			check("Deliveries", n, err)
			_, err = svc.Update(ctx, id, n, clientaccount.Edit{Apply: account.Change{}.Set("contact.skype", "x").Apply})
			require.ErrorIs(t, err, account.ErrStale)
			_, err = svc.Undo(ctx, id, 1, n, clientaccount.Edit{})
			require.ErrorIs(t, err, account.ErrNotFound)
		}
	})
}

// sealed are cursors that anybody can make: with a sum that is right, and what they like.
func sealed(over string) (cursors []string) {
	for _, n := range []int64{math.MinInt64, -1, 0, math.MaxInt64, -62167219200000000, 9223372036854775800} {
		for _, text := range []string{"", "\x00", "\xff"} {
			mark := string(binary.BigEndian.AppendUint64(nil, uint64(n))) + text
			sum := sha256.Sum256([]byte(mark + over))
			cursors = append(cursors, base64.RawURLEncoding.EncodeToString(append(sum[:8:8], mark...)))
		}
	}
	for _, order := range []string{"login", "activity", "created", "company"} {
		for _, value := range []string{"\x00", "0000-01-01T00:00:00.000000Z", "9999-12-31T23:59:59.999999Z", "x"} {
			mark, _ := json.Marshal(map[string]any{"s": order, "v": value, "i": ""})
			sum := sha256.Sum256(mark)
			cursors = append(cursors, base64.RawURLEncoding.EncodeToString(append(sum[:8:8], mark...)))
		}
	}
	return cursors
}

// Whatever a caller writes into an URL, it is never the server that failed, and where a
// parameter of JSON is refused it is named.
func TestNoCallersQueryIsAFailureOfTheServer(t *testing.T) {
	t.Parallel()
	onEachStore(t, func(t *testing.T, s store.Store) {
		svc := clientaccount.New(s, &clientaccount.Options{Clock: accounttest.Now})
		id := madeBy(t, svc).String()
		admin, err := adminhttp.New(svc, adminhttp.Config{
			Actor:  func(*http.Request) (account.Actor, error) { return account.Actor{ID: "u1"}, nil },
			Policy: func(*http.Request, account.Actor) (adminhttp.Policy, error) { return adminhttp.FullAccess(), nil },
		})
		require.NoError(t, err)
		names := []string{
			"q", "status", "manager", "product", "parent", "country", "sort", "cursor", "limit", "kind", "from", "to", "reference", "hold",
			"state", "message", "field", "before", "after", "revision", "preview", "reason", "destination", "sender", "channel", "price", "parts", "at", "done", "of",
		}
		values := slices.Concat(odd[:5], []string{
			"0000-01-01T00:00:00Z", "9999-12-31T23:59:59-01:00", "0000-01-01", "9999-12-31", "294277-01-01T00:00:00Z",
			"99999999999999999999", "-9223372036854775808", "9223372036854775807",
		})
		valuesOf := map[string][]string{}
		for _, name := range names {
			valuesOf[name] = values
		}
		valuesOf["cursor"] = slices.Concat(values, sealed(id), sealed(""), sealed(id+url.Values{"kind": {""}, "from": {""}, "to": {""}, "reference": {""}, "hold": {""}}.Encode()))
		paths := []string{
			"clients", "clients/ID/money", "clients/ID/history", "clients/ID/webhooks", "clients/ID/decide", "clients/ID/edit", "clients/ID/subaccounts", "clients/new", "managers", "products",
			"api/clients", "api/clients/ID", "api/clients/ID/balance", "api/clients/ID/entries", "api/clients/ID/holds", "api/clients/ID/changes",
			"api/clients/ID/deliveries", "api/managers", "api/products",
		}
		asked, n := 0, 0
		for _, path := range paths {
			path = strings.Replace(path, "ID", id, 1)
			for _, name := range names {
				for _, value := range valuesOf[name] {
					if n++; n%4 != 0 && rounds.Of(t, 1) == 1 {
						continue // another on each path
					}
					w := httptest.NewRecorder()
					admin.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/"+path+"?"+url.Values{name: {value}}.Encode(), nil))
					asked++
					if !assert.Less(t, w.Code, 500, "%s?%s=%q: %s", path, name, value, w.Body) {
						continue
					}
					if strings.HasPrefix(path, "api/") && w.Code >= 400 {
						assert.Contains(t, w.Body.String(), `"field": "`+name+`"`, "%s?%s=%q", path, name, value)
					}
				}
			}
		}
		for _, segment := range append(values, "..", ".", id+"x", "%") {
			for _, path := range []string{"clients/%s/edit", "api/clients/%s", "api/clients/%s/entries", "clients/" + id + "/history?before=%s"} {
				w := httptest.NewRecorder()
				admin.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/"+fmt.Sprintf(path, url.PathEscape(segment)), nil))
				assert.Less(t, w.Code, 500, "%s %q", path, segment)
			}
		}
		t.Logf("%d queries", asked)
	})
}
