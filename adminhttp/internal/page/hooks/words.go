package hooks

import (
	"strconv"
	"strings"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/adminhttp/internal/words"
)

// tryWords returns what came of a call, but for when: "Answered with an error", and
// "HTTP 503, 1,234 ms".
func tryWords(t clientaccount.Try) (outcome, details string) {
	var parts []string
	if t.Status > 0 {
		parts = append(parts, "HTTP "+strconv.Itoa(t.Status))
	}
	if t.Took > 0 {
		parts = append(parts, words.Grouped(strconv.FormatInt(t.Took.Milliseconds(), 10))+" ms")
	}
	return words.HookCode(t.Code), strings.Join(parts, ", ")
}

// counted returns a number of deliveries, which stops somewhere.
func counted(n int) string {
	text := words.Grouped(strconv.Itoa(n))
	if n >= clientaccount.MaxHookCount {
		return text + " or more"
	}
	return text
}
