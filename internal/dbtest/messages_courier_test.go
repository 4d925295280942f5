package dbtest

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"sync"

	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store/bunstore"
)

// A courier can be this test binary run as a process of its own, which is told by its
// standard input what to do, and prints a line for each answer.
const courierVar = "CLIENTACCOUNT_TEST_COURIER"

// route tells a courier's process what to do.
type route struct {
	Driver, DSN string
	Accounts    []account.ID
	Open        map[int][]string // messages that were begun, and what of them is done
	First, Last int              // further ones
	// Of processes that take the same messages, each makes some of the reports, and all
	// the other calls; 0: it makes all.
	Share, Of int
}

// What a courier prints, beside tellerDone and tellerFailed.
const courierBegun = "begun"

func asCourier() bool { return os.Getenv(courierVar) != "" }

func runCourier() int {
	var r route
	err := json.NewDecoder(os.Stdin).Decode(&r)
	if err == nil {
		err = r.run(context.Background())
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

func (r *route) run(ctx context.Context) error {
	pool, err := sql.Open(r.Driver, r.DSN)
	if err != nil {
		return err
	}
	defer func() { _ = pool.Close() }()
	pool.SetMaxOpenConns(4)
	st, err := bunstore.New(newBun(r.Driver, pool))
	if err != nil {
		return err
	}
	c := &courier{svc: clientaccount.New(st, nil), accounts: r.Accounts, heard: say, failed: func(err error) { fmt.Printf("%s %q\n", tellerFailed, err) }}
	ticking, stop := context.WithCancel(ctx)
	var ticker sync.WaitGroup
	ticker.Go(func() { c.tick(ticking) })
	numbers := make(chan int)
	var group sync.WaitGroup
	for range goroutines {
		group.Go(func() {
			for n := range numbers {
				fmt.Println(courierBegun, n)
				c.take(ctx, n, r.done(n)...)
			}
		})
	}
	for n := range r.Open {
		numbers <- n
	}
	for n := r.First; n < r.Last; n++ {
		numbers <- n
	}
	close(numbers)
	group.Wait()
	stop()
	ticker.Wait()
	return c.svc.Close(ctx)
}

// done are the stages of a message that are not for this process.
func (r *route) done(n int) []string {
	done := r.Open[n]
	if r.Of == 0 {
		return done
	}
	j := newJourney(n, r.Accounts)
	for _, s := range j.reports() {
		if chance := int(j.chance(s)); chance%(2*r.Of) < r.Of && chance%r.Of != r.Share { // others are for all
			done = append(slices.Clip(done), s.name)
		}
	}
	return done
}

func say(a acknowledged) {
	text, err := json.Marshal(a)
	if err != nil {
		panic(err)
	}
	fmt.Printf("%s %s\n", tellerDone, text)
}

// send starts couriers' processes, which begin at once.
func (v *travels) send(routes ...route) *crew {
	v.Helper()
	var commands []*exec.Cmd
	var orders []string
	for _, r := range routes {
		binary, err := os.Executable()
		require.NoError(v, err)
		r.DSN, r.Accounts = v.dsn, v.ids
		text, err := json.Marshal(r)
		require.NoError(v, err)
		cmd := exec.Command(binary)
		cmd.Env, cmd.Stderr = append(os.Environ(), courierVar+"=1"), os.Stderr
		commands, orders = append(commands, cmd), append(orders, string(text))
	}
	return start(v.T, commands, orders)
}

// learn takes what couriers' processes printed.
func (v *travels) learn(printed map[string][]string) {
	v.Helper()
	for _, n := range printed[courierBegun] {
		number, err := strconv.Atoi(n)
		require.NoError(v, err)
		v.begun[number] = true
	}
	for _, text := range printed[tellerDone] {
		var a acknowledged
		if json.Unmarshal([]byte(text), &a) == nil { // else cut off in the middle
			v.hear(a)
		}
	}
	v.failed = append(v.failed, printed[tellerFailed]...)
}

// open are the messages that were begun, with what was acknowledged of them, as far as they
// may miss something.
func (v *travels) open() map[int][]string {
	open := map[int][]string{}
	for n := range v.begun {
		j := newJourney(n, v.ids)
		for _, s := range j.stages() {
			if !slices.Contains(v.done[n], s.name) {
				open[n] = v.done[n]
			}
		}
	}
	return open
}

// next is the first number that no message has.
func (v *travels) next() (n int) {
	for begun := range v.begun {
		n = max(n, begun)
	}
	return n + 1
}
