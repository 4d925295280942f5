package markup_test

import (
	"html/template"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/clientaccount/clientaccount/adminhttp/internal/markup"
	"github.com/clientaccount/clientaccount/internal/language"
	"github.com/clientaccount/clientaccount/internal/say"
)

type element func(w *markup.Writer)

func (e element) Mark(w *markup.Writer) { e(w) }

const nasty = `"><script>alert('x')</script>&amp;`

func TestWhatIsGivenIsEscaped(t *testing.T) {
	inner := element(func(w *markup.Writer) { w.Say(say.Plain(nasty)) })
	made := markup.HTML(language.English(), element(func(w *markup.Writer) {
		w.Tag(`<a`).Attribute("href", nasty).Attribute("rel", "").Told("title", say.Textf("Edit %s", nasty)).Tag(`>`).Say(say.Textf("%s of %d", nasty, 2)).Put(inner).Tag(`</a>`)
	}))
	const escaped = `&#34;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;amp;`
	assert.Equal(t, template.HTML(`<a href="`+escaped+`" title="Edit `+escaped+`">`+escaped+` of 2`+escaped+`</a>`), made)
}

func TestAnElementIsNotChangedByTheNext(t *testing.T) {
	one := markup.HTML(language.English(), element(func(w *markup.Writer) { w.Say("the first") }))
	two := markup.HTML(language.English(), element(func(w *markup.Writer) { w.Say("another") }))
	assert.Equal(t, []template.HTML{"the first", "another"}, []template.HTML{one, two})
}

func TestALanguageSaysIt(t *testing.T) {
	other, err := language.New(language.Catalog{Tag: "nl", Texts: map[string]language.Forms{"Edit": {"other": "Bewerk <nu>"}}})
	assert.NoError(t, err)
	made := markup.HTML(other, element(func(w *markup.Writer) { w.Say("Edit").Told("title", "Edit").Say(say.Plain("Edit")) }))
	assert.Equal(t, template.HTML(`Bewerk &lt;nu&gt; title="Bewerk &lt;nu&gt;"Edit`), made)
}
