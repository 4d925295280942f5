package main

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"sync"
	"text/tabwriter"

	"github.com/shopspring/decimal"
)

// checked is what a check found. Its methods are safe for concurrent use.
type checked struct {
	*load

	mu            sync.Mutex
	endings       map[ending]tally
	disagreements int
	first         []string // of them
}

// ending is how messages ended, and whether they are paid for; the zero ending is that of those
// that were refused.
type ending struct {
	outcome outcome
	pays    bool
}

// tally is what messages come to.
type tally struct {
	messages, parts int
	paid            decimal.Decimal
}

// shownDisagreements is how many are printed.
const shownDisagreements = 20

func (c *checked) disagree(what, format string, args ...any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.disagreements++; len(c.first) < shownDisagreements {
		c.first = append(c.first, what+": "+fmt.Sprintf(format, args...))
	}
}

func (c *checked) add(e ending, t tally) {
	c.mu.Lock()
	defer c.mu.Unlock()
	sum := c.endings[e]
	c.endings[e] = tally{sum.messages + t.messages, sum.parts + t.parts, sum.paid.Add(t.paid)}
}

// String says how a message ended.
func (o outcome) String() string {
	late, isLate := o.late.Get()
	switch {
	case !o.sent:
		return o.state.String() + ", not sent"
	case isLate:
		return o.state.String() + ", then late " + late.String()
	case o.over:
		return o.state.String() + ", no report"
	default:
		return o.state.String()
	}
}

func (e ending) text() (end, money string) {
	switch {
	case e == ending{}:
		return "refused: no money", "never held"
	case e.pays:
		return e.outcome.String(), "paid"
	default:
		return e.outcome.String(), "free"
	}
}

// print prints how messages ended, and what disagrees.
func (c *checked) print(out io.Writer) {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "\nend\tmoney\tmessages\tparts\tpaid\t")
	all := tally{}
	endings := slices.SortedFunc(maps.Keys(c.endings), func(a, b ending) int {
		return cmp.Compare(c.endings[b].messages, c.endings[a].messages)
	})
	for _, e := range endings {
		end, money := e.text()
		t := c.endings[e]
		fmt.Fprintf(table, "%s\t%s\t%d\t%d\t%s\t\n", end, money, t.messages, t.parts, t.paid)
		all = tally{all.messages + t.messages, all.parts + t.parts, all.paid.Add(t.paid)}
	}
	fmt.Fprintf(table, "all\t\t%d\t%d\t%s\t\n", all.messages, all.parts, all.paid)
	_ = table.Flush() // to a person: who does not see it sees that
	for _, text := range c.first {
		fmt.Fprintln(out, text)
	}
	fmt.Fprintf(out, "\nState, money, entries, figures and what clients were told: %d disagreements in %d messages.\n", c.disagreements, all.messages)
}

// printRounds prints how fast messages went.
func (l *load) printRounds(rounds []round) {
	table := tabwriter.NewWriter(l.out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "\nround\tway\tmessages\tseconds\ta second\t")
	for i, r := range rounds {
		way := "gathered"
		if r.naive {
			way = "a transaction for each step"
		}
		fmt.Fprintf(table, "%d\t%s\t%d\t%.1f\t%.0f\t\n", i+1, way, r.to-r.from, r.took.Seconds(), r.perSecond())
	}
	_ = table.Flush()
	if l.naive {
		fmt.Fprintf(l.out, "Medians: %.0f messages a second, and %.0f: %.1f times as many.\n",
			median(rounds, false), median(rounds, true), median(rounds, false)/median(rounds, true))
	}
}
