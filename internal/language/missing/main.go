// Command missing lists what the pages say and a language does not, and what it says that they do
// no longer, for who translates: go run ./internal/language/missing [catalog.json], from the top
// of the module. Without a file it is about Ukrainian.
package main

import (
	"encoding/json"
	"fmt"
	"log"
	"maps"
	"os"
	"slices"

	"github.com/clientaccount/clientaccount/internal/language"
	"github.com/clientaccount/clientaccount/internal/language/uk"
)

func main() {
	c := uk.Catalog()
	if len(os.Args) > 1 {
		c = language.Catalog{}
		text, err := os.ReadFile(os.Args[1])
		if err == nil {
			err = json.Unmarshal(text, &c)
		}
		if err != nil {
			log.Fatal(err)
		}
	}
	lacks, more, err := compare(".", c)
	if err != nil {
		log.Fatal(err)
	}
	for _, text := range lacks {
		fmt.Printf("%q\n", text)
	}
	for _, text := range more {
		fmt.Printf("no longer said: %q\n", text)
	}
}

// compare returns what a catalog lacks, and what it has that is not said.
func compare(top string, c language.Catalog) (lacks, more []string, err error) {
	said, err := messages(top)
	for text := range said {
		if _, has := c.Texts[text]; !has {
			lacks = append(lacks, text)
		}
	}
	for text := range c.Texts {
		if !said[text] {
			more = append(more, text)
		}
	}
	slices.Sort(lacks)
	slices.Sort(more)
	return lacks, more, err
}

// messages returns all that pages say, of the module whose top is given.
func messages(top string) (map[string]bool, error) {
	all := map[string]bool{}
	for _, of := range []func(string) ([]string, error){ofTemplates, ofCode, ofTables} {
		found, err := of(top)
		if err != nil {
			return nil, err
		}
		for _, text := range found {
			all[text] = true
		}
	}
	maps.DeleteFunc(all, func(text string, _ bool) bool { return !wordy(text) })
	return all, nil
}
