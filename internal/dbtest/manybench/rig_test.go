package manybench

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"text/tabwriter"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/stretchr/testify/require"
	_ "modernc.org/sqlite" // registers the "sqlite" driver

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/document"
	"github.com/clientaccount/clientaccount/account/price/xlsx"
	"github.com/clientaccount/clientaccount/adminhttp"
	"github.com/clientaccount/clientaccount/internal/dbtest/postgres"
	"github.com/clientaccount/clientaccount/store/bunstore"
)

func TestMain(m *testing.M) { os.Exit(postgres.Main(m)) }

// rig is the admin over many clients, in one database.
type rig struct {
	*testing.B
	db         *sql.DB
	postgres   bool
	service    *clientaccount.Service
	admin      http.Handler
	statements statements
	table      *tabwriter.Writer
}

// statements counts those that go to PostgreSQL, those that begin and end transactions too.
type statements struct{ n *atomic.Int64 }

func (s statements) TraceQueryStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceQueryStartData) context.Context {
	s.n.Add(1)
	return ctx
}

func (statements) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

const connections = 16

func newRig(b *testing.B, isPostgres bool) *rig {
	b.Helper()
	r := &rig{B: b, postgres: isPostgres, statements: statements{new(atomic.Int64)}, table: tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)}
	var st *bunstore.Store
	var err error
	if isPostgres {
		config, parsed := pgx.ParseConfig(postgres.DSN(b))
		require.NoError(b, parsed)
		config.Tracer = r.statements
		r.db = stdlib.OpenDB(*config)
		st, err = bunstore.Postgres(r.db)
	} else {
		r.db, err = sql.Open("sqlite", bunstore.SQLiteDSN(filepath.Join(b.TempDir(), "many.db")))
		require.NoError(b, err)
		st, err = bunstore.SQLite(r.db)
	}
	require.NoError(b, err)
	r.db.SetMaxOpenConns(connections)
	r.db.SetMaxIdleConns(connections)
	b.Cleanup(func() { require.NoError(b, r.db.Close()) })
	require.NoError(b, st.Migrate(b.Context()))
	r.service = clientaccount.New(st, nil)
	r.admin, err = adminhttp.New(r.service, adminhttp.Config{
		Actor:  func(*http.Request) (account.Actor, error) { return account.Actor{ID: "olena", Name: "Olena"}, nil },
		Policy: func(*http.Request, account.Actor) (adminhttp.Policy, error) { return adminhttp.FullAccess(), nil },
		Files:  document.Files{Workbook: xlsx.Write},
	})
	require.NoError(b, err)
	return r
}

// fill copies a client that the Service made, by SQL.
func (r *rig) fill(clients int) {
	r.Helper()
	_, err := r.service.Create(r.Context(), clientaccount.Edit{NoPassword: true, Apply: account.Change{}.
		Set("login", "client-1").Set("contact.company", "Company 1").Set("contact.country", "PL").Set("status", "active").
		Set("sending.rest", "true").Set("credit.limit", "100").Set("mail.email", "a@example.com").Apply})
	require.NoError(r, err)
	id, country := `printf('00000000-0000-4000-8000-%012x', n.i)`, `CASE WHEN n.i % 5 = 0 THEN 'UA' ELSE 'PL' END`
	if r.postgres {
		id = `('00000000-0000-4000-8000-' || lpad(to_hex(n.i), 12, '0'))::uuid`
	}
	login, company := `'client-' || n.i`, `'company ' || n.i`
	r.copied("accounts", clients, map[string]string{
		"id": id, "login": login, "contact_company": company, "company_key": company, "contact_country": country,
		"search_text": login + " || char_of_line || " + company,
	})
	r.copied("listed", clients, map[string]string{"account_id": id, "login": login, "company_key": company, "country": country})
	r.copied("balances", clients, map[string]string{"account_id": id})
	r.copied("changes", clients, map[string]string{"account_id": id})
	r.settle()
}

