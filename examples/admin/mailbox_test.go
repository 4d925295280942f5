package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/mail"
)

func letter(t *testing.T, n int, html string, files ...mail.Attachment) mail.Message {
	t.Helper()
	to, err := mail.ParseAddress("jane@acme.example")
	require.NoError(t, err)
	id, err := mail.NewMessageID(accounttest.ID(n), to, "example.com")
	require.NoError(t, err)
	subject, err := mail.NewLine(fmt.Sprint("Letter <", n, ">"))
	require.NoError(t, err)
	return mail.Message{ID: id, Date: demoDay, From: to, To: to, Subject: subject, Text: "text", HTML: html, Attachments: files}
}

func ask(b *mailbox, path string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	b.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, http.NoBody))
	return w
}

func TestMailboxShowsAMailAndItsFiles(t *testing.T) {
	var b mailbox
	assert.Contains(t, ask(&b, "/mailbox").Body.String(), "Nothing yet")
	name, err := mail.NewLine("rechnung \"ä\".pdf")
	require.NoError(t, err)
	require.NoError(t, b.Send(t.Context(), letter(t, 1, "<script>alert(1)</script>", mail.Attachment{Name: name, Type: "application/pdf", Content: []byte("%PDF")})))
	assert.Contains(t, ask(&b, "/mailbox").Body.String(), "Letter &lt;1&gt;")
	page := ask(&b, "/mailbox/1")
	assert.Contains(t, page.Body.String(), `sandbox src="/mailbox/1/html"`)
	assert.NotContains(t, page.Body.String(), "<script>")
	html := ask(&b, "/mailbox/1/html")
	assert.True(t, strings.HasPrefix(html.Header().Get("Content-Security-Policy"), "sandbox; default-src 'none'"))
	file := ask(&b, "/mailbox/1/files/0")
	assert.Equal(t, "%PDF", file.Body.String())
	assert.Contains(t, file.Header().Get("Content-Disposition"), "attachment; filename*=")
	for _, path := range []string{"/mailbox/2", "/mailbox/x", "/mailbox/1/files/1", "/mailbox/1/files/-1", "/mailbox/1/files/x", "/mailbox/1/x"} {
		assert.Equal(t, http.StatusNotFound, ask(&b, path).Code, path)
	}
}

func TestMailboxIsBounded(t *testing.T) {
	var b mailbox
	for n := range mailboxMails + 50 {
		require.NoError(t, b.Send(t.Context(), letter(t, n, "")))
	}
	assert.Len(t, b.latest(), mailboxMails)
	assert.Equal(t, mailboxMails+50, b.latest()[0].Number)
	name, err := mail.NewLine("large.bin")
	require.NoError(t, err)
	for n := range 5 {
		require.NoError(t, b.Send(t.Context(), letter(t, n, "", mail.Attachment{Name: name, Type: "application/octet-stream", Content: make([]byte, 10<<20)})))
	}
	assert.Len(t, b.latest(), 3)
}

func TestSMTPServerIsReadFromAURL(t *testing.T) {
	c, err := smtpConfig("smtps://bill@mail.example.net:465", "secret")
	require.NoError(t, err)
	assert.Equal(t, "mail.example.net 465 bill", fmt.Sprint(c.Host, " ", c.Port, " ", c.Username))
	for _, bad := range []string{"", "mail.example.net", "http://h", "smtp://u:secret@h", "smtp://h/path", "smtp://h:port"} {
		_, err := smtpConfig(bad, "")
		require.Error(t, err, bad)
		assert.NotContains(t, err.Error(), "secret")
	}
}
