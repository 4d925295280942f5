package textform_test

import (
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/internal/textform"
)

func TestWhatCannotBeSeenIsNoText(t *testing.T) {
	for _, bad := range accounttest.Unseen() {
		for _, s := range []string{bad, "a" + bad, bad + "a", "a" + bad + "b", "a " + bad + " b"} {
			assert.False(t, textform.IsLine(s), "%q", s)
			assert.False(t, textform.IsLines(s), "%q", s)
		}
	}
	for _, control := range []string{"\n", "\t"} {
		assert.False(t, textform.IsLine("a"+control+"b"), "%q", control)
		assert.True(t, textform.IsLines("a"+control+"b"), "%q", control)
	}
	for _, stray := range []string{"a\u200c", "\u200da", "a\u200d\u200db", "1\u200c2", "a\ufe0f", "\ufe0f", "😀\ufe0f\ufe0f", "😀\u200c😀", "1\ufe0f2", "്\u200d\u200d", "ക്\u200d\u200c", "ക\u200d"} {
		assert.False(t, textform.IsLine(stray), "%q", stray)
	}
}

func TestWhatScriptsNeedIsText(t *testing.T) {
	for _, good := range []string{
		"", "Café-1", "e\u0301", "می\u200cخواهم", "क्\u200dष", "න්\u200dද", "auf\u200clage", "👨\u200d👩\u200d👧", "❤️", "❤\ufe0f\u200d🔥",
		"👩🏽\u200d🚀", "1\ufe0f\u20e3", "葛\U000e0100", "100\u00a0€", "日本\u3000語", "\u0600١", "ไทย", "עִבְרִית", "العَرَبِيَّة", "🇺🇦", "№ 5", "ｶﾞ", "©\ufe0f", "‼\ufe0f",
		"ℹ\ufe0f", "മലയാളത്തില്\u200d എഴുത്ത്", "അവന്\u200d", "ক্\u200c",
	} {
		assert.True(t, textform.IsLine(good), "%q", good)
	}
}

// No character that Unicode says is to be ignored where it cannot be shown stands alone.
func TestNoIgnorableCharacterIsText(t *testing.T) {
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if !utf8.ValidRune(r) || r == 0x2800 || r == utf8.RuneError {
			continue
		}
		ignorable := unicode.In(r, unicode.C, unicode.Zl, unicode.Zp, unicode.Variation_Selector,
			unicode.Other_Default_Ignorable_Code_Point, unicode.Noncharacter_Code_Point) &&
			!unicode.Is(unicode.Prepended_Concatenation_Mark, r)
		require.Equal(t, !ignorable, textform.IsLine("a"+string(r)), "%U", r)
	}
}

func TestOnePersonHasOneID(t *testing.T) {
	for _, id := range []string{"ann", "ANN", " Ann", "ann\u00a0", "a\u200bnn", "ann\u00ad"} {
		assert.True(t, textform.SameID("ann", id), id)
	}
	for _, id := range []string{"", "anna", "a nn", "änn"} {
		assert.False(t, textform.SameID("ann", id), id)
	}
	assert.True(t, textform.SameID("Ann  Low", "ann low"))
}
