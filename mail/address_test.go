package mail_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/mail"
)

func address(t testing.TB, s string) mail.Address {
	t.Helper()
	a, err := mail.ParseAddress(s)
	require.NoError(t, err)
	return a
}

func line(t testing.TB, s string) mail.Line {
	t.Helper()
	l, err := mail.NewLine(s)
	require.NoError(t, err)
	return l
}

func TestAddressesAreReadAsPeopleWriteThem(t *testing.T) {
	for text, want := range map[string][3]string{
		"jane@example.com":                            {"", "jane@example.com", "jane@example.com"},
		"Jane Doe <jane@example.com>":                 {"Jane Doe", "jane@example.com", `"Jane Doe" <jane@example.com>`},
		`"Doe, Jane" <Jane.Doe+x@Example.COM>`:        {"Doe, Jane", "Jane.Doe+x@Example.COM", `"Doe, Jane" <Jane.Doe+x@Example.COM>`},
		"Ελένη <eleni@example.gr>":                    {"Ελένη", "eleni@example.gr", "=?utf-8?q?=CE=95=CE=BB=CE=AD=CE=BD=CE=B7?= <eleni@example.gr>"},
		"=?utf-8?q?=CE=95=CE=BB?= <eleni@example.gr>": {"Ελ", "eleni@example.gr", "=?utf-8?q?=CE=95=CE=BB?= <eleni@example.gr>"},
		"postmaster@localhost":                        {"", "postmaster@localhost", "postmaster@localhost"},
		"Jane   Doe <jane@xn--bcher-kva.example>":     {"Jane Doe", "jane@xn--bcher-kva.example", `"Jane Doe" <jane@xn--bcher-kva.example>`},
		"": {"", "", ""},
	} {
		a, err := mail.ParseAddress(text)
		require.NoError(t, err, text)
		assert.Equal(t, want, [3]string{a.Name(), a.Spec(), a.String()}, text)
		again, err := mail.ParseAddress(a.String())
		require.NoError(t, err, text)
		assert.Equal(t, a, again, text)
	}
	assert.Equal(t, "example.com", address(t, "jane@Example.COM").Domain())
}

func TestAddressesThatAreNoneAreRefused(t *testing.T) {
	for _, text := range []string{
		"jane", "@example.com", "jane@", "jane@exa mple.com", "jane@-x.com", "jane@x..com", "jane@[127.0.0.1]",
		`"a b"@example.com`, `"x> NOTIFY=NEVER"@example.com`, "jäne@example.com", "jane@bücher.example",
		"jane@example.com, john@example.com", ".jane@example.com",
		strings.Repeat("a", 65) + "@example.com", "a@" + strings.Repeat("a.", 127) + "com",
		"jane@example.com\r\nBcc: eve@example.com", "Jane\r\nBcc: eve <jane@example.com>", "jane@example.com\n",
		"=?utf-8?q?Jane=0D=0ABcc:_eve@example.com?= <jane@example.com>",
	} {
		a, err := mail.ParseAddress(text)
		require.Error(t, err, "%q", text)
		assert.True(t, a.IsZero(), "%q", text)
	}
	_, err := mail.ParseAddress("nobody")
	require.ErrorIs(t, err, mail.ErrAddress)
	_, err = mail.NewAddress("Jane\nDoe", "jane@example.com")
	require.ErrorIs(t, err, mail.ErrLine)
	_, err = mail.NewAddress(strings.Repeat("x", 251), "jane@example.com")
	require.ErrorIs(t, err, mail.ErrLine)
	_, err = mail.NewAddress("Jane", "Jane <jane@example.com>")
	require.ErrorIs(t, err, mail.ErrAddress)
}

// Every address and name that a client can have can be mailed to.
func TestAddressesOfClients(t *testing.T) {
	for _, name := range []string{strings.Repeat("😀", 201), strings.Repeat(`"`, 201), strings.Repeat("x", 201), strings.Repeat("ж ", 100)} {
		a, err := mail.NewAddress(name, "jane@example.com")
		require.NoError(t, err)
		m := full(t)
		m.From, m.To, m.ReplyTo = a, a, a
		raw, err := m.Bytes()
		require.NoError(t, err)
		checkOnTheWire(t, raw)
		assert.Equal(t, a, address(t, readBack(t, raw).header.Get("To")))
	}
}

