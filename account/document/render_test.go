package document_test

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/csv"
	"html"
	"regexp"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/document"
	"github.com/clientaccount/clientaccount/account/sheet"
)

func page(t require.TestingT, d document.Document, w document.Words) string {
	var b strings.Builder
	require.NoError(t, document.WriteHTML(&b, d, w))
	return b.String()
}

var (
	styles = regexp.MustCompile(`(?s)<style>(.*)</style>`)
	tags   = regexp.MustCompile(`<[^>]*>`)
)

// seen is the text of a page, line by line.
func seen(page string) string {
	var lines []string
	page = strings.NewReplacer("</td>", " | ", "</th>", " | ", "</dt>", ": ").Replace(styles.ReplaceAllString(page, ""))
	for line := range strings.Lines(tags.ReplaceAllString(page, "")) {
		if line = strings.Trim(line, " |\n"); line != "" {
			lines = append(lines, html.UnescapeString(line))
		}
	}
	return strings.Join(lines, "\n")
}

func TestThePageOfAnInvoice(t *testing.T) {
	assert.Equal(t, `Invoice INV-2026-000042
Invoice
Number: INV-2026-000042
Date: 1 December 2026
Period: 1 November 2026 – 30 November 2026
Currency: EUR
Contract: C-17
From
Fernweh Messaging GmbH
Torstraße 10
10119 Berlin
Germany
Company ID: DE123456789
billing@fernweh.example
To
ACME Ltd
Ann Lee
Ukraine
Company ID: 12345678
Login: acme
Description | Messages | Unit price | Amount
Messages | 9 | 0.0385 | 0.3465
Messages | 1,001 | 0.0770 | 77.0770
Messages at various prices | 3 |  | 0.1000
Other charges |  |  | 15.0000
Refunds |  |  | −0.0770
Refunds of earlier periods |  |  | −4.0000
Subtotal | 88.4465
Rounding | 0.0035
Net | 88.45
VAT 19% of 88.45 | 16.81
Total | 105.26 EUR
IBAN DE02 1203 0000 0000 2020 51`, seen(page(t, invoice(t, document.Percent("VAT", amount("19"))), document.English())))
}

func TestThePageOfAStatement(t *testing.T) {
	s, err := document.NewStatement(head(), november, aMonth(t))
	require.NoError(t, err)
	text := seen(page(t, s, document.English()))
	_, text, _ = strings.Cut(text, "Login: acme\n")
	assert.Equal(t, `Opening balance | 1,000.00
Day | Movement | Messages | Unit price | Amount
1 November 2026 | Charge | 1,001 | 0.0770 | −77.0770
2 November 2026 | Top-up |  |  | 500.0000
3 November 2026 | Charge |  |  | −15.0000
Charge | 9 | 0.0385 | −0.3465
4 November 2026 | Charge | 3 |  | −0.1000
5 November 2026 | Refund |  |  | 0.0770
6 November 2026 | Refunds of earlier periods |  |  | 4.0000
Moved |  |  |  | 411.5535
Closing balance | 1,411.5535 EUR`, text)
}

func TestThePageOfADay(t *testing.T) {
	text := seen(page(t, daily(t), document.English()))
	assert.Contains(t, text, `Network | Messages | Parts | Charged | Refunded
Network 25501 | 7 | 10 | 0.539 | 0.231
Network 25503 | 7 | 8 | 0.539 | 0.000
All | 14 | 18 | 1.078 | 0.231
State | Messages | Parts | Charged | Refunded
DELIVRD | 11 | 14 | 0.847 | 0.000
UNDELIV | 3 | 4 | 0.231 | 0.231
All | 14 | 18 | 1.078 | 0.231
Balance | 10.00
Held | 1.00
Available | 9.00 EUR
Enough for messages | 116
Messages until the notification limit | 66`)
}

func TestThePageOfACreditNote(t *testing.T) {
	h := head()
	h.Number = document.NewNumber("CN", 2026, 7, nil)
	n, err := invoice(t, nil).Credit(h, "Undelivered", nil, document.Take{Line: 2, Messages: 1000})
	require.NoError(t, err)
	text := seen(page(t, n, document.English()))
	assert.Contains(t, text, "Credit note CN-2026-000007\n")
	assert.Contains(t, text, "Of invoice: INV-2026-000042, 1 December 2026\nReason: Undelivered\n")
	assert.Contains(t, text, "Messages | 1,000 | 0.077 | 77.00\nTotal | 77.00 EUR")
}

