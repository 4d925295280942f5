package mail

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/textproto"
	"slices"
	"strings"
	"time"
)

// Bytes returns the message as it travels: RFC 5322 and MIME, lines that end with CR LF, 7
// bits. The same message is always the same bytes. It says that a machine wrote it
// (Auto-Submitted, RFC 3834), so that no absent reader answers. Errors: those of
// [Message.Check].
func (m Message) Bytes() ([]byte, error) {
	if err := m.Check(); err != nil {
		return nil, err
	}
	body := m.body()
	var out bytes.Buffer
	for _, f := range append(m.header(), body.header...) {
		if f.value != "" {
			f.write(&out)
		}
	}
	out.WriteString("\r\n")
	out.Write(body.content)
	return out.Bytes(), nil
}

func (m Message) header() []field {
	return []field{
		{"Date", m.Date.Format(time.RFC1123Z)},
		{"From", m.From.String()},
		{"To", m.To.String()},
		{"Reply-To", m.ReplyTo.String()},
		{"Subject", encoded(m.Subject)},
		{"Message-ID", m.ID.text},
		{"Auto-Submitted", "auto-generated"},
		{"Content-Language", m.Language},
		{"MIME-Version", "1.0"},
	}
}

// entity is a body, or a part of one, with the fields that say how to read it.
type entity struct {
	header  []field
	content []byte
}

// body returns the text, beside it the HTML, and behind both the files.
func (m Message) body() entity {
	body := text("plain", m.Text)
	if m.HTML != "" {
		body = m.multi("alternative", body, text("html", m.HTML))
	}
	if len(m.Attachments) == 0 {
		return body
	}
	parts := []entity{body}
	for _, a := range m.Attachments {
		parts = append(parts, a.entity())
	}
	return m.multi("mixed", parts...)
}

// text is in quoted-printable: it is read by people as it is, and no server breaks its lines.
func text(subtype, s string) entity {
	var content bytes.Buffer
	w := quotedprintable.NewWriter(&content)
	_, _ = w.Write([]byte(oneLineEnd.Replace(s))) // a buffer takes all
	_ = w.Close()
	if !bytes.HasSuffix(content.Bytes(), []byte("\r\n")) {
		content.WriteString("\r\n")
	}
	return entity{[]field{
		{"Content-Type", "text/" + subtype + "; charset=utf-8"},
		{"Content-Transfer-Encoding", "quoted-printable"},
	}, content.Bytes()}
}

// oneLineEnd leaves line feeds: the writer loses one that comes some encoded characters behind
// a carriage return.
var oneLineEnd = strings.NewReplacer("\r\n", "\n", "\r", "\n")

func (a Attachment) entity() entity {
	return entity{[]field{
		{"Content-Type", a.mediaType()},
		{"Content-Transfer-Encoding", "base64"},
		{"Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": a.Name.text})},
	}, lines(base64.StdEncoding.EncodeToString(a.Content))}
}

// lines are base64 in lines of 76.
func lines(encoded string) []byte {
	var out bytes.Buffer
	for line := range slices.Chunk([]byte(encoded), 76) {
		out.Write(line)
		out.WriteString("\r\n")
	}
	return out.Bytes()
}

// multi is several entities in one. The boundary follows from the Message-ID, and is in no
// part: neither quoted-printable nor base64 has an equals sign before an underscore.
func (m Message) multi(subtype string, parts ...entity) entity {
	digest := sha256.Sum256([]byte(m.ID.text))
	boundary := "=_" + subtype + "_" + hex.EncodeToString(digest[:8])
	var content bytes.Buffer
	w := multipart.NewWriter(&content)
	_ = w.SetBoundary(boundary) // of characters that it takes
	for _, p := range parts {
		header := textproto.MIMEHeader{}
		for _, f := range p.header {
			header.Set(f.name, f.value)
		}
		part, _ := w.CreatePart(header) // fails as the buffer does, never
		_, _ = part.Write(p.content)
	}
	_ = w.Close()
	return entity{[]field{
		{"Content-Type", mime.FormatMediaType("multipart/"+subtype, map[string]string{"boundary": boundary})},
	}, content.Bytes()}
}

// field is a line of a header. What its value is made of cannot hold a line break.
type field struct{ name, value string }

// maxHeaderLine is the longest line of a header that holds encoded words (RFC 2047, 2).
const maxHeaderLine = 76

// write writes the field, folded at spaces.
func (f field) write(out *bytes.Buffer) {
	line, begun := f.name+":", false
	for word := range strings.SplitSeq(f.value, " ") {
		if begun && len(line)+1+len(word) > maxHeaderLine {
			out.WriteString(line + "\r\n")
			line = ""
		}
		line, begun = line+" "+word, true
	}
	out.WriteString(line + "\r\n")
}

const (
	// maxEncoded is how many bytes one encoded word has room for, behind "Subject: ".
	maxEncoded = 39
	// maxPlainWord is the longest word that is left as it is.
	maxPlainWord = 60
)

// encoded returns a line as a header has it: as it is where that is read back as it was, else in
// encoded words (RFC 2047), none of which parts a character.
func encoded(l Line) string {
	if isPlain(l.text) {
		return l.text
	}
	var words []string
	for rest := l.text; rest != ""; {
		n := min(len(rest), maxEncoded)
		for n < len(rest) && rest[n]&0xc0 == 0x80 { // within a character
			n--
		}
		words = append(words, "=?utf-8?b?"+base64.StdEncoding.EncodeToString([]byte(rest[:n]))+"?=")
		rest = rest[n:]
	}
	return strings.Join(words, " ")
}

func isPlain(s string) bool {
	if strings.Contains(s, "=?") {
		return false
	}
	for word := range strings.SplitSeq(s, " ") {
		if word == "" || len(word) > maxPlainWord || strings.ContainsFunc(word, func(r rune) bool { return r > '~' }) {
			return false
		}
	}
	return true
}
