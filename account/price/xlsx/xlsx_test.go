package xlsx_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/thedatashed/xlsxreader"
	"github.com/xuri/excelize/v2"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/price"
	"github.com/clientaccount/clientaccount/account/price/xlsx"
	"github.com/clientaccount/clientaccount/account/sheet"
)

var day0 = time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)

func amount(s string) decimal.Decimal { return decimal.RequireFromString(s) }

func write(t testing.TB, s sheet.Sheet) []byte {
	var b bytes.Buffer
	require.NoError(t, xlsx.Write(&b, "Prices", s))
	return b.Bytes()
}

// update returns a price update of a few networks, whose names a spreadsheet would compute.
func update(t testing.TB) sheet.Sheet {
	table, err := price.Update{Currency: "EUR", Names: price.Names{
		Network: func(n price.Network) string { return `=HYPERLINK("x") <&> Київ ` + n.MNC },
	}}.Sheet(account.PriceXLSX, []price.Change{
		{Network: price.Network{MCC: "255"}, From: day0, Before: account.Some(amount("0.05")), After: account.Some(amount("0.05"))},
		{Network: price.Network{MCC: "255", MNC: "01"}, From: day0, Before: account.Some(amount("0.05")), After: account.Some(amount("0.070001"))},
		{Network: price.Network{MCC: "255", MNC: "003"}, From: day0, After: account.Some(amount("999999999999999.999999"))},
		{Network: price.Network{MCC: "255", MNC: "06"}, From: day0, Before: account.Some(amount("1"))},
	})
	require.NoError(t, err)
	return table
}

// Another library finds numbers where there are numbers, and texts as they were.
func TestWorkbooksAreReadByAnotherLibrary(t *testing.T) {
	file, err := xlsxreader.NewReader(write(t, update(t)))
	require.NoError(t, err)
	require.Equal(t, []string{"Prices"}, file.Sheets)

	var lines [][]string
	sum := decimal.Zero
	for row := range file.ReadRows("Prices") {
		require.NoError(t, row.Error)
		var line []string
		for _, cell := range row.Cells {
			line = append(line, fmt.Sprint(cell.Column, " ", cell.Value))
			if cell.Type == xlsxreader.TypeNumerical {
				sum = sum.Add(amount(cell.Value))
			} else {
				assert.Equal(t, xlsxreader.TypeString, cell.Type, "%+v", cell)
			}
		}
		lines = append(lines, line)
	}

	assert.Equal(t, [][]string{
		{"A country", "B network", "C MCC", "D MNC", "E price", "F currency", "G from", "H change", "I before"},
		{"A Ukraine", "C 255", "E 0.05", "F EUR", "G 2026-12-01T00:00:00Z"},
		{"A Ukraine", `B =HYPERLINK("x") <&> Київ 01`, "C 255", "D 01", "E 0.070001", "F EUR", "G 2026-12-01T00:00:00Z", "H up", "I 0.05"},
		{"A Ukraine", `B =HYPERLINK("x") <&> Київ 003`, "C 255", "D 003", "E 999999999999999.999999", "F EUR", "G 2026-12-01T00:00:00Z", "H new"},
		{"A Ukraine", `B =HYPERLINK("x") <&> Київ 06`, "C 255", "D 06", "E closed", "F EUR", "G 2026-12-01T00:00:00Z", "H closed", "I 1"},
	}, lines)
	assert.Equal(t, "1000000000000001.17", sum.String(), "only amounts are numbers, each digit of them")
}

func TestWorkbooksLookAsTheyShould(t *testing.T) {
	file, err := excelize.OpenReader(bytes.NewReader(write(t, update(t))))
	require.NoError(t, err)
	defer file.Close()

	for at, want := range map[string]string{"E2": "0.05", "E3": "0.070001", "I5": "1.00"} {
		shown, err := file.GetCellValue("Prices", at)
		require.NoError(t, err)
		assert.Equal(t, want, shown, "%s has the digits of its currency, or more", at)
	}
	formula, err := file.GetCellFormula("Prices", "B3")
	require.NoError(t, err)
	assert.Empty(t, formula)
	style, err := file.GetCellStyle("Prices", "A1")
	require.NoError(t, err)
	font, err := file.GetStyle(style)
	require.NoError(t, err)
	assert.True(t, font.Font.Bold)
	panes, err := file.GetPanes("Prices")
	require.NoError(t, err)
	assert.True(t, panes.Freeze)
}

