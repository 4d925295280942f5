package adminpages_test

import (
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/adminhttp"
	"github.com/clientaccount/clientaccount/internal/dbtest/browser"
)

// walk is one of the two ways in which a task is walked through whose every state is looked at: with
// the pages' script in English, and without it in Ukrainian. What it presses it finds by its place in
// the page, and not by its name.
type walk struct {
	t        *testing.T
	page     *browser.Page
	url      string // with a slash at the end
	script   bool
	language adminhttp.Language
	sights   []sight
	file     string // that was sent last
}

// walks runs fn for both. The sights of both together have each width, scheme of colours, language and
// direction once beside each of the others. Each walk looks whole at one of them: the narrowest, and the widest.
func (s *site) walks(t *testing.T, fn func(w *walk)) {
	t.Helper()
	english, ukrainian := adminhttp.Language{Tag: "en"}, adminhttp.Ukrainian()
	for _, w := range []walk{
		{script: true, language: english, sights: []sight{{width: 320}, {width: 768, dark: true, rtl: true, part: true}, {width: 1280, rtl: true, part: true}}},
		{language: ukrainian, sights: []sight{{width: 320, dark: true, rtl: true, part: true}, {width: 768, part: true}, {width: 1280, dark: true}}},
	} {
		name := "with script, in English"
		if !w.script {
			name = "without script, in Ukrainian"
		}
		url := s.in(t, w.language)
		t.Run(name, func(t *testing.T) {
			w.t, w.url, w.page = t, url, browser.Open(t, browser.Options{NoScript: !w.script})
			fn(&w)
		})
	}
}

// open opens a page of the admin.
func (w *walk) open(path string) {
	w.t.Helper()
	w.page.Do(w.t, chromedp.Navigate(w.url+path), chromedp.WaitVisible("main h1"))
}

// press presses what leads to another page.
func (w *walk) press(selector string) {
	w.t.Helper()
	w.page.Press(w.t, selector)
}

// look looks at the page as it stands, in the walk's ways.
func (w *walk) look(name string) {
	w.t.Helper()
	lookAt(w.t, w.page, name+"-"+w.language.Tag, w.sights)
}

// lookOnce looks in one of the walk's ways, the nth, at the page as it stands, whole.
func (w *walk) lookOnce(name string, n int) {
	w.t.Helper()
	s := w.sights[n%len(w.sights)]
	s.part = false
	lookAt(w.t, w.page, name+"-"+w.language.Tag, []sight{s})
}

// say is an English text without arguments in the walk's language.
func (w *walk) say(text string) string {
	w.t.Helper()
	if w.language.Tag == "en" {
		return text
	}
	said := w.language.Texts[text]["other"]
	require.NotEmpty(w.t, said, text)
	return said
}

// texts are those of all elements that a selector finds, each on one line.
func (w *walk) texts(selector string) []string {
	w.t.Helper()
	return eval[[]string](w.t, w.page, `Array.from(document.querySelectorAll('`+selector+`'), (e) => e.innerText.trim().replace(/\s+/g, " "))`)
}

// path is where one is, beneath the mount.
func (w *walk) path() string {
	w.t.Helper()
	return eval[string](w.t, w.page, `location.pathname.slice(1)`)
}

// count is how many elements a selector finds.
func (w *walk) count(selector string) int {
	w.t.Helper()
	return len(w.texts(selector))
}

// choose sets what a person would choose without typing.
func (w *walk) choose(selector, value string) {
	w.t.Helper()
	w.page.Do(w.t, chromedp.SetValue(chromedp.CSS(selector), value))
}

// still keeps a page of a batch that runs as it is: it would be shown again within a second.
func (w *walk) still() {
	w.t.Helper()
	w.page.Do(w.t, chromedp.Evaluate[chromedp.Void](`window.stop()`))
}
