package dbtest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/store/bunstore"
	"github.com/clientaccount/clientaccount/webhook"
)

// A sender is this test binary run as a process of its own, which dispatches until its
// standard input ends, or until it is killed.
const (
	senderDriver = "CLIENTACCOUNT_TEST_SENDER_DRIVER"
	senderDSN    = "CLIENTACCOUNT_TEST_SENDER_DSN"
)

// A sender's leases are short, so that what a killed one held is soon free.
const (
	senderLease = 600 * time.Millisecond
	senderTry   = 300 * time.Millisecond
)

func asSender() bool { return os.Getenv(senderDriver) != "" }

func runSender() int {
	if err := send(os.Getenv(senderDriver), os.Getenv(senderDSN)); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

func send(driver, dsn string) error {
	pool, err := sql.Open(driver, dsn)
	if err != nil {
		return err
	}
	defer func() { _ = pool.Close() }()
	s, err := bunstore.New(newBun(driver, pool))
	if err != nil {
		return err
	}
	d, err := webhook.NewDispatcher(s, &webhook.Config{
		Lookup: func(context.Context, string) ([]netip.Addr, error) {
			return []netip.Addr{netip.MustParseAddr("127.0.0.1")}, nil
		},
		AllowAddr: func(to netip.AddrPort) bool { return to.Addr().IsLoopback() },
		Poll:      10 * time.Millisecond, Lease: senderLease, Try: senderTry,
	})
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancel(context.Background())
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		stop()
	}()
	if err := d.Run(ctx); !errors.Is(err, webhook.ErrUndrained) { // on a machine too slow for that
		return err
	}
	return nil
}

// sender is such a process.
type sender struct {
	cmd   *exec.Cmd
	stdin io.WriteCloser
}

func startSender(t *testing.T, driver, dsn string) *sender {
	t.Helper()
	binary, err := os.Executable()
	require.NoError(t, err)
	cmd := exec.Command(binary)
	cmd.Env = append(os.Environ(), senderDriver+"="+driver, senderDSN+"="+dsn)
	cmd.Stderr = os.Stderr
	stdin, err := cmd.StdinPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	s := &sender{cmd, stdin}
	t.Cleanup(func() { _ = s.cmd.Process.Kill(); _ = s.cmd.Wait() })
	return s
}

// kill9 ends the process at once, as kill -9 does.
func (s *sender) kill9(t *testing.T) {
	t.Helper()
	require.NoError(t, s.cmd.Process.Kill())
	require.ErrorAs(t, s.cmd.Wait(), new(*exec.ExitError))
}

// stop lets the process finish what it has begun.
func (s *sender) stop(t *testing.T) {
	t.Helper()
	require.NoError(t, s.stdin.Close())
	if err := s.cmd.Wait(); !errors.Is(err, os.ErrProcessDone) {
		require.NoError(t, err)
	}
}
