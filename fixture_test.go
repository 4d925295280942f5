package clientaccount_test

import (
	"bytes"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store/memstore"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// cheap makes hashes that cost next to nothing.
var cheap = clientaccount.HashCost{MemoryKiB: 64, Iterations: 1, Parallelism: 1}

// password is accepted for every fixture.
const password = "seven-Herons-at-dusk"

var (
	olena = account.Actor{ID: "u1", Name: "Olena Koval"}
	marek = account.Actor{ID: "u2", Name: "Marek Zielinski"}
)

// began is when the fixtures' clock starts.
var began = time.Date(2026, 11, 24, 9, 30, 0, 123456000, time.UTC)

// fakeClock is a time that tests move.
type fakeClock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *fakeClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *fakeClock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// bench is a Service in memory with everything a test wants to touch.
type bench struct {
	*testing.T
	svc   *clientaccount.Service
	store *memstore.Store
	clock *fakeClock
	log   *bytes.Buffer
}

func newBench(t *testing.T) *bench {
	t.Helper()
	b := &bench{T: t, store: memstore.New(), clock: &fakeClock{now: began}, log: &bytes.Buffer{}}
	b.svc = b.service(cheap)
	return b
}

// service is another Service over the same store and clock.
func (b *bench) service(cost clientaccount.HashCost) *clientaccount.Service {
	logger := slog.New(slog.NewTextHandler(b.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	return clientaccount.New(b.store, &clientaccount.Options{Clock: b.clock.Now, Hash: cost, Logger: logger})
}

// edit returns one made by Olena.
func edit(apply func(*account.Account) error) clientaccount.Edit {
	return clientaccount.Edit{Actor: olena, Apply: apply}
}

// set returns an edit of fields given as paths and texts in turn.
func set(pathsAndTexts ...string) clientaccount.Edit {
	var change account.Change
	for i := 0; i < len(pathsAndTexts); i += 2 {
		change = change.Set(pathsAndTexts[i], pathsAndTexts[i+1])
	}
	return edit(change.Apply)
}

// client returns a valid new client, adjusted.
func client(login string, adjust ...func(*account.Account)) clientaccount.Edit {
	return edit(func(a *account.Account) error {
		a.Core.Login = login
		a.Core.Password = account.SetPassword(password, password)
		a.Contact.Company = "Company of " + login
		for _, f := range adjust {
			f(a)
		}
		return nil
	})
}

// create makes a client and returns it.
func (b *bench) create(login string, adjust ...func(*account.Account)) account.Account {
	b.Helper()
	made, err := b.svc.Create(b.Context(), client(login, adjust...))
	require.NoError(b, err)
	return made.Account
}

// update edits fields at the account's present revision.
func (b *bench) update(a account.Account, pathsAndTexts ...string) account.Account {
	b.Helper()
	done, err := b.svc.Update(b.Context(), a.ID, a.Revision, set(pathsAndTexts...))
	require.NoError(b, err)
	return done.Account
}

// get returns the account as stored.
func (b *bench) get(id account.ID) account.Account {
	b.Helper()
	a, err := b.svc.Get(b.Context(), id)
	require.NoError(b, err)
	return a
}

// history returns the account's whole history, the newest first.
func (b *bench) history(id account.ID) []account.Record {
	b.Helper()
	var all []account.Record
	for record, err := range b.svc.AllChanges(b.Context(), account.ChangeQuery{Of: id}) {
		require.NoError(b, err)
		all = append(all, record)
	}
	return all
}

// faults returns the "path code" of everything an error finds wrong.
func faults(err error) []string {
	found, _ := account.AsFaults(err)
	var all []string
	for _, f := range found {
		all = append(all, f.Path+" "+f.Code)
	}
	return all
}

// text is every text field of an account in one line, to compare by.
func text(a account.Account) string {
	var b strings.Builder
	for _, f := range account.Fields() {
		b.WriteString(f.Path + "=" + f.Text(a) + "\n")
	}
	return b.String()
}
