package listbench

import (
	"context"
	"crypto/md5" //nolint:gosec // names rows, as the SQL does
	"database/sql"
	_ "embed"
	"fmt"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/internal/dbtest/postgres"
	"github.com/clientaccount/clientaccount/store/bunstore"
)

func TestMain(m *testing.M) { os.Exit(postgres.Main(m)) }

//go:embed fill.sql
var fill string

// filledVar names the environment variable with the URL of a database that was filled before: it
// takes minutes.
const filledVar = "CLIENTACCOUNT_FILLED_DSN"

// rig is the Service over a million clients.
type rig struct {
	*testing.B
	service *clientaccount.Service
}

func newRig(b *testing.B) rig {
	b.Helper()
	filled, isFilled := os.LookupEnv(filledVar)
	if !isFilled {
		filled = postgres.DSN(b)
	}
	db, err := sql.Open("pgx", filled)
	require.NoError(b, err)
	b.Cleanup(func() { require.NoError(b, db.Close()) })
	s, err := bunstore.Postgres(db)
	require.NoError(b, err)
	if !isFilled {
		require.NoError(b, s.Migrate(b.Context()))
		for _, statement := range []string{fill, "VACUUM ANALYZE"} {
			_, err := db.ExecContext(b.Context(), statement)
			require.NoError(b, err)
		}
	}
	return rig{b, clientaccount.New(s, nil)}
}

// filters are one of each kind at least; those of a kind are never together.
var filters = []struct{ kind, name, value string }{
	{},
	{"status", "status", "active"},
	{"status", "status", "expired"},
	{"status", "status", "suspended"},
	{"manager", "manager", id("manager3")},
	{"product", "product", id("product7")},
	{"country", "country", "UA"},
	{"country", "country", "GR"},
	{"parent", "parent", "none"},
	{"parent", "parent", id("c77")},
	{"attention", "attention", string(account.AttentionExhausted)},
	{"attention", "attention", string(account.AttentionNearLimit)},
	{"attention", "attention", string(account.AttentionOverdrawEnding)},
	{"attention", "attention", string(account.AttentionExpiring)},
	{"attention", "attention", string(account.AttentionWebhookFailing)},
	{"attention", "attention", string(account.AttentionMailFailing)},
	{"attention", "attention", string(account.AttentionSilent)},
	{"attention", "attention", string(account.AttentionUnconfirmed)},
}

var sorts = []account.Sort{
	account.SortLogin, account.SortCompany, account.SortActivity, account.SortCreated,
	account.SortMoved, account.SortBalance, account.SortAvailable,
}

// id returns the id of what the SQL made of a name.
func id(name string) string {
	return account.ID(md5.Sum([]byte(name))).String() //nolint:gosec // as above
}

// spread is how long requests took.
type spread []time.Duration

func (s spread) at(share float64) time.Duration {
	slices.Sort(s)
	return s[min(len(s)-1, int(share*float64(len(s))))].Round(10 * time.Microsecond)
}

// times asks some times and returns how long each took.
func (r rig) times(times int, ask func(context.Context) error) (took spread) {
	for n := range times + 1 {
		began := time.Now()
		require.NoError(r, ask(r.Context()))
		if n > 0 { // the first one warms up
			took = append(took, time.Since(began))
		}
	}
	return took
}

// page asks for a page.
func (r rig) page(q account.Query) func(context.Context) error {
	return func(ctx context.Context) error {
		_, err := r.service.List(ctx, q, "")
		return err
	}
}

// BenchmarkList prints one table: of each order with each filter, alone and two together, the
// median and the slowest of twenty; then of searches and counts. Run it alone.
func BenchmarkList(b *testing.B) {
	r := newRig(b)
	for b.Loop() {
		for i, one := range filters {
			for _, other := range filters[i+1:] {
				if one.kind != other.kind {
					r.pages(one.name, one.value, other.name, other.value)
				}
			}
		}
		r.searches()
		r.counts()
	}
}

// pages measures two filters with every order, both ways.
func (r rig) pages(names ...string) {
	var all, slowest spread
	var of account.Sort
	for _, by := range sorts {
		for _, desc := range []bool{false, true} {
			q := r.query(names...)
			q.Sort, q.Desc = by, desc
			took := r.times(rounds, r.page(q))
			if slowest == nil || took.at(0.5) > slowest.at(0.5) {
				slowest, of = took, by
			}
			all = append(all, took...)
		}
	}
	fmt.Printf("%-60.60s p50 %8s p95 %8s slowest order %8s %s\n", fmt.Sprint(names), all.at(0.5), all.at(0.95), slowest.at(0.5), of)
}

const rounds = 5

func (r rig) searches() {
	for _, search := range []string{"client-777777", "acme 1f", "+380 50 1777777", "c-77777", "acme", "client-1", "llc", "nowhere"} {
		var all spread
		for _, by := range sorts {
			all = append(all, r.times(rounds, r.page(account.Query{Search: search, Sort: by}))...)
		}
		fmt.Printf("search %-53s p50 %8s p95 %8s\n", search, all.at(0.5), all.at(0.95))
	}
}

func (r rig) counts() {
	for i, one := range filters {
		for _, other := range filters[i+1:] {
			if one.kind == other.kind {
				continue
			}
			q := r.query(one.name, one.value, other.name, other.value)
			took := r.times(2*rounds, func(ctx context.Context) error {
				_, err := r.service.Count(ctx, q, 1000)
				return err
			})
			fmt.Printf("count %-54.54s p50 %8s p95 %8s\n", fmt.Sprint(one.value, " ", other.value), took.at(0.5), took.at(0.95))
		}
	}
}

// query returns the filters as the Service takes them.
func (r rig) query(names ...string) (q account.Query) {
	for i := 0; i < len(names); i += 2 {
		name, value := names[i], names[i+1]
		var of account.ID
		if name == "manager" || name == "product" || name == "parent" && value != "none" {
			parsed, err := account.ParseID(value)
			require.NoError(r, err)
			of = parsed
		}
		switch name {
		case "status":
			q.Status = account.Status(value)
		case "manager":
			q.Manager = account.Some(of)
		case "country":
			q.Country = account.Country(value)
		case "product":
			q.Product = account.Some(of)
		case "parent":
			q.Parent = account.Some(of)
		case "attention":
			q.Attention = account.Attention(value)
		}
	}
	return q
}
