package dbtest

import (
	"bufio"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store/bunstore"
)

// ear listens on the channel of changed settings.
type ear struct {
	*testing.T
	conn *pgx.Conn
}

func listen(t *testing.T, dsn string) ear {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), dsn)
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, conn.Close(context.Background())) })
	_, err = conn.Exec(t.Context(), "LISTEN "+bunstore.SettingsChannel)
	require.NoError(t, err)
	return ear{t, conn}
}

// heard returns what the channel told since it was asked last. It ends with a word of its own,
// which comes after whatever was committed before.
func (e ear) heard() (ids []account.ID) {
	e.Helper()
	_, err := e.conn.Exec(e.Context(), "NOTIFY "+bunstore.SettingsChannel+", 'end'")
	require.NoError(e, err)
	for {
		ctx, cancel := context.WithTimeout(e.Context(), time.Minute)
		n, err := e.conn.WaitForNotification(ctx)
		cancel()
		require.NoError(e, err)
		if n.Payload == "end" {
			return ids
		}
		id, err := account.ParseID(n.Payload)
		require.NoError(e, err)
		ids = append(ids, id)
	}
}

func TestPostgresTellsOfChangedSettings(t *testing.T) {
	dsn := storeDSN(t)
	db := openPostgres(t, dsn, nil)
	s := newStore(t, db)
	e := newEditors(t, s)
	product, err := e.svc.SaveProduct(t.Context(), account.Product{Name: "Gold", Currency: "EUR"}, account.Actor{}, "")
	require.NoError(t, err)
	one, two := e.create(t, "one"), e.create(t, "two")
	for _, id := range []account.ID{one, two} {
		_, err := e.svc.Update(t.Context(), id, 1, edit(account.Change{}.Set("notes.product", product.ID.String())))
		require.NoError(t, err)
	}
	ear := listen(t, dsn)

	require.NoError(t, e.try(t.Context(), t, one, "a word"))
	assert.Equal(t, []account.ID{one}, ear.heard(), "an edit")
	product.CreditLimit = account.Some(decimal.NewFromInt(5))
	_, err = e.svc.SaveProduct(t.Context(), product, account.Actor{}, "")
	require.NoError(t, err)
	assert.ElementsMatch(t, []account.ID{product.ID, one, two}, ear.heard(), "a product, and those who have it")
	require.NoError(t, e.svc.Reprice(t.Context(), one))
	assert.Empty(t, ear.heard(), "nothing changed")

	four := decimal.NewFromInt(4)
	require.NoError(t, errors.Join(
		receipt(e.svc.TopUp(t.Context(), clientaccount.TopUp{Account: one, Amount: four, Reference: "r"})),
		receipt(e.svc.Charge(t.Context(), clientaccount.Charge{Account: one, Amount: four, Reference: "c"})),
		receipt(e.svc.Hold(t.Context(), clientaccount.Hold{Account: one, Amount: four, Reference: "h"})),
		receipt(e.svc.Release(t.Context(), clientaccount.Release{Account: one, Hold: "h", Reference: "r2"})),
		receipt(e.svc.Transfer(t.Context(), clientaccount.Transfer{Account: one, To: two, Amount: decimal.NewFromInt(1), Reference: "t"})),
	))
	assert.Empty(t, ear.heard(), "money moved")

	for _, commits := range []bool{false, true} {
		tx, err := db.BeginTx(t.Context(), nil)
		require.NoError(t, err)
		a, err := e.svc.Get(t.Context(), two)
		require.NoError(t, err)
		_, err = e.svc.On(s.OnTx(tx)).Update(t.Context(), two, a.Revision, edit(account.Change{}.Set("notes.comments", "in the host's")))
		require.NoError(t, err)
		assert.Empty(t, ear.heard(), "not committed yet")
		if !commits {
			require.NoError(t, tx.Rollback())
			assert.Empty(t, ear.heard(), "rolled back")
			continue
		}
		require.NoError(t, tx.Commit())
		assert.Equal(t, []account.ID{two}, ear.heard())
	}
}

func receipt(_ clientaccount.Receipt, err error) error { return err }

// listening is examples/listen, running.
type listening struct {
	*testing.T
	lines *bufio.Scanner
}

func startListening(t *testing.T, dsn string) listening {
	t.Helper()
	program := filepath.Join(t.TempDir(), "listen")
	build := exec.Command("go", "build", "-o", program, "./listen")
	build.Dir = "../../examples"
	out, err := build.CombinedOutput()
	require.NoError(t, err, "%s", out)
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute) // then it is killed, and has said all
	cmd := exec.CommandContext(ctx, program, "-dsn", dsn)
	cmd.Stderr = os.Stderr
	lines, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	t.Cleanup(func() {
		defer cancel()
		assert.NoError(t, cmd.Process.Signal(os.Interrupt))
		assert.NoError(t, cmd.Wait(), "it ends in peace")
	})
	return listening{t, bufio.NewScanner(lines)}
}

// says waits for a line that begins so.
func (g listening) says(line string) {
	g.Helper()
	for g.lines.Scan() {
		g.Log(g.lines.Text())
		if strings.HasPrefix(g.lines.Text(), line) {
			return
		}
	}
	g.Fatalf("the program never said %q", line)
}

// A program that caches settings for an hour decides anew when another process changed
// them, also when that was while it could not hear of it.
func TestListeningHearsOfChangedSettings(t *testing.T) {
	dsn := storeDSN(t)
	db := openPostgres(t, dsn, nil)
	db.SetMaxOpenConns(1)
	e := newEditors(t, newStore(t, db))
	id := e.create(t, "acme")
	set := func(pathsAndTexts ...string) {
		t.Helper()
		a, err := e.svc.Get(t.Context(), id)
		require.NoError(t, err)
		var change account.Change
		for i := 0; i < len(pathsAndTexts); i += 2 {
			change = change.Set(pathsAndTexts[i], pathsAndTexts[i+1])
		}
		_, err = e.svc.Update(t.Context(), id, a.Revision, edit(change))
		require.NoError(t, err)
	}
	elsewhere := openPostgres(t, storeDSN(t), nil) // another database of the server
	run := func(statement string) {
		t.Helper()
		_, err := elsewhere.ExecContext(t.Context(), statement)
		require.NoError(t, err)
	}
	set("status", "active", "sending.rest", "true", "routing.dynamic_sender", "true", "credit.limit", "1")
	g := startListening(t, dsn)
	g.says("listening")
	set("status", "blocked")
	g.says("acme: refuse status.blocked")
	set("status", "active")
	g.says("acme: accept")
	set("credit.limit", "0")
	g.says("acme: refuse credit.exhausted")
	set("credit.limit", "1")
	g.says("acme: accept")

	var name, mine string // the database, and the only connection to it that is left
	require.NoError(t, db.QueryRowContext(t.Context(), `SELECT current_database(), pg_backend_pid()`).Scan(&name, &mine))
	run(`ALTER DATABASE ` + name + ` ALLOW_CONNECTIONS false`)
	run(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '` + name + `' AND pid <> ` + mine)
	g.says("not listening")
	set("status", "blocked") // which nobody hears of
	run(`ALTER DATABASE ` + name + ` ALLOW_CONNECTIONS true`)
	g.says("acme: refuse status.blocked")
	set("status", "active")
	g.says("acme: accept")
}