func TestWorkbooksAreTheSameBytesEveryTime(t *testing.T) {
	assert.Equal(t, write(t, update(t)), write(t, update(t)))
}

func TestWorkbooksGoOutAndIn(t *testing.T) {
	rows := []price.Row{
		{Network: price.Network{MCC: "255"}, From: day0, Price: amount("0.05")},
		{Network: price.Network{MCC: "255", MNC: "01"}, From: day0.Add(time.Microsecond), State: price.StateClosed},
		{Network: price.Network{MCC: "255", MNC: "001"}, From: day0, State: price.StateWithdrawn},
		{Network: price.Network{MCC: "001", MNC: "00"}, From: day0, Price: amount("1234567890.123456")},
		{Network: price.Network{MCC: "002", MNC: "00"}, From: day0, Price: amount("999999999999999.999999")},
		{Network: price.Network{MCC: "003"}, From: day0},
	}

	back, err := xlsx.Read(bytes.NewReader(write(t, price.RowSheet(rows, nil))), price.ReadOptions{})

	require.NoError(t, err)
	require.Len(t, back, len(rows))
	for i, r := range back {
		assert.Equal(t, rows[i].Start(), r.Start())
		assert.Equal(t, rows[i].State, r.State)
		assert.True(t, rows[i].Price.Equal(r.Price), "%s, not %s", rows[i].Price, r.Price)
	}
}

// raw is a number as a workbook has it.
type raw string

// workbook returns one as a person makes it.
func workbook(t testing.TB, lines [][]any) []byte {
	file := excelize.NewFile()
	defer file.Close()
	for i, line := range lines {
		for j, cell := range line {
			at, err := excelize.CoordinatesToCellName(j+1, i+1)
			require.NoError(t, err)
			if number, ok := cell.(raw); ok {
				require.NoError(t, file.SetCellDefault("Sheet1", at, string(number)))
			} else {
				require.NoError(t, file.SetCellValue("Sheet1", at, cell))
			}
		}
	}
	var b bytes.Buffer
	require.NoError(t, file.Write(&b))
	return b.Bytes()
}

func TestWorkbooksOfPeopleAreRead(t *testing.T) {
	kyiv, err := time.LoadLocation("Europe/Kyiv")
	require.NoError(t, err)
	file := workbook(t, [][]any{
		{nil},
		{"Note", "MCC", "MNC", "Price", "From"},
		{"a float as it is saved", 255, "01", raw("7.0000000000000007E-2"), time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)},
		{"a computed one", 255, "02", raw("5.5000000000000007E-2"), time.Date(2026, 12, 1, 10, 30, 0, 0, time.UTC)},
		{"a text", "255", "03", "0.07", "2026-12-01"},
		{},
		{"closed", raw("2.55E2"), "", "Closed", "01.12.2026 10:00"},
		{"small", 256, nil, raw("1E-6"), raw("46357")},
	})

	rows, err := xlsx.Read(bytes.NewReader(file), price.ReadOptions{Zone: kyiv, Extra: true})

	require.NoError(t, err)
	var got []string
	for _, r := range rows {
		got = append(got, fmt.Sprint(r.Code(), " ", r.Price, " ", r.State, " ", r.From.Format(time.RFC3339)))
	}
	assert.Equal(t, []string{
		"25501 0.07  2026-11-30T22:00:00Z", "25502 0.055  2026-12-01T08:30:00Z", "25503 0.07  2026-11-30T22:00:00Z",
		"255 0 closed 2026-12-01T08:00:00Z", "256 0.000001  2026-11-30T22:00:00Z",
	}, got)
}

