package xlsx_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/price/xlsx"
)

// linesOf reads a workbook as texts: "2: a|b".
func linesOf(t testing.TB, file []byte) (all []string, code string) {
	t.Helper()
	for line, err := range xlsx.Lines(bytes.NewReader(file)) {
		if err != nil {
			faults, told := account.AsFaults(err)
			require.True(t, told, "%v", err)
			return all, faults[0].Code
		}
		all = append(all, fmt.Sprint(line.Number, ": ", strings.Join(line.Cells, "|")))
	}
	return all, ""
}

// Cells are what a person would type to have them, and no float comes near an amount.
func TestCellsAreReadAsAPersonSeesThem(t *testing.T) {
	file := excelize.NewFile()
	defer file.Close()
	_, err := file.NewSheet("Clients")
	require.NoError(t, err)
	require.NoError(t, file.SetSheetVisible("Clients", true))
	file.SetActiveSheet(1)
	require.NoError(t, file.SetSheetVisible("Sheet1", false))
	put := func(at string, value any, format string) {
		if number, is := value.(raw); is {
			require.NoError(t, file.SetCellDefault("Clients", at, string(number)))
		} else {
			require.NoError(t, file.SetCellValue("Clients", at, value))
		}
		if format != "" {
			style, err := file.NewStyle(&excelize.Style{CustomNumFmt: &format})
			require.NoError(t, err)
			require.NoError(t, file.SetCellStyle("Clients", at, at, style))
		}
	}
	var want []string
	for i, c := range []struct {
		value  any
		format string
		want   string
	}{
		{"0.10", "", "0.10"},
		{"  =1+1 <&> Київ\n_x005F_x0041_ ", "", "  =1+1 <&> Київ\n_x0041_ "},
		{true, "", "TRUE"},
		{false, "", "FALSE"},
		{raw("0.1"), "", "0.1"},
		{raw("1E-3"), "", "0.001"},
		{raw("1499.9999999999998"), "", "1500"},
		{raw("1499.9999999999998"), "#,##0.00 [$€-1];[Red]-0", "1500"},
		{raw("1499.6"), "0", "1499.6"},
		{raw("-12.5"), "#,##0.00", "-12.5"},
		{raw("123456789012345.678901"), "", "123456789012345.678901"},
		{raw("9007199254740993"), "", "9007199254740993"},
		{raw("380501112233"), "0.00E+00", "380501112233"},
		{raw("7"), "000", "007"},
		{raw("0.05"), "0.00%", "5%"},
		{raw("46354"), "yyyy-mm-dd", "2026-11-28"},
		{raw("46354"), "dd.mm.yyyy hh:mm", "2026-11-28 00:00"},
		{raw("46354.4375"), `d" days "mmm`, "2026-11-28 10:30"},
		{raw("46354.437511574"), `[$-409]m/d/yy h:mm\ AM/PM;@`, "2026-11-28 10:30:01"},
		{raw("0.4375"), "h:mm", "10:30"},
		{raw("-1"), "yyyy-mm-dd", "-1"},
		{raw("2958466"), "yyyy", "2958466"},
		{raw("59"), "yyyy-mm-dd", "1900-02-28"},
		{raw("46354"), "m", "2026-11-28"},
		{raw("5"), `"d" 0 \y_h*s[h]`, "5"},
	} {
		put(fmt.Sprint("B", i+1), c.value, c.format)
		want = append(want, fmt.Sprint(i+1, ": |", c.want))
	}
	var b bytes.Buffer
	require.NoError(t, file.Write(&b))
	lines, code := linesOf(t, b.Bytes())
	require.Empty(t, code)
	assert.Equal(t, want, lines)
}

// It is told which cells are numbers to the file, and which are texts that look like one.
func TestNumbersAreToldFromTexts(t *testing.T) {
	file := sheetOf(t, `<row><c><v>1.125</v></c><c t="str"><v>1.125</v></c><c t="n"><v>-12.500</v></c><c t="b"><v>1</v></c></row><row><c t="str"><v>1</v></c></row>`)
	var numbers [][]bool
	for line, err := range xlsx.Lines(bytes.NewReader(file)) {
		require.NoError(t, err)
		numbers = append(numbers, line.Numbers)
	}
	assert.Equal(t, [][]bool{{true, false, true, false}, nil}, numbers)
}

