package words_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/clientaccount/clientaccount/adminhttp/internal/words"
	"github.com/clientaccount/clientaccount/internal/language"
	"github.com/clientaccount/clientaccount/internal/language/uk"
)

// inputIn is what stands in an input.
func inputIn(l *language.Language, text string) string {
	return l.Value(words.Input(text)).(string)
}

func TestAnInputHasAmountsAsThePageHas(t *testing.T) {
	ukrainian, err := language.New(uk.Catalog())
	require.NoError(t, err)
	for text, want := range map[string][2]string{
		"2500.00": {"2,500.00", "2\u00a0500,00"}, "-1234567.5": {"-1,234,567.5", "-1\u00a0234\u00a0567,5"}, "0.041": {"0.041", "0,041"},
		"2500": {"2500", "2\u00a0500"}, "12.5": {"12.5", "12,5"}, "1234.500": {"1,234.500", "1\u00a0234,500"}, "7": {"7", "7"},
		"1.500":   {"1.500", "1.500"},     // 1,500 would be two amounts
		"2 500,0": {"2 500,0", "2 500,0"}, // as it was typed
		"1,500":   {"1,500", "1,500"}, "ten": {"ten", "ten"}, "": {"", ""}, "0007": {"0007", "0007"},
	} {
		assert.Equal(t, want, [2]string{inputIn(language.English(), text), inputIn(ukrainian, text)}, text)
	}
}

// What stands in an input is read back as what it was, whatever a host's language has for marks.
func TestWhatAnInputShowsIsReadBack(t *testing.T) {
	marks := []string{".", ",", "'", "’", " ", "\u00a0", "\u202f", "·", "٫", "٬", "-", "5", ""}
	rapid.Check(t, func(t *rapid.T) {
		l, err := language.New(language.Catalog{
			Tag: "fr", Decimal: rapid.SampledFrom(marks).Draw(t, "decimal"), Group: rapid.SampledFrom(marks).Draw(t, "group"), RightToLeft: rapid.Bool().Draw(t, "rtl"),
		})
		if err != nil {
			t.Skip("no such language")
		}
		text := rapid.StringMatching(`-?(0|[1-9][0-9]{0,9})(\.[0-9]{1,6})?`).Draw(t, "amount")
		plain := words.ReadAmount(text)
		read := words.ReadAmount(inputIn(l, text))
		if len(plain) == 1 {
			assert.Equal(t, plain, read)
		} else { // it is asked for, or is unchanged
			assert.Equal(t, text, inputIn(l, text))
		}
	})
}