func TestWorkbooksAreRefusedByLineAndCell(t *testing.T) {
	_, err := xlsx.Read(bytes.NewReader(workbook(t, [][]any{
		{"MCC", "MNC", "price", "from"},
		{255, 1, "x", "y"},
		{255, "01", raw("0.1234567"), raw("-1")},
		{255, "01", "7.0000000000000007E-2", raw("46357")},
		{255, "01", 1, raw("46357"), "more"},
	})), price.ReadOptions{})
	faults, ok := price.AsFaults(err)
	require.True(t, ok)
	var got []string
	for _, f := range faults {
		got = append(got, fmt.Sprint(f.Line, ":", f.Column, " ", f.Code))
	}
	assert.Equal(t, []string{
		"2:2 mnc.format", "2:3 price.format", "2:4 from.format", "3:3 price.scale", "3:4 from.format", "4:3 price.range", "5:0 row.cells",
	}, got)

	for name, c := range map[string]struct {
		file []byte
		max  int
		want string
	}{
		"a CSV":     {[]byte("MCC,price\n"), 0, "file.format"},
		"nothing":   {nil, 0, "file.format"},
		"empty":     {workbook(t, nil), 0, "file.empty"},
		"too large": {workbook(t, nil), 100, "file.size"},
		"cut":       {workbook(t, nil)[:1000], 0, "file.format"},
		"a cell far to the right": {replace(t, workbook(t, nil), map[string][]byte{
			"xl/worksheets/sheet1.xml": []byte(`<worksheet><sheetData>` + strings.Repeat(`<row><c r="XFD1"><v>1E-6</v></c></row>`, 1000) + `</sheetData></worksheet>`),
		}), 0, "file.format"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := xlsx.Read(bytes.NewReader(c.file), price.ReadOptions{MaxBytes: c.max})
			faults, _ := price.AsFaults(err)
			require.Len(t, faults, 1)
			assert.Equal(t, c.want, faults[0].Code)
		})
	}
	_, err = xlsx.Read(iotest.ErrReader(errors.New("unplugged")), price.ReadOptions{})
	require.ErrorContains(t, err, "unplugged")
}

func TestWorkbooksSayWhatFailed(t *testing.T) {
	require.Error(t, xlsx.Write(&bytes.Buffer{}, "a/b", sheet.Sheet{}))
	require.Error(t, xlsx.Write(&bytes.Buffer{}, strings.Repeat("a", 32), sheet.Sheet{}))
	require.NoError(t, xlsx.Write(&bytes.Buffer{}, "a", sheet.Sheet{Rows: slices.Values([][]any{{1.5, nil}})}))
	require.ErrorIs(t, xlsx.Write(full{}, "a", sheet.Sheet{}), errFull)
}

type full struct{}

var errFull = errors.New("full")

func (full) Write([]byte) (int, error) { return 0, errFull }

// Whatever a workbook has for a sheet, or for its texts, it is read or refused.
func FuzzRead(f *testing.F) {
	const sheet, shared = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
	book := workbook(f, [][]any{{"MCC", "price", "from"}, {255, 0.05, "2026-12-01"}, {"256", raw("1E-2"), day0}})
	f.Add(part(f, book, sheet), part(f, book, shared))
	f.Add(part(f, write(f, update(f)), sheet), []byte("")) // ours has its texts where they stand
	f.Add([]byte(`<worksheet><sheetData><row r="3"><c r="XFD3" t="s"><v>-1</v></c></row><row r="1048576"/></sheetData></worksheet>`), []byte(""))
	f.Fuzz(func(t *testing.T, sheetXML, sharedXML []byte) {
		file := replace(t, book, map[string][]byte{sheet: sheetXML, shared: sharedXML})
		rows, err := xlsx.Read(bytes.NewReader(file), price.ReadOptions{Extra: true, From: day0})
		if err != nil {
			_, ok := price.AsFaults(err)
			require.True(t, ok, "%v", err)
			return
		}
		_, err = price.NewList(rows)
		require.NoError(t, err)
	})
}

// part returns one file of a workbook.
func part(t testing.TB, book []byte, name string) []byte {
	archive, err := zip.NewReader(bytes.NewReader(book), int64(len(book)))
	require.NoError(t, err)
	content, err := fs.ReadFile(archive, name)
	require.NoError(t, err)
	return content
}

