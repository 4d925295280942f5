package webhook

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/clientaccount/clientaccount/store"
)

// schedule is how long each try waits after the one before, give or take a fifth.
var schedule = [...]time.Duration{
	0, 5 * time.Second, 30 * time.Second, 2 * time.Minute, 10 * time.Minute, 30 * time.Minute,
	2 * time.Hour, 6 * time.Hour, 12 * time.Hour, 24 * time.Hour, 24 * time.Hour,
}

// MaxTries is how often a delivery is tried before it dies.
const MaxTries = len(schedule)

// maxRetryAfter is the longest wait that a far end may ask for.
const maxRetryAfter = 24 * time.Hour

// verdict returns what becomes of a delivery after a try. percent, 80 to 120, spreads the
// tries of many that failed together.
func verdict(d store.Delivery, o outcome, percent int64) store.Verdict {
	v := store.Verdict{ID: d.ID, State: store.DeliveryDone, Tries: d.Tries + 1, Last: o.Try}
	switch {
	case o.ok():
	case v.Tries >= MaxTries, o.Code == CodeGone:
		v.State = store.DeliveryDead
	default:
		v.State = store.DeliveryWaiting
		v.DueAt = o.At.Add(o.Took).Add(max(schedule[v.Tries]/100*time.Duration(percent), o.retryAfter))
	}
	return v
}

// retryAfter reads the header of that name, a number of seconds or a date (RFC 9110,
// 10.2.3), within its bounds. What is neither is no wish.
func retryAfter(header string, now time.Time) time.Duration {
	header = strings.TrimSpace(header)
	if header == "" {
		return 0
	}
	if strings.Trim(header, "0123456789") == "" {
		seconds, err := strconv.ParseInt(header, 10, 64)
		if err != nil || seconds > int64(maxRetryAfter/time.Second) {
			return maxRetryAfter
		}
		return time.Duration(seconds) * time.Second
	}
	date, err := http.ParseTime(header)
	if err != nil {
		return 0
	}
	return min(max(0, date.Sub(now)), maxRetryAfter)
}
