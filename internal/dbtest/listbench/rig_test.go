package listbench

import (
	"crypto/md5" //nolint:gosec // names rows, as the SQL does
	"database/sql"
	_ "embed"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp"
	"github.com/clientaccount/clientaccount/internal/dbtest/postgres"
	"github.com/clientaccount/clientaccount/store/bunstore"
)

//go:embed fill.sql
var fill string

// filledVar names the environment variable with the URL of a database that is filled where it is
// empty, and kept: filling takes minutes.
const filledVar = "CLIENTACCOUNT_FILLED_DSN"

// rig is the admin over a million clients.
type rig struct {
	*testing.B
	service *clientaccount.Service
	url     string
	middle  account.Summary // of the list, in any order
}

func newRig(b *testing.B) rig {
	b.Helper()
	filled, isKept := os.LookupEnv(filledVar)
	if !isKept {
		filled = postgres.DSN(b)
	}
	db, err := sql.Open("pgx", filled)
	require.NoError(b, err)
	b.Cleanup(func() { require.NoError(b, db.Close()) })
	s, err := bunstore.Postgres(db)
	require.NoError(b, err)
	require.NoError(b, s.Migrate(b.Context()))
	var isFilled bool
	require.NoError(b, db.QueryRowContext(b.Context(), "SELECT EXISTS (SELECT FROM clientaccount_accounts)").Scan(&isFilled))
	if !isFilled {
		for _, statement := range []string{fill, "VACUUM ANALYZE"} {
			_, err := db.ExecContext(b.Context(), statement)
			require.NoError(b, err)
		}
	}
	service := clientaccount.New(s, nil)
	found, err := service.List(b.Context(), account.Query{Search: "client-500001"}, "")
	require.NoError(b, err)
	require.NotEmpty(b, found.Rows)
	admin, err := adminhttp.New(service, adminhttp.Config{
		Actor:  func(*http.Request) (account.Actor, error) { return account.Actor{ID: "u1", Name: "Olena"}, nil },
		Policy: func(*http.Request, account.Actor) (adminhttp.Policy, error) { return adminhttp.FullAccess(), nil },
	})
	require.NoError(b, err)
	server := httptest.NewServer(admin)
	b.Cleanup(server.Close)
	return rig{b, service, server.URL + "/", found.Rows[0]}
}

// cursor stands in the middle of an order.
func (r rig) cursor(order string) string {
	by, desc := strings.CutPrefix(order, "-")
	return r.service.CursorOf(r.middle, account.Query{Sort: account.Sort(by), Desc: desc})
}

// times asks some times and returns how long each took, but for a first one.
func (r rig) times(times int, path string, query url.Values) (took spread) {
	r.Helper()
	for name, values := range query {
		if values[0] == "" {
			delete(query, name)
		}
	}
	for n := range times + 1 {
		began := time.Now()
		answer, err := http.Get(r.url + path + "?" + query.Encode())
		require.NoError(r, err)
		_, err = io.Copy(io.Discard, answer.Body) // the garbage is the server's alone
		require.NoError(r, err)
		require.NoError(r, answer.Body.Close())
		require.Equal(r, http.StatusOK, answer.StatusCode)
		if n > 0 {
			took = append(took, time.Since(began))
		}
	}
	return took
}

// id returns the id of what the SQL made of a name.
func id(name string) string {
	made := account.ID(md5.Sum([]byte(name))).String() //nolint:gosec // as above
	names[made] = name
	return made
}

// names are those of ids.
var names = map[string]string{}

// table is printed as it is measured.
type table struct {
	plain      map[string]time.Duration // a plain list's first page
	rows, over int
	worst      float64
}

func (r rig) newTable() *table {
	t := &table{plain: map[string]time.Duration{}}
	for _, kind := range kinds {
		took := r.times(baselineTimes, kind, url.Values{})
		t.plain[kind] = took.at(0.5)
		fmt.Printf("%-12s the first page of all: p50 %s p95 %s\n", kind, took.at(0.5), took.at(slowestShare))
	}
	return t
}

func (t *table) row(kind, what string, bar time.Duration, all spread, by map[string]spread) {
	slowest := ""
	for order, took := range by {
		if slowest == "" || took.at(0.5) > by[slowest].at(0.5) {
			slowest = order
		}
	}
	p95 := all.at(slowestShare)
	ratio, told := float64(p95)/float64(t.plain[kind]), ""
	if p95 > bar {
		t.over++
		told = "OVER " + bar.String()
	}
	t.rows, t.worst = t.rows+1, max(t.worst, ratio)
	fmt.Printf("%-11s %-46s p50 %9s p95 %9s %6.1fx  %s %s  %s\n", kind, what, all.at(0.5), p95, ratio, by[slowest].at(0.5), slowest, told)
}

func (t *table) end() {
	fmt.Printf("%d of %d take longer than wanted; the slowest %.1f times as long as the first page of all\n", t.over, t.rows, t.worst)
}
