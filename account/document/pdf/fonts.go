package pdf

import (
	_ "embed" // the fonts
	"fmt"

	"golang.org/x/image/font/sfnt"
)

// Fonts are TrueType files for the letters of documents. The zero Fonts is DejaVu Sans Condensed
// with the letters of Latin, Greek, Cyrillic, Armenian and Georgian alphabets; a host whose
// clients write otherwise brings its own. Letters are drawn from left to right as they come,
// each by itself: scripts that join or reorder letters, as Arabic and Devanagari, do not come
// out right.
type Fonts struct {
	Regular []byte
	Bold    []byte // nil: Regular
}

var (
	//go:embed font/DejaVuSansCondensed.ttf
	regular []byte
	//go:embed font/DejaVuSansCondensed-Bold.ttf
	bold []byte
)

func (f Fonts) faces() (faces [2]face, err error) {
	switch {
	case f.Regular == nil && f.Bold == nil:
		f = Fonts{regular, bold}
	case f.Bold == nil:
		f.Bold = f.Regular
	}
	for i, content := range [][]byte{f.Regular, f.Bold} {
		if faces[i], err = newFace(content); err != nil {
			return faces, err
		}
	}
	return faces, nil
}

func newFace(content []byte) (face, error) {
	parsed, err := sfnt.Parse(content)
	if err != nil {
		return face{}, fmt.Errorf("%w: %w", ErrFont, err)
	}
	f := face{bytes: content, parsed: parsed, buffer: &sfnt.Buffer{}}
	for _, f.box = range "□\ufffd?" {
		if f.has(f.box) {
			return f, nil
		}
	}
	return face{}, fmt.Errorf("%w: it has no letters that a document needs", ErrFont)
}
