//go:build race

package dbtest

import "flag"

// Under the race detector histories on databases take several times as long: fewer of them are
// tried, unless the command line says how many. The nightly contracts try the most.
func init() {
	if err := flag.Set("rapid.checks", "15"); err != nil {
		panic(err)
	}
}
