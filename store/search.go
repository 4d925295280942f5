package store

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/clientaccount/clientaccount/internal/textform"
)

// Bounds of a search: what is beyond them is not looked at.
const (
	maxSearch      = 1024 // bytes of what was typed
	maxSearchTerms = 16
)

// SearchTerms is what is looked for in a [account.Account.SearchText]. All terms must be found.
// None are found everywhere.
type SearchTerms []SearchTerm

// SearchTerm is found where all texts of one of its alternatives are: each is a part of the search
// text, or, behind a line feed, the beginning of a word of it. No alternatives are found nowhere.
type SearchTerm [][]string

// ParseSearch reads what people type or paste into a search: words or parts of words in
// any order, with any white space between and around them, in upper or lower case, with
// or without their accents, in any Unicode form. A word without three letters or digits
// in a row, too few for an index, is found where another begins with it. A phone number may
// be written as one likes, in its international or its national form. A word is also found without what it
// was copied with: quotation marks, brackets and the marks of a sentence around it, mailto: or https:// before it,
// as in "Pell, Harriet" or <mailto:office@example.com>. At most 16 words of the first 1,024 bytes count. What is no text, with a NUL or broken UTF-8, is found nowhere.
func ParseSearch(typed string) SearchTerms {
	if !utf8.ValidString(typed) || strings.Contains(typed, "\x00") {
		return SearchTerms{nil}
	}
	words := strings.Fields(textform.ForSearch(cut(typed, maxSearch)))
	words = words[:min(len(words), maxSearchTerms)]
	var terms SearchTerms
	for len(words) > 0 {
		if run := phoneRun(words); run > 0 {
			terms = append(terms, numberTerms(words[:run])...)
			words = words[run:]
			continue
		}
		terms = append(terms, pastedTerm(words[0]))
		words = words[1:]
	}
	return terms
}

// pastedTerm is found where a word is, or where it is without what it was copied with.
func pastedTerm(word string) SearchTerm {
	term := wordTerm([]string{word})
	if bare := bareWord(word); bare != "" && bare != word {
		term = append(term, wordTerm([]string{bare})...)
	}
	return term
}

// bareWord is a word without what comes along when it is copied out of a sentence, a link, or the
// address of a mail: quotation marks, brackets, commas.
func bareWord(word string) string {
	const around = `"'<>()[]{},;:!?«»„“”‘’`
	word = strings.Trim(word, around)
	for _, scheme := range []string{"mailto:", "https://", "http://"} {
		word = strings.TrimPrefix(word, scheme)
	}
	return strings.TrimRight(strings.TrimLeft(word, around), around+"./")
}

// wordTerm is found where all words are.
func wordTerm(words []string) SearchTerm {
	texts := make([]string, len(words))
	for i, word := range words {
		if texts[i] = word; isShort(word) {
			texts[i] = beginning + word
		}
	}
	return SearchTerm{texts}
}

// beginning marks a text that is looked for where words begin.
const beginning = "\n"

// indexed is how many letters or digits in a row an index of texts has.
const indexed = 3

// isShort reports whether a word has letters or digits, but fewer in a row than an index has.
func isShort(word string) bool {
	run, longest := 0, 0
	for _, r := range word {
		if run++; !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			run = 0
		}
		longest = max(longest, run)
	}
	return longest > 0 && longest < indexed
}

// numberTerms returns the terms of words that may be parts of one phone number: that number, or
// all of the words. One or two digits count only together with the others, as they were typed.
func numberTerms(words []string) (terms SearchTerms) {
	numbers := dialled(strings.Join(words, ""))
	if numbers == nil {
		for i := range words {
			terms = append(terms, pastedTerm(words[i]))
		}
		return terms
	}
	if len(words) > 1 {
		numbers = append(numbers, strings.Join(words, " "))
	}
	var term SearchTerm
	for _, number := range numbers {
		term = append(term, []string{number})
	}
	few := func(word string) bool { return len(word) <= 2 }
	if long := slices.DeleteFunc(slices.Clone(words), few); len(long) > 0 {
		term = append(term, wordTerm(long)...)
	}
	return SearchTerms{term}
}

// In reports whether all terms are found in a search text.
func (terms SearchTerms) In(searchText string) bool {
	has := func(text string) bool {
		if word, begins := strings.CutPrefix(text, beginning); begins {
			return strings.HasPrefix(searchText, word) || strings.Contains(searchText, text) || strings.Contains(searchText, " "+word)
		}
		return strings.Contains(searchText, text)
	}
	for _, term := range terms {
		if !slices.ContainsFunc(term, func(texts []string) bool {
			return !slices.ContainsFunc(texts, func(text string) bool { return !has(text) })
		}) {
			return false
		}
	}
	return true
}

// cut returns the beginning of a text, of at most so many bytes.
func cut(s string, most int) string {
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "")
}

// phoneRun returns how many words, from the first one on, may be parts of one phone number.
func phoneRun(words []string) int {
	n := slices.IndexFunc(words, func(word string) bool { return !isPhonePart(word) })
	if n < 0 {
		return len(words)
	}
	return n
}

// isPhonePart takes also what comes along when a number is copied out of a sentence or
// a link.
func isPhonePart(word string) bool {
	return strings.Trim(strings.TrimPrefix(word, "tel:"), `0123456789+-./(),;"'`) == ""
}

// Digits of a phone number: fewer are no reason to read digits as one, or to take a
// prefix off them.
const fewDigits = 5

// dialPrefixes stand before a number depending on where one dials from: the ways out of
// a country, and those into its national network.
var dialPrefixes = []string{"00", "011", "810", "0", "8", "06"}

// dialled returns the digits of what may be a phone number, and the same without what may be
// a prefix; nil where it is too short for one. Numbers are stored as E.164, of which
// both are a part. A zero in brackets, as in +44 (0) 20, is never dialled from abroad.
func dialled(number string) (numbers []string) {
	digits := strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, strings.ReplaceAll(number, "(0)", ""))
	if len(digits) < fewDigits {
		return nil
	}
	numbers = []string{digits}
	for _, prefix := range dialPrefixes {
		if rest, found := strings.CutPrefix(digits, prefix); found && len(rest) >= fewDigits {
			numbers = append(numbers, rest)
		}
	}
	return numbers
}
