// Package xlsx writes sheets, those of price updates, of documents and of exports, as Excel
// workbooks, and reads price lists and tables from them. It is a module of its own, so that only
// hosts that want it carry github.com/xuri/excelize.
package xlsx

import (
	"archive/zip"
	"bufio"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"

	"github.com/shopspring/decimal"
	"github.com/xuri/excelize/v2"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/sheet"
)

// Write writes a sheet as a workbook of one, called name: 1 to 31 characters, none of : \ / ? * [ ].
// The first row is the header, in bold, and stays in sight. Numbers are numbers, digit for digit,
// decimals with at least as many places as the sheet says, and days are days. Texts are texts,
// whatever they begin with, and so are instants, by RFC 3339: dates of a workbook have no zone, and
// a price begins at an instant. The same sheet makes the same bytes. Rows are written as they come,
// and none is kept. Errors: those of w; a name that is none, or more rows, cells of a row or
// characters of a cell than a workbook has (1,048,576; 16,384; 32,767).
func Write(w io.Writer, name string, s sheet.Sheet) error {
	if err := checkName(name); err != nil {
		return err
	}
	book := zip.NewWriter(w)
	err := errors.Join(
		part(book, "[Content_Types].xml", contentTypes),
		part(book, "_rels/.rels", topRelations),
		part(book, "xl/workbook.xml", strings.Replace(workbookXML, "NAME", escaped(name), 1)),
		part(book, "xl/_rels/workbook.xml.rels", bookRelations),
		part(book, "xl/styles.xml", strings.Replace(stylesXML, "FORMAT", numberFormat(s.Places), 1)),
	)
	if err == nil {
		err = writeSheet(book, s)
	}
	if err == nil {
		err = book.Close()
	}
	if err != nil {
		return fmt.Errorf("xlsx: %w", err)
	}
	return nil
}

// checkName refuses what workbooks do not take as the name of a sheet.
func checkName(name string) error {
	const most = 31
	if name == "" || len(utf16.Encode([]rune(name))) > most || strings.ContainsAny(name, `:\/?*[]`) || strings.HasPrefix(name, "'") || strings.HasSuffix(name, "'") {
		return fmt.Errorf("xlsx: %q is no name of a sheet", name)
	}
	return nil
}

// part writes a whole part of a workbook.
func part(book *zip.Writer, name, content string) error {
	w, err := book.Create(name)
	if err == nil {
		_, err = io.WriteString(w, xml.Header+content)
	}
	return err
}

// What a workbook of one sheet has beside its rows.
const (
	contentTypes = `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
		`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>` +
		`<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>` +
		`<Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>` +
		`<Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/></Types>`
	topRelations = `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` +
		`<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`
	bookRelations = `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` +
		`<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/>` +
		`<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>`
	mainSpace   = `"http://schemas.openxmlformats.org/spreadsheetml/2006/main"`
	workbookXML = `<workbook xmlns=` + mainSpace + ` xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">` +
		`<sheets><sheet name="NAME" sheetId="1" r:id="rId1"/></sheets></workbook>`
	stylesXML = `<styleSheet xmlns=` + mainSpace + `><numFmts count="2"><numFmt numFmtId="164" formatCode="FORMAT"/><numFmt numFmtId="165" formatCode="yyyy\-mm\-dd"/></numFmts>` +
		`<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts>` +
		`<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>` +
		`<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>` +
		`<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>` +
		`<cellXfs count="5"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>` +
		`<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>` +
		`<xf numFmtId="1" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>` +
		`<xf numFmtId="165" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>` +
		`<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/></cellXfs>` +
		`<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`
)

// Styles, by their places in stylesXML.
const (
	styleNumber = 1
	styleWhole  = 2 // of numbers without places: in the other, Excel shows a point behind them
	styleDay    = 3
	styleBold   = 4
)

// numberFormat shows at least so many places, and as many more as there are.
func numberFormat(places int) string {
	return "0." + strings.Repeat("0", places) + strings.Repeat("#", max(0, account.MaxScale-places))
}

// columnWidth shows an instant whole; it is counted in characters.
const columnWidth = 26

// rows is a sheet as it is written, row by row.
type rows struct {
	*bufio.Writer
	places  int
	written int
}

