package smtp_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"mime"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	gosmtp "github.com/emersion/go-smtp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	gomail "github.com/wneessen/go-mail"

	"github.com/clientaccount/clientaccount/mail"
	"github.com/clientaccount/clientaccount/mail/smtp"
)

// What the server has is what was sent, byte for byte, and reads as it was written, for
// others' readers too.
func TestSendDelivers(t *testing.T) {
	server := start(t)
	m := message(t, "jane@example.com")
	require.NoError(t, sender(t, reach(server)).Send(t.Context(), m))
	raw, err := m.Bytes()
	require.NoError(t, err)
	require.Equal(t, []string{string(raw)}, server.mails())

	theirs, err := gomail.EMLToMsgFromString(server.mails()[0])
	require.NoError(t, err)
	assert.Equal(t, []string{m.ID.String()}, theirs.GetGenHeader(gomail.HeaderMessageID))
	subject, err := new(mime.WordDecoder).DecodeHeader(theirs.GetGenHeader(gomail.HeaderSubject)[0])
	require.NoError(t, err)
	assert.Equal(t, m.Subject.String(), subject)
	assert.Equal(t, []string{"<jane@example.com>"}, theirs.GetToString())
	bodies := map[gomail.ContentType]string{}
	for _, part := range theirs.GetParts() {
		content, err := part.GetContent()
		require.NoError(t, err)
		bodies[part.GetContentType()] = strings.ReplaceAll(string(content), "\r\n", "\n")
	}
	assert.Equal(t, m.Text, bodies[gomail.TypeTextPlain])
	assert.Contains(t, bodies[gomail.TypeTextHTML], m.HTML)
	require.Len(t, theirs.GetAttachments(), 1)
}

func TestSendSignsIn(t *testing.T) {
	for name, tt := range map[string]struct {
		offers []string
		set    func(*smtp.Config)
	}{
		"PLAIN":   {[]string{"LOGIN", "PLAIN"}, func(c *smtp.Config) { c.Password = smtp.Fixed(password) }},
		"LOGIN":   {[]string{"LOGIN"}, func(c *smtp.Config) { c.Password = smtp.Fixed(password) }},
		"XOAUTH2": {[]string{"PLAIN", "XOAUTH2"}, func(c *smtp.Config) { c.Token = smtp.Fixed("token") }},
	} {
		server := start(t, func(s *server) { s.offers = tt.offers })
		config := reach(server)
		config.Username = "billing"
		tt.set(&config)
		require.NoError(t, sender(t, config).Send(t.Context(), message(t, "jane@example.com")), name)
		assert.Equal(t, []string{name}, server.signedIn, name)
	}
}

// That we may not sign in is no message's fault, and what the server says of it is not kept:
// this one repeats the password.
func TestSendThatMayNotSignIn(t *testing.T) {
	for name, tt := range map[string]struct {
		offers []string
		set    func(*smtp.Config)
		want   string
	}{
		"wrong password": {[]string{"PLAIN"}, func(c *smtp.Config) { c.Password = smtp.Fixed("hunter2") }, "mail: auth: 535 5.7.8"},
		"wrong, LOGIN":   {[]string{"LOGIN"}, func(c *smtp.Config) { c.Password = smtp.Fixed("hunter2") }, "mail: auth: 535 5.7.8"},
		"wrong token":    {[]string{"XOAUTH2"}, func(c *smtp.Config) { c.Token = smtp.Fixed("hunter2") }, "mail: auth: 535 5.7.8"},
		"no way":         {[]string{"CRAM-MD5"}, func(c *smtp.Config) { c.Password = smtp.Fixed(password) }, "mail: auth: " + smtp.ErrNoAuth.Error()},
		"no token's way": {[]string{"PLAIN"}, func(c *smtp.Config) { c.Token = smtp.Fixed("token") }, "mail: auth: " + smtp.ErrNoAuth.Error()},
		"no password": {[]string{"PLAIN"}, func(c *smtp.Config) {
			c.Password = func(context.Context) (string, error) { return "", errors.New("vault sealed") }
		}, "mail: auth: smtp: no password: vault sealed"},
	} {
		server := start(t, func(s *server) { s.offers = tt.offers })
		config := reach(server)
		config.Username = "billing"
		tt.set(&config)
		err := sender(t, config).Send(t.Context(), message(t, "jane@example.com"))
		require.EqualError(t, err, tt.want, name)
		assert.False(t, mail.IsPermanent(err), name)
		assert.Empty(t, server.mails(), name)
	}
}

