package document

import (
	"crypto/sha256"
	_ "embed" // page.html, page.css
	"encoding/base64"
	"html/template"
	"io"
)

var (
	//go:embed page.html
	pageHTML string
	//go:embed page.css
	pageCSS string

	page = template.Must(template.New("page").Parse(pageHTML))
)

// pageOf is what the template is given.
type pageOf struct {
	Layout
	Style template.CSS
}

// WriteHTML writes a document as a page that stands alone, prints on A4, and has no script. It
// loads nothing. Serve it under [HTMLPolicy]. Errors: those of w.
func WriteHTML(w io.Writer, d Document, words Words) error {
	return page.Execute(w, pageOf{NewLayout(d, words), template.CSS(pageCSS)})
}

// HTMLPolicy returns the Content-Security-Policy under which the page of WriteHTML looks as it
// should, and can do nothing.
func HTMLPolicy() string {
	sum := sha256.Sum256([]byte(pageCSS))
	return "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'; base-uri 'none'; form-action 'none'"
}
