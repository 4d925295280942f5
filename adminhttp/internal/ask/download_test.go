package ask

import (
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account/document"
)

// failingAfter are rows of which one cannot be read.
func failingAfter(rows int, err error) func(func([]any, error) bool) {
	return func(yield func([]any, error) bool) {
		for range rows {
			if !yield([]any{"=1+1", int64(-7)}, nil) {
				return
			}
		}
		yield(nil, err)
	}
}

// A file that could not be written to its end is none: before its first byte it is an error like
// any other, after that the connection is broken off.
func TestAPartOfAFileIsNoFile(t *testing.T) {
	unplugged := errors.New("unplugged")
	r := &Request{Request: httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil), Site: Site{Logger: slog.New(slog.DiscardHandler)}}
	w := httptest.NewRecorder()
	err := Download{Name: "x", Header: []string{"a", "b"}, Rows: failingAfter(3, unplugged)}.Send(w, r, document.FormatCSV)
	require.ErrorIs(t, err, unplugged)
	assert.Empty(t, w.Header(), "nothing was said yet")
	assert.Zero(t, w.Body.Len())

	w = httptest.NewRecorder()
	assert.PanicsWithValue(t, http.ErrAbortHandler, func() {
		_ = Download{Name: "x", Header: []string{"a", "b"}, Rows: failingAfter(5000, unplugged)}.Send(w, r, document.FormatCSV)
	})
	assert.Contains(t, w.Body.String(), "'=1+1,-7\n", "a text is no formula, and a number is one")

	w = httptest.NewRecorder()
	require.NoError(t, Download{Name: "x", Header: []string{"a"}, Rows: func(func([]any, error) bool) {}, Plain: true}.Send(w, r, document.FormatCSV))
	assert.Equal(t, "a\n", w.Body.String())
	assert.Equal(t, "attachment; filename=x.csv", w.Header().Get("Content-Disposition"))
	assert.Equal(t, StatusError(http.StatusNotImplemented), Download{}.Send(w, r, document.FormatXLSX))
}
