package adminhttp_test

import (
	"net/http"
	"net/url"
	"regexp"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account/document"
	"github.com/clientaccount/clientaccount/adminhttp"
)

// typedForm returns what a browser would send of a page's only form that is posted, by a button.
func (r reply) typedForm(do string) url.Values {
	values := url.Values{"_do": {do}}
	for _, tag := range regexp.MustCompile(`<input\b[^>]*>`).FindAllString(r.html, -1) {
		a := attributes(tag)
		_, checked := a["checked"]
		if a["name"] != "" && a["name"] != "_do" && (checked || a["type"] != "radio" && a["type"] != "checkbox") {
			values.Set(a["name"], a["value"])
		}
	}
	return values
}

func TestACreditNoteIsLookedAtAndMadeOnce(t *testing.T) {
	s, p, a := documentPages(t)
	path := documentPath(a.ID, p.invoice(a.ID)) + "/credit"
	form := s.get(path)
	assert.Contains(t, form.text(), "All that is left 38.64 EUR, with taxes")
	assert.Contains(t, form.rowOf(t, "1. Messages"), "at 0.0312 EUR Left 31.20 EUR 1,000 messages")

	typed := form.typedForm("check")
	typed.Set("what", "lines")
	typed.Set("messages.1", "1 000")
	typed.Set("amount.2", "0,50")
	typed.Set("reason", "Counted twice")
	step := s.post(path, typed)
	require.Equal(t, http.StatusOK, step.code, step.text())
	assert.Contains(t, step.text(), "This credit note comes to 38.04 EUR.")
	assert.Contains(t, step.text(), "Reason Counted twice")
	assert.Empty(t, p.of(a.ID, document.KindCreditNote), "nothing is made yet")

	back := s.post(path, step.typedForm("back"))
	assert.Equal(t, http.StatusOK, back.code)
	for _, input := range []string{`name="messages.1" value="1 000"`, `name="amount.2" value="0,50"`, `name="reason" value="Counted twice"`, `value="lines" checked`} {
		assert.Contains(t, back.html, input)
	}
	assert.Equal(t, typed.Get("reference"), back.typedForm("check").Get("reference"))

	made := s.post(path, step.typedForm("make"))
	require.Equal(t, http.StatusSeeOther, made.code, made.text())
	again := s.post(path, step.typedForm("make"))
	require.Equal(t, http.StatusSeeOther, again.code)
	notes := p.of(a.ID, document.KindCreditNote)
	require.Len(t, notes, 1, "pressed twice, made once")
	assert.Regexp(t, notes[0].String()+`\?made=1$`, made.header.Get("Location"))
	assert.Regexp(t, notes[0].String()+`\?again=1$`, again.header.Get("Location"))
	note := s.get(documentPath(a.ID, notes[0]) + "?made=1")
	assert.Contains(t, note.text(), "The credit note is made.")
	assert.Contains(t, note.text(), "Of invoice INV-2026-000001, 1 December 2026")
	assert.Contains(t, note.text(), "Invoice INV-2026-000001")
	assert.Contains(t, s.get(documentPath(a.ID, p.invoice(a.ID))).text(), "Credit note CN-2026-000001 1 Dec 2026, 38.04 EUR")

	form = s.get(path)
	assert.Contains(t, form.text(), "All that is left 0.60 EUR, with taxes")
	assert.Contains(t, form.rowOf(t, "1. Messages"), "goes with all the rest only, or nothing is left of it")
	rest := form.typedForm("make")
	rest.Set("reason", "The rest")
	require.Equal(t, http.StatusSeeOther, s.post(path, rest).code)
	assert.Contains(t, s.get(path).text(), "Nothing is left of this invoice to take back.")
}

func TestCreditNotesThatAreRefused(t *testing.T) {
	s, p, a := documentPages(t)
	path := documentPath(a.ID, p.invoice(a.ID)) + "/credit"
	for name, c := range map[string]struct {
		pairs []string
		code  int
		said  string
	}{
		"nothing chosen":   {[]string{"what", "lines", "reason", "r"}, 422, `<a href="#what">What is taken back</a>: Choose a line at least.`},
		"no reason":        {[]string{"what", "all"}, 422, `<a href="#f-reason">Why</a>`},
		"too many":         {[]string{"what", "lines", "messages.1", "1001", "reason", "r"}, 422, `<a href="#line-1">Line 1</a>: Give between 1 and 1000 messages.`},
		"both":             {[]string{"what", "lines", "messages.1", "1", "amount.1", "1", "reason", "r"}, 422, "Give messages or an amount, not both."},
		"no number":        {[]string{"what", "lines", "messages.2", "x", "amount.2", "y", "reason", "r"}, 422, `href="#line-2"`},
		"two readings":     {[]string{"what", "lines", "amount.1", "1,000", "reason", "r"}, 422, `name="_meant.amount.1" value="1.000 1,000"`},
		"an unknown name":  {[]string{"what", "all", "line.3", "true", "reason", "r"}, 422, "Unknown field: line.3."},
		"more than a line": {[]string{"what", "lines", "amount.1", "31.21", "reason", "r"}, 422, "Give an amount up to 31.2."},
	} {
		values := url.Values{"_do": {"make"}, "reference": {"ref-" + name}}
		for i := 0; i < len(c.pairs); i += 2 {
			values.Set(c.pairs[i], c.pairs[i+1])
		}
		r := s.post(path, values)
		assert.Equal(t, c.code, r.code, name)
		assert.Contains(t, r.html, c.said, name)
	}
	assert.Empty(t, p.of(a.ID, document.KindCreditNote))
	assert.Equal(t, http.StatusBadRequest, s.post(path, url.Values{"_do": {"burn"}}).code)

	once := url.Values{"_do": {"make"}, "reference": {"once"}, "what": {"lines"}, "messages.2": {"1"}, "reason": {"r"}}
	require.Equal(t, http.StatusSeeOther, s.post(path, once).code)
	once.Set("messages.2", "2")
	reused := s.post(path, once)
	assert.Equal(t, http.StatusConflict, reused.code)
	assert.Contains(t, reused.text(), "This form has made another credit note before.")
	assert.NotContains(t, reused.html, `value="once"`)

	statement := documentPath(a.ID, p.of(a.ID, document.KindStatement)[0])
	assert.Equal(t, http.StatusNotFound, s.get(statement+"/credit").code, "of invoices only")
	s.policy.Actions = without(adminhttp.ActionCreditNote)
	assert.Equal(t, http.StatusForbidden, s.get(path).code)
	assert.Equal(t, http.StatusForbidden, s.post(path, once).code)
	assert.NotContains(t, s.get(documentsPath(a.ID)+"?kind=invoice").html, "/credit")
}
