package dbtest

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/uptrace/bun"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/account/document"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/bunstore"
)

// manyDocuments are of many clients, one every ten minutes: daily statistics that were mailed or
// are not, every hundredth an invoice, and in the middle one that failed, one that waits and a
// credit note. One client is of a manager of their own. Mails wait for a year.
type manyDocuments struct {
	clients      []account.ID
	busy, rarely account.ID // managers
	began        time.Time
	n            int
}

// clients of many documents, and how many there are of these: as many as a planner takes seriously.
const (
	billedClients = 300
	documentRows  = 40_000
)

func newManyDocuments(t *testing.T, db *bun.DB, s *bunstore.Store) *manyDocuments {
	t.Helper()
	m := &manyDocuments{began: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), n: documentRows}
	busy, rarely := accounttest.Manager(1), accounttest.Manager(2)
	m.busy, m.rarely = busy.ID, rarely.ID
	require.NoError(t, s.Update(t.Context(), func(ctx context.Context, tx store.Tx) error {
		for _, manager := range []account.Manager{busy, rarely} {
			if err := tx.PutItem(ctx, manager, 0); err != nil {
				return err
			}
		}
		for k := range billedClients {
			a := accounttest.Valid(fmt.Sprintf("many-%05d", k))
			a.Core.Manager = m.busy
			if k == 7 {
				a.Core.Manager = m.rarely
			}
			m.clients = append(m.clients, a.ID)
			if err := tx.PutAccount(ctx, a, 0); err != nil {
				return err
			}
			if err := tx.(store.BillingTx).MakeDue(ctx, a.ID, m.began.Add(time.Duration(k)*time.Hour)); err != nil {
				return err
			}
		}
		return nil
	}))
	m.fill(t, db)
	return m
}

func (m *manyDocuments) fill(t *testing.T, db *bun.DB) {
	t.Helper()
	words := strings.NewReplacer(
		"SERIES", fmt.Sprintf("generate_series(1, %d) n", m.n), "UUID", "CAST('00000000-0000-0000-0000-' || lpad(to_hex(n), 12, '0') AS uuid)",
		"AT", "TIMESTAMPTZ '2026-01-01T00:00:00Z' + n * interval '10 minutes'", "DAY", "to_char((TIMESTAMP '2026-01-01' + n * interval '10 minutes'), 'YYYY-MM-DD')",
		"SIX", "lpad(n::text, 6, '0')",
	)
	if db.Dialect().Name().String() == "sqlite" {
		words = strings.NewReplacer(
			"SERIES", fmt.Sprintf("(WITH RECURSIVE g(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM g WHERE n < %d) SELECT n FROM g)", m.n),
			"UUID", "'00000000-0000-0000-0000-' || printf('%012x', n)", "AT", "strftime('%Y-%m-%dT%H:%M:%S.000000Z', 1767225600 + n * 600, 'unixepoch')",
			"DAY", "strftime('%Y-%m-%d', 1767225600 + n * 600, 'unixepoch')", "SIX", "printf('%06d', n)",
		)
	}
	middle := m.n / 2
	for _, statement := range []string{
		fmt.Sprintf(`INSERT INTO clientaccount_documents (id, account_id, kind, origin, number, number_key, of_invoice, at, issued, first_day, last_day, currency, content, mailed)
			SELECT UUID, a.id, CASE WHEN n = %[1]d THEN 'credit_note' WHEN n %% 100 = 0 THEN 'invoice' ELSE 'statistics.daily' END, 'origin-' || n,
				CASE WHEN n %% 100 = 0 THEN 'INV-2026-' || SIX END, CASE WHEN n %% 100 = 0 THEN 'inv-2026-' || SIX END,
				CASE WHEN n = %[1]d THEN (SELECT b.account_id FROM clientaccount_books b ORDER BY b.account_id DESC LIMIT 1) END, AT, DAY, '', '', 'EUR', '{}',
				CASE n WHEN %[1]d - 1 THEN 'failed' WHEN %[1]d - 2 THEN 'waiting' ELSE CASE n %% 2 WHEN 0 THEN 'sent' ELSE '' END END
			FROM SERIES JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS k FROM clientaccount_accounts) a ON a.k = n %% %[2]d`, middle+1, billedClients),
		`INSERT INTO clientaccount_mails (id, account_id, document, role, to_address, state, made_at, due_at, tries, try_code, try_said)
			SELECT d.id, d.account_id, d.id, 'billing', '', CASE WHEN d.kind = 'invoice' THEN 'waiting' ELSE 'sent' END, d.at, d.at, 0, '', '' FROM clientaccount_documents d WHERE d.mailed <> ''`,
	} {
		_, err := db.ExecContext(t.Context(), words.Replace(statement))
		require.NoError(t, err, statement)
	}
	analyze(t, db)
}

