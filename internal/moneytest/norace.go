//go:build !race

package moneytest

const underRace = false
