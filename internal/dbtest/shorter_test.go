package dbtest

import (
	"flag"
	"os"
)

// Histories on databases take long: for a change few of them are tried, unless the command line
// says how many. At night, when CLIENTACCOUNT_ROUNDS is set, they are rapid's own number, that many
// times over.
func init() {
	if os.Getenv("CLIENTACCOUNT_ROUNDS") != "" {
		return
	}
	if err := flag.Set("rapid.checks", "15"); err != nil {
		panic(err)
	}
}
