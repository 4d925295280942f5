package dbtest

import (
	"context"
	"fmt"
	"iter"
	"math/rand/v2"
	"net"
	"net/url"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/internal/dbtest/postgres"
	"github.com/clientaccount/clientaccount/internal/rounds"
)

// direction is that of bytes between a client and a server.
type direction int

const (
	toServer direction = iota
	toClient
)

// cutter is a proxy before a PostgreSQL server that cuts the connection after so many
// bytes in one direction.
type cutter struct {
	listener net.Listener
	socket   string // of the server
	left     [2]atomic.Int64
	passed   [2]atomic.Int64
	heals    atomic.Bool // after the first cut, by itself
	group    sync.WaitGroup
}

// far is more than any test sends.
const far = 1 << 40

func newCutter(t *testing.T, dsn string) (c *cutter, through string) {
	t.Helper()
	u, err := url.Parse(dsn)
	require.NoError(t, err)
	query := u.Query()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	c = &cutter{listener: listener, socket: filepath.Join(query.Get("host"), ".s.PGSQL."+query.Get("port"))}
	c.heal()
	host, port, err := net.SplitHostPort(listener.Addr().String())
	require.NoError(t, err)
	query.Set("host", host)
	query.Set("port", port)
	u.RawQuery = query.Encode()
	c.group.Go(c.accept)
	t.Cleanup(func() { _ = listener.Close(); c.group.Wait() })
	return c, u.String()
}

func (c *cutter) accept() {
	for {
		client, err := c.listener.Accept()
		if err != nil {
			return
		}
		server, err := net.Dial("unix", c.socket)
		if err != nil {
			_ = client.Close()
			continue
		}
		c.group.Go(func() { c.pass(toServer, server, client) })
		c.group.Go(func() { c.pass(toClient, client, server) })
	}
}

// pass copies byte by byte, as far as it may go, and then cuts both sides.
func (c *cutter) pass(d direction, to, from net.Conn) {
	defer func() { _ = to.Close(); _ = from.Close() }()
	for buffer := make([]byte, 4096); ; {
		n, err := from.Read(buffer)
		allowed := int(min(int64(n), c.left[d].Add(-int64(n))+int64(n)))
		if allowed > 0 {
			c.passed[d].Add(int64(allowed))
			if _, err := to.Write(buffer[:allowed]); err != nil {
				return
			}
		}
		if err != nil || allowed < n {
			if c.heals.Load() && allowed < n {
				c.heal()
			}
			if d == toServer && allowed < n { // let the server work on what it got
				time.Sleep(time.Millisecond)
			}
			return
		}
	}
}

func (c *cutter) heal() {
	c.left[toServer].Store(far)
	c.left[toClient].Store(far)
}

// someOf returns where a connection is cut that many bytes go over: after every single one in many rounds,
// else after about as many as cuts says, others each time.
func someOf(t *testing.T, bytes, cuts int64) iter.Seq[int64] {
	t.Helper()
	times := int64(rounds.Of(t, 1))
	every := max(1, bytes/cuts)
	if times > 1 {
		every = 1
	}
	return func(yield func(int64) bool) {
		for after := rand.Int64N(min(every, bytes)); after < bytes && yield(after); after += every {
		}
	}
}

// The connection is cut within a charge, in both directions, after some of its bytes, and at night after every one.
// Whatever the caller was told, asking again with the same reference ends with the
// charge written once.
func TestConnectionCutAtEveryByte(t *testing.T) {
	t.Parallel()
	dsn := storeDSN(t)
	if u, err := url.Parse(dsn); err != nil || u.Query().Get("host") == "" {
		t.Skip("the server is not reached through a socket of its own")
	}
	direct := newVault(t, dsn, 1, 1e6)
	c, through := newCutter(t, dsn)
	db := openPostgres(t, through, nil)
	db.SetMaxOpenConns(1)
	svc := clientaccount.New(newStore(t, db), nil)
	charge := func(reference string) error {
		ctx, cancel := context.WithTimeout(t.Context(), postgres.Patience)
		defer cancel()
		_, err := svc.Charge(ctx, clientaccount.Charge{Account: direct.ids[0], Amount: decimal.NewFromInt(1), Reference: reference})
		return err
	}
	warm := func(name string) {
		for n := range 2 { // a connection with its statements prepared
			require.NoError(t, charge(fmt.Sprint(name, "-", n)))
		}
	}
	charges := 0
	for d, name := range []string{"to the server", "to the client"} {
		warm(name)
		charges += 2
		before := c.passed[d].Load()
		require.NoError(t, charge(name+"-measure"))
		charges++
		bytes := c.passed[d].Load() - before
		told := 0
		cuts := 0
		for after := range someOf(t, bytes, 100) {
			cuts++
			reference := fmt.Sprint(name, after)
			c.left[d].Store(after)
			err := charge(reference)
			c.heal()
			if err == nil {
				told++
			}
			for err != nil {
				err = charge(reference)
			}
			charges++
			warm(reference)
			charges += 2
		}
		t.Logf("%s: %d bytes, %d cuts, %d of them healed before the caller was told", name, bytes, cuts, told)
	}
	written := direct.entries(direct.ids[0], account.KindCharge)
	assert.Len(t, written, charges, "each charge once")
	at, err := direct.svc.Balance(t.Context(), direct.ids[0])
	require.NoError(t, err)
	assert.True(t, at.Amount.Equal(decimal.NewFromInt(int64(1e6-charges))))
	direct.verified()
}
