package document_test

import (
	"fmt"
	"log"
	"os"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/document"
	"github.com/clientaccount/clientaccount/account/price"
)

// A client's prices, as the file that they want.
func ExampleFiles() {
	begins := time.Date(2026, 12, 7, 23, 0, 0, 0, time.UTC)
	changes := []price.Change{
		{Network: price.Network{MCC: "262"}, From: begins, Before: account.Some(account.Amount("0.07")), After: account.Some(account.Amount("0.075"))},
		{Network: price.Network{MCC: "262", MNC: "02"}, From: begins, Before: account.Some(account.Amount("0.07"))},
	}
	head := document.Head{Currency: "EUR", Zone: "Europe/Berlin", Issued: account.Date{Year: 2026, Month: time.November, Day: 28}}
	update, err := document.NewPriceUpdate(head, account.PriceCSV, changes, price.Names{})
	if err != nil {
		log.Fatal(err)
	}
	files := document.Files{} // and PDF and Workbook, where a host has them
	fmt.Println(files.Formats(update.Kind()), files.Name(update, document.FormatCSV))
	if err := files.Write(os.Stdout, update, document.FormatCSV); err != nil {
		log.Fatal(err)
	}
	// Output:
	// [html csv] price-update-2026-11-28.csv
	// country,network,MCC,MNC,price,currency,from,change,before
	// Germany,,262,,0.075,EUR,2026-12-08T00:00:00+01:00,up,0.07
	// Germany,,262,02,closed,EUR,2026-12-08T00:00:00+01:00,closed,0.07
}

// What somebody sees who may not see whom a document is for.
func ExampleMasked() {
	i := document.Invoice{Head: document.Head{Customer: document.Customer{Login: "acme", Name: "ACME Ltd", Contract: "C-17"}}}
	sees := func(path string) bool { return path == "login" }
	fmt.Printf("%+v\n", document.Masked(i, sees).About().Customer)
	// Output:
	// {Login:acme Name: Contact: Address:[] Country: Credential: Contract:}
}
