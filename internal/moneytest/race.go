//go:build race

package moneytest

// underRace says that the race detector watches, and all takes ten times as long.
const underRace = true
