package mail

import "time"

// schedule is how long each try after the first waits after the one before, give or take a
// fifth.
var schedule = [...]time.Duration{
	time.Minute, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 6 * time.Hour, 12 * time.Hour, 24 * time.Hour,
}

// MaxTries is how often a message is tried before it is given up.
const MaxTries = len(schedule) + 1

// Wait returns how long to wait for the next try of a message that failed so many times, and
// whether there is one. percent, 80 to 120, spreads the tries of many that failed together.
func Wait(failed int, percent int64) (time.Duration, bool) {
	if failed < 1 || failed >= MaxTries {
		return 0, false
	}
	return schedule[failed-1] / 100 * time.Duration(min(max(percent, 80), 120)), true
}
