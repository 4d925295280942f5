package document

import (
	"errors"
	"io"
	"slices"
	"strings"
	"unicode"

	"github.com/clientaccount/clientaccount/account/sheet"
)

// Format is how a document is written as a file. Its value is stable, and the ending of the name.
type Format string

// The formats of files.
const (
	FormatHTML Format = "html" // a page: see WriteHTML
	FormatPDF  Format = "pdf"
	FormatCSV  Format = "csv" // for programs: UTF-8 without a byte order mark, commas, decimal points
	FormatXLSX Format = "xlsx"
)

var typeOfFormats = map[Format]string{
	FormatHTML: "text/html; charset=utf-8",
	FormatPDF:  "application/pdf",
	FormatCSV:  "text/csv; charset=utf-8",
	FormatXLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

// ErrNoFile: there is no file of the format.
var ErrNoFile = errors.New("document: no file of this format")

// Files writes documents as files. The zero value writes HTML and CSV, in English. Its functions
// must be safe for concurrent use; then it is, too.
type Files struct {
	// Words returns those of a language, a tag, or others where there are none; nil: [English].
	Words func(language string) Words
	// PDF writes one, such as Write of account/document/pdf; nil: there is no such file.
	PDF func(w io.Writer, d Document, words Words) error
	// Workbook writes one, such as Write of account/price/xlsx; nil: there is no such file.
	Workbook func(w io.Writer, name string, s sheet.Sheet) error
}

// Formats returns those in which documents of a kind can be written; none for a kind that there
// is not.
func (f Files) Formats(kind Kind) []Format {
	if !slices.Contains(Kinds(), kind) {
		return nil
	}
	formats := []Format{FormatHTML, FormatPDF, FormatCSV, FormatXLSX}
	return slices.DeleteFunc(formats, func(format Format) bool { return !f.writes(format) })
}

func (f Files) writes(format Format) bool {
	switch format {
	case FormatHTML, FormatCSV:
		return true
	case FormatPDF:
		return f.PDF != nil
	case FormatXLSX:
		return f.Workbook != nil
	default:
		return false
	}
}

// Write writes a document in a format: HTML and PDF in the words of its language, CSV and XLSX as
// [NewSheet] has it. Errors: ErrNoFile; those of w and of the functions.
func (f Files) Write(w io.Writer, d Document, format Format) error {
	if !f.writes(format) {
		return ErrNoFile
	}
	switch format {
	case FormatHTML:
		return WriteHTML(w, d, f.WordsOf(d))
	case FormatPDF:
		return f.PDF(w, d, f.WordsOf(d))
	case FormatXLSX:
		return f.Workbook(w, shorten(baseOf(d), maxSheetName), NewSheet(d))
	default: // writes knows no other
		return NewSheet(d).WriteCSV(w, sheet.Options{})
	}
}

// WordsOf returns those in which a document is shown.
func (f Files) WordsOf(d Document) Words {
	if f.Words == nil {
		return English()
	}
	return f.Words(d.About().Language)
}

// Lengths, in letters: of the name of a file without its ending, and of the sheet of a workbook.
const (
	maxFileName  = 60
	maxSheetName = 31
)

// Name returns what a file of a document is called, the same in every language:
// "invoice-INV-2026-000042.pdf", "statistics-daily-2026-11-05.csv". It is a name everywhere:
// letters, digits, hyphens and full stops, at most 255 bytes.
func (f Files) Name(d Document, format Format) string {
	return shorten(baseOf(d), maxFileName) + "." + string(format)
}

// Type returns the media type of a format; nothing for one that there is not.
func (f Files) Type(format Format) string { return typeOfFormats[format] }

// baseOf returns the kind of a document, and its number or day.
func baseOf(d Document) string {
	number := d.About().Number.Text
	if number == "" {
		number = dayOf(d.tidy()).String()
	}
	name := strings.FieldsFunc(string(d.Kind())+" "+number, func(r rune) bool {
		return r > lastRune || !unicode.IsLetter(r) && !unicode.IsDigit(r)
	})
	return strings.Join(name, "-")
}

// lastRune is that of the Basic Multilingual Plane: letters beyond count twice in a workbook.
const lastRune = 0xffff

func shorten(name string, letters int) string {
	if runes := []rune(name); len(runes) > letters {
		return strings.TrimRight(string(runes[:letters]), "-")
	}
	return name
}
