package webhook_test

import (
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/webhook"
)

func failed(code string) store.Try { return store.Try{At: at, Code: code} }

func TestScheduleOfTries(t *testing.T) {
	want := []time.Duration{
		0, 5 * time.Second, 30 * time.Second, 2 * time.Minute, 10 * time.Minute, 30 * time.Minute, 2 * time.Hour,
		6 * time.Hour, 12 * time.Hour, 24 * time.Hour, 24 * time.Hour,
	}
	require.Equal(t, want, webhook.Schedule)
	for tries := 1; tries < len(want); tries++ {
		for percent, factor := range map[int64]time.Duration{80: 4, 100: 5, 120: 6} {
			v := webhook.Verdict(store.Delivery{Tries: tries - 1}, webhook.Outcome(failed(webhook.CodeStatus), 0), percent)
			assert.Equal(t, store.DeliveryWaiting, v.State)
			assert.Equal(t, tries, v.Tries)
			assert.Equal(t, want[tries]*factor/5, v.DueAt.Sub(at))
		}
	}
	last := webhook.Verdict(store.Delivery{Tries: len(want) - 1}, webhook.Outcome(failed(webhook.CodeStatus), 0), 100)
	assert.Equal(t, store.DeliveryDead, last.State)
	gone := webhook.Verdict(store.Delivery{}, webhook.Outcome(failed(webhook.CodeGone), 0), 100)
	assert.Equal(t, store.DeliveryDead, gone.State)
	done := webhook.Verdict(store.Delivery{}, webhook.Outcome(failed(webhook.CodeOK), 0), 100)
	assert.Equal(t, store.DeliveryDone, done.State)
}

func TestRetryAfterIsHonoured(t *testing.T) {
	for header, want := range map[string]time.Duration{
		"": 0, "0": 0, "120": 2 * time.Minute, " 7 ": 7 * time.Second,
		"-1": 0, "1.5": 0, "soon": 0, "+5": 0, "0x10": 0, "१२": 0,
		"86400": 24 * time.Hour, "86401": 24 * time.Hour, strings.Repeat("9", 400): 24 * time.Hour,
		"Mon, 23 Nov 2026 08:42:02 GMT":  59*time.Second + 886_544*time.Microsecond,
		"Mon, 23 Nov 2020 08:42:02 GMT":  0,
		"Sat, 23 Nov 2126 08:42:02 GMT":  24 * time.Hour,
		"Monday, 23-Nov-26 08:41:02 GMT": 0,
		"Mon, 99 Nov 2026 08:42:02 GMT":  0,
	} {
		assert.Equal(t, want, webhook.RetryAfter(header, at), header)
	}
	asked := webhook.Verdict(store.Delivery{}, webhook.Outcome(failed(webhook.CodeStatus), time.Hour), 100)
	assert.Equal(t, time.Hour, asked.DueAt.Sub(at))
	sooner := webhook.Verdict(store.Delivery{Tries: 4}, webhook.Outcome(failed(webhook.CodeStatus), time.Second), 100)
	assert.Equal(t, 30*time.Minute, sooner.DueAt.Sub(at), "a far end may slow us down, not speed us up")
}

// fare lets a URL answer, a try each second: + is a success, - a failure.
func fare(h store.Health, answers string) store.Health {
	now := at
	for _, answer := range answers {
		code := webhook.CodeStatus
		if answer == '+' {
			code = webhook.CodeOK
		}
		now = now.Add(time.Second)
		h = webhook.Health(h, webhook.Outcome(failed(code), 0), now)
	}
	return h
}

func TestCircuitOpens(t *testing.T) {
	for answers, open := range map[string]bool{
		strings.Repeat("-", 9):                                  false,
		strings.Repeat("-", 10):                                 true,
		strings.Repeat("-", 9) + "+" + "-":                      false,
		strings.Repeat("-+", 9) + "-":                           false, // 19 in the minute
		strings.Repeat("+-", 10):                                true,  // half of 20
		strings.Repeat("+", 11) + strings.Repeat("-", 9):        false, // less than half
		strings.Repeat("+", 40) + strings.Repeat("-", 9):        false,
		strings.Repeat("+-", 9) + strings.Repeat("+", 50) + "-": false, // a minute later
	} {
		h := fare(store.Health{}, answers)
		assert.Equal(t, open, !h.PausedUntil.IsZero(), answers)
	}
}

