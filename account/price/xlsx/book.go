package xlsx

import (
	"archive/zip"
	"bufio"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"slices"
	"strings"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/sheet"
)

// Bounds of a workbook that is read. No more of it is kept than the file as it came, its shared
// texts and a row.
const (
	maxParts    = 10_000    // files within it
	maxUnpacked = 256 << 20 // bytes of each of them
	maxToken    = 1 << 20   // bytes of an element's tag, or of a text
	maxTexts    = 2_000_000 // that cells share
	maxShared   = 64 << 20  // bytes of all of them
	maxStyles   = 100_000
)

// fault is what is wrong with a whole file.
func fault(code string, args ...any) error {
	return account.Faults{account.NewFault("file", code, args...)}
}

// errFormat is of what no workbook has.
func errFormat() error { return fault(sheet.CodeFormat) }

// book is a workbook as far as it is read: its first sheet that is in sight, the texts that cells
// share, and how styles show numbers.
type book struct {
	zip   *zip.Reader
	sheet string // the part
	texts sharedTexts
	looks []look
	is04  bool // days are counted from 1904
}

// openBook reads what stands beside the rows.
func openBook(data []byte) (*book, error) {
	if bytes.HasPrefix(data, []byte("\xd0\xcf\x11\xe0")) {
		return nil, fault(sheet.CodeProtected)
	}
	if bytes.Count(data, []byte("PK\x01\x02")) > maxParts {
		return nil, errFormat()
	}
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, errFormat()
	}
	b := &book{zip: archive}
	top, err := b.related("")
	if err != nil {
		return nil, err
	}
	name := top.of("officeDocument")
	parts, err := b.related(name)
	if err == nil {
		err = b.readBook(name, parts)
	}
	if texts := parts.of("sharedStrings"); err == nil && texts != "" {
		err = b.each(texts, b.texts.read)
	}
	if styles := parts.of("styles"); err == nil && styles != "" {
		b.looks, err = b.readLooks(styles)
	}
	return b, err
}

// relation is a part that another names, and what it is to that.
type relation struct{ id, kind, part string }

type relations []relation

// of returns the part of a kind; empty where there is none.
func (all relations) of(kind string) string {
	i := slices.IndexFunc(all, func(r relation) bool { return r.kind == kind })
	if i < 0 {
		return ""
	}
	return all[i].part
}

// related are the parts that one names.
func (b *book) related(part string) (all relations, err error) {
	folder, name := path.Split(part)
	err = b.each(path.Join(folder, "_rels", name+".rels"), func(m *markup) error {
		return m.elements(func(e xml.StartElement) error {
			if e.Name.Local == "Relationship" && len(all) < maxParts {
				target := attribute(e, "Target")
				if !strings.HasPrefix(target, "/") {
					target = path.Join(folder, target)
				}
				all = append(all, relation{attribute(e, "Id"), path.Base(attribute(e, "Type")), strings.TrimPrefix(target, "/")})
			}
			return nil
		})
	})
	return all, err
}

// readBook finds the first sheet that is in sight.
func (b *book) readBook(name string, parts relations) error {
	err := b.each(name, func(m *markup) error {
		return m.elements(func(e xml.StartElement) error {
			switch e.Name.Local {
			case "workbookPr":
				b.is04 = isTrue(attribute(e, "date1904"))
			case "sheet":
				id := attribute(e, "id")
				i := slices.IndexFunc(parts, func(r relation) bool { return r.id == id && r.kind == "worksheet" })
				if b.sheet == "" && i >= 0 && !strings.HasSuffix(strings.ToLower(attribute(e, "state")), "hidden") {
					b.sheet = parts[i].part
				}
			}
			return nil
		})
	})
	if err == nil && b.sheet == "" {
		err = errFormat()
	}
	return err
}

