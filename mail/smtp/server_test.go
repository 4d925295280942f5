package smtp_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"log"
	"math/big"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	gosmtp "github.com/emersion/go-smtp"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/mail"
	"github.com/clientaccount/clientaccount/mail/smtp"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const password = "correct horse"

// host is the name in the server's certificate.
const host = "localhost"

// server is a mail server in the test's process: emersion/go-smtp, with a say in each phase.
type server struct {
	smtp *gosmtp.Server
	net.Listener

	mu              sync.Mutex
	ever, most, now int // connections
	taken           []string
	on              map[string][]func(*gosmtp.Conn) error // what a phase does next, in their order
	seen            []string                              // phases, as they came

	implicit bool     // TLS from the first byte on
	offers   []string // ways to sign in
	signedIn []string // by which somebody did
}

// The phases of a server, named as in SMTP.
var phases = []string{"CONNECT", "MAIL", "RCPT", "DATA", "END"}

// start runs a server; set changes it before.
func start(t testing.TB, set ...func(*server)) *server {
	t.Helper()
	s := &server{on: map[string][]func(*gosmtp.Conn) error{}, offers: []string{sasl.Plain}}
	s.smtp = gosmtp.NewServer(gosmtp.BackendFunc(s.session))
	s.smtp.Domain, s.smtp.ErrorLog = host, log.New(io.Discard, "", 0)
	s.smtp.TLSConfig = &tls.Config{Certificates: []tls.Certificate{certificate}}
	for _, f := range set {
		f(s)
	}
	var err error
	s.Listener, err = net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	serve := net.Listener(s)
	if s.implicit {
		serve = tls.NewListener(serve, s.smtp.TLSConfig)
	}
	done := make(chan error, 1)
	go func() { done <- s.smtp.Serve(serve) }()
	t.Cleanup(func() {
		_ = s.smtp.Close()
		_ = s.Listener.Close() // which may not be served yet
		<-done
	})
	return s
}

// next says what happens when a phase comes next: nil does nothing.
func (s *server) next(phase string, do ...func(*gosmtp.Conn) error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.on[phase] = append(s.on[phase], do...)
}

// answers returns what a server says.
func answers(code int, class, subject, detail int, said string) func(*gosmtp.Conn) error {
	return func(*gosmtp.Conn) error {
		return &gosmtp.SMTPError{Code: code, EnhancedCode: gosmtp.EnhancedCode{class, subject, detail}, Message: said}
	}
}

// cuts breaks the connection.
func cuts(c *gosmtp.Conn) error {
	_ = c.Conn().Close()
	return errors.New("cut")
}

// hangs does nothing until the connection is closed by the other side or the server.
func hangs(c *gosmtp.Conn) error {
	_, _ = io.Copy(io.Discard, c.Conn())
	return errors.New("hung")
}

func (s *server) phase(name string, c *gosmtp.Conn) error {
	s.mu.Lock()
	s.seen = append(s.seen, name)
	var do func(*gosmtp.Conn) error
	if next := s.on[name]; len(next) > 0 {
		do, s.on[name] = next[0], next[1:]
	}
	s.mu.Unlock()
	if do == nil {
		return nil
	}
	return do(c)
}

func (s *server) session(c *gosmtp.Conn) (gosmtp.Session, error) {
	return &session{s, c}, s.phase("CONNECT", c)
}

// Accept counts connections.
func (s *server) Accept() (net.Conn, error) {
	c, err := s.Listener.Accept()
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ever++
	s.now++
	s.most = max(s.most, s.now)
	return &counted{Conn: c, server: s}, nil
}

// counted is a connection that is counted until it is closed.
type counted struct {
	net.Conn
	server *server
	once   sync.Once
}

func (c *counted) Close() error {
	c.once.Do(func() {
		c.server.mu.Lock()
		defer c.server.mu.Unlock()
		c.server.now--
	})
	return c.Conn.Close()
}

func (s *server) mails() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.taken...)
}

func (s *server) phasesSeen() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.seen...)
}

func (s *server) connections() (ever, most, now int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.ever, s.most, s.now
}

type session struct {
	server *server
	conn   *gosmtp.Conn
}

func (s *session) Reset() {}

