package kind

import (
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/words"
	"github.com/clientaccount/clientaccount/internal/say"
)

// LocalLayout is the text of an <input type="datetime-local">.
const LocalLayout = "2006-01-02T15:04"

// LocalFault is what is said of a time that Local cannot read.
const LocalFault = "Use a date and a time that the client's clock shows, for example 2026-11-23T10:41."

// Local reads a time of a zone's wall clock, as browsers send it, or of
// RFC 3339. Times that the clock skips are none.
func Local(text string, zone *time.Location) (time.Time, bool) {
	if t, err := time.Parse(time.RFC3339, text); err == nil {
		return t, true
	}
	t, err := time.ParseInLocation(LocalLayout, text, zone)
	return t, err == nil && t.Format(LocalLayout) == text
}

// instant is a time, shown and typed by the client's wall clock, to the minute.
type instant struct{ line }

func (instant) Shown(w Wording, _ account.Field, text string) string {
	t, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return ""
	}
	return t.In(w.Zone).Format(LocalLayout)
}

func (instant) UTC(text string) string {
	if _, err := time.Parse(LocalLayout, text); err == nil {
		return text + ":00Z"
	}
	return text
}

func (instant) words(w Wording, _ account.Field, text string) words.Text {
	t, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return words.Plain(text)
	}
	if t.Second() != 0 || t.Nanosecond() != 0 {
		return say.Time(t.In(w.Zone), "2 Jan 2006 15:04:05")
	}
	return say.Time(t.In(w.Zone), words.ShortLayout)
}

func (i instant) schema(f account.Field, write bool) Schema {
	s := i.line.schema(f, write)
	s["format"] = "date-time"
	return s
}
