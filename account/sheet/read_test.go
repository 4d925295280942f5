package sheet_test

import (
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/clientaccount/clientaccount/account/sheet"
)

// A record of too much is refused before it is kept; quotation marks, and lines that cannot be read,
// do not hide where one ends.
func TestARecordOfTooMuchIsRefusedEarly(t *testing.T) {
	const mega = 4 << 20
	for name, row := range map[string]struct {
		text  string
		over  *sheet.LimitError
		lines int // that are read before
	}{
		"within":             {"a,b\n\"c,\n\"\"d\",e\nf\n", nil, 3},
		"separators":         {"a,b\nc,d,e\n" + strings.Repeat(",", mega), &sheet.LimitError{Line: 2, Cells: true}, 1},
		"over lines":         {"a\n\"b\n\",\"c\n\",d\n", &sheet.LimitError{Line: 2, Cells: true}, 1},
		"no end of a quote":  {"a\n\"" + strings.Repeat(",", mega), &sheet.LimitError{Line: 2}, 1},
		"behind a bad line":  {"a\"b,c,d\n\"x\" y,,,\n1,2\n\"" + strings.Repeat("\n", mega), &sheet.LimitError{Line: 4}, 1},
		"of one long cell":   {strings.Repeat("x", mega), &sheet.LimitError{Line: 1}, 0},
		"quoted separators":  {"\"a,b,c\",\"d,e,f\"\r\n", nil, 1},
		"an end by two only": {"\"a\"\r\n\"b\"\r\n", nil, 2},
	} {
		in := &counted{in: strings.NewReader(row.text)}
		lines, read := sheet.NewReader(in, ',', sheet.Limits{Cells: 2, Bytes: 1000}), 0
		for {
			_, err := lines.Read()
			over, is := errors.AsType[*sheet.LimitError](err)
			if is || errors.Is(err, io.EOF) {
				assert.Equal(t, row.over, over, name)
				break
			}
			if err == nil {
				read++
			}
		}
		assert.Equal(t, row.lines, read, name)
		assert.Less(t, in.n, 64<<10, name+": the rest is not read")
	}
}

// counted counts what was read.
type counted struct {
	in io.Reader
	n  int
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.in.Read(p)
	c.n += n
	return n, err
}
