package dbtest

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/uptrace/bun"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/document"
	"github.com/clientaccount/clientaccount/internal/dbtest/postgres"
	"github.com/clientaccount/clientaccount/internal/rounds"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/bunstore"
)

var twenty = decimal.NewFromInt(20)

// Four processes make and mail the documents of a month that ended, and are killed again and
// again, while half of the clients get another address. Each document is made once, numbers have
// no gap, each mail comes, with one Message-ID, and none to an address that was not the client's.
func TestBillersKilledMakeEachDocumentOnce(t *testing.T) {
	t.Parallel()
	t.Run("PostgreSQL", func(t *testing.T) {
		t.Parallel()
		dsn := storeDSN(t)
		db := openPostgres(t, dsn, nil)
		killBillers(t, "pgx", dsn, db, newStore(t, db), min(1000, rounds.Of(t, 200)), min(60, rounds.Of(t, 6)))
	})
	t.Run("SQLite", func(t *testing.T) {
		t.Parallel()
		path := filepath.Join(t.TempDir(), "billing.db")
		db := openSQLite(t, path)
		killBillers(t, "sqlite", bunstore.SQLiteDSN(path), db, newStore(t, db), min(300, rounds.Of(t, 40)), min(30, rounds.Of(t, 3)))
	})
}

// month is a platform whose clients used something in the last one.
type month struct {
	*testing.T
	db      *bun.DB
	svc     *clientaccount.Service
	ids     []account.ID
	changed map[account.ID]time.Time // address, by the billers' clocks
}

func killBillers(t *testing.T, driver, dsn string, db *bun.DB, s *bunstore.Store, accounts, kills int) {
	t.Helper()
	serial := map[string]string{"pgx": "bigint GENERATED ALWAYS AS IDENTITY", "sqlite": "INTEGER PRIMARY KEY"}[driver]
	_, err := db.ExecContext(t.Context(), `CREATE TABLE mailed (seq `+serial+`, message text, address text, subject text, claimed bigint)`)
	require.NoError(t, err)
	m := &month{T: t, db: db, changed: map[account.ID]time.Time{}}
	m.live(s, accounts)

	since := time.Now()
	clock := billersClock(since)
	m.svc = clientaccount.New(s, billingOptions(clock))
	billers := make([]*sender, 4)
	for i := range billers {
		billers[i] = startBiller(t, driver, dsn, since)
	}
	for n := range kills {
		time.Sleep(time.Duration(100+rand.IntN(400)) * time.Millisecond) // any moment will do
		m.move(n, kills, clock)
		billers[n%len(billers)].kill9(t)
		billers[n%len(billers)] = startBiller(t, driver, dsn, since)
	}
	require.Eventually(t, m.isDone, postgres.Patience, 100*time.Millisecond)
	for _, b := range billers {
		b.stop(t)
	}
	m.requireNumbersWithoutGap()
	m.requireMailed()
	for _, id := range m.ids {
		for f, err := range m.svc.Verify(t.Context(), id) {
			require.NoError(t, err)
			assert.Fail(t, f.String())
		}
	}
}

func oldAddress(i int) string { return fmt.Sprintf("client%d@old.example", i) }
func newAddress(i int) string { return fmt.Sprintf("client%d@new.example", i) }

// live makes the clients, and what they used in November.
func (m *month) live(s *bunstore.Store, accounts int) {
	m.Helper()
	at := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	m.svc = clientaccount.New(s, billingOptions(func() time.Time { return at }))
	var charges []clientaccount.Charge
	for i := range accounts {
		made, err := m.svc.Create(m.Context(), clientaccount.Edit{Apply: account.Change{}.
			Set("login", fmt.Sprint("client-", i)).Set("password", "plum-kettle-7-orbit").Set("password_retype", "plum-kettle-7-orbit").
			Set("contact.company", fmt.Sprint("Client ", i)).Set("contact.country", "DE").Set("currency", "EUR").Set("credit.limit", "1000").
			Set("mail.email", oldAddress(i)).Set("status", "active").Set("billing.invoice_days", "1").
			Set("billing.send_stats", "true").Set("billing.send_invoices", "true").Set("billing.to_email", "true").Apply})
		require.NoError(m, err)
		m.ids = append(m.ids, made.Account.ID)
		for n := range 3 {
			charges = append(charges, clientaccount.Charge{
				Account: made.Account.ID, Price: account.Some(account.Amount("0.045")), Messages: int64(100 + i), Reference: fmt.Sprint("m-", n),
			})
		}
	}
	for page := range slices.Chunk(charges, 500) {
		for _, done := range m.svc.ChargeMany(m.Context(), page) {
			require.NoError(m, done.Err)
		}
	}
}

