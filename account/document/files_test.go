package document_test

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/document"
	"github.com/clientaccount/clientaccount/account/sheet"
)

// ofAllKinds is a document of each kind, in the order of Kinds.
func ofAllKinds(t require.TestingT) []document.Document {
	s, err := document.NewStatement(head(), november, aMonth(t))
	require.NoError(t, err)
	i := invoice(t, document.Percent("VAT", amount("19")))
	h := head()
	h.Number = document.NewNumber("CN", 2026, 1, nil)
	n, err := i.Credit(h, "Reason", nil)
	require.NoError(t, err)
	d := daily(t)
	d.Number = document.Number{}
	return []document.Document{d, s, i, n, priceUpdate(t, account.PriceCSV), noticeOf(document.NoticeEmailChanged)}
}

func TestFilesOfAHostThatHasNone(t *testing.T) {
	var f document.Files
	for n, d := range ofAllKinds(t) {
		require.Equal(t, document.Kinds()[n], d.Kind())
		assert.Equal(t, []document.Format{document.FormatHTML, document.FormatCSV}, f.Formats(d.Kind()))
		var b bytes.Buffer
		require.NoError(t, f.Write(&b, d, document.FormatHTML))
		assert.Equal(t, page(t, d, document.English()), b.String())
		b.Reset()
		require.NoError(t, f.Write(&b, d, document.FormatCSV))
		assert.Equal(t, written(t, d), b.String())
		for _, none := range []document.Format{document.FormatPDF, document.FormatXLSX, "docx", ""} {
			require.ErrorIs(t, f.Write(&b, d, none), document.ErrNoFile)
		}
	}
	assert.Empty(t, f.Formats("letter"))
}

func TestFilesOfAHost(t *testing.T) {
	failed := errors.New("full")
	f := document.Files{
		Words: func(language string) document.Words {
			w := document.English()
			w.Language = language
			return w
		},
		PDF: func(w io.Writer, d document.Document, words document.Words) error {
			_, err := io.WriteString(w, string(d.Kind())+" "+words.Language)
			return err
		},
		Workbook: func(io.Writer, string, sheet.Sheet) error { return failed },
	}
	i := invoice(t, nil)
	i.Language = "de"
	assert.Equal(t, []document.Format{"html", "pdf", "csv", "xlsx"}, f.Formats(i.Kind()))
	var b bytes.Buffer
	require.NoError(t, f.Write(&b, i, document.FormatPDF))
	assert.Equal(t, "invoice de", b.String())
	require.ErrorIs(t, f.Write(&b, i, document.FormatXLSX), failed)
	assert.Equal(t, "application/pdf", f.Type(document.FormatPDF))
	assert.Empty(t, f.Type("docx"))
}

func TestNamesOfFiles(t *testing.T) {
	var f document.Files
	var names []string
	for _, d := range ofAllKinds(t) {
		names = append(names, f.Name(d, document.FormatPDF))
	}
	assert.Equal(t, []string{
		"statistics-daily-2026-11-27.pdf", "statement-INV-2026-000042.pdf", "invoice-INV-2026-000042.pdf", "credit-note-CN-2026-000001.pdf",
		"price-update-2026-11-28.pdf", "notice-2026-11-28.pdf",
	}, names)
	i := invoice(t, nil)
	for number, name := range map[string]string{
		"../../etc/passwd":        "invoice-etc-passwd.csv",
		"СЧ 42/2026":              "invoice-СЧ-42-2026.csv",
		`a"b:c\d*?` + "\u202egpj": "invoice-a-b-c-d-gpj.csv",
		strings.Repeat("я", 300):  "invoice-" + strings.Repeat("я", 52) + ".csv",
		"𝟜𝟚":                      "invoice.csv",
	} {
		i.Number.Text = number
		assert.Equal(t, name, f.Name(i, document.FormatCSV))
		assert.LessOrEqual(t, len(name), 255)
	}
}

// The sheet of a workbook has a name that Excel takes.
func TestNamesOfSheets(t *testing.T) {
	var got string
	f := document.Files{Workbook: func(_ io.Writer, name string, _ sheet.Sheet) error {
		got = name
		return nil
	}}
	i := invoice(t, nil)
	i.Number.Text = strings.Repeat("9/", 100)
	require.NoError(t, f.Write(io.Discard, i, document.FormatXLSX))
	assert.Equal(t, "invoice-"+strings.Repeat("9-", 11)+"9", got)
	assert.LessOrEqual(t, len(got), 31)
}
