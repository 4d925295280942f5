// Command passwords writes the list of common passwords that package validate
// refuses, from the frequency list in the npm package @zxcvbn-ts/language-common
// (MIT licence), which counts passwords that appeared in public leaks. Only the
// fact of being common is carried over, of those long enough to be accepted at all.
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
	"os"
	"slices"
	"strings"
	"unicode/utf8"
)

// The shortest password that validate accepts, and how many of the most common
// are kept: further down, the list's order says little.
const (
	shortest = 8
	most     = 10_000
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
	if len(common) < most {
		return fmt.Errorf("only %d passwords of at least %d characters", len(common), shortest)
	}
	return os.WriteFile(out, []byte(strings.Join(common, "\n")+"\n"), 0o644)
}

// pick takes the most common passwords that are long enough, folded and sorted.
func pick(byFrequency []string) []string {
	seen := map[string]bool{}
	for _, password := range byFrequency {
		folded := strings.ToLower(password)
		if utf8.RuneCountInString(folded) >= shortest && !strings.Contains(folded, "\n") && len(seen) < most {
			seen[folded] = true
		}
	}
	common := make([]string, 0, len(seen))
	for password := range seen {
		common = append(common, password)
	}
	slices.Sort(common)
	return common
}
