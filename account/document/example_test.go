package document_test

import (
	"fmt"
	"log"
	"os"
	"time"

	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/document"
	"github.com/clientaccount/clientaccount/account/sheet"
)

// What an account used in a period becomes a statement and an invoice.
func Example() {
	id, zone := account.NewID(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), [10]byte{}), time.UTC
	at := time.Date(2026, 11, 5, 9, 0, 0, 0, zone)
	entries := []account.Entry{
		{Account: id, Number: 1, Kind: account.KindTopUp, Amount: account.Amount("100"), After: account.Amount("100"), At: at},
		{Account: id, Number: 2, Kind: account.KindCharge, Messages: 1000, Amount: account.Amount("-31.2"), After: account.Amount("68.8"), At: at},
		{Account: id, Number: 3, Kind: account.KindCharge, Messages: 3, Amount: account.Amount("-0.0936"), After: account.Amount("68.7064"), At: at},
	}
	period := document.NewPeriod(
		account.Cut{At: time.Date(2026, 11, 1, 0, 0, 0, 0, zone), Day: account.Date{Year: 2026, Month: time.November, Day: 1}},
		account.Cut{At: time.Date(2026, 12, 1, 0, 0, 0, 0, zone), Day: account.Date{Year: 2026, Month: time.December, Day: 1}}, zone)

	usage := document.NewUsage(id, document.Mark{})
	for _, e := range entries {
		if !period.Takes(e) {
			break // and it begins the next one
		}
		if err := usage.Add(e, zone); err != nil {
			log.Fatal(err)
		}
	}
	head := document.Head{Currency: "EUR", Number: document.NewNumber("INV", 2026, 1, nil)}
	statement, err := document.NewStatement(head, period, usage)
	if err != nil {
		log.Fatal(err)
	}
	invoice, err := document.NewInvoice(head, period, usage, document.Percent("VAT", decimal.NewFromInt(20)))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(statement.Opening.Balance, "->", statement.Closing.Balance)
	if err := document.NewSheet(invoice).WriteCSV(os.Stdout, sheet.Options{}); err != nil {
		log.Fatal(err)
	}
	// Output:
	// 0 -> 68.7064
	// number,type,refund,name,rate,price,messages,amount,currency
	// INV-2026-000001,line,,,,0.0312,1003,31.2936,EUR
	// INV-2026-000001,subtotal,,,,,,31.2936,EUR
	// INV-2026-000001,rounding,,,,,,-0.0036,EUR
	// INV-2026-000001,net,,,,,,31.29,EUR
	// INV-2026-000001,tax,,VAT,20.00,,,6.26,EUR
	// INV-2026-000001,total,,,,,,37.55,EUR
}
