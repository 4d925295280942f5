package smtp_test

import (
	"bytes"
	"context"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/mail"
	"github.com/clientaccount/clientaccount/mail/smtp"
)

// recited is a server that says what it has to say, whatever it is told.
type recited struct {
	net.Conn
	*bytes.Reader
}

func (r recited) Read(p []byte) (int, error)       { return r.Reader.Read(p) }
func (recited) Write(p []byte) (int, error)        { return len(p), nil }
func (recited) Close() error                       { return nil }
func (recited) SetReadDeadline(time.Time) error    { return nil }
func (recited) SetWriteDeadline(t time.Time) error { return nil }

// Whatever a server says, what is kept of it is short and printable, and only a 5xx is for
// good.
func FuzzAnswers(f *testing.F) {
	const hello = "220 hi\r\n250-hi\r\n250 SIZE 1000\r\n"
	for _, seed := range []string{
		hello + "250 ok\r\n250 ok\r\n354 go\r\n250 taken\r\n221 bye\r\n", hello + "550-5.1.1 no\r\n550 5.1.1 such user\r\n",
		"", "220", hello + "999 what\r\n", hello + "250 ok\r\n250 ok\r\n354 go\r\n4", hello + "5\x1b0 \xff\r\n", "250 \n-1 x\n",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, said string) {
		s, err := smtp.New(smtp.Config{
			Host: "h", Encryption: smtp.Plain,
			Dial: func(context.Context, string, string) (net.Conn, error) {
				return recited{nil, bytes.NewReader([]byte(said))}, nil
			},
		})
		require.NoError(t, err)
		defer func() { require.NoError(t, s.Close()) }()
		err = s.Send(t.Context(), message(t, "jane@example.com"))
		if err == nil {
			assert.Contains(t, said, "354")
			return
		}
		failure := failed(t, err)
		assert.LessOrEqual(t, len(err.Error()), mail.MaxSaid+200)
		assert.False(t, strings.ContainsFunc(err.Error(), func(r rune) bool { return r < ' ' || r == 0x7f }), "%q", err)
		assert.Equal(t, failure.Permanent, mail.IsPermanent(err))
		assert.False(t, failure.Permanent && (failure.Code < 500 || failure.Code > 599), "%d", failure.Code)
	})
}
