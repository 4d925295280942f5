package mail_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"flag"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	netmail "net/mail"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/mail"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var update = flag.Bool("update", false, "write the golden files anew")

// golden compares with a file under testdata.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, got, 0o600))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, string(want), string(got), "go test ./mail -update writes it anew")
}

// full returns a message with all there is.
func full(t testing.TB) mail.Message {
	t.Helper()
	to := address(t, "Ελένη Παπαδοπούλου-Αναγνωστοπούλου <eleni@example.gr>")
	id, err := mail.NewMessageID(accounttest.ID(1), to, "example.net")
	require.NoError(t, err)
	return mail.Message{
		ID: id, Date: accounttest.Now(), From: address(t, `"Example SMS, billing" <billing@example.net>`), To: to,
		ReplyTo: address(t, "max@example.com"), Language: "el",
		Subject: line(t, "Τιμολόγιο 2026-000042: 1.294,26 EUR, από 28 Οκτωβρίου έως 27 Νοεμβρίου"),
		Text:    "Γεια σας,\n\nτο τιμολόγιο = 1.294,26 €.\n.\nFrom here on\n",
		HTML:    "<p>Γεια σας</p>\n",
		Attachments: []mail.Attachment{
			{Name: line(t, "invoice-2026-000042.pdf"), Type: "application/pdf", Content: bytes.Repeat([]byte("%PDF \x00\xff"), 20)},
			{Name: line(t, `τιμολόγιο "42"; x.csv`), Type: "text/csv; charset=utf-8", Content: []byte("a;b\r\n")},
		},
	}
}

func TestBytesAreAsTheyWere(t *testing.T) {
	whole := full(t)
	plain := whole
	plain.ReplyTo, plain.HTML, plain.Attachments, plain.Language = mail.Address{}, "", nil, ""
	alternative := plain
	alternative.HTML = whole.HTML
	filed := plain
	filed.Attachments = whole.Attachments[:1]
	for name, m := range map[string]mail.Message{"full": whole, "plain": plain, "alternative": alternative, "filed": filed} {
		first, err := m.Bytes()
		require.NoError(t, err)
		golden(t, "bytes/"+name+".eml", first)
		second, err := m.Bytes()
		require.NoError(t, err)
		assert.Equal(t, first, second)
		checkOnTheWire(t, first)
	}
}

// checkOnTheWire holds what every mail server wants.
func checkOnTheWire(t *testing.T, raw []byte) {
	t.Helper()
	header := true
	for line := range bytes.SplitSeq(bytes.TrimSuffix(raw, []byte("\r\n")), []byte("\r\n")) {
		header = header && len(line) > 0
		require.NotContains(t, string(line), "\n", "a bare line feed")
		require.NotContains(t, string(line), "\r", "a bare carriage return")
		require.LessOrEqual(t, len(line), 998, "RFC 5322, 2.1.1")
		require.False(t, header && strings.TrimSpace(string(line)) == "", "a line of nothing in the header: %q", raw)
		require.False(t, bytes.ContainsFunc(line, func(r rune) bool { return r > '~' || r < ' ' && r != '\t' }), "7 bits: %q", line)
	}
}

// read is a message as the standard library reads it.
type read struct {
	header     netmail.Header
	subject    string
	text, html string
	files      []mail.Attachment
}

func readBack(t testing.TB, raw []byte) (r read) {
	t.Helper()
	m, err := netmail.ReadMessage(bytes.NewReader(raw))
	require.NoError(t, err)
	r.header = m.Header
	r.subject, err = new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
	require.NoError(t, err)
	r.part(t, m.Header.Get, m.Body)
	return r
}

