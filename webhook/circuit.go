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
	offAfter          = 120 * time.Hour
)

// isOpen says whether the circuit is open at now.
func isOpen(h store.Health, now time.Time) bool { return now.Before(h.PausedUntil) }

// isOff says whether the URL is switched off.
func isOff(h store.Health) bool { return !h.OffAt.IsZero() }

// width is how many calls of a URL may run at once: as long as the last one failed,
// just one, which shows whether it works again and keeps few connections waiting.
func width(h store.Health) int {
	if h.Failures > 0 {
		return 1
	}
	return perURL
}

// tried is the health after a try that ended at now.
func tried(h store.Health, o outcome, now time.Time) store.Health {
	if now.Sub(h.Minute) >= time.Minute {
		h.Minute, h.MinuteTries, h.MinuteFailures = now, 0, 0
	}
	h.MinuteTries++
	if o.ok() {
		h.Failures, h.FailingSince, h.PausedUntil, h.Pauses = 0, time.Time{}, time.Time{}, 0
		return h
	}
	h.MinuteFailures++
	h.Failures++
	if h.FailingSince.IsZero() {
		h.FailingSince = now
	}
	switch {
	case isOff(h):
	case o.Code == CodeGone:
		h.OffAt, h.OffCode = now, CodeGone
	case now.Sub(h.FailingSince) >= offAfter:
		h.OffAt, h.OffCode = now, CodeFailing
	case !isOpen(h, now) && opens(h):
		h.PausedUntil = now.Add(max(pause(h.Pauses), o.retryAfter))
		h.Pauses++
		h.Minute = time.Time{}
	}
	return h
}

// opens says whether a failure opens the circuit: too many, or the very one that was
// to show whether the URL works again.
func opens(h store.Health) bool {
	return h.Failures >= openAfterFailures || h.Pauses > 0 ||
		h.MinuteTries >= openAfterTries && 2*h.MinuteFailures >= h.MinuteTries
}

// pause is how long the circuit stays open when it opened n times in a row before.
func pause(n int) time.Duration {
	return min(firstPause<<min(n, 10), longestPause)
}
