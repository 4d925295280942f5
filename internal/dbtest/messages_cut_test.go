package dbtest

import (
	"context"
	"math/rand/v2"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/message"
	"github.com/clientaccount/clientaccount/internal/dbtest/postgres"
	"github.com/clientaccount/clientaccount/internal/rounds"
)

// cutCalls are the calls of a message's way, each of a message that is so far as before says.
// Its number is number, and those that are some cutPeriods more.
var cutCalls = []struct {
	name   string
	number int
	before []string
	call   string // empty: Tick
}{
	{"admit", 1, nil, "admit"},
	{"sent", 1, []string{"admit"}, "sent 1"},
	{"sent after its report", 1, []string{"admit", "reported 1 DELIVRD"}, "sent 1"},
	{"sent and given back at once", 10, []string{"admit", "reported 1 UNDELIV", "reported 2 UNDELIV"}, "sent 1"},
	{"sent, of a second network", 25, []string{"admit", "sent 1"}, "sent 2"},
	{"unsent", 13, []string{"admit"}, "unsent"},
	{"reported early", 1, []string{"admit"}, "reported 1 DELIVRD"},
	{"reported", 1, []string{"admit", "sent 1"}, "reported 1 DELIVRD"},
	{"reported, and given back", 34, []string{"admit", "sent 1"}, "reported 1 UNDELIV"},
	{"reported, and paid for", 19, []string{"admit", "sent 1"}, "reported 1 DELIVRD"},
	{"admit, of shared money", 8, nil, "admit"},
	{"sent, of shared money", 32, []string{"admit"}, "sent 1"},
	{"tick, of a message that is due", 7, []string{"admit"}, ""},
	{"tick, of a report left behind", 1, []string{"admit", "sent 1", "left behind"}, ""},
}

// cutPeriod is after how many numbers messages are alike.
const cutPeriod = 96

// The connection is cut after bytes of each call, in both directions: after every single one
// in many rounds, else after some, others each time. Whatever the caller was told, asking again ends well.
func TestConnectionCutWithinCallsOfMessages(t *testing.T) {
	t.Parallel()
	dsn := storeDSN(t)
	if u, err := url.Parse(dsn); err != nil || u.Query().Get("host") == "" {
		t.Skip("the server is not reached through a socket of its own")
	}
	v := newTravels(t, "pgx", dsn)
	cut, through := newCutter(t, dsn)
	db := openPostgres(t, through, nil)
	db.SetMaxOpenConns(1)
	c := &cutCalling{v, clientaccount.New(newStore(t, db), nil), cut, 0}
	every := int64(max(1, 997/rounds.Of(t, 1)/rounds.Of(t, 1)))
	for i := range cutCalls {
		for d, way := range []string{"to the server", "to the client"} {
			bytes, told, cuts := c.measure(i, direction(d)), 0, 0
			for after := rand.Int64N(min(every, bytes)); after < bytes; after += every {
				if cuts++; c.cutAfter(i, direction(d), after) {
					told++
				}
			}
			t.Logf("%s, %s: %d bytes, %d cuts, %d of the calls answered without asking again", cutCalls[i].name, way, bytes, cuts, told)
		}
	}
	finishing := v.courier()
	for n, done := range v.open() {
		finishing.take(t.Context(), n, done...)
	}
	v.arrived()
}

// cutCalling makes calls whose connection is cut.
type cutCalling struct {
	*travels
	through *clientaccount.Service
	cut     *cutter
	made    int
}

// prepare brings a new message to where a call begins, and returns its number.
func (c *cutCalling) prepare(i int) int {
	c.Helper()
	c.made++
	n := cutCalls[i].number + c.made*cutPeriod
	c.begun[n] = true
	for _, name := range cutCalls[i].before {
		if name == "left behind" {
			network, id := newJourney(n, c.ids).networkID(1)
			r := message.NetworkReport{Network: network, ID: id, Report: account.Report{State: account.StateDelivered, Err: "000"}}
			_, err := c.s.KeepEarly(c.Context(), []message.Early{{NetworkReport: r, At: time.Now()}})
			require.NoError(c, err)
			c.done[n] = append(c.done[n], "reported 1 DELIVRD")
			continue
		}
		require.NoError(c, c.call(n, name), name)
	}
	if newJourney(n, c.ids).left && cutCalls[i].call == "" {
		time.Sleep(newJourney(n, c.ids).timeout())
	}
	return n
}

// call makes a call of a message, by its name.
func (c *cutCalling) call(n int, name string) error {
	c.Helper()
	ctx, cancel := context.WithTimeout(c.Context(), postgres.Patience)
	defer cancel()
	if name == "" {
		return c.through.Tick(ctx)
	}
	j := newJourney(n, c.ids)
	s, there := j.stage(name)
	require.True(c, there, "%s has no %s", j.id(), name)
	p, err := s.do(ctx, c.through)
	if err == nil {
		c.hear(acknowledged{N: n, Stage: name, Version: p.Message.Version, Updates: p.Updates})
	}
	return err
}

// measure returns how many bytes a call is.
func (c *cutCalling) measure(i int, d direction) int64 {
	c.Helper()
	for range 3 { // a connection with its statements prepared
		n := c.prepare(i)
		require.NoError(c, c.call(n, cutCalls[i].call))
	}
	n := c.prepare(i)
	before := c.cut.passed[d].Load()
	require.NoError(c, c.call(n, cutCalls[i].call))
	return c.cut.passed[d].Load() - before
}

// cutAfter cuts the connection after so many bytes of a call, and asks until it is answered. It
// reports whether the first answer was one.
func (c *cutCalling) cutAfter(i int, d direction, after int64) (told bool) {
	c.Helper()
	require.NoError(c, c.call(c.prepare(i), cutCalls[i].call))
	n := c.prepare(i)
	c.cut.heals.Store(after%8 > 0) // else all tries of the call are cut
	c.cut.left[d].Store(after)
	err := c.call(n, cutCalls[i].call)
	c.cut.heal()
	for told = err == nil; err != nil; {
		_, faults := account.AsFaults(err)
		require.False(c, faults, "%v", err)
		err = c.call(n, cutCalls[i].call)
	}
	return told
}
