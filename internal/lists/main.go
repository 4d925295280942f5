// Command lists writes the currency and country tables of package account
// from two public lists, of which it carries over only facts:
//
//   - ISO 4217 list one, the maintenance agency's own XML, as the npm package
//     currency-codes ships it: codes, names, minor digits, which are funds;
//   - ISO 3166-1 as Debian's package iso-codes ships it: codes, English names.
//
// Fetch both, then generate:
//
//	apt-get install iso-codes
//	npm install --prefix internal/lists --no-save --no-package-lock --ignore-scripts currency-codes@2.2.0
//	go generate ./account
//
// What the currency list does not know yet is in corrections.go. A correction
// that a newer list already contains fails the run, so that none outlives its
// use.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"go/format"
	"log"
	"os"
	"path/filepath"
	"text/template"
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("lists: ")
	currencies := flag.String("currencies",
		"../internal/lists/node_modules/currency-codes/iso-4217-list-one.xml", "ISO 4217 list one, XML")
	countries := flag.String("countries",
		"/usr/share/iso-codes/json/iso_3166-1.json", "ISO 3166-1 as iso-codes writes it, JSON")
	out := flag.String("out", ".", "directory of package account")
	flag.Parse()
	if err := run(*currencies, *countries, *out); err != nil {
		log.Fatal(err)
	}
}

// run reads both lists before it writes either table.
func run(currencyPath, countryPath, out string) error {
	currencies, err := generate(currencyPath, currencySource)
	if err != nil {
		return fmt.Errorf("currencies: %w", err)
	}
	countries, err := generate(countryPath, countrySource)
	if err != nil {
		return fmt.Errorf("countries: %w", err)
	}
	if err := os.WriteFile(filepath.Join(out, "currency_list.go"), currencies, 0o644); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(out, "country_list.go"), countries, 0o644)
}

// generate turns the list at path into formatted Go source.
func generate(path string, source func(list []byte) ([]byte, error)) ([]byte, error) {
	list, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return source(list)
}

// render fills a template and formats the result.
func render(t *template.Template, data any) ([]byte, error) {
	var b bytes.Buffer
	if err := t.Execute(&b, data); err != nil {
		return nil, err
	}
	return format.Source(b.Bytes())
}
