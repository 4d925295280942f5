package validate

import (
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// minWord is the fewest letters of a common word that a password may not be made of.
const minWord = 4

// isCommonWord reports whether a password is a common one in disguise: with digits and
// signs for the letters they look like, and more of them around it. What is around must
// not be longer than the word: then it is the secret, and the word only stands beside it.
func isCommonWord(plain string) bool {
	if len(plain) > 4*maxPassword {
		return false
	}
	for _, word := range words(plain) {
		if commonWords()[undisguised(word)] {
			return true
		}
	}
	return false
}

// words returns what a password may be without what was put around it: all of it, without
// what ends it, and without what begins it either. They are folded.
func words(plain string) []string {
	folded := strings.ToLower(plain)
	found := []string{folded}
	ended := strings.TrimRightFunc(folded, isAdded)
	for _, word := range []string{ended, strings.TrimLeftFunc(ended, isAdded)} {
		if n := utf8.RuneCountInString(word); n >= minWord && 2*n >= utf8.RuneCountInString(folded) {
			found = append(found, word)
		}
	}
	return found
}

// isAdded tells what people put around a word: anything but letters.
func isAdded(r rune) bool { return !unicode.IsLetter(r) }

// lookalikes are digits and signs, each with the letter it stands for. The letter l is
// taken for an i, as 1 stands for both.
var lookalikes = strings.NewReplacer(
	"0", "o", "1", "i", "l", "i", "|", "i", "!", "i", "3", "e", "4", "a", "@", "a", "5", "s", "$", "s",
	"7", "t", "+", "t", "8", "b", "9", "g",
)

// undisguised returns a folded word with letters for what looks like them.
func undisguised(word string) string { return lookalikes.Replace(word) }

// commonWords are the common passwords undisguised, whole and without what is around
// their words. It is made when first asked for: about a megabyte.
var commonWords = sync.OnceValue(func() map[string]bool {
	common := make(map[string]bool, strings.Count(commonPasswords, "\n"))
	for password := range strings.Lines(commonPasswords) {
		for _, word := range words(strings.TrimSuffix(password, "\n")) {
			common[undisguised(word)] = true
		}
	}
	return common
})
