package hooks

import (
	"strconv"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/adminhttp/internal/words"
)

// tryWords returns what came of a call, but for when: "Answered with an error", and
// "HTTP 503, 1,234 ms".
func tryWords(t clientaccount.Try) (outcome words.Text, details words.Text) {
	var parts []words.Text
	if t.Status > 0 {
		parts = append(parts, words.Textf("HTTP %d", t.Status))
	}
	if t.Took > 0 {
		parts = append(parts, words.Textf("%s ms", words.Grouped(strconv.FormatInt(t.Took.Milliseconds(), 10))))
	}
	return words.HookCode(t.Code), words.Join(parts, ", ")
}

// counted returns a number of deliveries, which stops somewhere.
func counted(n int) words.Text {
	text := words.Grouped(strconv.Itoa(n))
	if n >= clientaccount.MaxHookCount {
		return words.Textf("%s or more", text)
	}
	return text
}
