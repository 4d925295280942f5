package main

import (
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/clientaccount/clientaccount/account"
)

// fate is what the fake network does with a message. It follows from the seed and the
// message's id, so that check.go can tell what the client must have been told and have paid.
type fate struct {
	rejects string // the error code with which it does not take it; empty: it takes it
	fails   int    // how often it fails before that
	forgets bool   // it takes it, and its answer gets lost
	ids     []string
	units   int       // that are reported of: its parts, or all of it at once
	reports []planned // in this order
	early   int       // so many come before Send has answered
	late    []planned // come when the wait for them is over
}

// planned is a report, and the pause before it.
type planned struct {
	id     string
	report account.Report
	pause  time.Duration
}

// last are the final states of parts, as often as they come.
var last = slices.Concat(
	slices.Repeat([]account.MessageState{account.StateDelivered}, 90),
	slices.Repeat([]account.MessageState{account.StateUndeliverable}, 5),
	slices.Repeat([]account.MessageState{account.StateExpired}, 3),
	[]account.MessageState{account.StateRejected, account.StateDeleted},
)

// dice are thrown for one message.
type dice struct{ *rand.Rand }

// oneIn reports whether what happens once in n times happens now.
func (d dice) oneIn(n int) bool { return d.IntN(n) == 0 }

func fateOf(seed uint64, messageID string, parts int) fate {
	hash := fnv.New64a()
	_, _ = hash.Write([]byte(messageID))
	d := dice{rand.New(rand.NewPCG(seed, hash.Sum64()))}
	var f fate
	if d.oneIn(50) {
		f.fails = 1 + d.IntN(2)
	}
	if d.oneIn(100) {
		f.rejects = "088"
		return f
	}
	f.forgets = d.oneIn(100)
	f.plan(d, parts)
	if d.oneIn(20) {
		f.early = min(1+d.IntN(3), len(f.reports))
	}
	return f
}

// plan makes the ids and the reports: those of each part stay in their order, and get in
// between one another.
func (f *fate) plan(d dice, parts int) {
	var lines [][]planned
	id := func() string { return fmt.Sprintf("%016x", d.Uint64()) }
	switch {
	case parts > 1 && d.oneIn(5): // one id for all of it, with reports of all of it
		f.ids = []string{id()}
		lines = append(lines, f.line(d, f.ids[0], 0))
	case parts > 1 && d.oneIn(5): // or of its parts
		f.ids = []string{id()}
		for part := range parts {
			lines = append(lines, f.line(d, f.ids[0], part+1))
		}
	default:
		for part := range parts {
			f.ids = append(f.ids, id())
			lines = append(lines, f.line(d, f.ids[part], 0))
		}
	}
	f.units = len(lines)
	for len(lines) > 0 {
		i := d.IntN(len(lines))
		if len(lines[i]) == 0 {
			lines = slices.Delete(lines, i, i+1)
			continue
		}
		f.reports = append(f.reports, lines[i][0])
		lines[i] = lines[i][1:]
	}
}

// line returns the reports of a part: states on the way, the final one, and what networks say
// after that, which counts no more.
func (f *fate) line(d dice, id string, part int) (reports []planned) {
	add := func(s account.MessageState) {
		pause := time.Duration(d.ExpFloat64() * float64(50*time.Millisecond))
		reports = append(reports, planned{id, account.Report{State: s, Err: errOf(s), Part: part}, min(pause, time.Second)})
	}
	if d.oneIn(4) {
		add(account.StateEnroute)
	}
	if d.oneIn(3) {
		add(account.StateAccepted)
	}
	final := last[d.IntN(len(last))]
	switch d.IntN(100) {
	case 0: // it is lost
		return reports
	case 1:
		f.late = append(f.late, planned{id: id, report: account.Report{State: final, Err: errOf(final), Part: part}})
		return reports
	}
	add(final)
	if d.oneIn(20) {
		add(final)
	}
	if d.oneIn(50) {
		add(last[d.IntN(len(last))])
	}
	return reports
}

// errOf is the error code that the network has for a state.
func errOf(s account.MessageState) string {
	if s == account.StateDelivered || !s.Final() {
		return "000"
	}
	return fmt.Sprintf("%03d", 100+int(s))
}
