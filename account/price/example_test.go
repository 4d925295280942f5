package price_test

import (
	"fmt"
	"log"
	"os"
	"strings"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/price"
	"github.com/clientaccount/clientaccount/account/sheet"
)

func Example() {
	kyivstar := price.Network{MCC: "255", MNC: "03"}
	january := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

	product, err := price.NewList([]price.Row{
		{Network: kyivstar.Whole(), From: january, Price: account.Amount("0.05")},
		{Network: kyivstar, From: january, Price: account.Amount("0.045")},
	})
	if err != nil {
		log.Fatal(err)
	}
	own, err := price.NewList([]price.Row{
		{Network: kyivstar, From: january.AddDate(0, 1, 0), Price: account.Amount("0.04")},
	})
	if err != nil {
		log.Fatal(err)
	}

	prices := price.Prices{Own: own, Product: product}
	for _, at := range []time.Time{january, january.AddDate(0, 1, 0)} {
		found, ok := prices.Find(kyivstar, at)
		fmt.Println(at.Format(time.DateOnly), found.Price, found.Origin, ok)
	}
	_, ok := prices.Find(price.Network{MCC: "250", MNC: "01"}, january)
	fmt.Println("Russia:", ok)
	// Output:
	// 2026-01-01 0.045 product true
	// 2026-02-01 0.04 own true
	// Russia: false
}

func ExampleReadCSV() {
	file := "MCC;MNC;Price;From\r\n" +
		"255;;0,05;01.12.2026\r\n" +
		"255;3;0.045;01.12.2026\r\n"
	kyiv, err := time.LoadLocation("Europe/Kyiv")
	if err != nil {
		log.Fatal(err)
	}

	_, err = price.ReadCSV(strings.NewReader(file), price.ReadOptions{DecimalComma: true, Zone: kyiv})
	faults, _ := price.AsFaults(err)
	for _, f := range faults {
		fmt.Println(f.Line, f.Column, f.Code)
	}

	file = strings.NewReplacer(";3;", ";03;", "0.045", "0,045").Replace(file)
	rows, err := price.ReadCSV(strings.NewReader(file), price.ReadOptions{DecimalComma: true, Zone: kyiv})
	if err != nil {
		log.Fatal(err)
	}
	for _, r := range rows {
		fmt.Println(r.Code(), r.Price, r.From.Format(time.RFC3339))
	}
	// Output:
	// 3 2 mnc.format
	// 3 3 price.point
	// 255 0.05 2026-11-30T22:00:00Z
	// 25503 0.045 2026-11-30T22:00:00Z
}

func ExampleDraft() {
	ukraine := price.Network{MCC: "255"}
	january := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	list, err := price.NewList([]price.Row{{Network: ukraine, From: january, Price: account.Amount("0.05")}})
	if err != nil {
		log.Fatal(err)
	}

	now := january.AddDate(0, 0, 20)
	draft := price.Draft{Rows: []price.Row{
		{Network: ukraine, From: january.AddDate(0, 1, 0), Price: account.Amount("0.055")},
		{Network: price.Network{MCC: "255", MNC: "06"}, From: january.AddDate(0, 2, 0), State: price.StateClosed},
	}}
	next, err := draft.Apply(list, now)
	if err != nil {
		log.Fatal(err)
	}
	before, after := price.Prices{Product: list}, price.Prices{Product: next}
	for _, c := range draft.Changes(before, after) {
		percent, _ := c.Percent()
		fmt.Println(c.Code(), c.From.Format(time.DateOnly), c.Kind(), c.Before, c.After, percent)
	}

	update := price.Update{Currency: "EUR", Names: price.Names{
		Network: func(n price.Network) string { return map[string]string{"25506": "lifecell"}[n.Code()] },
	}}
	table, err := update.Sheet(account.PriceCSV, after.Schedule(now))
	if err != nil {
		log.Fatal(err)
	}
	if err := table.WriteCSV(os.Stdout, sheet.Options{}); err != nil {
		log.Fatal(err)
	}
	// Output:
	// 255 2026-02-01 up 0.05 0.055 10
	// 25506 2026-02-01 up 0.05 0.055 10
	// 25506 2026-03-01 closed 0.055 unset 0
	// country,network,MCC,MNC,price,currency,from,change,before
	// Ukraine,,255,,0.05,EUR,2026-01-01T00:00:00Z,,
	// Ukraine,,255,,0.055,EUR,2026-02-01T00:00:00Z,up,0.05
	// Ukraine,lifecell,255,06,0.05,EUR,2026-01-01T00:00:00Z,,
	// Ukraine,lifecell,255,06,0.055,EUR,2026-02-01T00:00:00Z,up,0.05
	// Ukraine,lifecell,255,06,closed,EUR,2026-03-01T00:00:00Z,closed,0.055
}