func TestAPageLoadsNothingAndHidesNothing(t *testing.T) {
	i := invoice(t, nil)
	i.Customer.Name = `<script>alert("1")</script>` + "</style>"
	i.Issuer.Notes = []string{`<img src="https://x.example/1.png">`}
	text := page(t, i, document.English())
	for _, never := range []string{"<script", "<img", "<link", "url(", " style=", " on", "http"} {
		assert.NotContains(t, strings.ReplaceAll(tags.FindString(text)+strings.Join(tags.FindAllString(text, -1), ""), "content", ""), never)
	}
	assert.Contains(t, seen(text), `<script>alert("1")</script></style>`)
	style := sha256.Sum256([]byte(styles.FindStringSubmatch(text)[1]))
	assert.Contains(t, document.HTMLPolicy(), "'sha256-"+base64.StdEncoding.EncodeToString(style[:])+"'")
}

// Words of a language are a value: what a host replaces is what is seen.
func TestWordsAreTheHosts(t *testing.T) {
	w := document.English()
	w.Language = "de"
	w.Titles[document.KindInvoice] = "Rechnung"
	w.Totals.Total = "Gesamt"
	w.Amount = func(d decimal.Decimal, places int) string { return account.FormatNumber(d, places, ",", ".") }
	w.Day = func(d account.Date) string { return d.String() }
	i := invoice(t, nil)
	text := page(t, i, w)
	assert.Contains(t, text, `<html lang="de">`)
	assert.Contains(t, seen(text), "Rechnung\n")
	assert.Contains(t, seen(text), "1.001 | 0,0770 | 77,0770\n")
	assert.Contains(t, seen(text), "Gesamt | 88,45 EUR")
	assert.NotContains(t, seen(page(t, i, document.English())), "Rechnung", "English is not the host's")
	assert.Contains(t, seen(page(t, i, document.Words{})), "88.45 EUR", "without words there are amounts still")
}

func written(t require.TestingT, d document.Document) string { return csvOf(t, document.NewSheet(d)) }

func csvOf(t require.TestingT, s sheet.Sheet) string {
	var b strings.Builder
	require.NoError(t, s.WriteCSV(&b, sheet.Options{}))
	return b.String()
}

func TestTheSheetOfAStatementAddsUp(t *testing.T) {
	s, err := document.NewStatement(head(), november, aMonth(t))
	require.NoError(t, err)
	text := written(t, s)
	assert.True(t, strings.HasPrefix(text, `day,kind,refund,shared,price,entries,messages,amount,moved_above,held,balance,currency
,opening,,,,,,,,0.00,1000.00,EUR
2026-11-01,charge,,,0.077,2,1001,-77.077,,0.00,,EUR
`), "%s", text)
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	require.NoError(t, err)
	sum := amount(rows[1][10])
	for _, row := range rows[2 : len(rows)-1] {
		sum = sum.Add(amount(row[7]))
	}
	assert.Equal(t, amount(rows[len(rows)-1][10]).String(), sum.String())
}

func TestTheSheetOfAnInvoice(t *testing.T) {
	i := invoice(t, document.Percent("=VAT", amount("19")))
	assert.Equal(t, `number,type,refund,name,rate,price,messages,amount,currency
INV-2026-000042,line,,,,0.0385,9,0.3465,EUR
INV-2026-000042,line,,,,0.077,1001,77.077,EUR
INV-2026-000042,line,,,,various,3,0.10,EUR
INV-2026-000042,line,,,,,,15.00,EUR
INV-2026-000042,line,period,,,,,-0.077,EUR
INV-2026-000042,line,earlier,,,,,-4.00,EUR
INV-2026-000042,subtotal,,,,,,88.4465,EUR
INV-2026-000042,rounding,,,,,,0.0035,EUR
INV-2026-000042,net,,,,,,88.45,EUR
INV-2026-000042,tax,,'=VAT,19.00,,,16.81,EUR
INV-2026-000042,total,,,,,,105.26,EUR
`, written(t, i))
	n, err := i.Credit(head(), "", nil, document.Take{Line: 4})
	require.NoError(t, err)
	assert.Contains(t, written(t, n), "INV-2026-000042,line,,,,,,15.00,EUR\n")
	for range document.NewSheet(i).Rows {
		break // whoever reads it may stop
	}
}

func TestTheSheetOfADay(t *testing.T) {
	assert.Equal(t, `day,mcc,mnc,network,channel,state,messages,parts,charged,refunded,currency
2026-11-27,255,01,Network 25501,rest,DELIVRD,4,6,0.308,0.00,EUR
2026-11-27,255,01,Network 25501,rest,UNDELIV,3,4,0.231,0.231,EUR
2026-11-27,255,03,Network 25503,rest,DELIVRD,7,8,0.539,0.00,EUR
`, written(t, daily(t)))
}