// replace returns the workbook with other parts.
func replace(t testing.TB, book []byte, parts map[string][]byte) []byte {
	archive, err := zip.NewReader(bytes.NewReader(book), int64(len(book)))
	require.NoError(t, err)
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, f := range archive.File {
		content, other := parts[f.Name]
		if !other {
			content = part(t, book, f.Name)
		}
		to, err := w.Create(f.Name)
		require.NoError(t, err)
		_, err = to.Write(content)
		require.NoError(t, err)
	}
	require.NoError(t, w.Close())
	return b.Bytes()
}

// What counts and what is a day is that in a workbook too, whoever reads it.
func TestDaysAndCountsAreNumbers(t *testing.T) {
	days := sheet.Sheet{Header: []string{"day", "messages"}, Rows: slices.Values([][]any{
		{account.Date{Year: 2026, Month: time.November, Day: 28}, int64(9007199254740993)}, {account.Date{Year: 1900, Month: time.January, Day: 1}, int64(-1)}, {account.Date{}, nil},
	})}
	content := write(t, days)
	file, err := xlsxreader.NewReader(content)
	require.NoError(t, err)
	var cells []string
	for row := range file.ReadRows("Prices") {
		require.NoError(t, row.Error)
		for _, cell := range row.Cells {
			cells = append(cells, fmt.Sprint(cell.Type, " ", cell.Value))
		}
	}
	assert.Equal(t, []string{"string day", "string messages", "datetime 2026-11-28", "numerical 9007199254740993", "string 1900-01-01", "numerical -1"}, cells)
	assert.Equal(t, content, write(t, days))
}

// Excel shows a point behind a whole number of the format 0.######; of yen there is none.
func TestWholeAmountsHaveNoPoint(t *testing.T) {
	for places, want := range map[int]string{0: "0 0 0.###### ", 2: "0.00#### 0.00#### 0.00#### "} {
		content := write(t, sheet.Sheet{Header: []string{"amount"}, Places: places, Rows: slices.Values([][]any{
			{amount("1e3")}, {amount("-7.000")}, {amount("0.5")},
		})})
		file, err := excelize.OpenReader(bytes.NewReader(content))
		require.NoError(t, err)
		formats := ""
		for row := range 3 {
			id, err := file.GetCellStyle("Prices", fmt.Sprint("A", row+2))
			require.NoError(t, err)
			style, err := file.GetStyle(id)
			require.NoError(t, err)
			if format := style.CustomNumFmt; format != nil {
				formats += *format + " "
				continue
			}
			assert.Equal(t, 1, style.NumFmt)
			formats += "0 "
		}
		assert.Equal(t, want, formats)
	}
}

// Rows are written as they come: of a great many, no more is kept than of a few.
func TestLargeWorkbooksAreWrittenInLittleMemory(t *testing.T) {
	const rows = 20_000
	most, before := uint64(0), runtime.MemStats{}
	runtime.GC()
	runtime.ReadMemStats(&before)
	cells := []any{"a text of a client", amount("123456.789"), int64(7), day0}
	err := xlsx.Write(io.Discard, "Clients", sheet.Sheet{Header: []string{"a", "b", "c", "d"}, Rows: func(yield func([]any) bool) {
		for i := range rows {
			if i%5000 == 4999 {
				runtime.GC()
				now := runtime.MemStats{}
				runtime.ReadMemStats(&now)
				most = max(most, now.HeapAlloc)
			}
			if !yield(cells) {
				return
			}
		}
	}})
	require.NoError(t, err)
	assert.Less(t, most, before.HeapAlloc+8<<20)
}

func TestTextsOfWorkbooksAreNoCodes(t *testing.T) {
	file, err := excelize.OpenReader(bytes.NewReader(write(t, sheet.Sheet{Header: []string{"_x0041_ & \"<b>\"\r\n "}})))
	require.NoError(t, err)
	shown, err := file.GetCellValue("Prices", "A1")
	require.NoError(t, err)
	assert.Equal(t, "_x0041_ & \"<b>\"\r\n ", shown)
}
