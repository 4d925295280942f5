// Package need decides what a test does when a program it drives is not on
// the machine: a database server, a browser, a package manager.
//
// On a developer's machine such a test is skipped and says why. Where the
// programs were promised, it fails instead: a run that quietly tested nothing
// must not look like one that passed.
package need

import (
	"os"
	"testing"
)

// RequireVar is the environment variable that turns every skip into a
// failure when it is not empty. CI=true does the same.
const RequireVar = "CLIENTACCOUNT_REQUIRE_SERVERS"

// Missingf ends the test: as failed when [Required], else as skipped. It does
// not return.
func Missingf(tb testing.TB, format string, args ...any) {
	tb.Helper()
	if Required() {
		tb.Fatalf(format, args...)
	}
	tb.Skipf(format, args...)
}

// Required reports whether servers and browsers must be there.
func Required() bool {
	return os.Getenv(RequireVar) != "" || os.Getenv("CI") == "true"
}
