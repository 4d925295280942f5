// Command lists writes the currency and country tables of package account, and the table of
// mobile country codes of account/price, from public lists, of which it carries over only facts:
//
//   - ISO 4217 list one, the maintenance agency's own XML, as the npm package
//     currency-codes ships it: codes, names, minor digits, which are funds;
//   - ISO 3166-1 as Debian's package iso-codes ships it: codes, English names;
//   - ITU-T E.212 as mobile-broadband-provider-info has it, which NetworkManager and
//     ModemManager read and which is in the public domain: which country's an MCC is. The
//     MCCs that it lacks are in mccs.go.
//
// Fetch them, then generate:
//
//	apt-get install iso-codes mobile-broadband-provider-info
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
	mccs := flag.String("mccs",
		"/usr/share/mobile-broadband-provider-info/serviceproviders.xml", "mobile-broadband-provider-info, XML")
	out := flag.String("out", ".", "directory of package account")
	flag.Parse()
	if err := run(*currencies, *countries, *mccs, *out); err != nil {
		log.Fatal(err)
	}
}

// run reads all lists before it writes any table.
func run(currencyPath, countryPath, mccPath, out string) error {
	tables := []struct {
		name, list string
		source     func(list []byte) ([]byte, error)
		content    []byte
	}{
		{name: "currency_list.go", list: currencyPath, source: currencySource},
		{name: "country_list.go", list: countryPath, source: countrySource},
		{name: "price/mcc_list.go", list: mccPath, source: mccSource},
	}
	for i, t := range tables {
		content, err := generate(t.list, t.source)
		if err != nil {
			return fmt.Errorf("%s: %w", t.name, err)
		}
		tables[i].content = content
	}
	for _, t := range tables {
		if err := os.WriteFile(filepath.Join(out, t.name), t.content, 0o644); err != nil {
			return err
		}
	}
	return nil
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
