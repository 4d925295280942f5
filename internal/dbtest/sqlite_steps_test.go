package dbtest

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"regexp"
	"strconv"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/uptrace/bun"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/store/bunstore"
)

// stepper is SQLite's driver. It keeps the steps of every query that is asked, and
// of every statement that is prepared.
type stepper struct {
	driver driver.Driver
	dsn    string

	mu    sync.Mutex
	steps []string
}

// openSteps opens the database of a file through a stepper.
func openSteps(t *testing.T, path string) (*bun.DB, *stepper) {
	t.Helper()
	plain, err := sql.Open("sqlite", "")
	require.NoError(t, err)
	d := &stepper{driver: plain.Driver(), dsn: bunstore.SQLiteDSN(path)}
	pool := sql.OpenDB(d)
	t.Cleanup(func() { require.NoError(t, errors.Join(pool.Close(), plain.Close())) })
	return newBun("sqlite", pool), d
}

// taken returns the steps since it was called last.
func (d *stepper) taken() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	steps := d.steps
	d.steps = nil
	return steps
}

// Driver is database/sql's.
func (d *stepper) Driver() driver.Driver { return d.driver }

// Connect is database/sql's.
func (d *stepper) Connect(context.Context) (driver.Conn, error) {
	conn, err := d.driver.Open(d.dsn)
	return steppingConn{conn, d}, err
}

type steppingConn struct {
	driver.Conn
	of *stepper
}

func (c steppingConn) BeginTx(ctx context.Context, o driver.TxOptions) (driver.Tx, error) {
	return c.Conn.(driver.ConnBeginTx).BeginTx(ctx, o)
}

func (c steppingConn) ExecContext(ctx context.Context, text string, args []driver.NamedValue) (driver.Result, error) {
	return c.Conn.(driver.ExecerContext).ExecContext(ctx, text, args)
}

func (c steppingConn) QueryContext(ctx context.Context, text string, args []driver.NamedValue) (driver.Rows, error) {
	asks := c.Conn.(driver.QueryerContext)
	if err := c.explain(ctx, asks, text, args); err != nil {
		return nil, err
	}
	return asks.QueryContext(ctx, text, args)
}

// parameters finds the numbers of a statement's parameters.
var parameters = regexp.MustCompile(`\?(\d+)`)

func (c steppingConn) PrepareContext(ctx context.Context, text string) (driver.Stmt, error) {
	most := 0
	for _, found := range parameters.FindAllStringSubmatch(text, -1) {
		n, _ := strconv.Atoi(found[1])
		most = max(most, n)
	}
	nulls := make([]driver.NamedValue, most)
	for i := range nulls {
		nulls[i].Ordinal = i + 1
	}
	if err := c.explain(ctx, c.Conn.(driver.QueryerContext), text, nulls); err != nil {
		return nil, err
	}
	return c.Conn.(driver.ConnPrepareContext).PrepareContext(ctx, text)
}

func (c steppingConn) explain(ctx context.Context, asks driver.QueryerContext, text string, args []driver.NamedValue) error {
	plan, err := asks.QueryContext(ctx, "EXPLAIN QUERY PLAN "+text, args)
	if err != nil {
		return err
	}
	c.of.mu.Lock()
	defer c.of.mu.Unlock()
	for row := make([]driver.Value, 4); ; {
		switch err := plan.Next(row); {
		case errors.Is(err, io.EOF):
			return plan.Close()
		case err != nil:
			return err
		}
		c.of.steps = append(c.of.steps, row[3].(string))
	}
}

// An edit looks for accounts beneath the one that is edited. Where no account has a parent, and SQLite
// knows it, that goes through no table.
func TestPlansOfAnEditOnSQLite(t *testing.T) {
	db, plans := openSteps(t, filepath.Join(t.TempDir(), "many.db"))
	service := clientaccount.New(newStore(t, db), nil)
	var id account.ID
	for n := range 100 {
		made, err := service.Create(t.Context(), clientaccount.Edit{NoPassword: true, Apply: func(a *account.Account) error {
			*a = accounttest.Valid(fmt.Sprintf("client-%d", n))
			a.Core.Password = account.NewPassword{}
			return nil
		}})
		require.NoError(t, err)
		id = made.Account.ID
	}
	_, err := db.ExecContext(t.Context(), "ANALYZE")
	require.NoError(t, err)
	plans.taken()
	_, err = service.Update(t.Context(), id, 1, clientaccount.Edit{Apply: func(a *account.Account) error {
		a.Status = account.StatusSuspended
		return nil
	}})
	require.NoError(t, err)
	steps := plans.taken()
	require.NotEmpty(t, steps)
	for _, step := range steps {
		assert.NotRegexp(t, "^SCAN ([al]|clientaccount[a-z_]*)$", step)
	}
}
