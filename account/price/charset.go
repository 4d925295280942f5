package price

import (
	"bytes"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// Charset is how the text of a file is encoded.
type Charset string

// The encodings of files that are read.
const (
	CharsetUTF8        Charset = "utf-8"
	CharsetUTF16LE     Charset = "utf-16le"
	CharsetUTF16BE     Charset = "utf-16be"
	CharsetWindows1251 Charset = "windows-1251"
)

// byteOrderMarks are what files begin with that say themselves how they are encoded.
var byteOrderMarks = []struct {
	mark    string
	charset Charset
}{{"\xef\xbb\xbf", CharsetUTF8}, {"\xff\xfe", CharsetUTF16LE}, {"\xfe\xff", CharsetUTF16BE}}

// decode returns a file's text in UTF-8. A byte order mark goes before what was said. What is
// no character becomes U+FFFD, or stays invalid. False is an unknown charset.
func decode(data []byte, charset Charset) ([]byte, bool) {
	for _, known := range byteOrderMarks {
		if rest, marked := bytes.CutPrefix(data, []byte(known.mark)); marked {
			data, charset = rest, known.charset
			break
		}
	}
	var from encoding.Encoding
	switch charset {
	case "", CharsetUTF8:
		return data, true
	case CharsetUTF16LE:
		from = unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)
	case CharsetUTF16BE:
		from = unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)
	case CharsetWindows1251:
		from = charmap.Windows1251
	default:
		return nil, false
	}
	text, err := from.NewDecoder().Bytes(data)
	return text, err == nil
}

// isText reports whether a line is whole: valid UTF-8, without U+FFFD, which decoders write for
// what they cannot read, and without NUL, which is what UTF-16 looks like that was not said.
func isText(line []byte) bool {
	return utf8.Valid(line) && !bytes.ContainsRune(line, utf8.RuneError) && bytes.IndexByte(line, 0) < 0
}
