package smtp_test

import (
	"context"
	"fmt"
	"net"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	gosmtp "github.com/emersion/go-smtp"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/account/document"
	"github.com/clientaccount/clientaccount/internal/ledger"
	"github.com/clientaccount/clientaccount/mail"
	"github.com/clientaccount/clientaccount/mail/smtp"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/memstore"
)

// post is a store with mails, and a dispatcher that hands them to a server.
type post struct {
	*testing.T
	st   *memstore.Store
	made int
	skip atomic.Int64 // nanoseconds that the clock runs ahead
}

// decade is longer than any test has time pass: no claim of a mail lapses while it is sent, and none
// is too old to be sent.
const decade = 10 * 365 * 24 * time.Hour

// newPost runs a dispatcher over a sender until the test ends.
func newPost(t *testing.T, s mail.Sender) *post {
	t.Helper()
	p := &post{T: t, st: memstore.New()}
	templates, err := mail.NewTemplates(mail.TemplateOptions{})
	require.NoError(t, err)
	from, err := mail.NewAddress("Example SMS", "billing@example.net")
	require.NoError(t, err)
	d, err := mail.NewDispatcher(p.st, s, &mail.Config{
		Composer: mail.Composer{Templates: templates, Platform: "Example SMS", From: from, Domain: "example.net"},
		Clock:    p.clock, Poll: 5 * time.Millisecond, Try: decade, NoOlderThan: decade,
	})
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- d.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		require.NoError(t, <-ended)
	})
	return p
}

func (p *post) clock() time.Time { return time.Now().Add(time.Duration(p.skip.Load())) }

// invoice has an invoice of a client made, and its mail.
func (p *post) invoice(email string) store.Mail {
	p.Helper()
	p.made++
	a := accounttest.Valid(fmt.Sprintf("client%d", p.made))
	a.Mail.Email, a.Mail.Billing = email, ""
	now := time.Now()
	i := document.Invoice{Head: document.Head{
		ID: accounttest.ID(p.made), Account: a.ID, Number: document.NewNumber("INV", 2026, int64(p.made), nil), At: now,
		Currency: "EUR", Digits: 2, Customer: document.CustomerOf(a),
	}}
	i.Lines = []document.Line{{Messages: 100, Amount: decimal.NewFromInt(7), Price: document.NewUnitPrice(decimal.NewFromInt(7), 100)}}
	i.Subtotal, i.Net, i.Total = decimal.NewFromInt(7), decimal.NewFromInt(7), decimal.NewFromInt(7)
	text, err := document.Encode(i)
	require.NoError(p, err)
	m := store.Mail{
		ID: accounttest.ID(1000 + p.made), Account: a.ID, Document: i.ID, Role: store.MailBilling, To: email,
		State: store.MailWaiting, MadeAt: now, DueAt: now,
	}
	require.NoError(p, p.st.Update(p.Context(), func(ctx context.Context, tx store.Tx) error {
		if err := tx.PutAccount(ctx, a, 0); err != nil {
			return err
		}
		if err := tx.Post(ctx, store.Posting{Balance: ledger.Opened(a.ID, account.Terms{Currency: a.Core.Currency}, a.CreatedAt)}); err != nil {
			return err
		}
		billing := tx.(store.BillingTx)
		d := store.Document{ID: i.ID, Account: a.ID, Kind: i.Kind(), Origin: "cut", Number: i.Number.Text, At: now, Text: text}
		if _, err := billing.PutDocument(ctx, d); err != nil {
			return err
		}
		return billing.PutMails(ctx, m)
	}))
	return m
}

func (p *post) now(m store.Mail) store.Mail {
	p.Helper()
	mails, err := p.st.Mails(p.Context(), m.Account, []account.ID{m.Document})
	require.NoError(p, err)
	require.Len(p, mails, 1)
	return mails[0]
}

// after waits until a mail was tried so often or is not waiting any more, and returns it.
func (p *post) after(m store.Mail, tries int) (now store.Mail) {
	p.Helper()
	require.Eventually(p, func() bool {
		now = p.now(m)
		return now.Tries >= tries || now.State != store.MailWaiting
	}, time.Minute, 2*time.Millisecond)
	return now
}

