package ask

import (
	"bufio"
	"iter"
	"log/slog"
	"mime"
	"net/http"

	"github.com/clientaccount/clientaccount/account/document"
	"github.com/clientaccount/clientaccount/account/sheet"
)

// Download is a list on its way out as a file, of which no more is kept than a page.
type Download struct {
	Name   string // of the file, without its ending
	Header []string
	Rows   iter.Seq2[[]any, error] // cells as those of a sheet.Sheet; an error is the last
	// Plain is a CSV for programs, without the mark by which spreadsheets know UTF-8.
	Plain bool
}

// Formats are those in which lists are written here.
func (r *Request) Formats() []document.Format {
	if r.Files.Workbook == nil {
		return []document.Format{document.FormatCSV}
	}
	return []document.Format{document.FormatCSV, document.FormatXLSX}
}

// Send answers with the file. What fails before anything was sent is an ordinary error. What fails
// later breaks the connection off, so that nobody takes a part of the file for all of it.
func (d Download) Send(w http.ResponseWriter, r *Request, format document.Format) error {
	out := &sending{to: w, name: d.Name + "." + string(format), media: r.Files.Type(format)}
	gathered := bufio.NewWriterSize(out, 32<<10) // so that what fails at once is still an ordinary error
	of := sheet.Sheet{Header: d.Header, Rows: func(yield func([]any) bool) {
		for cells, err := range d.Rows {
			if err != nil {
				out.failed = err
				return
			}
			if !yield(cells) {
				return
			}
		}
	}}
	var err error
	switch {
	case format == document.FormatCSV:
		err = of.WriteCSV(gathered, sheet.Options{ByteOrderMark: !d.Plain})
	case format != document.FormatXLSX:
		return StatusError(http.StatusBadRequest)
	case r.Files.Workbook == nil:
		return StatusError(http.StatusNotImplemented)
	default:
		err = r.Files.Workbook(gathered, "List", of)
	}
	if err == nil {
		err = gathered.Flush()
	}
	if out.failed != nil {
		err = out.failed
	}
	if err == nil || !out.begun {
		return err
	}
	r.Logger.InfoContext(r.Context(), "file broken off", slog.String("route", r.Pattern), slog.Any("error", err))
	panic(http.ErrAbortHandler)
}

// sending is an answer that begins with its first byte, and ends where its rows failed.
type sending struct {
	to          http.ResponseWriter
	name, media string
	begun       bool
	failed      error
}

func (s *sending) Write(p []byte) (int, error) {
	if s.failed != nil {
		return 0, s.failed
	}
	if !s.begun {
		s.begun = true
		s.to.Header().Set("Content-Type", s.media)
		s.to.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": s.name}))
	}
	return s.to.Write(p)
}