func TestLinesHoldNoLineBreak(t *testing.T) {
	for _, text := range []string{"a\rb", "a\nb", "a\x00b", "a\tb", "a\u0085b", "a\u2028b", "a\u2029b", "a\xffb", "\x7f", strings.Repeat("x", 1001)} {
		_, err := mail.NewLine(text)
		require.ErrorIs(t, err, mail.ErrLine, "%q", text)
	}
	assert.Equal(t, "Ünicode – 1,000 €", line(t, "Ünicode – 1,000 €").String())
}

func TestMessageIDIsOfOneThingAndOneRecipient(t *testing.T) {
	document, to := accounttest.ID(1), address(t, "Jane Doe <jane@example.com>")
	id, err := mail.NewMessageID(document, to, "mail.example.net")
	require.NoError(t, err)
	assert.Equal(t, "<"+document.String()+".8c87b489ce35cf2e@mail.example.net>", id.String(), "never changes")

	same, err := mail.NewMessageID(document, address(t, "J. Doe <jane@EXAMPLE.com>"), "mail.example.net")
	require.NoError(t, err)
	assert.Equal(t, id, same)
	other, err := mail.NewMessageID(document, address(t, "john@example.com"), "mail.example.net")
	require.NoError(t, err)
	assert.NotEqual(t, id, other)
	next, err := mail.NewMessageID(accounttest.ID(2), to, "mail.example.net")
	require.NoError(t, err)
	assert.NotEqual(t, id, next)

	read, err := mail.ParseMessageID(id.String())
	require.NoError(t, err)
	assert.Equal(t, id, read)
}

func TestMessageIDsThatAreNoneAreRefused(t *testing.T) {
	to := address(t, "jane@example.com")
	for _, domain := range []string{"", "a b", "x>\r\nBcc: eve@example.com", strings.Repeat("a.", 127) + "com"} {
		_, err := mail.NewMessageID(accounttest.ID(1), to, domain)
		require.ErrorIs(t, err, mail.ErrMessageID, "%q", domain)
	}
	_, err := mail.NewMessageID(accounttest.ID(0), to, "example.com")
	require.NoError(t, err)
	_, err = mail.NewMessageID([16]byte{}, to, "example.com")
	require.ErrorIs(t, err, mail.ErrMessageID)
	_, err = mail.NewMessageID(accounttest.ID(1), mail.Address{}, "example.com")
	require.ErrorIs(t, err, mail.ErrAddress)
	for _, text := range []string{"a@b", "<a@b", "a@b>", "<a b@c>", "<a@b>\r\n", "<@b>", "<a@>", "<a>", "<a@b@c>"} {
		_, err := mail.ParseMessageID(text)
		require.ErrorIs(t, err, mail.ErrMessageID, "%q", text)
	}
}

// What is kept of a message in JSON comes back as it was.
func TestMessagesTravel(t *testing.T) {
	for name, m := range map[string]mail.Message{"zero": {}, "full": full(t)} {
		text, err := json.Marshal(m)
		require.NoError(t, err)
		var back mail.Message
		require.NoError(t, json.Unmarshal(text, &back))
		assert.Equal(t, m, back, name)
	}
	for _, text := range []string{`{"subject":"a\nb"}`, `{"to":"a\nb"}`, `{"id":"a\nb"}`} {
		var m mail.Message
		require.Error(t, json.Unmarshal([]byte(text), &m), text)
		assert.Equal(t, mail.Message{}, m)
	}
}

func FuzzAddress(f *testing.F) {
	for _, seed := range []string{"Jane Doe <jane@example.com>", `"a\"b" <a@b>`, "=?utf-8?q?=0A?= <a@b>", "<a@b> (comment)", "g: a@b;", "a@b\r\nBcc: c@d"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		a, err := mail.ParseAddress(text)
		if err != nil || a.IsZero() {
			return
		}
		assert.False(t, strings.ContainsFunc(a.String(), func(r rune) bool { return r < ' ' || r > '~' }), "%q", a)
		assert.False(t, strings.ContainsAny(a.Spec(), "<>\"(), "), "%q", a)
		again, err := mail.ParseAddress(a.String())
		require.NoError(t, err)
		assert.Equal(t, a, again)
	})
}
