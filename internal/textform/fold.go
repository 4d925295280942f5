package textform

import (
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

//go:generate go run ../lists/folding

// FoldLogin returns the form in which logins are stored and compared: ASCII letters in
// lower case, everything else as it is.
func FoldLogin(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}, s)
}

// SameID reports whether two ids of people are of one: in whichever case, with whichever blanks
// around and between their parts, and marks that nobody sees. Who signs in as ANN where they are ann is nobody else.
func SameID(a, b string) bool { return strings.EqualFold(oneBlank(a), oneBlank(b)) }

func oneBlank(s string) string {
	seen := strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Cf, r) {
			return -1
		}
		return r
	}, s)
	return strings.Join(strings.Fields(seen), " ")
}

// ForSort returns the form in which text is sorted: lower case. Accents count.
func ForSort(s string) string { return strings.ToLower(s) }

// ForSearch returns the form in which text is searched: in lower case, without accents and
// other marks that people leave out, letters and signs in their plain form, any white
// space as a space. What cannot be seen is dropped: it comes along when people paste.
func ForSearch(s string) string {
	s = strings.ToLower(s)
	if isPlain(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range s {
		foldInto(&b, r)
	}
	return b.String()
}

// isPlain reports whether there is nothing to fold but case.
func isPlain(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r < ' ' || r >= 0x7f }) < 0
}

func foldInto(b *strings.Builder, r rune) {
	switch folded, known := folds()[r]; {
	case known:
		b.WriteString(folded)
	case unicode.IsSpace(r):
		b.WriteByte(' ')
	case r >= firstSyllable && r <= lastSyllable:
		foldSyllable(b, r-firstSyllable)
	case r == utf8.RuneError, !isShaped(r), unicode.Is(unicode.Inherited, r), unicode.Is(unicode.Cf, r):
	default:
		b.WriteRune(r)
	}
}

// folds is the table of single characters, by those in lower case.
var folds = sync.OnceValue(func() map[rune]string {
	table := make(map[rune]string, strings.Count(foldings, " "))
	for entry := range strings.FieldsSeq(foldings) {
		r, size := utf8.DecodeRuneInString(entry)
		table[r] = entry[size:]
	}
	return table
})

// Hangul syllables are made of letters by rule (Unicode, 3.12).
const (
	firstSyllable, lastSyllable            = 0xac00, 0xd7a3
	firstInitial, firstMedial, beforeFinal = 0x1100, 0x1161, 0x11a7
	medials, finals                        = 21, 28
)

// foldSyllable writes a syllable's letters, as text that came decomposed has them.
func foldSyllable(b *strings.Builder, syllable rune) {
	b.WriteRune(firstInitial + syllable/(medials*finals))
	b.WriteRune(firstMedial + syllable/finals%medials)
	if final := syllable % finals; final > 0 {
		b.WriteRune(beforeFinal + final)
	}
}
