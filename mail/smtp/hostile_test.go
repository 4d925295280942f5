package smtp_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/mail"
	"github.com/clientaccount/clientaccount/mail/smtp"
)

// scripted serves connections, one after the other, by answering each line with the next
// answer; the first is the greeting. Behind the last one it reads on and says nothing.
func scripted(t *testing.T, answers ...string) net.Listener {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			in := bufio.NewReader(c)
			for i, answer := range answers {
				if i > 0 {
					_, _ = in.ReadString('\n')
				}
				_, _ = io.WriteString(c, answer)
			}
			_, _ = io.Copy(io.Discard, in)
			_ = c.Close()
		}
	}()
	t.Cleanup(func() {
		_ = l.Close()
		<-done
	})
	return l
}

func TestSendToAServerThatMisbehaves(t *testing.T) {
	const greeting, hello, ok = "220 hi\r\n", "250 hi\r\n", "250 ok\r\n"
	for name, tt := range map[string]struct {
		answers []string
		set     func(*smtp.Config)
		want    string
	}{
		"sends us away":         {[]string{"554 no service here\r\n"}, nil, "mail: connect: 554 no service here"},
		"is another's":          {[]string{"HTTP/1.1 400 Bad Request\r\nServer: x\r\n\r\n"}, nil, "mail: connect: " + smtp.ErrProtocol.Error()},
		"talks without end":     {[]string{strings.Repeat("220-"+strings.Repeat("x", 996)+"\r\n", 1100)}, nil, "mail: connect: " + smtp.ErrProtocol.Error()},
		"a line without end":    {[]string{"220 " + strings.Repeat("x", 1<<21)}, nil, "mail: connect: " + smtp.ErrProtocol.Error()},
		"has no STARTTLS":       {[]string{greeting, hello}, nil, "mail: tls: " + smtp.ErrNoTLS.Error()},
		"not now":               {[]string{greeting, "250-hi\r\n250 STARTTLS\r\n", "454 4.7.0 not now\r\n"}, nil, "mail: tls: 454 4.7.0 not now"},
		"goes down":             {[]string{greeting, hello, "421 4.3.2 going down\r\n"}, plain, "mail: from: 421 4.3.2 going down"},
		"makes no sense":        {[]string{greeting, hello, ok, "what?\r\n"}, plain, "mail: to: " + smtp.ErrProtocol.Error()},
		"takes what it has not": {[]string{greeting, hello, ok, ok, ok}, plain, "mail: content: 250 ok"},
		"escapes":               {[]string{greeting, hello, "550 \x1b[31m\xff red\r\n"}, plain, "mail: from: 550 ?[31m? red"},
	} {
		l := scripted(t, tt.answers...)
		config := reach(l)
		if tt.set != nil {
			tt.set(&config)
		}
		s, err := smtp.New(config)
		require.NoError(t, err)
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		err = s.Send(ctx, message(t, "jane@example.com"))
		cancel()
		require.EqualError(t, err, tt.want, name)
		assert.Equal(t, name == "escapes", mail.IsPermanent(err), name)
		assert.False(t, failed(t, err).Unknown, name)
		require.NoError(t, s.Close())
	}
}

// A server that answers too late is not spoken to any more: what it says then would be taken for its
// answer to something else, such as that it has no STARTTLS.
func TestSendToAServerThatIsTooLate(t *testing.T) {
	const silence = ""
	config := reach(scripted(t, "220 hi\r\n", silence, "250 hi\r\n"))
	config.Timeout = 20 * time.Millisecond
	f := failed(t, sender(t, config).Send(t.Context(), message(t, "jane@example.com")))
	assert.Equal(t, mail.StepConnect, f.Step)
	var late net.Error
	require.ErrorAs(t, f, &late)
	assert.True(t, late.Timeout())
}

func plain(c *smtp.Config) { c.Encryption = smtp.Plain }

func TestSendWhereNobodyIs(t *testing.T) {
	f := failed(t, sender(t, reachAt(refusing(t))).Send(t.Context(), message(t, "jane@example.com")))
	assert.Equal(t, mail.StepConnect, f.Step)
	var refused *net.OpError
	require.ErrorAs(t, f, &refused)
	assert.False(t, f.Permanent || f.Unknown)
}

// severed is a connection that breaks after so many bytes one way.
type severed struct {
	net.Conn
	heard, said int // that may still be; negative is any number
}

func (s *severed) Read(p []byte) (int, error) {
	if s.heard == 0 {
		_ = s.Close()
		return 0, io.EOF
	}
	if s.heard > 0 {
		p = p[:min(len(p), s.heard)]
	}
	n, err := s.Conn.Read(p)
	s.heard -= n
	return n, err
}

func (s *severed) Write(p []byte) (int, error) {
	if s.said < 0 || len(p) < s.said {
		s.said -= len(p)
		return s.Conn.Write(p)
	}
	n, _ := s.Conn.Write(p[:s.said])
	_ = s.Close()
	return n, io.ErrClosedPipe
}

// Wherever a connection breaks, what is said of the message holds: taken is taken, not taken
// is not taken, and in between it is unknown.
func TestSendOverAConnectionThatBreaksAtAnyByte(t *testing.T) {
	server := start(t, func(s *server) { s.smtp.TLSConfig = nil })
	outcomes := map[string]error{}
	for _, way := range []string{"heard", "said"} {
		for n := 0; ; n++ {
			config := reach(server)
			config.Encryption = smtp.Plain
			dial := config.Dial
			config.Dial = func(ctx context.Context, network, address string) (net.Conn, error) {
				c, err := dial(ctx, network, address)
				if err != nil {
					return nil, err
				}
				if way == "heard" {
					return &severed{c, n, -1}, nil
				}
				return &severed{c, -1, n}, nil
			}
			s, err := smtp.New(config)
			require.NoError(t, err)
			to := fmt.Sprintf("%s%d@example.com", way, n)
			outcomes[to] = s.Send(t.Context(), message(t, to))
			require.NoError(t, s.Close())
			if outcomes[to] == nil {
				break
			}
		}
	}
	require.Eventually(t, func() bool { _, _, now := server.connections(); return now == 0 }, time.Minute, time.Millisecond)
	taken := map[string]bool{}
	for _, raw := range server.mails() {
		_, rest, _ := strings.Cut(raw, "\r\nTo: ")
		to, _, _ := strings.Cut(rest, "\r\n")
		assert.False(t, taken[to], "%s is there twice", to)
		taken[to] = true
	}
	unknown := 0
	for to, err := range outcomes {
		switch {
		case err == nil:
			assert.True(t, taken[to], to)
		case failed(t, err).Unknown:
			unknown++
		default:
			assert.False(t, taken[to], "%s: %v", to, err)
		}
		assert.False(t, mail.IsPermanent(err), to)
	}
	assert.Greater(t, len(outcomes), 1000)
	assert.Positive(t, unknown)
}