func (r *read) part(t testing.TB, header func(string) string, body io.Reader) {
	t.Helper()
	kind, params, err := mime.ParseMediaType(header("Content-Type"))
	require.NoError(t, err)
	if strings.HasPrefix(kind, "multipart/") {
		parts := multipart.NewReader(body, params["boundary"])
		for {
			p, err := parts.NextRawPart()
			if errors.Is(err, io.EOF) {
				return
			}
			require.NoError(t, err)
			r.part(t, p.Header.Get, p)
		}
	}
	if name := header("Content-Disposition"); name != "" {
		_, file, err := mime.ParseMediaType(name)
		require.NoError(t, err)
		content, err := io.ReadAll(base64.NewDecoder(base64.StdEncoding, body))
		require.NoError(t, err)
		named, err := mail.NewLine(file["filename"])
		require.NoError(t, err)
		r.files = append(r.files, mail.Attachment{Name: named, Type: mime.FormatMediaType(kind, params), Content: content})
		return
	}
	content, err := io.ReadAll(quotedprintable.NewReader(body))
	require.NoError(t, err)
	if kind == "text/html" {
		r.html = unwired(string(content))
		return
	}
	r.text = unwired(string(content))
}

// unwired returns a text with line feeds, as people write it.
func unwired(s string) string {
	return strings.TrimSuffix(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(s), "\n")
}

func TestBytesAreReadBackAsTheyWere(t *testing.T) {
	m := full(t)
	raw, err := m.Bytes()
	require.NoError(t, err)
	r := readBack(t, raw)
	assert.Equal(t, m.Subject.String(), r.subject)
	assert.Equal(t, unwired(m.Text), r.text)
	assert.Equal(t, unwired(m.HTML), r.html)
	assert.Equal(t, m.Attachments, r.files)
	assert.Equal(t, "auto-generated", r.header.Get("Auto-Submitted"))
	assert.Equal(t, m.ID.String(), r.header.Get("Message-ID"))
	assert.Equal(t, "el", r.header.Get("Content-Language"))
	date, err := r.header.Date()
	require.NoError(t, err)
	assert.True(t, m.Date.Truncate(time.Second).Equal(date))
	for name, want := range map[string]mail.Address{"From": m.From, "To": m.To, "Reply-To": m.ReplyTo} {
		assert.Equal(t, want, address(t, r.header.Get(name)), name)
	}
}

func FuzzBytes(f *testing.F) {
	f.Add("Invoice 42", "Jane Doe", "jane@example.com", "Hello\n.\nFrom me", "<p>Hello</p>", "a.pdf", []byte("%PDF"))
	f.Add("=?utf-8?q?x?=", `Doe, "J" =?x`, "j.d+e@Example.COM", "=20 = \r\r\n\n ", "\n", `a"b; c.csv`, []byte{0, 255})
	f.Add(" Ελ  ", " Ж  ", "a@b", "\ttab \t\n", "", "Ж", []byte(nil))
	f.Add(strings.Repeat("x", 400)+" y", strings.Repeat("ж ", 60), "a@b.c", strings.Repeat("я", 500), "<", "..x", []byte("\r\n--=_mixed_"))
	f.Fuzz(func(t *testing.T, subject, name, spec, text, html, file string, content []byte) {
		m := mail.Message{Date: accounttest.Now(), Text: text, HTML: html, Language: "en"}
		var errs [4]error
		m.Subject, errs[0] = mail.NewLine(subject)
		m.To, errs[1] = mail.NewAddress(name, spec)
		named, err := mail.NewLine(file)
		errs[2] = err
		m.From = m.To
		m.ID, errs[3] = mail.NewMessageID(accounttest.ID(1), m.To, "example.net")
		m.Attachments = []mail.Attachment{{Name: named, Type: "application/octet-stream", Content: content}}
		if errors.Join(errs[:]...) != nil || m.Check() != nil {
			return
		}
		raw, err := m.Bytes()
		require.NoError(t, err)
		checkOnTheWire(t, raw)
		r := readBack(t, raw)
		assert.Equal(t, subject, r.subject)
		assert.Equal(t, m.To, address(t, r.header.Get("To")))
		assert.Equal(t, unwired(text), r.text)
		assert.Equal(t, unwired(html), r.html)
		require.Len(t, r.files, 1)
		assert.Equal(t, file, r.files[0].Name.String())
		assert.True(t, bytes.Equal(content, r.files[0].Content))
		for name := range r.header {
			assert.Contains(t, headers, name)
		}
	})
}

