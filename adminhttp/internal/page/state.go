package page

import (
	"net/url"
	"strconv"

	"github.com/clientaccount/clientaccount/adminhttp/internal/words"
)

// StateValues returns what a URL says of the rows shown: the filters that are set, and the
// number that they are below.
func StateValues(before int64, filters map[string]string) url.Values {
	values := url.Values{}
	for name, value := range filters {
		if value != "" {
			values.Set(name, value)
		}
	}
	if before > 0 {
		values.Set("before", strconv.FormatInt(before, 10))
	}
	return values
}

// StateURL returns the place of a page where its rows are, in a state.
func StateURL(shown, place string, state url.Values) string {
	if len(state) > 0 {
		shown += "?" + state.Encode()
	}
	return shown + "#" + place
}

// Pager says how many rows a page shows, the newest first, and where others are.
type Pager struct {
	Shown     int
	One, Many words.Text // what the rows are: "entry", "entries"
	None      words.Text // what is said before there is one
	Filtered  bool       // not all were asked for
	Clear     string     // URLs; empty where there is nothing
	Newest    string
	Older     string
}
