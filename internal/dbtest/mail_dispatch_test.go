package dbtest

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/uptrace/bun"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/document"
	"github.com/clientaccount/clientaccount/mail"
	"github.com/clientaccount/clientaccount/mail/mailtest"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/bunstore"
)

// forgetful is a store of a process that dies before it can note what came of some mails: every
// fourth, however often that is tried.
type forgetful struct {
	*bunstore.Store
	mu     sync.Mutex
	forgot map[account.ID]bool
}

func (f *forgetful) RecordMails(ctx context.Context, owner account.ID, rs []store.MailResult) ([]account.ID, error) {
	for _, r := range rs {
		if r.ID[len(r.ID)-1]%4 == 0 {
			f.mu.Lock()
			f.forgot[r.ID] = true
			f.mu.Unlock()
			<-ctx.Done()
			return nil, errors.New("died")
		}
	}
	return f.Store.RecordMails(ctx, owner, rs)
}

// notices makes one of each client of the rig, and its mail.
func (r *billingRig) notices() (mails []store.Mail) {
	r.Helper()
	require.NoError(r, r.update(func(ctx context.Context, tx store.BillingTx) error {
		for _, id := range r.clients {
			n := document.NewNotice(document.Head{ID: newID(r.now), Account: id, At: r.now, Currency: "EUR"}, document.NoticeCreditExhausted)
			text, err := document.Encode(n)
			if err != nil {
				return err
			}
			d := store.Document{
				ID: n.ID, Account: id, Kind: n.Kind(), Origin: "event:1", At: r.now, Issued: account.DateOf(r.now, time.UTC), Text: text,
			}
			if _, err := tx.PutDocument(ctx, d); err != nil {
				return err
			}
			m := store.Mail{ID: newID(r.now), Account: id, Document: d.ID, Role: store.MailMain, State: store.MailWaiting, MadeAt: r.now, DueAt: r.now}
			mails = append(mails, m)
			if err := tx.PutMails(ctx, m); err != nil {
				return err
			}
		}
		return nil
	}))
	return mails
}

// move gives the kth client an address of another domain.
func (r *billingRig) move(k int, email string) {
	r.Helper()
	require.NoError(r, r.s.Update(r.Context(), func(ctx context.Context, tx store.Tx) error {
		a, err := tx.Account(ctx, r.clients[k])
		if err != nil {
			return err
		}
		was := a.Revision
		a.Revision++
		a.Mail.Email = email
		return tx.PutAccount(ctx, a, was)
	}))
}

// mailAll runs as many dispatchers as there are stores, until so many mails were sent in all.
func mailAll(t *testing.T, sent *mailtest.Recorder, n int, clock func() time.Time, stores ...store.Store) {
	t.Helper()
	templates, err := mail.NewTemplates(mail.TemplateOptions{})
	require.NoError(t, err)
	from, err := mail.ParseAddress("billing@example.net")
	require.NoError(t, err)
	config := mail.Config{
		Composer: mail.Composer{Templates: templates, From: from, Domain: "example.net"}, Clock: clock, PerDomain: 8,
		Poll: 10 * time.Millisecond, Drain: 100 * time.Millisecond,
	}
	ctx, stop := context.WithCancel(t.Context())
	var running sync.WaitGroup
	for _, s := range stores {
		d, err := mail.NewDispatcher(s, sent, &config)
		require.NoError(t, err)
		running.Go(func() {
			if err := d.Run(ctx); err != nil {
				assert.ErrorIs(t, err, mail.ErrUndrained)
			}
		})
	}
	assert.Eventually(t, func() bool { return len(sent.Messages()) >= n }, time.Minute, 10*time.Millisecond)
	stop()
	running.Wait()
}

// Several dispatchers on one database send each mail once; those that died are followed by others,
// with the same Message-ID, and to the address that the client has by then.
func TestMailsOfManyDispatchers(t *testing.T) {
	forEachBackend(t, func(t *testing.T, _ *bun.DB, s *bunstore.Store) {
		const clients = 200
		r := newBillingRig(t, s, clients)
		var skip atomic.Int64
		forgetful := &forgetful{Store: s, forgot: map[account.ID]bool{}}
		clock := func() time.Time { return r.now.Add(time.Duration(skip.Load())) }
		mails := r.notices()
		var sent mailtest.Recorder
		mailAll(t, &sent, clients, clock, s, forgetful, forgetful, s)
		require.Len(t, sent.Messages(), clients, "none twice while it is leased")
		forgot := len(forgetful.forgot)
		require.NotZero(t, forgot)

		r.move(0, "new@elsewhere.example")
		skip.Add(int64(10 * time.Minute))
		mailAll(t, &sent, clients+forgot, clock, s, s, s, s)
		assert.Len(t, sent.Messages(), clients+forgot, "only what was not noted is sent again")
		ids := map[string]bool{}
		for _, m := range sent.Messages() {
			ids[m.ID.String()] = true
		}
		assert.Len(t, ids, clients+len(sent.To("new@elsewhere.example")), "with the same id, unless it goes elsewhere")
		for k, m := range mails {
			now, err := s.Mails(t.Context(), r.clients[k], []account.ID{m.Document})
			require.NoError(t, err)
			require.Len(t, now, 1)
			assert.Equal(t, store.MailSent, now[0].State)
		}
	})
}