func TestSendIsEncrypted(t *testing.T) {
	inTheClear := start(t, func(s *server) { s.smtp.TLSConfig = nil })
	old := start(t, func(s *server) {
		s.smtp.TLSConfig.MinVersion, s.smtp.TLSConfig.MaxVersion = tls.VersionTLS10, tls.VersionTLS11
	})
	good := start(t)
	implicit := start(t, func(s *server) { s.implicit = true })
	other := func(c *smtp.Config) { c.Host = "other.example.net" }
	stranger := func(c *smtp.Config) { c.TLS = nil }
	wrapped := func(c *smtp.Config) { c.Encryption = smtp.TLS }

	for name, tt := range map[string]struct {
		server *server
		set    func(*smtp.Config)
		want   any
	}{
		"no STARTTLS":             {inTheClear, func(*smtp.Config) {}, nil},
		"an old version":          {old, func(*smtp.Config) {}, nil},
		"an untrusted one":        {good, stranger, new(*tls.CertificateVerificationError)},
		"another's":               {good, other, new(x509.HostnameError)},
		"TLS, an untrusted one":   {implicit, func(c *smtp.Config) { stranger(c); wrapped(c) }, new(*tls.CertificateVerificationError)},
		"TLS where there is none": {good, wrapped, new(tls.RecordHeaderError)},
	} {
		config := reach(tt.server)
		tt.set(&config)
		f := failed(t, sender(t, config).Send(t.Context(), message(t, "jane@example.com")))
		assert.Equal(t, mail.StepTLS, f.Step, name)
		assert.False(t, f.Permanent || f.Unknown, name)
		if tt.want != nil {
			require.ErrorAs(t, f, tt.want, name)
		}
		assert.Empty(t, tt.server.mails(), name)
		assert.NotContains(t, tt.server.phasesSeen(), "MAIL", "%s: nothing is said", name)
	}

	config := reach(implicit)
	wrapped(&config)
	require.NoError(t, sender(t, config).Send(t.Context(), message(t, "jane@example.com")))
	config = reach(inTheClear)
	config.Encryption = smtp.Plain
	require.NoError(t, sender(t, config).Send(t.Context(), message(t, "jane@example.com")))
}

// A server's answer in each phase: what it says, whether trying again helps, and that it is
// nobody else's concern, on the same connection.
func TestSendThatIsRefused(t *testing.T) {
	for _, tt := range []struct {
		phase     string
		answer    func(*gosmtp.Conn) error
		want      string
		permanent bool
	}{
		{"MAIL", answers(451, 4, 3, 0, "later"), "mail: from: 451 4.3.0 later", false},
		{"MAIL", answers(550, 5, 1, 8, "who are you"), "mail: from: 550 5.1.8 who are you", true},
		{"MAIL", answers(530, 5, 7, 0, "sign in first"), "mail: from: 530 5.7.0 sign in first", false},
		{"RCPT", answers(451, 4, 7, 1, "greylisted"), "mail: to: 451 4.7.1 greylisted", false},
		{"RCPT", answers(550, 5, 1, 1, "no such user\nhere"), "mail: to: 550 5.1.1 no such user here", true},
		{"RCPT", answers(552, 5, 2, 2, "mailbox full"), "mail: to: 552 5.2.2 mailbox full", true},
		{"RCPT", answers(450, 4, 2, 0, strings.Repeat("y", 1900)), "mail: to: 450 4.2.0 " + strings.Repeat("y", mail.MaxSaid), false},
		{"DATA", answers(452, 4, 3, 1, "disk full"), "mail: content: 452 4.3.1 disk full", false},
		{"END", answers(552, 5, 3, 4, "too big"), "mail: content: 552 5.3.4 too big", true},
		{"END", answers(554, 5, 7, 1, "spam, correct horse battery"), "mail: content: 554 5.7.1 spam, … battery", true},
	} {
		server := start(t)
		config := reach(server)
		config.Username, config.Password = "billing", smtp.Fixed(password)
		s := sender(t, config)
		server.next(tt.phase, nil, tt.answer)
		require.NoError(t, s.Send(t.Context(), message(t, "john@example.com")), tt.want)
		err := s.Send(t.Context(), message(t, "jane@example.com"))
		require.EqualError(t, err, tt.want)
		assert.Equal(t, tt.permanent, mail.IsPermanent(err), tt.want)
		assert.False(t, failed(t, err).Unknown, tt.want)
		require.NoError(t, s.Send(t.Context(), message(t, "jack@example.com")), tt.want)
		assert.Len(t, server.mails(), 2, tt.want)
		ever, _, _ := server.connections()
		assert.Equal(t, 1, ever, tt.want)
	}
}

