package dbtest

import (
	"bufio"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store/bunstore"
)

// A teller is this test binary run as a process of its own, which moves money as it
// is told and prints a line for each answer.
const tellerVar = "CLIENTACCOUNT_TEST_TELLER"

// orders tell a teller what to do.
type orders struct {
	Driver, DSN string
	Accounts    []account.ID
	Goroutines  int
	// First to Last are numbers: each is a movement with that reference. With two
	// accounts or more it is a transfer between two of them, else a charge of 1.
	First, Last int
}

// What a teller prints before the reference.
const (
	tellerDone    = "done"    // written
	tellerAgain   = "again"   // was written before
	tellerRefused = "refused" // more than is available
	tellerFailed  = "failed"  // anything else
)

func asTeller() bool { return os.Getenv(tellerVar) != "" }

// newTeller returns the command of a teller. It begins when its standard input ends.
func newTeller(t *testing.T, o orders) *exec.Cmd {
	t.Helper()
	binary, err := os.Executable()
	require.NoError(t, err)
	text, err := json.Marshal(o)
	require.NoError(t, err)
	cmd := exec.Command(binary)
	cmd.Env = append(os.Environ(), tellerVar+"="+string(text))
	cmd.Stderr = os.Stderr
	return cmd
}

func runTeller() int {
	var o orders
	err := json.Unmarshal([]byte(os.Getenv(tellerVar)), &o)
	if err == nil {
		_, _ = io.Copy(io.Discard, os.Stdin)
		err = o.run(context.Background())
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

func (o orders) run(ctx context.Context) error {
	pool, err := sql.Open(o.Driver, o.DSN)
	if err != nil {
		return err
	}
	defer func() { _ = pool.Close() }()
	pool.SetMaxOpenConns(4)
	st, err := bunstore.New(newBun(o.Driver, pool))
	if err != nil {
		return err
	}
	svc := clientaccount.New(st, nil)
	numbers := make(chan int)
	var group sync.WaitGroup
	for range o.Goroutines {
		group.Go(func() {
			for n := range numbers {
				o.say(n, func() (clientaccount.Receipt, error) { return o.move(ctx, svc, n) })
			}
		})
	}
	for n := o.First; n <= o.Last; n++ {
		numbers <- n
	}
	close(numbers)
	group.Wait()
	return svc.Close(ctx)
}

// move makes the movement of a number.
func (o orders) move(ctx context.Context, svc *clientaccount.Service, n int) (clientaccount.Receipt, error) {
	one, reference := decimal.NewFromInt(1), fmt.Sprint(n)
	if len(o.Accounts) == 1 {
		return svc.Charge(ctx, clientaccount.Charge{Account: o.Accounts[0], Amount: one, Messages: 1, Reference: reference})
	}
	from, to := o.Accounts[n%len(o.Accounts)], o.Accounts[(n*7+3)%len(o.Accounts)]
	if to == from {
		to = o.Accounts[(n+1)%len(o.Accounts)]
	}
	return svc.Transfer(ctx, clientaccount.Transfer{Account: from, To: to, Amount: one, Reference: reference})
}

// say asks until the outcome is known, and prints it.
func (o orders) say(n int, ask func() (clientaccount.Receipt, error)) {
	for {
		r, err := ask()
		switch {
		case errors.Is(err, clientaccount.ErrUnknown):
			time.Sleep(time.Millisecond)
			continue
		case errors.Is(err, account.ErrExhausted):
			fmt.Printf("%s %d\n", tellerRefused, n)
		case err != nil:
			fmt.Fprintln(os.Stderr, n, err)
			fmt.Printf("%s %d\n", tellerFailed, n)
		case r.Repeated:
			fmt.Printf("%s %d\n", tellerAgain, n)
		default:
			fmt.Printf("%s %d\n", tellerDone, n)
		}
		return
	}
}

// crew is several tellers at work.
type crew struct {
	t        *testing.T
	commands []*exec.Cmd
	outputs  []io.Reader
}

// hire starts tellers and lets them begin at once.
func hire(t *testing.T, all ...orders) *crew {
	t.Helper()
	var commands []*exec.Cmd
	for _, o := range all {
		commands = append(commands, newTeller(t, o))
	}
	return start(t, commands, make([]string, len(all)))
}

// start starts processes, and then gives each its standard input.
func start(t *testing.T, commands []*exec.Cmd, inputs []string) *crew {
	t.Helper()
	c := &crew{t: t, commands: commands}
	var ins []io.WriteCloser
	for _, cmd := range commands {
		in, err := cmd.StdinPipe()
		require.NoError(t, err)
		out, err := cmd.StdoutPipe()
		require.NoError(t, err)
		require.NoError(t, cmd.Start())
		ins, c.outputs = append(ins, in), append(c.outputs, out)
	}
	for i, in := range ins {
		_, err := io.WriteString(in, inputs[i])
		require.NoError(t, err)
		require.NoError(t, in.Close())
	}
	return c
}

// answersUntilKilled kills the processes once so many lines were printed, and one, and some
// time after.
func (c *crew) answersUntilKilled(lines int, after time.Duration) map[string][]string {
	c.t.Helper()
	var heard atomic.Int64
	return c.listen(func() {
		if heard.Add(1) == int64(lines+1) {
			time.AfterFunc(after, func() {
				for _, cmd := range c.commands {
					_ = cmd.Process.Kill()
				}
			})
		}
	})
}

// answers reads what all tellers print until they end: references, by what became of them.
func (c *crew) answers() map[string][]string {
	c.t.Helper()
	return c.listen(func() {})
}

// listen is answers, and calls heard at each.
func (c *crew) listen(heard func()) map[string][]string {
	c.t.Helper()
	said := map[string][]string{}
	var mu sync.Mutex
	var group sync.WaitGroup
	for _, out := range c.outputs {
		group.Go(func() {
			for lines := bufio.NewScanner(out); lines.Scan(); {
				what, reference, whole := strings.Cut(lines.Text(), " ")
				if !whole {
					continue // cut off in the middle of the word
				}
				heard()
				mu.Lock()
				said[what] = append(said[what], reference)
				mu.Unlock()
			}
		})
	}
	group.Wait()
	return said
}

// wait expects every teller to have ended well.
func (c *crew) wait() {
	c.t.Helper()
	for _, cmd := range c.commands {
		require.NoError(c.t, cmd.Wait())
	}
}