func (s *session) Logout() error                          { return nil }
func (s *session) Mail(string, *gosmtp.MailOptions) error { return s.server.phase("MAIL", s.conn) }
func (s *session) Rcpt(string, *gosmtp.RcptOptions) error { return s.server.phase("RCPT", s.conn) }

func (s *session) Data(r io.Reader) error {
	if err := s.server.phase("DATA", s.conn); err != nil {
		return err
	}
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	if err := s.server.phase("END", s.conn); err != nil {
		return err
	}
	s.server.mu.Lock()
	s.server.taken = append(s.server.taken, string(raw))
	s.server.mu.Unlock()
	return s.server.phase("TAKEN", s.conn)
}

func (s *session) AuthMechanisms() []string { return s.server.offers }

func (s *session) Auth(mechanism string) (sasl.Server, error) {
	check := func(user, secret string) error {
		if user == "billing" && secret == password || secret == "user=billing\x01auth=Bearer token\x01\x01" {
			s.server.mu.Lock()
			defer s.server.mu.Unlock()
			s.server.signedIn = append(s.server.signedIn, mechanism)
			return nil
		}
		return &gosmtp.SMTPError{Code: 535, EnhancedCode: gosmtp.EnhancedCode{5, 7, 8}, Message: "no " + secret + " here"}
	}
	switch mechanism {
	case sasl.Plain:
		return sasl.NewPlainServer(func(_, user, secret string) error { return check(user, secret) }), nil
	case "LOGIN":
		return &login{check: check}, nil
	default:
		return bearer(func(said string) error { return check("", said) }), nil
	}
}

// login is the server's side of LOGIN.
type login struct {
	check func(user, secret string) error
	heard []string
}

func (l *login) Next(response []byte) (challenge []byte, done bool, err error) {
	if response != nil {
		l.heard = append(l.heard, string(response))
	}
	switch len(l.heard) {
	case 0:
		return []byte("Username:"), false, nil
	case 1:
		return []byte("Password:"), false, nil
	default:
		return nil, true, l.check(l.heard[0], l.heard[1])
	}
}

// bearer is the server's side of XOAUTH2.
type bearer func(said string) error

func (b bearer) Next(response []byte) (challenge []byte, done bool, err error) {
	return nil, true, b(string(response))
}

// certificate is the server's, and roots what trusts it.
var certificate, roots = newCertificate()

func newCertificate() (tls.Certificate, *x509.CertPool) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), DNSNames: []string{host}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		panic(err)
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		panic(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(parsed)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, pool
}

// reach returns a configuration for a listener: by STARTTLS, without signing in.
func reach(l net.Listener) smtp.Config { return reachAt(l.Addr()) }

func reachAt(a net.Addr) smtp.Config {
	return smtp.Config{
		Host: host, Port: a.(*net.TCPAddr).Port, Hello: "client.example.net", TLS: &tls.Config{RootCAs: roots},
		Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, network, a.String())
		},
	}
}

// refusing returns an address at which nobody listens, nor can: our end of a connection has it.
func refusing(t testing.TB) net.Addr {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	c, err := net.Dial("tcp", l.Addr().String())
	require.NoError(t, err)
	t.Cleanup(func() {
		_ = c.Close()
		_ = l.Close()
	})
	return c.LocalAddr()
}

func sender(t testing.TB, c smtp.Config) *smtp.Sender {
	t.Helper()
	s, err := smtp.New(c)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	return s
}

func message(t testing.TB, to string) mail.Message {
	t.Helper()
	from, err := mail.NewAddress("Example SMS", "billing@example.net")
	require.NoError(t, err)
	a, err := mail.ParseAddress(to)
	require.NoError(t, err)
	id, err := mail.NewMessageID(account.ID{1}, a, "example.net")
	require.NoError(t, err)
	subject, err := mail.NewLine("Счёт 42")
	require.NoError(t, err)
	return mail.Message{
		ID: id, Date: time.Date(2026, 11, 28, 14, 5, 0, 0, time.UTC), From: from, To: a, Subject: subject,
		Text: "One\n.\nQUIT\n..two\n", HTML: "<p>One</p>",
		Attachments: []mail.Attachment{{Name: subject, Type: "application/pdf", Content: bytes.Repeat([]byte("\r\n.\r\n"), 20)}},
	}
}

func failed(t testing.TB, err error) *mail.SendError {
	t.Helper()
	var f *mail.SendError
	require.ErrorAs(t, err, &f)
	return f
}