// Who was put off is taken the next time, with the same Message-ID.
func TestSendAgain(t *testing.T) {
	server := start(t)
	s := sender(t, reach(server))
	m := message(t, "jane@example.com")
	server.next("RCPT", answers(451, 4, 7, 1, "greylisted"))
	server.next("TAKEN", cuts)
	require.Error(t, s.Send(t.Context(), m))
	f := failed(t, s.Send(t.Context(), m))
	assert.Equal(t, mail.StepAnswer, f.Step)
	assert.True(t, f.Unknown, "it was taken, and the answer lost")
	assert.False(t, f.Permanent)
	require.NoError(t, s.Send(t.Context(), m))
	mails := server.mails()
	require.Len(t, mails, 2)
	assert.Equal(t, mails[0], mails[1], "with the same Message-ID, and byte for byte")
}

func TestSendOverAConnectionThatIsCut(t *testing.T) {
	for phase, step := range map[string]mail.Step{
		"CONNECT": mail.StepConnect, "MAIL": mail.StepFrom, "RCPT": mail.StepTo, "DATA": mail.StepAnswer, "END": mail.StepAnswer,
	} {
		server := start(t)
		server.next(phase, cuts)
		s := sender(t, reach(server))
		f := failed(t, s.Send(t.Context(), message(t, "jane@example.com")))
		assert.Equal(t, step, f.Step, phase)
		assert.Equal(t, step == mail.StepAnswer, f.Unknown, phase)
		assert.False(t, f.Permanent, phase)
		assert.Zero(t, f.Code, phase)
		require.Error(t, f.Err, phase)
		require.NoError(t, s.Send(t.Context(), message(t, "jane@example.com")), phase)
		assert.Len(t, server.mails(), 1, phase)
	}
}

// A server that hangs is left when its time is over, or the context's.
func TestSendToAServerThatHangs(t *testing.T) {
	for _, phase := range append(phases, "TAKEN") {
		server := start(t)
		server.next(phase, hangs)
		config := reach(server)
		config.Timeout = 20 * time.Millisecond
		f := failed(t, sender(t, config).Send(t.Context(), message(t, "jane@example.com")))
		var late net.Error
		require.ErrorAs(t, f, &late, phase)
		assert.True(t, late.Timeout(), phase)

		server = start(t)
		ctx, cancel := context.WithCancel(t.Context())
		server.next(phase, func(c *gosmtp.Conn) error {
			cancel()
			return hangs(c)
		})
		config = reach(server)
		config.Timeout = time.Hour
		f = failed(t, sender(t, config).Send(ctx, message(t, "jane@example.com")))
		require.ErrorIs(t, f, context.Canceled, phase)
		assert.False(t, f.Permanent, phase)
		if phase != "DATA" { // when it may have all, or not yet
			assert.Equal(t, phase == "END" || phase == "TAKEN", f.Unknown, phase)
		}
	}
}

func TestSendKeepsItsConnections(t *testing.T) {
	server := start(t)
	config := reach(server)
	config.Messages = 3
	s := sender(t, config)
	for range 7 {
		require.NoError(t, s.Send(t.Context(), message(t, "jane@example.com")))
	}
	ever, _, _ := server.connections()
	assert.Equal(t, 3, ever)
	assert.Len(t, server.mails(), 7)

	require.NoError(t, s.Close())
	require.NoError(t, s.Close())
	require.Eventually(t, func() bool { _, _, now := server.connections(); return now == 0 }, time.Minute, time.Millisecond)
	require.ErrorIs(t, s.Send(t.Context(), message(t, "jane@example.com")), smtp.ErrClosed)
}

func TestSendUsesNoMoreConnectionsThanItMay(t *testing.T) {
	server := start(t)
	config := reach(server)
	config.Connections = 2
	s := sender(t, config)
	var all sync.WaitGroup
	for i := range 20 {
		all.Go(func() {
			assert.NoError(t, s.Send(t.Context(), message(t, fmt.Sprintf("c%d@example.com", i))))
		})
	}
	all.Wait()
	_, most, _ := server.connections()
	assert.LessOrEqual(t, most, 2)
	assert.Len(t, server.mails(), 20)

	server.next("MAIL", hangs, hangs)
	ctx, cancel := context.WithCancel(t.Context())
	for range 2 {
		all.Go(func() { assert.ErrorIs(t, s.Send(ctx, message(t, "jane@example.com")), context.Canceled) })
	}
	require.Eventually(t, func() bool { return strings.Count(strings.Join(server.phasesSeen(), " "), "MAIL") == 22 }, time.Minute, time.Millisecond)
	waiting, stop := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer stop()
	require.ErrorIs(t, s.Send(waiting, message(t, "jane@example.com")), context.DeadlineExceeded, "all are in use")
	cancel()
	all.Wait()
	require.NoError(t, s.Send(t.Context(), message(t, "jane@example.com")))
}