// copied copies the first row of a table, or of a part of it, with some columns put anew.
func (r *rig) copied(from string, times int, anew map[string]string) {
	r.Helper()
	found, err := r.db.QueryContext(r.Context(), `SELECT * FROM clientaccount_`+from+` LIMIT 0`)
	require.NoError(r, err)
	columns, err := found.Columns()
	require.NoError(r, err)
	require.NoError(r, found.Close())
	columns = slices.DeleteFunc(columns, func(name string) bool { return name == "moved_hour" }) // PostgreSQL computes it
	values := make([]string, len(columns))
	for i, name := range columns {
		if values[i] = anew[name]; values[i] == "" {
			values[i] = "t." + name
		}
	}
	line := "char(10)"
	if r.postgres {
		line = "chr(10)"
	}
	table, _, _ := strings.Cut(from, " ")
	into := `INSERT INTO clientaccount_` + table + ` (` + strings.Join(columns, ", ") + `) `
	numbers := fmt.Sprintf(`WITH RECURSIVE n (i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < %d) `, times)
	rows := `SELECT ` + strings.ReplaceAll(strings.Join(values, ", "), "char_of_line", line) + ` FROM n CROSS JOIN (SELECT * FROM clientaccount_` + from + ` LIMIT 1) t`
	_, err = r.db.ExecContext(r.Context(), into+numbers+rows)
	require.NoError(r, err, table)
}

// settle has the database know its tables.
func (r *rig) settle() {
	r.Helper()
	statement := "ANALYZE"
	if r.postgres {
		statement = "VACUUM ANALYZE"
	}
	_, err := r.db.ExecContext(r.Context(), statement)
	require.NoError(r, err)
}

// answer is what came of a request, of which the body is not kept.
type answer struct {
	header http.Header
	code   int
	size   int
	begun  time.Time // when the first byte came
}

func (a *answer) Header() http.Header { return a.header }

func (a *answer) WriteHeader(code int) {
	if a.begun.IsZero() {
		a.begun, a.code = time.Now(), code
	}
}

func (a *answer) Write(p []byte) (int, error) {
	a.WriteHeader(http.StatusOK)
	a.size += len(p)
	return len(p), nil
}

// send makes a request of the admin.
func (r *rig) send(method, path, media string, body io.Reader) *answer {
	r.Helper()
	q := httptest.NewRequestWithContext(r.Context(), method, path, body)
	if media != "" {
		q.Header.Set("Content-Type", media)
	}
	a := &answer{header: http.Header{}}
	r.admin.ServeHTTP(a, q)
	return a
}

// measured is what something cost.
type measured struct {
	took       time.Duration
	heap       uint64 // in use at the peak, above what was in use before
	statements int64
}

// measure does something, and looks at the heap meanwhile.
func (r *rig) measure(do func()) (m measured) {
	r.Helper()
	runtime.GC()
	var before runtime.MemStats
	runtime.ReadMemStats(&before)
	stop, peak := make(chan struct{}), uint64(0)
	var sampler sync.WaitGroup
	sampler.Go(func() {
		for now := (runtime.MemStats{}); ; {
			runtime.ReadMemStats(&now)
			peak = max(peak, now.HeapInuse)
			select {
			case <-stop:
				return
			case <-time.After(20 * time.Millisecond):
			}
		}
	})
	begun := r.statements.n.Load()
	at := time.Now()
	do()
	m.took, m.statements = time.Since(at), r.statements.n.Load()-begun
	close(stop)
	sampler.Wait()
	m.heap = peak - min(peak, before.HeapInuse)
	return m
}

// told adds a line to the table: of so many clients, or lines.
func (r *rig) told(what string, n int, m measured, more string) {
	each := "-"
	if r.postgres {
		each = fmt.Sprintf("%.1f", float64(m.statements)/float64(n))
	}
	fmt.Fprintf(r.table, "%s\t%d\t%.1f s\t%.0f/s\t%.0f MB\t%s\t%s\n", what, n, m.took.Seconds(), float64(n)/m.took.Seconds(), float64(m.heap)/(1<<20), each, more)
}
