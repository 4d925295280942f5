package dbtest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/uptrace/bun"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/document"
	"github.com/clientaccount/clientaccount/mail"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/bunstore"
)

// A biller is this test binary run as a process of its own, which makes documents and mails them
// until its standard input ends, or until it is killed. What it sends it writes to a table.
const (
	billerDriver = "CLIENTACCOUNT_TEST_BILLER_DRIVER"
	billerDSN    = "CLIENTACCOUNT_TEST_BILLER_DSN"
	billerSince  = "CLIENTACCOUNT_TEST_BILLER_SINCE"
)

const (
	// billerHaste is how much faster a biller's clock runs, so that a lease of somewhat more than
	// a minute, which a killed one leaves behind, is soon over.
	billerHaste = 20
	billerTry   = 20 * time.Second // by its clock, as all that mails wait for
)

// billed is when billers begin, by their clocks: somewhat after a month ended.
var billed = time.Date(2026, 12, 1, 1, 0, 0, 0, time.UTC)

// billersClock returns the clock of all that began at an instant.
func billersClock(since time.Time) func() time.Time {
	return func() time.Time { return billed.Add(billerHaste * time.Since(since)) }
}

func asBiller() bool { return os.Getenv(billerDriver) != "" }

func runBiller() int {
	since, err := time.Parse(time.RFC3339Nano, os.Getenv(billerSince))
	if err == nil {
		err = bill(os.Getenv(billerDriver), os.Getenv(billerDSN), billersClock(since))
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// billingOptions are those of all Services over the same store.
func billingOptions(clock func() time.Time) *clientaccount.Options {
	return &clientaccount.Options{
		Clock: clock, Hash: clientaccount.HashCost{MemoryKiB: 64, Iterations: 1, Parallelism: 1},
		Documents: clientaccount.DocumentOptions{Taxes: document.Percent("VAT", twenty)},
	}
}

func bill(driver, dsn string, clock func() time.Time) error {
	pool, err := sql.Open(driver, dsn)
	if err != nil {
		return err
	}
	defer func() { _ = pool.Close() }()
	pool.SetMaxOpenConns(6)
	db := newBun(driver, pool)
	st, err := bunstore.New(db)
	if err != nil {
		return err
	}
	composer, err := billersComposer()
	if err != nil {
		return err
	}
	outbox := &claims{Store: st}
	d, err := mail.NewDispatcher(outbox, noting{db, outbox}, &mail.Config{
		Composer: composer, Clock: clock, Poll: 20 * time.Millisecond, Try: billerTry, Concurrency: 4, PerDomain: 4,
	})
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancel(context.Background())
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		stop()
	}()
	var work sync.WaitGroup
	work.Go(func() { _ = d.Run(ctx) })
	svc := clientaccount.New(st, billingOptions(clock))
	for ctx.Err() == nil {
		_ = svc.Tick(ctx) // somebody else may have been faster
		time.Sleep(20 * time.Millisecond)
	}
	work.Wait()
	return nil
}

const billersDomain = "platform.example"

func billersComposer() (mail.Composer, error) {
	templates, err := mail.NewTemplates(mail.TemplateOptions{})
	if err != nil {
		return mail.Composer{}, err
	}
	from, err := mail.ParseAddress("Platform <billing@" + billersDomain + ">")
	return mail.Composer{Templates: templates, Platform: "Platform", From: from, Domain: billersDomain}, err
}

// claims is a store that notes when mails were claimed: before it was looked which address a client has.
type claims struct {
	*bunstore.Store
	at sync.Map // by Message-ID
}

func (c *claims) ClaimMails(ctx context.Context, q store.MailClaim) ([]store.ClaimedMail, error) {
	claimed, err := c.Store.ClaimMails(ctx, q)
	for _, m := range claimed {
		if id, err := messageID(m.Document.ID, m.Address); err == nil {
			c.at.Store(id, q.Now)
		}
	}
	return claimed, err
}

// messageID is that of a document's mail to an address.
func messageID(document account.ID, to string) (string, error) {
	address, err := mail.NewAddress("", to)
	if err != nil {
		return "", err
	}
	id, err := mail.NewMessageID(document, address, billersDomain)
	return id.String(), err
}

// noting is a mail.Sender that writes what it is given to a table, and when it was claimed.
type noting struct {
	db     *bun.DB
	claims *claims
}

func (n noting) Send(ctx context.Context, m mail.Message) error {
	at, known := n.claims.at.Load(m.ID.String())
	if !known {
		return errors.New("nobody claimed it")
	}
	_, err := n.db.NewRaw(`INSERT INTO mailed (message, address, subject, claimed) VALUES (?, ?, ?, ?)`,
		m.ID.String(), m.To.Spec(), m.Subject.String(), at.(time.Time).UnixMilli()).Exec(ctx)
	return err
}

// startBiller starts such a process.
func startBiller(t *testing.T, driver, dsn string, since time.Time) *sender {
	t.Helper()
	binary, err := os.Executable()
	require.NoError(t, err)
	cmd := exec.Command(binary)
	cmd.Env = append(os.Environ(), billerDriver+"="+driver, billerDSN+"="+dsn, billerSince+"="+since.Format(time.RFC3339Nano))
	cmd.Stderr = os.Stderr
	stdin, err := cmd.StdinPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	s := &sender{cmd, stdin}
	t.Cleanup(func() { _ = s.cmd.Process.Kill(); _ = s.cmd.Wait() })
	return s
}