func writeSheet(book *zip.Writer, s sheet.Sheet) error {
	w, err := book.Create("xl/worksheets/sheet1.xml")
	if err != nil {
		return err
	}
	out := rows{Writer: bufio.NewWriter(w), places: s.Places}
	fmt.Fprintf(out, `%s<worksheet xmlns=%s><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>`, xml.Header, mainSpace)
	if len(s.Header) > 0 {
		fmt.Fprintf(out, `<cols><col min="1" max="%d" width="%d" customWidth="1"/></cols>`, len(s.Header), columnWidth)
	}
	_, _ = out.WriteString("<sheetData>") // a bufio.Writer fails at last
	header := make([]any, len(s.Header))
	for i, name := range s.Header {
		header[i] = name
	}
	if err := out.row(header, fmt.Sprintf(` s="%d" customFormat="1"`, styleBold), styleBold); err != nil {
		return err
	}
	if s.Rows != nil {
		for cells := range s.Rows {
			if err := out.row(cells, "", 0); err != nil {
				return err
			}
		}
	}
	_, _ = out.WriteString("</sheetData></worksheet>")
	return out.Flush()
}

// row writes one; its texts have a style.
func (r *rows) row(cells []any, attributes string, style int) error {
	r.written++
	if r.written > excelize.TotalRows || len(cells) > excelize.MaxColumns {
		return fmt.Errorf("a workbook has no row %d with %d cells", r.written, len(cells))
	}
	fmt.Fprintf(r, `<row r="%d"%s>`, r.written, attributes)
	for i, cell := range cells {
		column, err := excelize.ColumnNumberToName(i + 1)
		if err == nil {
			err = r.cell(column+strconv.Itoa(r.written), cell, style)
		}
		if err != nil {
			return err
		}
	}
	_, err := r.WriteString("</row>")
	return err
}

func (r *rows) cell(at string, cell any, style int) error {
	switch cell := cell.(type) {
	case string:
		return r.text(at, cell, style)
	case time.Time:
		return r.text(at, sheet.FormatInstant(cell), style)
	case decimal.Decimal:
		style := styleNumber
		if r.places == 0 && cell.IsInteger() {
			style = styleWhole
		}
		return r.number(at, cell.String(), style) // no float
	case int64:
		return r.number(at, strconv.FormatInt(cell, 10), 0)
	case account.Date:
		if serial, ok := serialOf(cell); ok {
			return r.number(at, strconv.FormatInt(serial, 10), styleDay)
		}
		return r.text(at, cell.String(), style)
	}
	return nil
}

// text writes a text where it stands, so that none is kept.
func (r *rows) text(at, text string, style int) error {
	if text == "" {
		return nil
	}
	if len(text) > excelize.TotalCellChars && len(utf16.Encode([]rune(text))) > excelize.TotalCellChars {
		return fmt.Errorf("the text of %s is longer than a workbook has it", at)
	}
	_, err := fmt.Fprintf(r, `<c r="%s"%s t="inlineStr"><is><t xml:space="preserve">%s</t></is></c>`, at, styled(style), escaped(text))
	return err
}

// number writes a number in its digits, which a style shows.
func (r *rows) number(at, digits string, style int) error {
	_, err := fmt.Fprintf(r, `<c r="%s"%s><v>%s</v></c>`, at, styled(style), digits)
	return err
}

func styled(style int) string {
	if style == 0 {
		return ""
	}
	return fmt.Sprintf(` s="%d"`, style)
}

// mistaken is what programs take for a character in hexadecimal.
var mistaken = regexp.MustCompile(`_(x[0-9A-Fa-f]{4}_)`)

// escaped returns a text as workbooks have it; what XML has no characters for becomes U+FFFD.
func escaped(text string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, mistaken.ReplaceAll([]byte(text), []byte("_x005F_$1"))) // a Builder takes all
	return b.String()
}

// serialOf returns the number by which workbooks know a day, and whether it is one that all programs
// read alike: from 1 March 1900, before which they count a day that there was not.
func serialOf(d account.Date) (int64, bool) {
	begin := time.Date(1899, time.December, 30, 0, 0, 0, 0, time.UTC)
	serial := (time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC).Unix() - begin.Unix()) / (24 * 60 * 60)
	return serial, serial > 60 && d.Year <= 9999
}
