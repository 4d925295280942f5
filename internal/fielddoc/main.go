// Command fielddoc writes the references that are made from tables: docs/fields.md, every
// field of the Edit page, of managers and of products; and docs/codes.md, every code that
// programs get:
//
//	go generate ./internal/fielddoc
package main

//go:generate go run . -out ../../docs

import (
	"flag"
	"log"
	"os"
	"path/filepath"

	"github.com/clientaccount/clientaccount/account"
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("fielddoc: ")
	out := flag.String("out", "docs", "folder to write to")
	flag.Parse()
	for name, text := range documents() {
		if err := os.WriteFile(filepath.Join(*out, name), []byte(text), 0o644); err != nil {
			log.Fatal(err)
		}
	}
}

// documents returns all that are written, by their names.
func documents() map[string]string {
	return map[string]string{"fields.md": fieldPage(account.Fields()), "codes.md": codePage()}
}
