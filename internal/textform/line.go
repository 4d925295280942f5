// Package textform has the forms of text that all of the module agrees on: what may be kept, and
// what sorts and finds it.
package textform

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// IsLine reports whether s may be kept as a line of text: it is UTF-8, and all of it can
// be seen. What cannot be seen makes one name look like another, or turns the direction
// of what follows. These are refused:
//
//   - control characters, line and paragraph separators;
//   - format characters: marks of direction (U+202E, U+2066), zero-width spaces
//     (U+200B, U+FEFF), soft hyphens, tags, annotations;
//   - fillers and the blank of Braille, which are letters without a shape;
//   - private characters and those that are none, which mean nothing to others, and
//     U+FFFD, which stands where text was lost on its way here.
//
// Joiners and variation selectors stay where they shape what is seen: U+200C and U+200D
// between letters and behind a virama, U+200D between emoji, a selector behind a symbol
// or an ideograph.
func IsLine(s string) bool { return isVisible(s, "") }

// IsLines is IsLine for text of several lines: line feeds and tabs are allowed.
func IsLines(s string) bool { return isVisible(s, "\n\t") }

// isVisible is IsLine with some control characters allowed.
func isVisible(s, controls string) bool {
	before := rune(' ')
	for at, r := range s {
		size := 1
		if r >= utf8.RuneSelf {
			size = utf8.RuneLen(r)
		}
		switch {
		case r >= ' ' && r < 0x7f, strings.ContainsRune(controls, r):
		case r == utf8.RuneError, !isShaped(r):
			return false
		case shapes(r):
			after, _ := utf8.DecodeRuneInString(s[at+size:])
			if !shapesBetween(before, r, after) {
				return false
			}
		}
		before = r
	}
	return true
}

// isShaped reports whether a character is seen, or shapes others.
func isShaped(r rune) bool {
	switch {
	case shapes(r), unicode.Is(unicode.Prepended_Concatenation_Mark, r):
		return true
	case unicode.In(r, unicode.C, unicode.Zl, unicode.Zp, unicode.Other_Default_Ignorable_Code_Point, unicode.Noncharacter_Code_Point):
		return false
	default:
		return r != '\u2800'
	}
}

const (
	nonJoiner = '\u200c'
	joiner    = '\u200d'
	keycap    = '\u20e3'
)

// shapes reports whether a character is seen only in what it does to others.
func shapes(r rune) bool {
	return r == nonJoiner || r == joiner || unicode.Is(unicode.Variation_Selector, r)
}

// shapesBetween reports whether such a character does anything where it stands.
func shapesBetween(before, r, after rune) bool {
	switch {
	case (r == nonJoiner || r == joiner) && isVirama(before):
		return true
	case r == nonJoiner:
		return isLetter(before) && isLetter(after)
	case r == joiner:
		return isLetter(before) && isLetter(after) || isEmoji(before) && isEmoji(after)
	default:
		return isEmoji(before) && !shapes(before) || after == keycap ||
			unicode.In(before, unicode.Han, unicode.Mongolian) && unicode.IsLetter(before)
	}
}

// isLetter includes the marks that letters bear, of which scripts make syllables.
func isLetter(r rune) bool { return !shapes(r) && unicode.In(r, unicode.L, unicode.M) }

// isVirama tells the signs that take a consonant's vowel away (Unicode's combining class
// 9, in the scripts of India and Sri Lanka). A joiner behind one chooses its shape also
// where no letter follows, as of the letters that end many words of Malayalam.
func isVirama(r rune) bool {
	return strings.ContainsRune("\u094d\u09cd\u0a4d\u0acd\u0b4d\u0bcd\u0c4d\u0ccd\u0d4d\u0dca", r)
}

// isEmoji includes selectors, which stand behind emoji only, and signs such as !! that
// have an emoji form.
func isEmoji(r rune) bool {
	return unicode.In(r, unicode.So, unicode.Sm, unicode.Sk, unicode.Variation_Selector) && r > unicode.MaxASCII ||
		strings.ContainsRune("\u203c\u2049\u2139\u3030", r)
}
