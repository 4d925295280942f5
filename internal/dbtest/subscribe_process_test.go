package dbtest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/uptrace/bun"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store/bunstore"
)

// A subscriber is this test binary run as a process of its own, which subscribes until its
// standard input ends, or until it is killed. What it is told it writes to a table, or
// fails, at random.
const (
	subscriberDriver = "CLIENTACCOUNT_TEST_SUBSCRIBER_DRIVER"
	subscriberDSN    = "CLIENTACCOUNT_TEST_SUBSCRIBER_DSN"
	subscriberSince  = "CLIENTACCOUNT_TEST_SUBSCRIBER_SINCE"
)

// subscriberHaste is how much faster a subscriber's clock runs, so that a lease of
// somewhat more than a minute, which a killed one leaves behind, is soon over.
const subscriberHaste = 10

// killedNames are the subscriptions that each runs.
var killedNames = []string{"", "mail"}

func asSubscriber() bool { return os.Getenv(subscriberDriver) != "" }

func runSubscriber() int {
	since, err := time.Parse(time.RFC3339, os.Getenv(subscriberSince))
	if err == nil {
		err = subscribe(os.Getenv(subscriberDriver), os.Getenv(subscriberDSN), since)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

func subscribe(driver, dsn string, since time.Time) error {
	pool, err := sql.Open(driver, dsn)
	if err != nil {
		return err
	}
	defer func() { _ = pool.Close() }()
	pool.SetMaxOpenConns(4)
	db := newBun(driver, pool)
	st, err := bunstore.New(db)
	if err != nil {
		return err
	}
	svc := clientaccount.New(st, &clientaccount.Options{EventsEvery: 10 * time.Millisecond, Clock: hasty(since)})
	ctx, stop := context.WithCancel(context.Background())
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		stop()
	}()
	ended := make(chan error, len(killedNames))
	for _, name := range killedNames {
		go func() {
			ended <- svc.Subscribe(ctx, clientaccount.Subscription{
				Name:   name,
				Handle: func(ctx context.Context, events []account.Event) error { return writeHeard(ctx, db, name, events) },
			})
		}()
	}
	for range killedNames {
		err = errors.Join(err, <-ended)
	}
	return err
}

// hasty is a clock that runs fast since an instant, on which subscribers agree.
func hasty(since time.Time) func() time.Time {
	return func() time.Time { return since.Add(subscriberHaste * time.Since(since)) }
}

// writeHeard fails now and then, before it wrote or afterwards.
func writeHeard(ctx context.Context, db *bun.DB, name string, events []account.Event) error {
	chance := rand.IntN(10)
	if chance == 0 {
		return errors.New("before")
	}
	for _, e := range events {
		_, err := db.NewRaw(`INSERT INTO heard (name, account, number) VALUES (?, ?, ?)`, name, e.Account.String(), e.Number).Exec(ctx)
		if err != nil {
			return err
		}
	}
	if chance == 1 {
		return errors.New("afterwards")
	}
	return nil
}

// subscriber is such a process.
type subscriber struct {
	cmd   *exec.Cmd
	stdin io.WriteCloser
}

func startSubscriber(t *testing.T, driver, dsn string, since time.Time) *subscriber {
	t.Helper()
	binary, err := os.Executable()
	require.NoError(t, err)
	cmd := exec.Command(binary)
	cmd.Env = append(os.Environ(), subscriberDriver+"="+driver, subscriberDSN+"="+dsn, subscriberSince+"="+since.Format(time.RFC3339))
	cmd.Stderr = os.Stderr
	stdin, err := cmd.StdinPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	return &subscriber{cmd, stdin}
}

// kill9 ends the process at once, as kill -9 does.
func (s *subscriber) kill9(t *testing.T) {
	t.Helper()
	require.NoError(t, s.cmd.Process.Kill())
	require.ErrorAs(t, s.cmd.Wait(), new(*exec.ExitError))
}

// stop has the process end its subscription.
func (s *subscriber) stop(t *testing.T) {
	t.Helper()
	require.NoError(t, s.stdin.Close())
	require.NoError(t, s.cmd.Wait())
}
