// Command passwords writes the list of common passwords that package validate
// refuses, from the frequency list in the npm package @zxcvbn-ts/language-common
// (MIT licence), which counts passwords that appeared in public leaks. Only the
// fact of being common is carried over, of those long enough to be accepted at all, and
// of shorter words, to which people add digits and signs until they are.
//
// Fetch the list, then generate:
//
//	npm install --prefix internal/lists --no-save --no-package-lock --ignore-scripts @zxcvbn-ts/language-common@4.1.3
//	go generate ./validate
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"maps"
	"os"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The shortest password that validate accepts and the shortest word that it looks for in
// one, and how many of the most common are kept of each: further down, the list's order
// says little.
const (
	shortest     = 8
	most         = 10_000
	shortestWord = 4
	mostWords    = 5_000
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("passwords: ")
	in := flag.String("in",
		"../internal/lists/node_modules/@zxcvbn-ts/language-common/src/passwords.json", "passwords by frequency, a JSON array")
	out := flag.String("out", "passwords.txt", "file to write, a password a line")
	flag.Parse()
	if err := run(*in, *out); err != nil {
		log.Fatal(err)
	}
}

func run(in, out string) error {
	data, err := os.ReadFile(in)
	if err != nil {
		return err
	}
	var all []string
	if err := json.Unmarshal(data, &all); err != nil {
		return err
	}
	common := pick(all)
	if len(common) < most+mostWords {
		return fmt.Errorf("only %d passwords and words", len(common))
	}
	return os.WriteFile(out, []byte(strings.Join(common, "\n")+"\n"), 0o644)
}

// pick takes the most common passwords and words, folded and sorted.
func pick(byFrequency []string) []string {
	passwords, words := map[string]bool{}, map[string]bool{}
	for _, password := range byFrequency {
		folded := strings.ToLower(password)
		switch n := utf8.RuneCountInString(folded); {
		case strings.Contains(folded, "\n"):
		case n >= shortest && len(passwords) < most:
			passwords[folded] = true
		case n >= shortestWord && n < shortest && isWord(folded) && len(words) < mostWords:
			words[folded] = true
		}
	}
	maps.Copy(passwords, words)
	return slices.Sorted(maps.Keys(passwords))
}

// isWord reports whether a text is letters throughout.
func isWord(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsLetter(r) })
}
