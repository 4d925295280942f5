package mail_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/account/document"
	"github.com/clientaccount/clientaccount/internal/ledger"
	"github.com/clientaccount/clientaccount/mail"
	"github.com/clientaccount/clientaccount/mail/mailtest"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/memstore"
)

// rig is a store, a server that records, and dispatchers between them. Its tests run in a bubble,
// where time passes as soon as everybody waits for it.
type rig struct {
	*testing.T
	st     *flaky
	sent   *mailtest.Recorder
	config mail.Config
	log    *log
	made   int
}

// bubble runs a test with a rig of its own.
func bubble(t *testing.T, test func(*testing.T, *rig)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		r := &rig{T: t, st: &flaky{Store: memstore.New()}, sent: &mailtest.Recorder{}, log: &log{}}
		r.config = mail.Config{
			Composer: composer(t), Observer: r.log,
			Logger: slog.New(slog.NewTextHandler(r.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
		}
		test(t, r)
	})
}

// flaky is a store whose outbox fails as it is told.
type flaky struct {
	*memstore.Store
	claims  func() error // before a claim; nil: it does not fail
	records func() error
}

var errDown = errors.New("the database is down")

func (f *flaky) ClaimMails(ctx context.Context, c store.MailClaim) ([]store.ClaimedMail, error) {
	if f.claims != nil {
		if err := f.claims(); err != nil {
			return nil, err
		}
	}
	return f.Store.ClaimMails(ctx, c)
}

func (f *flaky) RecordMails(ctx context.Context, owner account.ID, rs []store.MailResult) ([]account.ID, error) {
	if f.records != nil {
		if err := f.records(); err != nil {
			return nil, err
		}
	}
	return f.Store.RecordMails(ctx, owner, rs)
}

// times fails so often, and then does not.
func times(n int64) func() error {
	var called atomic.Int64
	return func() error {
		if called.Add(1) <= n {
			return errDown
		}
		return nil
	}
}

// log is what the log and the observer heard.
type log struct {
	mail.Counters
	mu   sync.Mutex
	text bytes.Buffer
	all  []mail.Tried
}

func (l *log) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *log) Tried(t mail.Tried) {
	l.Counters.Tried(t)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.all = append(l.all, t)
}

func (l *log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// client stores an account with an address.
func (r *rig) client(login, email string) account.Account {
	r.Helper()
	a := accounttest.Valid(login)
	a.Mail = account.Mail{Email: email}
	require.NoError(r, r.st.Update(r.Context(), func(ctx context.Context, tx store.Tx) error {
		if err := tx.PutAccount(ctx, a, 0); err != nil {
			return err
		}
		return tx.Post(ctx, store.Posting{Balance: ledger.Opened(a.ID, account.Terms{Currency: a.Core.Currency}, a.CreatedAt)})
	}))
	return a
}

func (r *rig) edit(a account.Account, email string) account.Account {
	r.Helper()
	next := a.Clone()
	next.Revision++
	next.Mail.Email = email
	require.NoError(r, r.st.Update(r.Context(), func(ctx context.Context, tx store.Tx) error { return tx.PutAccount(ctx, next, a.Revision) }))
	return next
}

// mail has a notice made for an account, and its mail.
func (r *rig) mail(a account.Account, change ...func(*store.Mail)) store.Mail {
	r.Helper()
	r.made++
	n := noticeDocument(100+r.made, document.NoticeLimitReached)
	n.Account = a.ID
	n.Customer.Name = "canary company"
	text, err := document.Encode(n)
	require.NoError(r, err)
	m := store.Mail{
		ID: accounttest.ID(1000 + r.made), Account: a.ID, Document: n.ID, Role: store.MailMain, To: a.Mail.Email,
		State: store.MailWaiting, MadeAt: time.Now(), DueAt: time.Now(),
	}
	for _, c := range change {
		c(&m)
	}
	require.NoError(r, r.st.Update(r.Context(), func(ctx context.Context, tx store.Tx) error {
		billing := tx.(store.BillingTx)
		if _, err := billing.PutDocument(ctx, store.Document{
			ID: n.ID, Account: a.ID, Kind: n.Kind(), Origin: n.ID.String(), At: n.At, Issued: n.Issued, Text: text,
		}); err != nil {
			return err
		}
		return billing.PutMails(ctx, m)
	}))
	return m
}

// dispatcher returns one of the rig's store.
func (r *rig) dispatcher() *mail.Dispatcher {
	r.Helper()
	d, err := mail.NewDispatcher(r.st, r.sent, &r.config)
	require.NoError(r, err)
	return d
}

// run runs a dispatcher until stop, which returns what Run did.
func (r *rig) run() (d *mail.Dispatcher, stop func() error) {
	r.Helper()
	d = r.dispatcher()
	ctx, cancel := context.WithCancel(r.Context())
	ended := make(chan error, 1)
	go func() { ended <- d.Run(ctx) }()
	return d, func() error {
		cancel()
		return <-ended
	}
}

// after runs a dispatcher for so long.
func (r *rig) after(d time.Duration) {
	r.Helper()
	_, stop := r.run()
	time.Sleep(d)
	synctest.Wait()
	require.NoError(r, stop())
}

// now is what is kept of a mail.
func (r *rig) now(m store.Mail) store.Mail {
	r.Helper()
	mails, err := r.st.Mails(r.Context(), m.Account, []account.ID{m.Document})
	require.NoError(r, err)
	require.Len(r, mails, 1)
	return mails[0]
}

// ids are the Message-IDs of all tries.
func (r *rig) ids() map[string]int {
	ids := map[string]int{}
	for _, try := range r.sent.Tries() {
		ids[try.Message.ID.String()]++
	}
	return ids
}
