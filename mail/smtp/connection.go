package smtp

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/textproto"
	"strconv"
	"time"

	"github.com/wneessen/go-mail/smtp"

	"github.com/clientaccount/clientaccount/mail"
)

// connection is one to the server, that said hello, is encrypted, and signed in. It is used
// by one goroutine at a time.
type connection struct {
	client  *smtp.Client
	link    *link
	secrets []string // what is kept out of what the server said
	sent    int      // messages
	fit     bool     // for another message
	expiry  *time.Timer
}

// farewell is how long a server may take to say goodbye.
const farewell = 2 * time.Second

// dial makes a connection. The error is a *mail.SendError.
func (c Config) dial(ctx context.Context) (*connection, error) {
	reach, cancel := context.WithTimeout(ctx, c.Timeout)
	defer cancel()
	raw, err := c.Dial(reach, "tcp", c.address())
	if err != nil {
		return nil, &mail.SendError{Step: mail.StepConnect, Err: cmp.Or(ctx.Err(), err)}
	}
	made := &connection{link: &link{Conn: raw, patience: c.Timeout, left: maxHeard}}
	lift := made.guard(ctx)
	step, err := made.open(ctx, c)
	if whole := lift(); err != nil || !whole {
		_ = made.link.Close()
		return nil, failure(ctx, step, err, made.secrets)
	}
	return made, nil
}

// guard breaks the connection when the context ends, until it is lifted. lift reports
// whether the connection is whole.
func (c *connection) guard(ctx context.Context) (lift func() bool) {
	return context.AfterFunc(ctx, func() { _ = c.link.Close() })
}

// open says all that comes before the first message. It returns how far it came.
func (c *connection) open(ctx context.Context, config Config) (mail.Step, error) {
	conn := net.Conn(c.link)
	if config.Encryption == TLS {
		secure := tls.Client(c.link, config.TLS)
		if err := secure.Handshake(); err != nil {
			return mail.StepTLS, err
		}
		conn = secure
	}
	var err error
	if c.client, err = smtp.NewClient(conn, config.Host); err != nil {
		return mail.StepConnect, err
	}
	c.client.SkipSMTPUTF8(true) // addresses are ASCII
	if err := c.client.Hello(config.Hello); err != nil {
		return mail.StepConnect, err
	}
	if config.Encryption == STARTTLS {
		if offered, _ := c.client.Extension("STARTTLS"); !offered {
			return mail.StepTLS, ErrNoTLS
		}
		if err := c.client.StartTLS(config.TLS); err != nil {
			return mail.StepTLS, err
		}
	}
	return mail.StepAuth, c.signIn(ctx, config)
}

// send sends one message. The error is a *mail.SendError.
func (c *connection) send(ctx context.Context, m mail.Message, raw []byte) error {
	c.sent++
	c.link.left = maxHeard
	lift := c.guard(ctx)
	step, err := c.transact(m, raw)
	whole := lift()
	if err == nil {
		c.fit = whole
		return nil
	}
	f := failure(ctx, step, err, c.secrets)
	f.Unknown = step == mail.StepAnswer
	c.fit = whole && f.Code >= 400 && f.Code != 421 // which announces the end
	return f
}

// transact returns one mail transaction (RFC 5321, 3.3). It returns how far it came.
func (c *connection) transact(m mail.Message, raw []byte) (mail.Step, error) {
	if err := c.client.Mail(c.envelope(m, len(raw))); err != nil {
		return mail.StepFrom, err
	}
	if err := c.client.Rcpt("<" + m.To.Spec() + ">"); err != nil {
		return mail.StepTo, err
	}
	content, err := c.client.Data()
	if err != nil {
		return mail.StepContent, err
	}
	if _, err := content.Write(raw); err != nil {
		return mail.StepContent, err
	}
	usual := c.link.patience
	c.link.patience *= 5
	err = content.Close()
	c.link.patience = usual
	var answer *textproto.Error
	if errors.As(err, &answer) {
		return mail.StepContent, err
	}
	return mail.StepAnswer, err
}

// envelope returns the sender as MAIL takes it, with how much will come (RFC 1870) where the
// server wants to know: so it need not hear all of what is too much.
func (c *connection) envelope(m mail.Message, size int) string {
	from := "<" + m.From.Spec() + ">"
	if wanted, _ := c.client.Extension("SIZE"); wanted {
		from += " SIZE=" + strconv.Itoa(size)
	}
	return from
}

// refresh reports whether a connection that was not used for a while still works, and
// forgets what a message before left behind.
func (c *connection) refresh(ctx context.Context) bool {
	c.link.left = maxHeard
	lift := c.guard(ctx)
	err := c.client.Reset()
	return lift() && err == nil
}

// leave ends the connection, with a goodbye where that can be heard.
func (c *connection) leave() {
	if c.fit {
		c.link.left, c.link.patience = maxHeard, farewell
		_ = c.client.Quit()
	}
	_ = c.link.Close()
}
