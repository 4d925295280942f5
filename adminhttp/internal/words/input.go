package words

import (
	"slices"
	"strings"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/internal/language"
	"github.com/clientaccount/clientaccount/internal/say"
)

// Input is what stands in the input of an amount: plain digits are written as the page writes amounts,
// with the minus of a keyboard, where that is read back as what it is. Anything else stays as it was
// typed.
type Input string

// SayIn writes it in a language.
func (i Input) SayIn(l *language.Language) any {
	text := string(i)
	amount, err := account.ParseAmount(text)
	if err != nil || !slices.Contains(ReadAmount(text), text) {
		return text
	}
	inThrees := account.FormatNumber(amount, int(max(0, -amount.Exponent())), ".", ",")
	for _, digits := range []string{inThrees, text} {
		written, _ := l.Value(say.Digits(digits)).(string)
		if read := ReadAmount(written); len(read) == 1 && read[0] == text {
			return strings.Replace(narrow.Replace(written), "−", "-", 1)
		}
	}
	return text
}
