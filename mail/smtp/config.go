// Package smtp sends messages of package mail through a mail server (a relay, or the
// submission port of a provider). It is a module of its own, so that only hosts that want it
// get its library, go-mail:
//
//	sender, err := smtp.New(smtp.Config{
//		Host:     "mail.example.net",
//		Username: "billing",
//		Password: smtp.Fixed(secret),
//	})
//	...
//	defer sender.Close()
//	err = sender.Send(ctx, message)
//
// Connections are encrypted, the server's certificate is verified, and without that nothing
// is said: by STARTTLS on port 587, unless the configuration says otherwise. They are used
// again for what comes next.
//
// # What an error means
//
// Each error is a *mail.SendError. Refused for good (mail.IsPermanent) is a message only by
// a 5xx answer to it, its sender or its recipient. That the server wants other credentials or
// has a bad certificate is no message's fault: it is tried again. Where the server had all of
// a message and its answer did not come, the outcome is unknown; it is tried again too, and
// carries the same Message-ID.
package smtp

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"os"
	"regexp"
	"strconv"
	"time"
)

// Encryption is how a connection is encrypted.
type Encryption int

const (
	// STARTTLS begins in the clear and says nothing before the connection is encrypted; a
	// server that does not offer it is not used. It is the zero value.
	STARTTLS Encryption = iota
	// TLS is encrypted from the first byte on.
	TLS
	// Plain is never encrypted, and takes no credentials: for a relay on the same machine.
	Plain
)

// port returns the usual one (RFC 8314, RFC 5321).
func (e Encryption) port() int {
	switch e {
	case TLS:
		return 465
	case Plain:
		return 25
	case STARTTLS:
		return 587
	default:
		return 0
	}
}

// Config says which server, and as whom. All but Host may be left out.
type Config struct {
	Host       string // a name, by which its certificate is verified, or an address
	Port       int    // 0: 587, 465 for TLS, 25 for Plain
	Encryption Encryption
	TLS        *tls.Config `json:"-"` // as a base: certificates, roots. At least version 1.2 is spoken

	// Username and Password sign in, by PLAIN or LOGIN. Password is asked at each connection;
	// a fixed one is made with Fixed. Token in its place signs in by XOAUTH2.
	Username string
	Password func(context.Context) (string, error) `json:"-"`
	Token    func(context.Context) (string, error) `json:"-"`

	Hello       string        // our name, for the server; "" is the machine's
	Connections int           // at most so many at once; 0 is 8, as many as a mail.Dispatcher sends
	Messages    int           // at most so many on one connection; 0 is 100
	Idle        time.Duration // a connection that is not used is kept so long; 0 is 30 seconds
	// Timeout is how long each step may take, such as connecting, or one answer; 0 is a
	// minute. The answer to a whole message may take five times as long: a server that was
	// not waited for has it, and would be sent it again. The context of Send bounds all.
	Timeout time.Duration
	// Dial connects; nil is net.Dialer's DialContext.
	Dial func(ctx context.Context, network, address string) (net.Conn, error) `json:"-"`
}

// Fixed returns a secret that stays the same, for Config.Password.
func Fixed(secret string) func(context.Context) (string, error) {
	return func(context.Context) (string, error) { return secret, nil }
}

// ErrConfig is in the chain of what [New] returns.
var ErrConfig = errors.New("smtp: configuration")

// helloName is what a server may be told for a name (RFC 5321, 4.1.1.1).
var helloName = regexp.MustCompile(`^[A-Za-z0-9.:\[\]-]{1,255}$`)

// complete returns the configuration with its defaults, or all that is wrong with it.
func (c Config) complete() (Config, error) {
	signsIn := c.Username != "" || c.Password != nil || c.Token != nil
	errs := []error{
		wrong(c.Host == "", "no host"),
		wrong(c.Port < 0 || c.Port > 65535, "no such port"),
		wrong(c.Encryption.port() == 0, "no such encryption"),
		wrong(c.Encryption == Plain && signsIn, "credentials are not sent without encryption"),
		wrong(c.Password != nil && c.Token != nil, "both a password and a token"),
		wrong(signsIn && (c.Username == "" || c.Password == nil && c.Token == nil), "a user without a password, or a password without a user"),
		wrong(c.Hello != "" && !helloName.MatchString(c.Hello), "hello is no name"),
		wrong(c.Connections < 0 || c.Messages < 0 || c.Idle < 0 || c.Timeout < 0, "less than nothing"),
	}
	if err := errors.Join(errs...); err != nil {
		return c, err
	}
	c.Port = cmp.Or(c.Port, c.Encryption.port())
	c.Connections, c.Messages = cmp.Or(c.Connections, 8), cmp.Or(c.Messages, 100)
	c.Idle, c.Timeout = cmp.Or(c.Idle, 30*time.Second), cmp.Or(c.Timeout, time.Minute)
	c.Hello = cmp.Or(c.Hello, hostName())
	c.TLS = c.encrypted()
	if c.Dial == nil {
		c.Dial = new(net.Dialer).DialContext
	}
	return c, nil
}

func wrong(is bool, what string) error {
	if !is {
		return nil
	}
	return fmt.Errorf("%w: %s", ErrConfig, what)
}

// encrypted returns the host's TLS configuration with what is always so.
func (c Config) encrypted() *tls.Config {
	of := c.TLS.Clone()
	if of == nil {
		of = &tls.Config{}
	}
	of.ServerName = cmp.Or(of.ServerName, c.Host)
	of.MinVersion = max(of.MinVersion, tls.VersionTLS12)
	return of
}

func (c Config) address() string { return net.JoinHostPort(c.Host, strconv.Itoa(c.Port)) }

// hostName returns the machine's name, where it has one that a server can be told.
func hostName() string {
	name, err := os.Hostname()
	if err != nil || !helloName.MatchString(name) {
		return "localhost"
	}
	return name
}
