package price_test

import (
	"bytes"
	"encoding/csv"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/price"
	"github.com/clientaccount/clientaccount/account/sheet"
)

var someChanges = []price.Change{
	{Network: price.Network{MCC: "255"}, From: day0, Before: account.Some(amount("0.05")), After: account.Some(amount("0.050"))},
	{Network: price.Network{MCC: "255", MNC: "03"}, From: day0, Before: account.Some(amount("0.05")), After: account.Some(amount("0.0451"))},
	{Network: price.Network{MCC: "901", MNC: "11"}, From: day0, After: account.Some(amount("2"))},
	{Network: price.Network{MCC: "221", MNC: "01"}, From: day0, Before: account.Some(amount("1"))},
}

func TestUpdateHasTheColumnsOfItsFormat(t *testing.T) {
	update := price.Update{Currency: "EUR", Zone: zone(t, "Europe/Kyiv"), Names: price.Names{
		Country: func(mcc string) string { return map[string]string{"221": "Kosovo"}[mcc] },
		Network: func(n price.Network) string {
			return map[string]string{"25503": "Київстар; =1", "901": "no network"}[n.Code()]
		},
	}}
	write := func(format account.PriceFormat, o sheet.Options) string {
		table, err := update.Sheet(format, someChanges)
		require.NoError(t, err)
		var b bytes.Buffer
		require.NoError(t, table.WriteCSV(&b, o))
		return b.String()
	}

	assert.Equal(t, `country,network,MCC,MNC,price,currency,from,change,before
Ukraine,,255,,0.05,EUR,2026-01-01T02:00:00+02:00,,
Ukraine,Київстар; '=1,255,03,0.0451,EUR,2026-01-01T02:00:00+02:00,down,0.05
,,901,11,2.00,EUR,2026-01-01T02:00:00+02:00,new,
Kosovo,,221,01,closed,EUR,2026-01-01T02:00:00+02:00,closed,1.00
`, write(account.PriceCSV, sheet.Options{}))
	assert.Equal(t, "\ufeff"+`MCCMNC;price;currency;from
255;0,05;EUR;2026-01-01T02:00:00+02:00
25503;0,0451;EUR;2026-01-01T02:00:00+02:00
90111;2,00;EUR;2026-01-01T02:00:00+02:00
22101;closed;EUR;2026-01-01T02:00:00+02:00
`, write(account.PriceCSVMCCMNC, sheet.Options{Separator: ';', DecimalComma: true, ByteOrderMark: true}))

	table, err := update.Sheet(account.PriceXLSX, someChanges)
	require.NoError(t, err)
	var second []any
	for cells := range table.Rows {
		if cells[3] == "03" {
			second = slices.Clone(cells)
			break
		}
	}
	assert.Equal(t, []any{"Ukraine", "Київстар; =1", "255", "03", amount("0.0451"), "EUR", day0.In(update.Zone), "down", amount("0.05")}, second)

	_, err = update.Sheet("pdf", nil)
	assert.Error(t, err)
}

func TestSheetsSayWhatFailed(t *testing.T) {
	table := price.RowSheet([]price.Row{{Network: networks[1], From: day0}}, nil)
	require.ErrorIs(t, table.WriteCSV(full{}, sheet.Options{}), errFull)
	require.ErrorIs(t, table.WriteCSV(full{}, sheet.Options{ByteOrderMark: true}), errFull)
	require.Error(t, table.WriteCSV(&bytes.Buffer{}, sheet.Options{Separator: '"'}))

	var b bytes.Buffer
	require.NoError(t, sheet.Sheet{Header: []string{"=a"}}.WriteCSV(&b, sheet.Options{}))
	assert.Equal(t, "'=a\n", b.String())
}

type full struct{}

var errFull = errors.New("full")

func (full) Write([]byte) (int, error) { return 0, errFull }

// Whatever a network is called, no cell is a formula, by whichever separator a spreadsheet
// takes the file apart.
func FuzzTextsAreInert(f *testing.F) {
	for _, s := range []string{"=1+1", "+373", "-x", "@SUM(1)", "\t=1", "\r=1", "a;=1", "a,\"=1", "a|-1", "\n@x", " =1", "\x00=1", "＝1", "a=1", "A-1", `";"=1`, "x,\t\u00a0=1", "'=1", "a;''-1", "'a", "'\"=1"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, name string) {
		update := price.Update{Names: price.Names{Network: func(price.Network) string { return name }}}
		table, err := update.Sheet(account.PriceCSV, someChanges[1:2])
		require.NoError(t, err)
		var b bytes.Buffer
		require.NoError(t, table.WriteCSV(&b, sheet.Options{}))

		lines, err := csv.NewReader(&b).ReadAll()
		require.NoError(t, err)
		require.Len(t, lines, 2, "a name is no line")
		assert.Equal(t, sheet.Flat(name), sheet.Bare(lines[1][1]), "what is put before it is taken back")
		for _, separator := range ",;|\t\n" {
			for cell := range strings.SplitSeq(lines[1][1], string(separator)) {
				live := strings.TrimLeft(cell, " \"\u00a0")
				assert.False(t, live != "" && strings.Contains("=+-@\t\r", live[:1]), "%q of %q", cell, name)
			}
		}
	})
}
