package templates_test

import (
	"bytes"
	"html/template"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/internal/language"
	"github.com/clientaccount/clientaccount/internal/language/templates"
	"github.com/clientaccount/clientaccount/internal/say"
)

func TestSentencesAreOneMessage(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]string{
		`<p>Showing {{.Shown}} of {{.All}} clients.</p>`:                                   {"Showing %s of %s clients."},
		`<p>Search again, or <a href="{{.Clear}}">show all</a>.</p>`:                       {"Search again, or <a>show all</a>."},
		`<td>{{with .By}}by {{.}}, {{end}}{{.At}}</td>`:                                    {"by %s,"},
		`<p><a class="btn" href="{{.}}">Go <b>on</b></a></p>`:                              {"Go <b>on</b>"},
		`<p><span class="vh">was </span>{{.Old}} <ins>now</ins></p>`:                       {"was", "now"},
		`<a class="icon" aria-label="Edit {{$name}}" title="Edit"><svg><path/></svg></a>`:  {"Edit %s", "Edit"},
		`<input{{if .On}} checked{{end}}{{with .Holder}} placeholder="at {{.}}"{{end}}>`:   {"at %s"},
		`<p aria-label="{{if .}}One{{else}}None{{end}}">100 % — 5&nbsp;&euro; · {{.}}</p>`: {"One", "None"},
		`<p><b>a</b> of <b>b</b>, 5%</p>`:                                                  {"<b>a</b> of <b2>b</b2>, 5%%"},
		`<p>Available{{with .Payer}}, of {{.}}{{end}}</p>`:                                 {", of %s", "Available"},
	} {
		got, err := templates.Messages("x", `{{$name := "n"}}`+text)
		require.NoError(t, err)
		assert.ElementsMatch(t, want, got, text)
	}
}

func TestTemplatesInALanguage(t *testing.T) {
	t.Parallel()
	l, err := language.New(language.Catalog{Tag: "uk", Decimal: ",", Group: " ", Texts: map[string]language.Forms{
		"Clients":                           {"other": "<Клієнти> {{.}}"},
		"Found %s of %s clients.":           {"one": "З %[2]s: %[1]s клієнт.", "few": "З %[2]s: %[1]s клієнти.", "many": "З %[2]s: %[1]s клієнтів.", "other": "З %[2]s: %[1]s."},
		"Search again, or <a>show all</a>.": {"other": "<a>Усі</a> чи пошук?"},
		"%s left":                           {"other": "лишилось %s"},
	}})
	require.NoError(t, err)
	const page = `<h1 title="Clients">Clients</h1>
<p>Found {{.N}} of {{.All}} clients.</p> <p>Search again, or <a href="{{.URL}}">show all</a>.</p><p>{{.Left}}</p><i>{{.Text}}</i>`
	data := map[string]any{"N": 22, "All": say.Digits("1,500.25"), "URL": "?a=b&c", "Left": say.Textf("%s left", say.Digits("1,000")), "Text": "Clients"}
	for tongue, want := range map[*language.Language]string{
		l: `<h1 title="&lt;Клієнти&gt; {{.}}">&lt;Клієнти&gt; {{.}}</h1>
<p>З 1 500,25: 22 клієнти.</p> <p><a href="?a=b&amp;c">Усі</a> чи пошук?</p><p>лишилось 1 000</p><i>Clients</i>`,
		language.English(): `<h1 title="Clients">Clients</h1>
<p>Found 22 of 1,500.25 clients.</p> <p>Search again, or <a href="?a=b&amp;c">show all</a>.</p><p>1,000 left</p><i>Clients</i>`,
	} {
		text, err := templates.Translate("x", page, tongue)
		require.NoError(t, err)
		var out bytes.Buffer
		require.NoError(t, template.Must(template.New("x").Funcs(templates.Funcs(tongue)).Parse(text)).Execute(&out, data))
		assert.Equal(t, want, out.String())
	}
}

func TestTagsEndWhereTheyBegin(t *testing.T) {
	t.Parallel()
	for _, text := range []string{`<p {{if .}}>{{else}}>{{end}}`, `<p title="a`, `{{if .}}<p {{end}}>`, `{{if`} {
		_, err := templates.Messages("x", text)
		assert.Error(t, err, text)
	}
}
