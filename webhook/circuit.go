package webhook

import (
	"time"

	"github.com/clientaccount/clientaccount/store"
)

// When the circuit of a URL opens, and for how long; when it is switched off.
const (
	openAfterFailures = 10
	openAfterTries    = 20 // in a minute, half of them failures
	firstPause        = 30 * time.Second
	longestPause      = 10 * time.Minute

	// A URL is switched off when it has failed for so long, in so many different hours.
	offAfter = 120 * time.Hour
	offHours = 10
	// quiet is longer than a delivery ever waits between two tries: where nothing failed
	// for so long nothing was to be sent, or no dispatcher ran.
	quiet = 30 * time.Hour
)

// isOpen reports whether the circuit is open at now.
func isOpen(h store.Health, now time.Time) bool { return now.Before(h.PausedUntil) }

// width returns how many calls of a URL may run at once: as long as the last one failed,
// just one, which shows whether it works again and keeps few connections waiting.
func width(h store.Health) int {
	if h.Failures > 0 {
		return 1
	}
	return perURL
}

// afterTry returns the health after a try that ended at now.
func afterTry(h store.Health, o outcome, now time.Time) store.Health {
	if now.Sub(h.Minute) >= time.Minute {
		h.Minute, h.MinuteTries, h.MinuteFailures = now, 0, 0
	}
	h.MinuteTries++
	if o.ok() {
		h.Failures, h.FailingSince, h.FailedAt, h.FailingHours, h.FailingFor = 0, time.Time{}, time.Time{}, 0, 0
		h.PausedUntil, h.Pauses = time.Time{}, 0
		return h
	}
	h.MinuteFailures++
	h = failedAt(h, now)
	switch {
	case h.IsOff():
	case o.Code == CodeGone:
		h.OffAt, h.OffCode = now, CodeGone
	case h.FailingFor >= offAfter && h.FailingHours >= offHours:
		h.OffAt, h.OffCode = now, CodeFailing
	case !isOpen(h, now) && opens(h):
		h.PausedUntil = now.Add(max(pause(h.Pauses), o.retryAfter))
		h.Pauses++
		h.Minute = time.Time{}
	}
	return h
}

// failedAt counts a failure, and how long the URL has failed. A spell in which nothing was
// tried is no time of failing. Nor does a clock that was set back count an hour twice; when
// it was set back by more than a quiet spell, it ran ahead before, and what it counted does
// not hold.
func failedAt(h store.Health, now time.Time) store.Health {
	h.Failures++
	if h.FailingSince.IsZero() {
		h.FailingSince = now
	}
	since := now.Sub(h.FailedAt)
	switch {
	case h.FailedAt.IsZero() || since < -quiet:
		h.FailedAt, h.FailingHours, h.FailingFor = now, 1, 0
		return h
	case since <= 0:
		return h
	case since <= quiet:
		h.FailingFor += since
	}
	if now.Truncate(time.Hour).After(h.FailedAt.Truncate(time.Hour)) {
		h.FailingHours++
	}
	h.FailedAt = now
	return h
}

// opens reports whether a failure opens the circuit: too many, or the very one that was
// to show whether the URL works again.
func opens(h store.Health) bool {
	return h.Failures >= openAfterFailures || h.Pauses > 0 ||
		h.MinuteTries >= openAfterTries && 2*h.MinuteFailures >= h.MinuteTries
}

// pause returns how long the circuit stays open when it opened n times in a row before.
func pause(n int) time.Duration {
	return min(firstPause<<min(n, 10), longestPause)
}