// move gives every other client of the nth part of all another address.
func (m *month) move(n, of int, clock func() time.Time) {
	m.Helper()
	for i := n * len(m.ids) / of; i < (n+1)*len(m.ids)/of; i += 2 {
		id := m.ids[i]
		a, err := m.svc.Get(m.Context(), id)
		require.NoError(m, err)
		_, err = m.svc.Update(m.Context(), id, a.Revision, clientaccount.Edit{Apply: account.Change{}.Set("mail.email", newAddress(i)).Apply})
		require.NoError(m, err)
		m.changed[id] = clock()
	}
}

// documents returns all of some kinds.
func (m *month) documents(mailed store.MailState, kinds ...document.Kind) (all []store.Document) {
	m.Helper()
	q := store.DocumentQuery{Kinds: kinds, Mailed: mailed, Limit: account.MaxPage}
	for {
		page, err := m.svc.Documents(m.Context(), q)
		require.NoError(m, err)
		all = append(all, page...)
		if len(page) < account.MaxPage {
			return all
		}
		last := store.PositionOf(page[len(page)-1])
		q.After = &last
	}
}

// isDone reports whether all is made and mailed.
func (m *month) isDone() bool {
	return len(m.documents(store.MailSent, document.KindStatement, document.KindInvoice)) == 2*len(m.ids) &&
		len(m.documents(store.MailSent, document.KindNotice)) == len(m.changed)
}

func (m *month) requireNumbersWithoutGap() {
	m.Helper()
	for kind, series := range map[document.Kind]string{document.KindStatement: "ST", document.KindInvoice: "INV"} {
		of, numbers := map[account.ID]int{}, map[string]bool{}
		for _, d := range m.documents("", kind) {
			of[d.Account]++
			numbers[d.Number] = true
		}
		require.Len(m, of, len(m.ids), series)
		for id, n := range of {
			assert.Equal(m, 1, n, "%s of %s", series, id)
		}
		for n := range len(m.ids) {
			want := document.NewNumber(series, 2026, int64(n+1), nil)
			assert.True(m, numbers[document.FormatNumber(want)], "%s %d is missing", series, n+1)
		}
	}
}

// sending is one time that a mail was handed to the sender.
type sending struct {
	Message string
	Address string
	Claimed int64
}

func (m *month) requireMailed() {
	m.Helper()
	var sent []sending
	require.NoError(m, m.db.NewRaw(`SELECT message, address, claimed FROM mailed ORDER BY seq`).Scan(m.Context(), &sent))
	came := map[string][]sending{}
	for _, s := range sent {
		came[s.Message] = append(came[s.Message], s)
	}
	for i, id := range m.ids {
		for _, d := range m.documentsOf(id) {
			mails, err := m.svc.Mails(m.Context(), id, d.ID)
			require.NoError(m, err)
			for _, row := range mails {
				here := m.take(came, d, row.To)
				if assert.NotEmpty(m, here, "%s of client %d to %s did not come", d.Origin, i, row.To) && d.Kind != document.KindNotice {
					m.requireAddress(i, here[0].Address, here)
				}
			}
			if _, moved := m.changed[id]; moved && d.Kind != document.KindNotice { // a try under way when the address changed
				m.requireAddress(i, oldAddress(i), m.take(came, d, oldAddress(i)))
			}
		}
	}
	assert.Empty(m, came, "mails that nobody was to get")
	m.Logf("%d mails were handed over for %d documents", len(sent), len(m.documents("")))
}

func (m *month) documentsOf(id account.ID) []store.Document {
	m.Helper()
	page, err := m.svc.Documents(m.Context(), store.DocumentQuery{Account: id})
	require.NoError(m, err)
	return page
}

// take returns, and takes out, the times that a document came to an address, by the one Message-ID
// that it has there.
func (m *month) take(came map[string][]sending, d store.Document, to string) []sending {
	m.Helper()
	id, err := messageID(d.ID, to)
	require.NoError(m, err)
	here := came[id]
	delete(came, id)
	for _, s := range here {
		assert.Equal(m, to, s.Address)
	}
	return here
}

// requireAddress says that an address was the client's when a mail was claimed that went there.
func (m *month) requireAddress(i int, address string, sent []sending) {
	m.Helper()
	changed, moved := m.changed[m.ids[i]]
	for _, s := range sent {
		at := time.UnixMilli(s.Claimed)
		switch {
		case address == newAddress(i):
			assert.True(m, moved)
		case moved:
			assert.False(m, at.After(changed), "client %d at the old address, %v late", i, at.Sub(changed))
		}
	}
}
