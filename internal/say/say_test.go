package say_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/clientaccount/clientaccount/internal/say"
)

func TestTextsKeepTheirArgumentsApart(t *testing.T) {
	t.Parallel()
	of := say.Textf("%d of %s, %s", 3, say.Textf("%s's", "Aldermere\x1f"), "all")
	assert.Equal(t, "3 of Aldermere\x1f's, all", of.String())
	format, args := of.Split()
	assert.Equal(t, say.Text("%d of %s, %s"), format)
	assert.Equal(t, []any{int64(3), say.Textf("%s's", "Aldermere\x1f"), "all"}, args)
	assert.Equal(t, "100 %", say.Text("100 %").String(), "one without arguments is no format")
	assert.Empty(t, say.Text("").String())
}

func TestTypedIsWhatPlainWasMadeOf(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"Acme", "Ґудзь: 3", "%s", "a\x1fs1:b"} {
		typed, is := say.Plain(text).Typed()
		assert.True(t, is)
		assert.Equal(t, text, typed)
	}
	for _, other := range []say.Text{"", "Edit", "%s", say.Number("1,000"), say.Textf("%s", say.Text("Edit")), say.Textf("%s%s", "a", "b"), say.Textf("%s of %s", "a", "b")} {
		_, is := other.Typed()
		assert.False(t, is, "%q", other)
	}
}
