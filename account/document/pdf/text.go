package pdf

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/image/font/sfnt"
)

// font sets the letters of what is drawn next.
func (p *paper) font(size float64, bold bool) {
	style := ""
	if bold {
		style = "B"
	}
	p.size, p.bold = size, bold
	p.file.SetFont(family, style, size)
}

func (p *paper) grey(on bool) {
	if on {
		p.file.SetTextColor(90, 90, 90)
		return
	}
	p.file.SetTextColor(0, 0, 0)
}

// height returns that of a line.
func (p *paper) height() float64 { return p.size * 25.4 / 72 * 1.35 }

// put draws a text on the line that begins at y, and stays there.
func (p *paper) put(x float64, text string) {
	if text = p.shown(text); text != "" {
		p.file.Text(x, p.y+p.height()*0.78, text)
	}
}

// line draws a text, on the next page where there is no room, and goes on to the next line.
func (p *paper) line(x float64, text string) {
	p.room(p.height())
	p.put(x, text)
	p.y += p.height()
}

// measure returns how wide a text is.
func (p *paper) measure(text string) float64 { return p.file.GetStringWidth(p.shown(text)) }

// rule draws a line across to the right.
func (p *paper) rule(from, thick float64) {
	p.file.SetLineWidth(thick)
	p.file.Line(from, p.y, right, p.y)
}

// basic returns what fpdf can take: it ends in a panic at bytes that are no letters, and knows
// none beyond the Basic Multilingual Plane.
func basic(text string) string {
	return strings.Map(func(r rune) rune {
		if r > lastRune {
			return utf8.RuneError
		}
		return r
	}, text)
}

// shown returns the text with a box for each letter that the font lacks, as basic
// has those that fpdf does not take.
func (p *paper) shown(text string) string {
	f := p.face()
	return strings.Map(func(r rune) rune {
		if f.has(r) {
			return r
		}
		return f.box
	}, text)
}

func (p *paper) face() *face {
	if p.bold {
		return &p.faces[1]
	}
	return &p.faces[0]
}

// wrap returns a text in lines that are no wider than so much: broken at blanks, and within a
// word that is wider. Empty text is no line.
func (p *paper) wrap(text string, width float64) (lines []string) {
	line := ""
	for word := range strings.FieldsSeq(text) {
		joined := word
		if line != "" {
			joined = line + " " + word
		}
		if p.measure(joined) <= width {
			line = joined
			continue
		}
		if line != "" {
			lines = append(lines, line)
		}
		for line = word; line != "" && p.measure(line) > width; {
			first := p.fitting(line, width)
			lines, line = append(lines, line[:first]), line[first:]
		}
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}

// fitting returns how many bytes of a text fit, one letter at least.
func (p *paper) fitting(text string, width float64) int {
	end := 0
	for end < len(text) {
		_, size := utf8.DecodeRuneInString(text[end:])
		if end > 0 && p.measure(text[:end+size]) > width {
			break
		}
		end += size
	}
	return end
}

// fit returns a text that is shortened to a line.
func (p *paper) fit(text string, width float64) string {
	if text == "" || p.measure(text) <= width {
		return text
	}
	const more = "…"
	return text[:p.fitting(text, width-p.measure(more))] + more
}

// face is a font and the letters that it has.
type face struct {
	bytes  []byte
	parsed *sfnt.Font
	buffer *sfnt.Buffer
	box    rune
}

// lastRune is that of the Basic Multilingual Plane.
const lastRune = 0xffff

func (f *face) has(r rune) bool {
	if r > lastRune || r < ' ' {
		return false
	}
	glyph, err := f.parsed.GlyphIndex(f.buffer, r)
	return err == nil && glyph != 0
}