func TestCircuitClosesWithASuccess(t *testing.T) {
	open := fare(store.Health{}, strings.Repeat("-", 10))
	require.Equal(t, at.Add(40*time.Second), open.PausedUntil)
	assert.Equal(t, 1, webhook.WidthFor(open), "one call shows whether it works again")
	more := webhook.Health(open, webhook.Outcome(failed(webhook.CodeStatus), 0), at.Add(11*time.Second))
	assert.Equal(t, 1, more.Pauses, "calls that were under way do not open it again")
	again := webhook.Health(more, webhook.Outcome(failed(webhook.CodeStatus), 0), at.Add(50*time.Second))
	assert.Equal(t, 2, again.Pauses, "a single failure does")
	assert.Equal(t, time.Minute, again.PausedUntil.Sub(at.Add(50*time.Second)))
	closed := webhook.Health(again, webhook.Outcome(failed(webhook.CodeOK), 0), at.Add(3*time.Minute))
	assert.Zero(t, closed.Pauses)
	assert.Zero(t, closed.Failures)
	assert.Zero(t, closed.FailingSince)
	assert.Equal(t, 8, webhook.WidthFor(closed))
	assert.Equal(t, 30*time.Second, webhook.Pause(0))
	assert.Equal(t, 10*time.Minute, webhook.Pause(1000))
	asked := fare(store.Health{}, strings.Repeat("-", 9))
	asked = webhook.Health(asked, webhook.Outcome(failed(webhook.CodeStatus), time.Hour), at)
	assert.Equal(t, at.Add(time.Hour), asked.PausedUntil, "Retry-After holds for the URL")
}

// failing returns the health of a URL whose tries failed at these times after at.
func failing(h store.Health, after ...time.Duration) store.Health {
	for _, d := range after {
		h = webhook.Health(h, webhook.Outcome(failed(webhook.CodeStatus), 0), at.Add(d))
	}
	return h
}

// hours returns that many times, evenly from one to another.
func hours(n int, from, to time.Duration) (times []time.Duration) {
	for i := range n {
		times = append(times, from+(to-from)*time.Duration(i)/time.Duration(n-1))
	}
	return times
}

// often is ten times in the minute of each.
func often(times []time.Duration) (all []time.Duration) {
	for _, d := range times {
		all = append(all, hours(10, d, d+time.Minute)...)
	}
	return all
}

const hour, day = time.Hour, 24 * time.Hour

func TestAURLThatFailsAllAlongIsSwitchedOff(t *testing.T) {
	for name, tc := range map[string]struct {
		after []time.Duration
		off   bool
	}{
		"for five days, in eleven hours":       {hours(11, 0, 5*day), true},
		"for five days, in ten hours":          {hours(10, 0, 5*day), true},
		"for five days, in nine hours":         {hours(9, 0, 5*day), false},
		"for a microsecond less":               {hours(11, 0, 5*day-time.Microsecond), false},
		"all the time":                         {hours(5000, 0, 5*day), true},
		"often, in nine hours":                 {often(hours(9, 0, 5*day)), false},
		"once a day, for a month":              {hours(31, 0, 30*day), true},
		"once in 31 hours, for a year":         {hours(283, 0, 282*31*hour), false},
		"hourly for half a day, then days off": {append(hours(13, 0, 12*hour), 6*day), false},
		"at both ends":                         {slices.Concat(hours(6, 0, 5*hour), hours(6, 6*day, 6*day+5*hour)), false},
		"days off in the middle, but long enough without them": {
			slices.Concat(hours(7, 0, 60*hour), hours(7, 10*day, 10*day+61*hour)), true,
		},
	} {
		t.Run(name, func(t *testing.T) {
			h := failing(store.Health{}, tc.after...)
			assert.Equal(t, tc.off, h.IsOff(), "%v in %d hours", h.FailingFor, h.FailingHours)
			if tc.off {
				assert.Equal(t, webhook.CodeFailing, h.OffCode)
			}
		})
	}
}

// One delivery is tried eleven times in three days, the next one three days later.
func TestAQuietSpellIsNoFailure(t *testing.T) {
	var tries []time.Duration
	after := time.Duration(0)
	for _, wait := range webhook.Schedule {
		after += wait * 6 / 5
		tries = append(tries, after)
	}
	h := failing(store.Health{}, tries...)
	require.False(t, h.IsOff())
	h = failing(h, 6*day)
	require.False(t, h.IsOff(), "m2's first try is no reason")
	assert.Equal(t, 12, h.Failures)
	assert.Equal(t, at, h.FailingSince, "it is told since when all the same")
}