// sheetOf is a workbook whose rows are these.
func sheetOf(t testing.TB, rows string, shared ...string) []byte {
	parts := map[string][]byte{"xl/worksheets/sheet1.xml": []byte(`<x:worksheet><x:sheetData>` + rows + `</x:sheetData></x:worksheet>`)}
	if len(shared) > 0 {
		parts["xl/sharedStrings.xml"] = []byte("<sst>" + strings.Join(shared, "") + "</sst>")
	}
	return replace(t, workbook(t, [][]any{{"a", day0}}), parts)
}

func TestSheetsAsOtherProgramsWriteThem(t *testing.T) {
	lines, code := linesOf(t, sheetOf(t,
		`<row><c t="s"><v>0</v></c><c/><c t="inlineStr"><is><r><t>in</t></r><r><rPr><b/></rPr><t xml:space="preserve"> two</t></r></is></c></row>`+
			`<row r="5" spans="1:3"><c r="C5" t="str"><f>A1</f><v>made</v></c><c r="XFD5" s="1"/></row><row r="6"/><row><c t="e"><v>#N/A</v></c><c t="b"><v>1</v></c><c t="d"><v>2026-12-01T10:00</v></c></row>`,
		`<si><t>kan</t><rPh sb="0" eb="1"><t>spoken</t></rPh><t>ji_x0041_</t></si>`))
	assert.Empty(t, code)
	assert.Equal(t, []string{"1: kanjiA||in two", "5: ||made", "6: ", "7: #N/A|TRUE|2026-12-01T10:00"}, lines)
}

// What is too much, or no workbook, is refused with the bound that it is over.
func TestWorkbooksThatAreNotRead(t *testing.T) {
	book := workbook(t, [][]any{{"a"}})
	var bomb bytes.Buffer
	w := zip.NewWriter(&bomb)
	for _, name := range []string{"_rels/.rels", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"} {
		to, err := w.Create(name)
		require.NoError(t, err)
		_, err = to.Write(part(t, book, name))
		require.NoError(t, err)
	}
	_, err := w.CreateRaw(&zip.FileHeader{Name: "xl/styles.xml", UncompressedSize64: 1 << 40, Method: zip.Deflate})
	require.NoError(t, err)
	_, err = w.CreateRaw(&zip.FileHeader{Name: "xl/sharedStrings.xml", UncompressedSize64: 1 << 40, Method: zip.Deflate})
	require.NoError(t, err)
	require.NoError(t, w.Close())
	for name, c := range map[string]struct {
		file []byte
		want string
	}{
		"a CSV": {[]byte("login\n"), "import.format"}, "nothing": {nil, "import.format"}, "cut": {book[:len(book)-30], "import.format"},
		"a password":          {[]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), "import.protected"},
		"a bomb":              {bomb.Bytes(), "import.unpacked"},
		"cells far right":     {sheetOf(t, `<row><c r="IW1"><v>1</v></c></row>`), "import.columns"},
		"no such column":      {sheetOf(t, `<row><c r="XFE1"><v>1</v></c></row>`), "import.format"},
		"columns that return": {sheetOf(t, `<row><c r="B1"><v>1</v></c><c r="B1"><v>1</v></c></row>`), "import.format"},
		"rows that return":    {sheetOf(t, `<row r="2"/><row r="2"/>`), "import.format"},
		"rows beyond":         {sheetOf(t, `<row r="1048577"/>`), "import.format"},
		"a text beyond":       {sheetOf(t, `<row><c t="s"><v>7</v></c></row>`), "import.format"},
		"never computed":      {sheetOf(t, `<row r="3"><c r="B3"><f>A1</f></c></row>`), "import.formula"},
		"a long text":         {sheetOf(t, `<row><c t="str"><v>`+strings.Repeat("x", 1<<20+1)+`</v></c></row>`), "import.format"},
		"not closed":          {replace(t, book, map[string][]byte{"xl/worksheets/sheet1.xml": []byte(`<worksheet><sheetData><row>`)}), "import.format"},
	} {
		t.Run(name, func(t *testing.T) {
			_, code := linesOf(t, c.file)
			assert.Equal(t, c.want, code)
		})
	}
	for _, err := range xlsx.Lines(iotest.ErrReader(errors.New("unplugged"))) {
		require.ErrorContains(t, err, "unplugged")
	}
}
