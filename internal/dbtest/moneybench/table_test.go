package moneybench

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"text/tabwriter"
)

func isError(err, target error) bool { return errors.Is(err, target) }

// row is one bar: what was to be reached, and what was.
type row struct {
	bar  string
	what string
	want string
	got  string
	met  bool
}

// table collects the bars and prints them.
type table struct{ rows []row }

// atLeast notes a ratio that has to be large.
func (t *table) atLeast(bar, what string, want, got float64) {
	t.rows = append(t.rows, row{bar, what, fmt.Sprintf(">= %.4gx", want), fmt.Sprintf("%.2fx", got), got >= want})
}

// atMost notes a ratio that has to be small.
func (t *table) atMost(bar, what string, want, got float64) {
	t.rows = append(t.rows, row{bar, what, fmt.Sprintf("<= %.4gx", want), fmt.Sprintf("%.3fx", got), got <= want})
}

// note is a figure for orientation.
func (t *table) note(what, got string) { t.rows = append(t.rows, row{what: what, got: got, met: true}) }

func (t *table) print(title string) {
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "\n%s\n", title)
	fmt.Fprintf(w, "bar\twhat\twanted\tgot\t\n")
	for _, r := range t.rows {
		mark := ""
		if !r.met {
			mark = "MISSED"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", r.bar, r.what, r.want, r.got, mark)
	}
	fmt.Fprintln(w, strings.Repeat("-", 20))
	_ = w.Flush()
}

// within notes a time that has a bound, both in seconds.
func (t *table) within(bar, what string, want, got float64) {
	t.rows = append(t.rows, row{bar, what, fmt.Sprintf("<= %.4g s", want), fmt.Sprintf("%.3f s", got), got <= want})
}

// withinMicros notes a time that has a bound, both in microseconds.
func (t *table) withinMicros(bar, what string, want, got float64) {
	t.rows = append(t.rows, row{bar, what, fmt.Sprintf("<= %.4g us", want), fmt.Sprintf("%.2f us", got), got <= want})
}