func TestNoHourIsCountedTwice(t *testing.T) {
	h := failing(store.Health{}, 0, time.Second, 2*time.Second)
	assert.Equal(t, 1, h.FailingHours)
	for range 20 { // the clock is set back an hour, again and again
		h = failing(h, hour, 0, hour+time.Minute, time.Minute)
	}
	assert.Equal(t, 2, h.FailingHours)
	assert.Equal(t, hour+time.Minute, h.FailingFor)
	two := failing(store.Health{}, hours(9, 0, 119*hour)...)
	for range 20 { // two dispatchers, whose clocks do not agree
		two = failing(two, 119*hour+time.Second, 119*hour)
	}
	assert.Equal(t, 9, two.FailingHours)
	assert.False(t, two.IsOff())
}

// A clock that ran a year ahead for one try neither switches the URL off nor keeps it on.
func TestAClockThatRanAheadCountsForNothing(t *testing.T) {
	h := failing(store.Health{}, append(hours(9, 0, 4*day), 365*day)...)
	require.False(t, h.IsOff())
	h = failing(h, 4*day+hour)
	assert.Equal(t, 1, h.FailingHours)
	h = failing(h, hours(11, 4*day+2*hour, 10*day)...)
	assert.True(t, h.IsOff())
}

func TestASuccessEndsTheFailing(t *testing.T) {
	h := failing(store.Health{}, hours(12, 0, 119*hour)...)
	h = webhook.Health(h, webhook.Outcome(failed(webhook.CodeOK), 0), at.Add(119*hour))
	assert.Zero(t, h.FailingSince)
	assert.Zero(t, h.FailedAt)
	assert.Zero(t, h.FailingHours)
	assert.Zero(t, h.FailingFor)
	h = failing(h, hours(12, 120*hour, 239*hour)...)
	assert.False(t, h.IsOff())
}

// What was kept by a version that did not count hours begins to count now.
func TestOldFailuresBeginToCount(t *testing.T) {
	old := store.Health{Failures: 500, FailingSince: at.Add(-100 * day), Pauses: 90}
	h := failing(old, 0)
	assert.False(t, h.IsOff())
	assert.Equal(t, old.FailingSince, h.FailingSince)
	assert.True(t, failing(h, hours(11, hour, 5*day)...).IsOff())
}

func TestURLIsSwitchedOff(t *testing.T) {
	gone := webhook.Health(store.Health{}, webhook.Outcome(failed(webhook.CodeGone), 0), at)
	assert.Equal(t, webhook.CodeGone, gone.OffCode, "at once")

	known := gone.Of("https://client.io/a")
	known.OffAt, known.OffCode = at, webhook.CodeGone
	assert.Equal(t, known, known.Of("https://client.io/a"))
	assert.Zero(t, known.Of("https://client.io/b").OffAt, "another URL begins anew")
	assert.NotContains(t, known.Target, "client")
}

func TestAnswersAreScrubbed(t *testing.T) {
	s := secret(t, 's')
	needles := webhook.Hidden("https://client.io/hooks/p4thT0ken?token=Qu3ry%2FT0ken&k=v&bare-t0ken", []account.HookSecret{s})
	answer := "GET /hooks/p4thT0ken?token=Qu3ry%2FT0ken&k=v Qu3ry/T0ken bare-t0ken " + s.Reveal() + " " + s.Reveal()[6:]
	assert.Equal(t, "GET /hooks/…?token=…&k=v … … … …", webhook.Scrub(answer, needles))
	assert.Equal(t, "a\nb\t?c?é?", webhook.Scrub("a\nb\t\x00c\xffé\x1b", nil))
}

func TestScrubbedAnswersAreBounded(t *testing.T) {
	const token = "t0ken-t0ken-t0ken"
	rapid.Check(t, func(t *rapid.T) {
		before := rapid.IntRange(webhook.MaxReply-40, webhook.MaxReply+5).Draw(t, "before")
		filler := rapid.SampledFrom([]string{"x", "é", "\xff", "\x00", "€"}).Draw(t, "filler")
		answer := strings.Repeat(filler, before/len(filler)+1)[:before] + token + strings.Repeat("x", 100)
		got := webhook.Scrub(answer, []string{token})
		require.LessOrEqual(t, len(got), webhook.MaxReply)
		require.True(t, utf8.ValidString(got))
		require.NotContains(t, got, "t0k")
		require.NotContains(t, got, "\x00")
	})
}
