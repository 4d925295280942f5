package main

import (
	"context"
	"io"
	"slices"

	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/document"
	"github.com/clientaccount/clientaccount/account/document/pdf"
	"github.com/clientaccount/clientaccount/account/price/xlsx"
)

// issuer is who the documents are from. A host with several companies answers by the account.
var issuer = document.Issuer{
	Name: "Example SMS UAB", Address: []string{"Gedimino pr. 1", "01103 Vilnius"}, Country: "LT", Credential: "LT100001234511",
	Email: "billing@example.com", Phone: "+37060000000",
	Notes: []string{"Payable within 14 days to LT12 1000 0111 0100 1000, Example Bank."},
}

// documentOptions say what documents hold beside what the accounts do.
func documentOptions() clientaccount.DocumentOptions {
	return clientaccount.DocumentOptions{
		Issuer: func(context.Context, account.Account) (document.Issuer, error) { return issuer, nil },
		Taxes:  taxes,
		Network: func(mcc, mnc string) string {
			return demoNetworks[mcc+mnc]
		},
	}
}

// files writes documents in every format.
func files() document.Files {
	return document.Files{
		PDF: func(w io.Writer, d document.Document, words document.Words) error {
			return pdf.Write(w, d, words, pdf.Fonts{})
		},
		Workbook: xlsx.Write,
	}
}

// vat is that of the issuer's country, in percent.
var vat = decimal.NewFromInt(21)

// union are the countries of the European Union but the issuer's own.
var union = []account.Country{
	"AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
}

// taxes are an example, and no advice: tax at home, a client that is liable for it elsewhere in
// the union, and none in other countries.
func taxes(i document.Invoice) ([]document.Tax, error) {
	switch {
	case i.Customer.Country == issuer.Country:
		return document.Percent("VAT", vat)(i)
	case slices.Contains(union, i.Customer.Country):
		return []document.Tax{{Name: "VAT, reverse charge", Base: i.Net}}, nil
	default:
		return nil, nil
	}
}