func TestSendAfterAConnectionEnded(t *testing.T) {
	server := start(t)
	var theirs net.Conn
	server.next("TAKEN", func(c *gosmtp.Conn) error {
		theirs = c.Conn()
		return nil
	})
	config := reach(server)
	s := sender(t, config)
	require.NoError(t, s.Send(t.Context(), message(t, "jane@example.com")))
	require.NoError(t, theirs.Close())
	gone := func() bool { _, _, now := server.connections(); return now == 0 }
	require.Eventually(t, gone, time.Minute, time.Millisecond, "the server ends it")
	require.NoError(t, s.Send(t.Context(), message(t, "jane@example.com")))

	server = start(t)
	config = reach(server)
	config.Idle = 10 * time.Millisecond
	s = sender(t, config)
	require.NoError(t, s.Send(t.Context(), message(t, "jane@example.com")))
	require.Eventually(t, func() bool { _, _, now := server.connections(); return now == 0 }, time.Minute, time.Millisecond, "we end it")
	require.NoError(t, s.Send(t.Context(), message(t, "jane@example.com")))
}

// A server that says how much it takes is not sent more.
func TestSendOfTooMuch(t *testing.T) {
	server := start(t, func(s *server) { s.smtp.MaxMessageBytes = 1000 })
	f := failed(t, sender(t, reach(server)).Send(t.Context(), message(t, "jane@example.com")))
	assert.Equal(t, mail.StepFrom, f.Step)
	assert.Equal(t, 552, f.Code)
	assert.True(t, f.Permanent)
	assert.NotContains(t, server.phasesSeen(), "DATA")
}

func TestSendOfWhatIsNotWhole(t *testing.T) {
	server := start(t)
	err := sender(t, reach(server)).Send(t.Context(), mail.Message{})
	require.ErrorIs(t, err, mail.ErrMessage)
	assert.True(t, mail.IsPermanent(err))
	ever, _, _ := server.connections()
	assert.Zero(t, ever)
}

func TestConfigurationsThatAreRefused(t *testing.T) {
	secret := smtp.Fixed("x")
	for _, c := range []smtp.Config{
		{},
		{Host: "h", Port: 70000},
		{Host: "h", Encryption: 9},
		{Host: "h", Encryption: smtp.Plain, Username: "u", Password: secret},
		{Host: "h", Username: "u"},
		{Host: "h", Password: secret},
		{Host: "h", Username: "u", Password: secret, Token: secret},
		{Host: "h", Hello: "a\r\nMAIL FROM:<eve@example.com>"},
		{Host: "h", Timeout: -1},
		{Host: "h", Connections: -1},
	} {
		_, err := smtp.New(c)
		require.ErrorIs(t, err, smtp.ErrConfig, "%+v", c)
	}
	s, err := smtp.New(smtp.Config{Host: "h"})
	require.NoError(t, err)
	require.NoError(t, s.Close())
}

// Who closes a Sender in the midst of it all loses no message that was said to be sent, and
// leaves no connection behind.
func TestSendWhileItIsClosed(t *testing.T) {
	server := start(t)
	config := reach(server)
	config.Idle = time.Millisecond
	s := sender(t, config)
	var all sync.WaitGroup
	var sent atomic.Int64
	for range 8 {
		all.Go(func() {
			for {
				err := s.Send(t.Context(), message(t, "jane@example.com"))
				if errors.Is(err, smtp.ErrClosed) {
					return
				}
				if assert.NoError(t, err) {
					sent.Add(1)
				}
			}
		})
	}
	require.Eventually(t, func() bool { return sent.Load() > 50 }, time.Minute, time.Millisecond)
	require.NoError(t, s.Close())
	all.Wait()
	assert.Len(t, server.mails(), int(sent.Load()))
	require.Eventually(t, func() bool { _, _, now := server.connections(); return now == 0 }, time.Minute, time.Millisecond)
}