// headers are all that a message ever has.
var headers = []string{
	"Date", "From", "To", "Reply-To", "Subject", "Message-Id", "Auto-Submitted", "Content-Language", "Mime-Version",
	"Content-Type", "Content-Transfer-Encoding",
}

func TestWhatIsMissingIsSaidAtOnce(t *testing.T) {
	err := mail.Message{}.Check()
	require.ErrorIs(t, err, mail.ErrMessage)
	assert.EqualError(t, err, "mail: not a whole message: id, date, from, to, subject, text")
	_, err = mail.Message{}.Bytes()
	require.ErrorIs(t, err, mail.ErrMessage)
	require.NoError(t, full(t).Check())

	for name, spoil := range map[string]func(*mail.Message){
		"language":    func(m *mail.Message) { m.Language = "en\r\nBcc: eve@example.com" },
		"text":        func(m *mail.Message) { m.Text = "\xff" },
		"html":        func(m *mail.Message) { m.HTML = "a\x00b" },
		"subject":     func(m *mail.Message) { m.Subject = line(t, "  ") },
		"attachment":  func(m *mail.Message) { m.Attachments[0].Type = "application/pdf\r\nBcc: eve@example.com" },
		"attachment ": func(m *mail.Message) { m.Attachments[0].Type = "multipart/mixed; boundary=x" },
		"attachment, attachment": func(m *mail.Message) {
			m.Attachments[0].Name, m.Attachments[1].Name = line(t, "../x"), mail.Line{}
		},
	} {
		m := full(t)
		spoil(&m)
		assert.EqualError(t, m.Check(), "mail: not a whole message: "+strings.TrimSpace(name))
	}
}

func TestScheduleOfTries(t *testing.T) {
	var waits []time.Duration
	for failed := 1; ; failed++ {
		wait, more := mail.Wait(failed, 100)
		if !more {
			assert.Equal(t, mail.MaxTries, failed)
			break
		}
		waits = append(waits, wait)
	}
	assert.Equal(t, []time.Duration{
		time.Minute, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 6 * time.Hour, 12 * time.Hour, 24 * time.Hour,
	}, waits)
	for _, failed := range []int{-1, 0, 8, 1 << 40} {
		_, more := mail.Wait(failed, 100)
		assert.False(t, more)
	}
	for percent, want := range map[int64]time.Duration{80: 48 * time.Second, 120: 72 * time.Second, 0: 48 * time.Second, 1 << 40: 72 * time.Second} {
		wait, _ := mail.Wait(1, percent)
		assert.Equal(t, want, wait)
	}
}

func TestErrorsSayWhetherToTryAgain(t *testing.T) {
	gone := &mail.SendError{Step: mail.StepTo, Permanent: true, Code: 550, Enhanced: "5.1.1", Said: "no such user"}
	assert.EqualError(t, gone, "mail: to: 550 5.1.1 no such user")
	assert.True(t, mail.IsPermanent(fmt.Errorf("sending: %w", gone)))
	lost := &mail.SendError{Step: mail.StepAnswer, Unknown: true, Err: context.DeadlineExceeded}
	assert.EqualError(t, lost, "mail: answer: context deadline exceeded")
	require.ErrorIs(t, lost, context.DeadlineExceeded)
	for _, err := range []error{nil, lost, io.EOF} {
		assert.False(t, mail.IsPermanent(err))
	}
}

func TestWhatAServerSaidIsBoundedAndHoldsNoSecret(t *testing.T) {
	assert.Equal(t, "no … here, nor …", mail.Said("no hunter2\r\nhere, nor aHVudGVyMg==", "hunter2", "aHVudGVyMg==", ""))
	assert.Equal(t, "a ? b?", mail.Said("a \x1b b\xff"))
	long := mail.Said(strings.Repeat("я", 1000))
	assert.LessOrEqual(t, len(long), mail.MaxSaid)
	assert.Equal(t, strings.Repeat("я", mail.MaxSaid/2), long)
}
