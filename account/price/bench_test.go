package price_test

import (
	"fmt"
	"testing"

	"github.com/clientaccount/clientaccount/account/price"
)

// BenchmarkFind is to be read against BenchmarkMap, one look-up in a map of as many entries:
// go test -run - -bench 'Find|Map' ./account/price
func BenchmarkFind(b *testing.B) {
	prices, asked := manyPrices(b)
	at := day0.AddDate(0, 6, 0)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		if _, ok := prices.Find(asked[i%len(asked)], at); !ok {
			b.Fatal("no price")
		}
	}
}

func BenchmarkMap(b *testing.B) {
	_, asked := manyPrices(b)
	entries := map[string]price.Row{}
	codes := make([]string, len(asked))
	for i, n := range asked {
		codes[i] = n.Code()
		entries[codes[i]] = price.Row{Network: n}
	}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		if _, ok := entries[codes[i%len(codes)]]; !ok {
			b.Fatal("no entry")
		}
	}
}

// manyPrices returns a product's of 200 countries with 10 networks each, changed every month of
// a year, and a client's own of a tenth of the networks.
func manyPrices(b *testing.B) (prices price.Prices, asked []price.Network) {
	var own, product []price.Row
	add := func(rows []price.Row, n price.Network) []price.Row {
		for month := range 12 {
			rows = append(rows, price.Row{Network: n, From: day0.AddDate(0, month, 0), Price: amount("0.05")})
		}
		return rows
	}
	for mcc := 200; mcc < 400; mcc++ {
		country := price.Network{MCC: fmt.Sprint(mcc)}
		product = add(product, country)
		for mnc := range 10 {
			n := price.Network{MCC: country.MCC, MNC: fmt.Sprintf("%02d", mnc)}
			product = add(product, n)
			if mnc == 0 {
				own = add(own, n)
			}
			asked = append(asked, n)
		}
	}
	return price.Prices{Own: mustList(b, own), Product: mustList(b, product)}, asked
}
