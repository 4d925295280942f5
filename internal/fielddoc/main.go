// Command fielddoc writes docs/fields.md, the reference of every field of the Edit
// page, from the field table of package account:
//
//	go generate ./internal/fielddoc
package main

//go:generate go run . -out ../../docs/fields.md

import (
	"flag"
	"log"
	"os"
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("fielddoc: ")
	out := flag.String("out", "docs/fields.md", "file to write")
	flag.Parse()
	if err := os.WriteFile(*out, []byte(page()), 0o644); err != nil {
		log.Fatal(err)
	}
}
