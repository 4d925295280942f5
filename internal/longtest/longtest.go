// Package longtest says how long the tests go on that repeat something random: rounds of
// killed processes, histories, deliveries. A change has to pass a fair number of them; the
// nightly run, scripts/nightly, many more.
package longtest

import "os"

// Var names the environment variable that, set to anything, asks for the nightly numbers.
const Var = "CLIENTACCOUNT_NIGHTLY"

// Rounds returns how many rounds to run: usual, or nightly in the nightly run.
func Rounds(usual, nightly int) int {
	if os.Getenv(Var) != "" {
		return nightly
	}
	return usual
}