// queries are every filter, alone and with each other.
func (m *manyDocuments) queries() map[string]store.DocumentQuery {
	all := map[string]store.DocumentQuery{}
	at := func(n int) time.Time { return m.began.Add(time.Duration(n) * 10 * time.Minute) }
	on := func(n int) account.Date { return account.DateOf(at(n), time.UTC) }
	for whose, begin := range map[string]store.DocumentQuery{
		"of all": {}, "of one": {Account: m.clients[7]}, "of a busy manager": {Managers: account.Some([]account.ID{m.busy})},
		"of a manager of one": {Managers: account.Some([]account.ID{m.rarely})},
	} {
		for span, narrow := range map[string]func(*store.DocumentQuery){
			"": func(*store.DocumentQuery) {}, "on old days": func(q *store.DocumentQuery) { q.First, q.Last = on(m.n/4), on(m.n/4+300) },
			"from a day": func(q *store.DocumentQuery) { q.First = on(m.n - 1000) }, "to a day": func(q *store.DocumentQuery) { q.Last = on(1000) },
			"behind": func(q *store.DocumentQuery) { q.After = &store.DocumentPosition{At: at(m.n / 3)} },
		} {
			for of, filter := range map[string]func(*store.DocumentQuery){
				"": func(*store.DocumentQuery) {}, "invoices": func(q *store.DocumentQuery) { q.Kinds = []document.Kind{document.KindInvoice} },
				"credit notes":  func(q *store.DocumentQuery) { q.Kinds = []document.Kind{document.KindCreditNote} },
				"two kinds":     func(q *store.DocumentQuery) { q.Kinds = []document.Kind{document.KindCreditNote, document.KindInvoice} },
				"a number":      func(q *store.DocumentQuery) { q.Number = "Inv-2026-0200" },
				"of an invoice": func(q *store.DocumentQuery) { q.Of = slices.MaxFunc(m.clients, account.ID.Compare) },
				"failed":        func(q *store.DocumentQuery) { q.Mailed = store.MailFailed },
				"waiting":       func(q *store.DocumentQuery) { q.Mailed = store.MailWaiting },
				"sent":          func(q *store.DocumentQuery) { q.Mailed = store.MailSent },
				"failed first":  func(q *store.DocumentQuery) { q.FailedFirst = true },
				"invoices that wait": func(q *store.DocumentQuery) {
					q.Mailed, q.Kinds = store.MailWaiting, []document.Kind{document.KindInvoice}
				},
				"invoices, failed first": func(q *store.DocumentQuery) {
					q.FailedFirst, q.Kinds = true, []document.Kind{document.KindInvoice}
				},
			} {
				q := begin
				narrow(&q)
				filter(&q)
				all[strings.Join([]string{of, whose, span}, " ")] = q
			}
		}
	}
	return all
}

// documentsRead returns how many rows of documents and accounts the server has read.
func documentsRead(t *testing.T, db *bun.DB) (n int) {
	t.Helper()
	_, err := db.ExecContext(t.Context(), `SELECT pg_stat_force_next_flush()`)
	require.NoError(t, err)
	const of = ` WHERE relname IN ('clientaccount_documents', 'clientaccount_mails', 'clientaccount_books')`
	require.NoError(t, db.QueryRowContext(t.Context(), `SELECT
		(SELECT sum(idx_tup_read) FROM pg_stat_user_indexes`+of+`) + (SELECT sum(seq_tup_read) FROM pg_stat_user_tables`+of+`)`).Scan(&n))
	return n
}

