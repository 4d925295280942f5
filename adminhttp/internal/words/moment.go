// Package words puts numbers, amounts, times and pictures of them into words, for people
// who read English. It asks nobody anything: what it tells of is given to it.
package words

import (
	"time"

	"github.com/clientaccount/clientaccount/adminhttp/internal/markup"
	"github.com/clientaccount/clientaccount/internal/language"
	"github.com/clientaccount/clientaccount/internal/say"
)

// Moment is an instant as people are told it.
type Moment struct {
	ISO   string // RFC 3339, for programs
	Words Text   // "2 min ago"
	at    time.Time
}

// Exact is the instant by the clock of its zone: "Tue 24 Nov 2026 11:42:07 EET".
func (m Moment) Exact() Text { return say.Time(m.at, ExactLayout) }

// UTC is Exact in UTC.
func (m Moment) UTC() Text { return say.Time(m.at.UTC(), ExactLayout) }

// SayIn returns the instant as HTML in a language.
func (m Moment) SayIn(l *language.Language) any { return markup.HTML(l, m) }

// Mark writes how long ago it is, with the instant itself as its title.
func (m Moment) Mark(w *markup.Writer) {
	w.Tag(`<time`).Attribute("datetime", m.ISO).When("title", m.at, ExactLayout).Tag(`>`).Say(m.Words).Tag(`</time>`)
}

// Layouts of instants in text.
const (
	ExactLayout Text = "Mon 2 Jan 2006 15:04:05 MST"
	ShortLayout Text = "2 Jan 2006 15:04"
)

// MomentOf returns an instant, told now, by the clock of a zone.
func MomentOf(t, now time.Time, zone *time.Location) Moment {
	return Moment{t.UTC().Format(time.RFC3339), Relative(t, now), t.In(zone)}
}

// Relative says how long ago an instant was, or how far ahead it is.
func Relative(t, now time.Time) Text {
	if d := t.Sub(now); d > 0 {
		return Textf("in %s", span(d))
	}
	d := now.Sub(t)
	if d < time.Minute {
		return "just now"
	}
	return Textf("%s ago", span(d))
}

// span returns a duration in its largest whole unit.
func span(d time.Duration) Text {
	const day = 24 * time.Hour
	switch {
	case d < time.Minute:
		return "less than a minute"
	case d < time.Hour:
		return Textf("%d min", int(d/time.Minute))
	case d < day:
		return Plural(int(d/time.Hour), "hour")
	case d < 31*day:
		return Plural(int(d/day), "day")
	case d < 365*day:
		return Plural(int(d/(30*day)), "month")
	default:
		return Plural(int(d/(365*day)), "year")
	}
}