// each reads a part.
func (b *book) each(name string, read func(*markup) error) error {
	i := slices.IndexFunc(b.zip.File, func(f *zip.File) bool { return strings.EqualFold(f.Name, name) })
	if i < 0 {
		return errFormat()
	}
	if b.zip.File[i].UncompressedSize64 > maxUnpacked { // it says so itself; others are found out
		return fault(sheet.CodeUnpacked, maxUnpacked>>20)
	}
	part, err := b.zip.File[i].Open()
	if err != nil {
		return errFormat()
	}
	defer part.Close() //nolint:errcheck // nothing but memory
	in := &bounded{Reader: bufio.NewReaderSize(part, 64<<10), left: maxUnpacked}
	err = read(&markup{xml.NewDecoder(in), in})
	switch _, told := account.AsFaults(err); {
	case in.left < 0:
		return fault(sheet.CodeUnpacked, maxUnpacked>>20)
	case err == nil || errors.Is(err, io.EOF):
		return nil
	case told:
		return err
	default:
		return errFormat()
	}
}

// bounded is a part on its way out of a workbook.
type bounded struct {
	*bufio.Reader
	left, token int // bytes that may still come, of the part and of the token that is read
}

var errBound = errors.New("xlsx: too long")

func (r *bounded) ReadByte() (byte, error) {
	r.left--
	r.token--
	if r.left < 0 || r.token < 0 {
		return 0, errBound
	}
	return r.Reader.ReadByte()
}

// markup is a part, token by token.
type markup struct {
	xml *xml.Decoder
	in  *bounded
}

// next returns the next token, good until the one after it is asked for; io.EOF at the end.
func (m *markup) next() (xml.Token, error) {
	m.in.token = maxToken
	return m.xml.RawToken()
}

// elements calls visit with the tag that begins each element.
func (m *markup) elements(visit func(xml.StartElement) error) error {
	for {
		token, err := m.next()
		if err != nil {
			return err
		}
		if e, begins := token.(xml.StartElement); begins {
			if err := visit(e); err != nil {
				return err
			}
		}
	}
}

// text returns what an element has in its parts called t, but for how it is pronounced; of one called
// v or t what it has itself. The element has begun.
func (m *markup) text(of string) (string, error) {
	var b strings.Builder
	for within, spoken := of, 0; ; {
		token, err := m.next()
		if err != nil {
			return "", errFormat() // nothing may end within one
		}
		switch t := token.(type) {
		case xml.StartElement:
			if within = t.Name.Local; within == "rPh" {
				spoken++
			}
		case xml.EndElement:
			switch t.Name.Local {
			case of:
				return unmistaken(b.String()), nil
			case "rPh":
				spoken--
			}
			within = ""
		case xml.CharData:
			if spoken == 0 && (within == "t" || within == "v") {
				b.Write(t)
			}
		}
		if b.Len() > maxToken {
			return "", errFormat()
		}
	}
}

func attribute(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

func isTrue(text string) bool { return text == "1" || text == "true" }

// sharedTexts are those that cells have by their number, all in one.
type sharedTexts struct {
	all  []byte
	ends []uint32
}

func (s *sharedTexts) read(m *markup) error {
	return m.elements(func(e xml.StartElement) error {
		if e.Name.Local != "si" {
			return nil
		}
		text, err := m.text("si")
		if err != nil {
			return err
		}
		if len(s.ends) == maxTexts || len(s.all)+len(text) > maxShared {
			return fault(sheet.CodeTexts, maxTexts, maxShared>>20)
		}
		s.all = append(s.all, text...)
		s.ends = append(s.ends, uint32(len(s.all)))
		return nil
	})
}

// at returns the text of a number, false where there is none.
func (s *sharedTexts) at(n int) (string, bool) {
	if n < 0 || n >= len(s.ends) {
		return "", false
	}
	from := uint32(0)
	if n > 0 {
		from = s.ends[n-1]
	}
	return string(s.all[from:s.ends[n]]), true
}