// asks are whatever else is asked of what there is much of, and writes.
func (m *manyDocuments) asks(t *testing.T, s *bunstore.Store) map[string]func() error {
	t.Helper()
	ctx := t.Context()
	year := m.began.AddDate(1, 0, 0)
	owner := newID(m.began)
	claim := store.MailClaim{Owner: owner, Now: year, Until: year.Add(time.Minute), Limit: 20, Each: 20}
	claimed, err := s.ClaimMails(ctx, claim)
	require.NoError(t, err)
	require.Len(t, claimed, 20)
	one := claimed[0]
	within := func(do func(context.Context, store.BillingTx) error) error {
		return s.Update(ctx, func(ctx context.Context, tx store.Tx) error { return do(ctx, tx.(store.BillingTx)) })
	}
	return map[string]func() error{
		"due":      func() error { _, err := s.DueBooks(ctx, year, 20, m.clients[:10]); return err },
		"book":     func() error { _, err := s.Book(ctx, m.clients[0]); return err },
		"document": func() error { _, err := s.Document(ctx, one.Account, one.Document.ID); return err },
		"origin":   func() error { _, err := s.DocumentOf(ctx, one.Account, one.Document.Origin); return err },
		"mails":    func() error { _, err := s.Mails(ctx, one.Account, []account.ID{one.Document.ID, owner}); return err },
		"nothing": func() error {
			_, err := s.ClaimMails(ctx, store.MailClaim{Owner: owner, Now: m.began, Until: year, Limit: 20, Each: 20})
			return err
		},
		"claim": func() error { _, err := s.ClaimMails(ctx, claim); return err },
		"record": func() error {
			_, err := s.RecordMails(ctx, owner, []store.MailResult{{ID: one.ID, State: store.MailSent}, {ID: claimed[1].ID, State: store.MailFailed}})
			return err
		},
		"again": func() error {
			return within(func(ctx context.Context, tx store.BillingTx) error {
				return tx.MailAgain(ctx, claimed[2].Account, claimed[2].ID, year)
			})
		},
		"put": func() error {
			return within(func(ctx context.Context, tx store.BillingTx) error {
				return tx.PutMails(ctx, store.Mail{ID: newID(m.began), Account: one.Account, Document: one.Document.ID, State: store.MailWaiting})
			})
		},
	}
}

// Whatever is asked of documents: a page of them is found, and little else is read.
func TestPagesOfManyDocumentsReadFewRows(t *testing.T) {
	db := openPostgres(t, storeDSN(t), nil)
	db.SetMaxOpenConns(1)
	s := newStore(t, db)
	m := newManyDocuments(t, db, s)
	for name, q := range m.queries() {
		before := documentsRead(t, db)
		page, err := s.Documents(t.Context(), q)
		require.NoError(t, err)
		// A page and, of days, what was made on the next one somewhere.
		assert.LessOrEqual(t, documentsRead(t, db)-before, 1000, "%s: a page of %d", name, len(page))
	}
	for name, ask := range m.asks(t, s) {
		before := documentsRead(t, db)
		require.NoError(t, ask(), name)
		assert.LessOrEqual(t, documentsRead(t, db)-before, 600, name)
	}
}

// On SQLite each step goes to where the page begins, in the order of the page, or to few rows.
func TestPlansOfManyDocumentsOnSQLite(t *testing.T) {
	db, plans := openSteps(t, filepath.Join(t.TempDir(), "many.db"))
	s := newStore(t, db)
	m := newManyDocuments(t, db, s)
	asks := m.asks(t, s)
	for name, q := range m.queries() {
		asks[name] = func() error { _, err := s.Documents(t.Context(), q); return err }
	}
	for name, ask := range asks {
		plans.taken()
		require.NoError(t, ask(), name)
		for _, step := range plans.taken() {
			assert.NotRegexp(t, "SCAN ([abdmt]|clientaccount[a-z_]*)( USING INDEX clientaccount_documents_(account|kind|mailed)|$)", step, name)
		}
	}
}