// end waits until a mail is not waiting any more: days pass.
func (p *post) end(m store.Mail) (now store.Mail) {
	p.Helper()
	for now = p.after(m, 1); now.State == store.MailWaiting; now = p.after(m, now.Tries+1) {
		p.skip.Add(int64(30 * time.Hour))
	}
	return now
}

var messageID = regexp.MustCompile(`(?m)^Message-ID: (<.*>)\r?$`)

// same checks that all mails are one, so many times at least, whole and with the same Message-ID.
func same(t *testing.T, mails []string, times int) {
	t.Helper()
	require.GreaterOrEqual(t, len(mails), times)
	for _, m := range mails {
		require.NotNil(t, messageID.FindStringSubmatch(m), m)
		assert.True(t, mails[0] == m, "it is another")
		assert.Contains(t, m, "invoice-INV-2026-000001.csv")
	}
}

// untimed is a connection whose time is over when a test says so.
type untimed struct{ net.Conn }

func (untimed) SetReadDeadline(time.Time) error  { return nil }
func (untimed) SetWriteDeadline(time.Time) error { return nil }

// timeless has connections last until the time of the newest is said to be over: on a busy machine a
// server may be late that does not hang.
func timeless(c *smtp.Config) (over func()) {
	dial := c.Dial
	var newest atomic.Pointer[untimed]
	c.Dial = func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := dial(ctx, network, address)
		if err != nil {
			return nil, err
		}
		made := &untimed{conn}
		newest.Store(made)
		return made, nil
	}
	return func() { _ = newest.Load().SetDeadline(time.Now()) }
}

func TestDispatchToAServerThatFailsOnce(t *testing.T) {
	always := answers(451, 4, 7, 1, "greylisted, come again")
	for name, tt := range map[string]struct {
		phase string
		do    func(*gosmtp.Conn) error
		code  string
		taken int
	}{
		"greylists":          {"RCPT", always, "to", 1},
		"is busy":            {"MAIL", answers(421, 4, 3, 2, "busy"), "from", 1},
		"fails in the end":   {"END", answers(452, 4, 3, 1, "no room"), "content", 1},
		"cuts at once":       {"CONNECT", cuts, "connect", 1},
		"cuts at MAIL":       {"MAIL", cuts, "from", 1},
		"cuts at RCPT":       {"RCPT", cuts, "to", 1},
		"cuts at DATA":       {"DATA", cuts, "answer", 1},
		"cuts at the end":    {"END", cuts, "answer", 1},
		"takes it and cuts":  {"TAKEN", cuts, "answer", 2},
		"hangs at once":      {"CONNECT", hangs, "connect", 1},
		"hangs at MAIL":      {"MAIL", hangs, "from", 1},
		"hangs at RCPT":      {"RCPT", hangs, "to", 1},
		"hangs at DATA":      {"DATA", hangs, "", 1},
		"hangs at the end":   {"END", hangs, "answer", 1},
		"takes it and hangs": {"TAKEN", hangs, "answer", 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := start(t)
			config := reach(server)
			over := timeless(&config)
			server.next(tt.phase, func(c *gosmtp.Conn) error {
				if strings.Contains(name, "hangs") {
					over()
				}
				return tt.do(c)
			})
			p := newPost(t, sender(t, config))
			m := p.invoice("jane@example.com")
			tried := p.after(m, 1)
			assert.Equal(t, store.MailWaiting, tried.State)
			if tt.code != "" { // else it may have had all of it, or not
				assert.Equal(t, tt.code, tried.Last.Code)
			}
			got := p.end(m)
			assert.Equal(t, store.MailSent, got.State)
			same(t, server.mails(), tt.taken)
			assert.Len(t, server.mails(), tt.taken)
		})
	}
}

func TestDispatchToAServerThatRefuses(t *testing.T) {
	for name, tt := range map[string]struct {
		phase string
		do    func(*gosmtp.Conn) error
		said  string
	}{
		"an unknown user": {"RCPT", answers(550, 5, 1, 1, "<jane@example.com>: no such user"), "550 5.1.1 <…>: no such user"},
		"a full mailbox":  {"END", answers(552, 5, 2, 2, "mailbox full"), "552 5.2.2 mailbox full"},
		"the sender":      {"MAIL", answers(553, 5, 7, 1, "not from here"), "553 5.7.1 not from here"},
	} {
		server := start(t)
		server.next(tt.phase, tt.do)
		p := newPost(t, sender(t, reach(server)))
		got := p.end(p.invoice("jane@example.com"))
		assert.Equal(t, store.MailFailed, got.State, name)
		assert.Equal(t, tt.said, got.Last.Said, name)
		assert.Equal(t, 1, got.Tries, name)
		assert.Equal(t, store.MailSent, p.end(p.invoice("joe@example.com")).State, "the next one is not concerned")
	}
}

