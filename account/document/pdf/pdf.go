// Package pdf writes documents as PDF files: what [document.NewLayout] shows, on A4. It is a module
// of its own, so that only hosts that want it carry codeberg.org/go-pdf/fpdf.
//
// The same document and words make the same bytes, in programs built for the same processor with
// the same versions of Go and of this module: there is no time in a file but that of the document.
// Text in it can be searched and copied.
package pdf

import (
	"errors"
	"fmt"
	"io"
	"regexp"
	"time"

	"codeberg.org/go-pdf/fpdf"

	"github.com/clientaccount/clientaccount/account/document"
)

// ErrFont is in the chain of what is wrong with a host's fonts.
var ErrFont = errors.New("pdf: font")

// Write writes a document in words. Fonts are those of the package for the zero Fonts; a letter
// that a font lacks is shown as an empty box. Errors: those of w; ErrFont. It is safe for
// concurrent use.
func Write(w io.Writer, d document.Document, words document.Words, fonts Fonts) error {
	head := d.About()
	p, err := newPaper(document.NewLayout(d, words), fonts)
	if err != nil {
		return err
	}
	p.about(head)
	p.draw()
	if err := p.file.Error(); err != nil {
		return fmt.Errorf("pdf: %w", err)
	}
	return p.file.Output(w)
}

// paper is a file as it is drawn, from top to bottom. Lengths are millimetres.
type paper struct {
	document.Layout
	file  *fpdf.Fpdf
	y     float64 // where the next thing begins
	faces [2]face // regular, bold
	bold  bool
	size  float64 // of letters, in points
}

// The page, and what is on it.
const (
	pageWidth, pageHeight = 210.0, 297.0
	left, right           = 18.0, pageWidth - 18
	top, bottom           = 18.0, pageHeight - 22
	width                 = right - left
	footer                = pageHeight - 12

	titleSize, textSize, smallSize = 18.0, 9.0, 8.0

	family = "d"
)

func newPaper(l document.Layout, fonts Fonts) (*paper, error) {
	faces, err := fonts.faces()
	if err != nil {
		return nil, err
	}
	p := &paper{Layout: l, faces: faces, file: fpdf.New("P", "mm", "A4", "")}
	p.file.SetCatalogSort(true)
	p.file.SetAutoPageBreak(false, 0)
	p.file.SetMargins(left, top, right)
	p.file.AddUTF8FontFromBytes(family, "", faces[0].bytes)
	p.file.AddUTF8FontFromBytes(family, "B", faces[1].bytes)
	p.page()
	return p, nil
}

var languageTag = regexp.MustCompile(`^[A-Za-z0-9-]{2,35}$`)

// about says what the file is, for those who look for it.
func (p *paper) about(head document.Head) {
	const utf8 = true
	p.file.SetTitle(basic(p.Name), utf8)
	p.file.SetAuthor(basic(head.Issuer.Name), utf8)
	p.file.SetSubject(basic(p.Title), utf8)
	p.file.SetProducer("clientaccount", utf8)
	if languageTag.MatchString(p.Language) {
		p.file.SetLang(p.Language)
	}
	at := head.At.UTC()
	if at.IsZero() { // fpdf would take now for it
		at = time.Unix(0, 0).UTC()
	}
	p.file.SetCreationDate(at)
	p.file.SetModificationDate(at)
}

// page begins the next one.
func (p *paper) page() {
	p.file.AddPage()
	p.y = top
}

// room begins a page unless there is room for so much on this one. What is taller than a page
// begins on one of its own, unless this is that.
func (p *paper) room(height float64) bool {
	if p.y+height <= bottom || p.y == top {
		return false
	}
	p.page()
	return true
}

func (p *paper) draw() {
	p.title()
	p.facts()
	p.parties()
	p.text()
	p.sums(p.Before)
	for _, table := range p.Tables {
		p.table(table)
	}
	p.sums(p.Sums)
	p.notes()
	p.footers()
}

func (p *paper) title() {
	p.font(titleSize, true)
	for _, line := range p.wrap(p.Title, width) {
		p.line(left, line)
	}
	p.y += 3
}

func (p *paper) facts() {
	const labels = 34.0
	for _, fact := range p.Facts {
		p.font(textSize, false)
		lines := p.wrap(fact.Text, width-labels)
		p.room(p.height() * float64(len(lines)))
		p.grey(true)
		p.put(left, p.fit(fact.Label, labels-2))
		p.grey(false)
		for _, line := range lines {
			p.line(left+labels, line)
		}
	}
	p.y += 5
}

// parties are beside each other.
func (p *paper) parties() {
	const gap = 8.0
	const each = (width - gap) / 2
	begin, end := p.y, p.y
	for i, party := range []document.Party{p.From, p.To} {
		if party.Name == "" {
			continue
		}
		x := left + float64(i)*(each+gap)
		p.y = begin
		p.font(smallSize, false)
		p.grey(true)
		p.line(x, p.fit(party.Title, each))
		p.grey(false)
		p.font(textSize, true)
		for _, line := range p.wrap(party.Name, each) {
			p.line(x, line)
		}
		p.font(textSize, false)
		for _, text := range party.Lines {
			for _, line := range p.wrap(text, each) {
				p.line(x, line)
			}
		}
		end = max(end, p.y)
	}
	p.y = end + 7
}

// text are paragraphs.
func (p *paper) text() {
	p.font(textSize, false)
	for _, paragraph := range p.Text {
		for _, line := range p.wrap(paragraph, width) {
			p.line(left, line)
		}
		p.y += 3
	}
}

// sums stand at the right, and stay together.
func (p *paper) sums(sums []document.Sum) {
	if len(sums) == 0 {
		return
	}
	const from = left + width*0.45
	const gap = 2.0
	p.font(textSize, true)
	p.room((p.height() + gap) * float64(len(sums)+1))
	for _, sum := range sums {
		p.font(textSize, sum.Strong)
		if sum.Strong {
			p.rule(from, 0.3)
			p.font(textSize+1.5, true)
			p.y += gap / 2
		}
		amount := p.measure(sum.Text)
		lines := p.wrap(sum.Label, right-from-amount-4)
		p.put(right-amount, sum.Text)
		for _, line := range lines {
			p.line(from, line)
		}
		p.y += gap / 2
	}
	p.y += 5
}

func (p *paper) notes() {
	p.font(smallSize, false)
	p.y += 3
	for _, note := range p.Notes {
		for _, line := range p.wrap(note, width) {
			p.room(p.height())
			p.line(left, line)
		}
	}
}

// footers are written when it is known how many pages there are.
func (p *paper) footers() {
	pages := p.file.PageCount()
	for n := 1; n <= pages; n++ {
		p.file.SetPage(n)
		p.font(smallSize, false)
		p.grey(true)
		p.y = footer
		of := p.Page(n, pages)
		p.put(left, p.fit(p.Name, width-p.measure(of)-4))
		p.put(right-p.measure(of), of)
		p.grey(false)
	}
}
