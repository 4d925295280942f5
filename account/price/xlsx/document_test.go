package xlsx_test

import (
	"bytes"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/thedatashed/xlsxreader"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/document"
	"github.com/clientaccount/clientaccount/account/price/xlsx"
)

// usage is that of three charges and a refund.
func usage(t testing.TB) *document.Usage {
	id := account.NewID(day0, [10]byte{})
	u := document.NewUsage(id, document.Mark{Entry: 7, Balance: amount("100.000001")})
	for n, moved := range []string{"-31.2", "-0.0312", "-0.070001", "0.0312"} {
		e := account.Entry{
			Account: id, Number: u.To().Entry + 1, Kind: account.KindCharge, Amount: amount(moved), After: u.To().Balance.Add(amount(moved)),
			Messages: []int64{1000, 1, 1, 0}[n], At: day0.Add(time.Duration(n) * 24 * time.Hour),
		}
		if e.Amount.IsPositive() {
			e.Kind, e.Of = account.KindRefund, 9
		}
		require.NoError(t, u.Add(e, time.UTC))
	}
	return u
}

func bookOf(t testing.TB, d document.Document) []byte {
	var b bytes.Buffer
	require.NoError(t, xlsx.Write(&b, "Document", document.NewSheet(d)))
	return b.Bytes()
}

// column adds up the numbers of a column, row by row, but for the first and the last one's.
func column(t testing.TB, content []byte, name string) (sum decimal.Decimal, rows int) {
	file, err := xlsxreader.NewReader(content)
	require.NoError(t, err)
	for row := range file.ReadRows("Document") {
		require.NoError(t, row.Error)
		rows++
		for _, cell := range row.Cells {
			if cell.Column == name && cell.Type == xlsxreader.TypeNumerical {
				sum = sum.Add(amount(cell.Value))
			}
		}
	}
	return sum, rows
}

func TestTheWorkbookOfAStatementAddsUp(t *testing.T) {
	head, cut := document.Head{Currency: "EUR"}, account.Cut{At: day0.AddDate(0, 1, 0), Day: account.Date{Year: 2027, Month: time.January, Day: 1}}
	s, err := document.NewStatement(head, document.NewPeriod(account.Cut{At: day0}, cut, time.UTC), usage(t))
	require.NoError(t, err)
	content := bookOf(t, s)
	moved, rows := column(t, content, "H")
	assert.Equal(t, 7, rows, "the head, the opening, four days and the closing")
	assert.Equal(t, s.Closing.Balance.Sub(s.Opening.Balance).String(), moved.String())
	balances, _ := column(t, content, "K")
	assert.Equal(t, s.Opening.Balance.Add(s.Closing.Balance).String(), balances.String())
	messages, _ := column(t, content, "G")
	assert.Equal(t, "1002", messages.String())
	assert.Equal(t, content, bookOf(t, s), "the same bytes")

	opened := string(convert(t, "xlsx", "fods", "", content)[0])
	assert.Empty(t, formulas.FindAllString(opened, -1))
	assert.Contains(t, opened, `office:date-value="2026-12-02"`, "a day is a day")
	assert.Contains(t, opened, `office:value="68.73"`, "the closing balance")
}

func TestTheWorkbookOfAnInvoiceAddsUp(t *testing.T) {
	head, cut := document.Head{Currency: "EUR", Number: document.NewNumber("=INV", 2026, 1, nil)}, account.Cut{At: day0.AddDate(0, 1, 0)}
	i, err := document.NewInvoice(head, document.NewPeriod(account.Cut{At: day0}, cut, time.UTC), usage(t), document.Percent("VAT", amount("19")))
	require.NoError(t, err)
	sum, _ := column(t, bookOf(t, i), "H")
	want := i.Subtotal.Add(i.Subtotal).Add(i.Rounding).Add(i.Net).Add(i.Taxes[0].Amount).Add(i.Total)
	assert.Equal(t, want.String(), sum.String())
}