// A server that is not encrypted, or not there, gets nothing; the mail waits for one that is.
func TestDispatchToAServerThatIsNotEncrypted(t *testing.T) {
	bare := start(t, func(s *server) { s.smtp.TLSConfig = nil })
	good := start(t)
	var to atomic.Value
	to.Store(bare.Addr().String())
	config := reach(good)
	config.Dial = func(ctx context.Context, network, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, network, to.Load().(string))
	}
	p := newPost(t, sender(t, config))
	m := p.invoice("jane@example.com")
	assert.Equal(t, "tls", p.after(m, 1).Last.Code)
	to.Store(refusing(t).String())
	p.skip.Add(int64(time.Hour))
	assert.Equal(t, "connect", p.after(m, 2).Last.Code)
	to.Store(good.Addr().String())
	assert.Equal(t, store.MailSent, p.end(m).State)
	same(t, good.mails(), 1)
	assert.Empty(t, bare.mails())
}

// Whatever a server does, each of many mails arrives, once or more with one Message-ID, or it is
// known why not.
func TestDispatchManyToAServerThatFailsAtRandom(t *testing.T) {
	server := start(t)
	doing := []func(*gosmtp.Conn) error{nil, cuts, answers(451, 4, 7, 1, "later"), nil, nil}
	for n := range 200 {
		server.next(append(phases, "TAKEN")[n%6], doing[n*7%len(doing)])
	}
	config := reach(server)
	p := newPost(t, sender(t, config))
	var mails []store.Mail
	for n := range 40 {
		mails = append(mails, p.invoice(fmt.Sprintf("jane%d@domain%d.example", n, n%7)))
	}
	sent := 0
	for _, m := range mails {
		if got := p.end(m); got.State == store.MailSent {
			sent++
		} else {
			assert.Equal(t, mail.MaxTries, got.Tries, "it is given up when all tries failed")
		}
	}
	ids := map[string]string{}
	for _, raw := range server.mails() {
		id := messageID.FindStringSubmatch(raw)[1]
		if before, twice := ids[id]; twice {
			assert.Equal(t, before, raw)
		}
		ids[id] = raw
	}
	assert.GreaterOrEqual(t, len(ids), sent)
	assert.Greater(t, sent, 30)
}

// dispatches is the same over Inbucket.
func dispatches(t *testing.T, server inbucket) {
	t.Helper()
	p := newPost(t, inbucketSender(t, server))
	taken, grey, full, unknown := p.invoice("ann@example.com"), p.invoice("greylisted@example.com"), p.invoice("full@example.com"), p.invoice("nobody@elsewhere.example.com")
	assert.Equal(t, store.MailSent, p.end(taken).State)
	for m, want := range map[*store.Mail]struct {
		tries int
		said  string
	}{&grey: {mail.MaxTries, "451"}, &full: {1, "552"}, &unknown: {1, "550"}} {
		got := p.end(*m)
		assert.Equal(t, store.MailFailed, got.State)
		assert.Equal(t, want.tries, got.Tries)
		assert.True(t, strings.HasPrefix(got.Last.Said, want.said), got.Last.Said)
	}
	require.NoError(t, p.st.Update(t.Context(), func(ctx context.Context, tx store.Tx) error {
		return tx.(store.BillingTx).MailAgain(ctx, taken.Account, taken.ID, p.clock())
	}))
	require.Eventually(t, func() bool { return p.now(taken).State == store.MailSent }, time.Minute, 10*time.Millisecond)
	mails := server.mailbox(t, "ann")
	require.Len(t, mails, 2)
	assert.Equal(t, mails[0].Header["Message-Id"], mails[1].Header["Message-Id"])
	for _, m := range mails {
		assert.Equal(t, "Invoice INV-2026-000001: 7.00 EUR", m.Subject)
		require.Len(t, m.Files, 2)
		assert.Equal(t, "invoice-INV-2026-000001.html", m.Files[0].Name)
	}
}
