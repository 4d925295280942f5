package adminpages_test

import (
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A person sends a file, says what one of its columns is, sees what is wrong line by line, takes the
// bad lines away as a file, mends one of them, sends that, and lets the good one run.
func TestAnImportInTheBrowser(t *testing.T) {
	t.Parallel()
	s := newManySite(t)
	s.walks(t, func(w *walk) {
		fresh, remark := "fresh-"+w.language.Tag, "Remark"+strings.Repeat("s", 150)
		w.open("clients/import")
		w.press("[data-apply]")
		assert.Equal(w.t, 1, w.count("#faults"), "no file was chosen")
		w.look("import-none")

		w.upload("Login,Company,Allow credit," + remark + "\n" +
			"acme-telecom,Acme of " + w.language.Tag + ",100,Ask first " + w.language.Tag + "\n" +
			fresh + ",Fresh Ltd,12.5x,Calls back\n" +
			",Nobody Ltd,,\n" +
			"ca fe,Café Ltd,,\n")
		assert.Equal(w.t, []string{remark}, w.texts(`label[for="match-0"]`))
		w.look("import-columns")
		w.choose("#match-0", "notes.comments")
		w.again()
		w.page.Do(w.t, chromedp.WaitVisible(`button[value="good"]`))
		assert.Equal(w.t, []string{"1 " + w.say("Would change"), "3 " + w.say("Would be refused")}, w.texts(counts))
		rows := w.texts("tbody tr")
		require.Len(w.t, rows, 4)
		for i, said := range [][]string{
			{"2", "acme-telecom", "Ask first"}, {"3", fresh, w.say("Allow credit") + ": "}, {"4"}, {"5", "ca fe", w.say("Login") + ": "},
		} {
			for _, text := range said {
				assert.Contains(w.t, rows[i], text)
			}
		}
		w.look("import-judged")
		faults := w.download(`a[download]`)
		w.press(`button[value="good"]`)
		w.finish()
		assert.Equal(w.t, "Ask first "+w.language.Tag, text(w.t, s.stored(w.t), "notes.comments"))
		w.look("import-done")

		w.press(`section[aria-labelledby="mend-title"] a:not([download])`)
		mended := strings.Replace(faults, "12.5x", "12.5", 1)
		require.NotEqual(w.t, faults, mended)
		w.upload(mended)
		w.page.Do(w.t, chromedp.WaitVisible(`button[value="good"]`))
		assert.Equal(w.t, []string{"1 " + w.say("Would change"), "2 " + w.say("Would be refused")}, w.texts(counts))
		w.press(`button[value="good"]`)
		w.finish()
		assert.Equal(w.t, "12.5", s.limit(w.t, fresh))
	})
}

// upload sends a file with decimal points.
func (w *walk) upload(text string) {
	w.t.Helper()
	path := filepath.Join(w.t.TempDir(), "clients.csv")
	require.NoError(w.t, os.WriteFile(path, []byte(text), 0o600))
	w.file = path
	w.again()
}

// again sends the file again that was sent last.
func (w *walk) again() {
	w.t.Helper()
	w.choose("#decimal", "point")
	w.page.Do(w.t, chromedp.SetUploadFiles("#file", []string{w.file}))
	w.press("[data-apply]")
}

// download is the text of the file that a link leads to, without the mark before it.
func (w *walk) download(selector string) string {
	w.t.Helper()
	answer, err := http.Get(eval[string](w.t, w.page, `document.querySelector('`+selector+`').href`))
	require.NoError(w.t, err)
	defer answer.Body.Close()
	assert.Contains(w.t, answer.Header.Get("Content-Disposition"), "attachment")
	file, err := io.ReadAll(answer.Body)
	require.NoError(w.t, err)
	return strings.TrimPrefix(string(file), "\ufeff")
}
