package sent

import (
	"bufio"
	"encoding/csv"
	"errors"
	"io"
	"iter"
	"strings"

	"golang.org/x/text/encoding"
	utf "golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/sheet"
)

// Bounds of a file.
const (
	MaxFile    = 32 << 20 // bytes
	maxColumns = 200
	maxCell    = 20_000 // bytes
)

// FileFault is what is wrong with a file.
func FileFault(code string, args ...any) account.Faults {
	return account.Faults{account.NewFault("file", code, args...)}
}

// Lines are those of a file, with the number that each has in it and its cells without blanks around
// them, and without the apostrophes by which CSV keeps them from being computed. A file is CSV in
// UTF-8, or in UTF-16 with a byte order mark, its cells separated by commas, semicolons or tabs; or a
// workbook, which readBook reads, where it is not nil. What it is its first bytes tell, whatever it
// is called. An error is the last: [account.Faults] of the file, or what reading failed with.
func Lines(content io.Reader, readBook func(io.Reader) iter.Seq2[sheet.Line, error]) iter.Seq2[sheet.Line, error] {
	return func(yield func(sheet.Line, error) bool) {
		in := bufio.NewReader(content)
		head, _ := in.Peek(4) // what fails fails again
		var lines iter.Seq2[sheet.Line, error]
		switch book := string(head) == "PK\x03\x04" || string(head) == "\xd0\xcf\x11\xe0"; {
		case !book:
			lines = csvLines(in)
		case readBook == nil:
			yield(sheet.Line{}, FileFault("import.workbook"))
			return
		default:
			lines = readBook(in)
		}
		for line, err := range lines {
			if err == nil {
				err = within(line)
			}
			if !yield(line, err) || err != nil {
				return
			}
		}
	}
}

// within returns what is too long of a line, and makes its cells the texts that they stand for.
func within(line sheet.Line) error {
	if len(line.Cells) > maxColumns {
		return FileFault("import.columns", maxColumns)
	}
	for i, cell := range line.Cells {
		if len(cell) > maxCell {
			return FileFault("import.cell", line.Number, maxCell)
		}
		line.Cells[i] = sheet.Bare(strings.TrimSpace(cell))
	}
	return nil
}

// csvLines are those of a CSV.
func csvLines(content io.Reader) iter.Seq2[sheet.Line, error] {
	return func(yield func(sheet.Line, error) bool) {
		text := bufio.NewReaderSize(transform.NewReader(content, utf.BOMOverride(encoding.UTF8Validator)), 64<<10)
		head, err := text.Peek(32 << 10)
		if err != nil && !errors.Is(err, io.EOF) {
			yield(sheet.Line{}, csvError(err))
			return
		}
		lines, skipped := csv.NewReader(text), 0
		lines.FieldsPerRecord, lines.ReuseRecord = -1, true
		if separator, line := separatorSaid(string(head)); line > 0 {
			lines.Comma, skipped = separator, 1
			_, _ = text.Discard(line)
		} else {
			lines.Comma = separatorIn(string(head))
		}
		for {
			cells, err := lines.Read()
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil {
				yield(sheet.Line{}, csvError(err))
				return
			}
			number, _ := lines.FieldPos(0)
			if !yield(sheet.Line{Number: number + skipped, Cells: cells}, nil) {
				return
			}
		}
	}
}

// csvError tells what is wrong with the file, if it is that.
func csvError(err error) error {
	if bad, is := errors.AsType[*csv.ParseError](err); is {
		return FileFault("import.syntax", bad.Line)
	}
	if errors.Is(err, encoding.ErrInvalidUTF8) {
		return FileFault("import.encoding")
	}
	return err
}

// separatorSaid returns the separator that a first line says, "sep=;", as spreadsheets have it, and how
// long that line is; 0 where there is none.
func separatorSaid(head string) (separator rune, length int) {
	first, _, found := strings.Cut(head, "\n")
	said, is := strings.CutPrefix(strings.ToLower(strings.TrimSuffix(first, "\r")), "sep=")
	if !found || !is || len(said) != 1 || !strings.Contains(",;\t", said) {
		return 0, 0
	}
	return rune(said[0]), len(first) + 1
}

// separatorIn returns what parts the cells of the first line: what it has most of, but for quoted texts.
func separatorIn(head string) rune {
	var count [3]int
	separators, quoted := ",;\t", false
	for _, c := range strings.TrimLeft(head, "\r\n") {
		if c == '\n' && !quoted {
			break
		}
		if i := strings.IndexRune(separators, c); i >= 0 && !quoted {
			count[i]++
		}
		quoted = quoted != (c == '"')
	}
	best := 0
	for i, n := range count {
		if n > count[best] {
			best = i
		}
	}
	return rune(separators[best])
}
