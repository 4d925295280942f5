package smtp_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/mail"
	"github.com/clientaccount/clientaccount/mail/smtp"
)

// greylist is what Inbucket is to say of some recipients.
const greylist = `
function inbucket.before.rcpt_to_accepted(session)
	local to = session.to[#session.to].address
	if to == "greylisted@example.com" then
		return smtp.deny(451, "4.7.1 come again later")
	end
	if to == "full@example.com" then
		return smtp.deny(552, "5.2.2 mailbox full")
	end
	return smtp.defer()
end
`

// inbucket is a mail server of another maker, a program of its own.
type inbucket struct{ smtp, web address }

// address is where a server listens.
type address string

func (a address) Network() string { return "tcp" }
func (a address) String() string  { return string(a) }

// startInbucket builds Inbucket from its module, and runs it until the test ends.
func startInbucket(t *testing.T) inbucket {
	t.Helper()
	dir := t.TempDir()
	program := filepath.Join(dir, "inbucket")
	build := exec.CommandContext(t.Context(), "go", "-C", "../../internal/inbucket", "build", "-o", program, "github.com/inbucket/inbucket/v3/cmd/inbucket")
	build.Env = append(os.Environ(), "GOWORK=off")
	if out, err := build.CombinedOutput(); err != nil {
		missing(t, "Inbucket cannot be built: %v\n%s", err, out)
	}
	key, err := x509.MarshalPKCS8PrivateKey(certificate.PrivateKey)
	require.NoError(t, err)
	for name, content := range map[string][]byte{
		"cert.crt":     pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate.Certificate[0]}),
		"cert.key":     pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: key}),
		"inbucket.lua": []byte(greylist),
	} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), content, 0o600))
	}
	i := inbucket{freeAddress(t), freeAddress(t)}
	run := exec.Command(program)
	run.Dir = dir
	run.Env = append(os.Environ(), "INBUCKET_SMTP_ADDR="+i.smtp.String(), "INBUCKET_WEB_ADDR="+i.web.String(),
		"INBUCKET_POP3_ADDR="+freeAddress(t).String(), "INBUCKET_SMTP_TLSENABLED=true", "INBUCKET_SMTP_MAXMESSAGEBYTES=100000",
		"INBUCKET_SMTP_REJECTDOMAINS=elsewhere.example.com", "INBUCKET_LOGLEVEL=error")
	require.NoError(t, run.Start())
	t.Cleanup(func() {
		_ = run.Process.Kill()
		_ = run.Wait()
	})
	require.Eventually(t, func() bool { return listens(i.smtp) && listens(i.web) }, 30*time.Second, 10*time.Millisecond)
	return i
}

// missing skips, or fails where all servers were promised.
func missing(t *testing.T, format string, args ...any) {
	t.Helper()
	if os.Getenv("CLIENTACCOUNT_REQUIRE_SERVERS") != "" || os.Getenv("CI") == "true" {
		t.Fatalf(format, args...)
	}
	t.Skipf(format, args...)
}

func freeAddress(t *testing.T) address {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, l.Close())
	return address(l.Addr().String())
}

func listens(a address) bool {
	c, err := net.DialTimeout("tcp", a.String(), time.Second)
	if err != nil {
		return false
	}
	return c.Close() == nil
}

// get asks Inbucket's API.
func (i inbucket) get(t *testing.T, path string) []byte {
	t.Helper()
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: 10 * time.Second}
	response, err := client.Get("http://" + i.web.String() + "/api/v1/mailbox/" + path)
	require.NoError(t, err)
	body, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	require.Equal(t, http.StatusOK, response.StatusCode, "%s: %s", path, body)
	return body
}

// received is a message as Inbucket read it.
type received struct {
	ID      string
	Subject string
	Body    struct{ Text, HTML string }
	Header  map[string][]string
	Files   []struct {
		Name string `json:"filename"`
		Type string `json:"content-type"`
	} `json:"attachments"`
}

func (i inbucket) mailbox(t *testing.T, name string) (all []received) {
	t.Helper()
	require.NoError(t, json.Unmarshal(i.get(t, name), &all))
	for n := range all {
		require.NoError(t, json.Unmarshal(i.get(t, name+"/"+all[n].ID), &all[n]))
	}
	return all
}

func TestSendToInbucket(t *testing.T) {
	server := startInbucket(t)
	t.Run("that takes it", func(t *testing.T) { takes(t, server) })
	t.Run("that refuses", func(t *testing.T) { refuses(t, server) })
	t.Run("through a dispatcher", func(t *testing.T) { dispatches(t, server) })
}

func takes(t *testing.T, server inbucket) {
	t.Helper()
	s := inbucketSender(t, server)
	m := message(t, "jane@example.com")
	require.NoError(t, s.Send(t.Context(), m))
	require.NoError(t, s.Send(t.Context(), m), "it is sent again, and is the same")

	mails := server.mailbox(t, "jane")
	require.Len(t, mails, 2)
	for _, got := range mails {
		assert.Equal(t, m.Subject.String(), got.Subject)
		assert.Equal(t, m.Text, lineFeeds([]byte(got.Body.Text)))
		assert.Contains(t, got.Body.HTML, m.HTML)
		assert.Equal(t, []string{m.ID.String()}, got.Header["Message-Id"])
		assert.Equal(t, []string{"auto-generated"}, got.Header["Auto-Submitted"])
		require.Len(t, got.Files, 1)
		assert.Equal(t, m.Attachments[0].Name.String(), got.Files[0].Name)
		assert.Equal(t, m.Attachments[0].Type, got.Files[0].Type)
	}
	raw, err := m.Bytes()
	require.NoError(t, err)
	source, sent := lineFeeds(server.get(t, "jane/"+mails[0].ID+"/source")), lineFeeds(raw)
	assert.True(t, strings.HasSuffix(source, sent), "what is kept is what was sent, behind a line of the server's:\n%s", source)
}

func refuses(t *testing.T, server inbucket) {
	t.Helper()
	s := inbucketSender(t, server)
	big := message(t, "jack@example.com")
	big.Attachments[0].Content = make([]byte, 100_000)
	for _, tt := range []struct {
		m         mail.Message
		step      mail.Step
		code      int
		permanent bool
	}{
		{message(t, "greylisted@example.com"), mail.StepTo, 451, false},
		{message(t, "full@example.com"), mail.StepTo, 552, true},
		{message(t, "nobody@elsewhere.example.com"), mail.StepTo, 550, true},
		{big, mail.StepFrom, 552, true},
	} {
		err := s.Send(t.Context(), tt.m)
		require.Error(t, err, "%s %d", tt.step, tt.code)
		f := failed(t, err)
		assert.Equal(t, tt.step, f.Step, f.Error())
		assert.Equal(t, tt.code, f.Code, f.Error())
		assert.Equal(t, tt.permanent, f.Permanent, f.Error())
		assert.NotEmpty(t, f.Said)
		require.NoError(t, s.Send(t.Context(), message(t, "john@example.com")), "the next one is not concerned")
	}
	assert.Len(t, server.mailbox(t, "john"), 4)
	assert.Empty(t, server.mailbox(t, "jack"))
}

func lineFeeds(raw []byte) string { return strings.ReplaceAll(string(raw), "\r\n", "\n") }

// inbucketSender signs in, and is encrypted by STARTTLS.
func inbucketSender(t *testing.T, i inbucket) *smtp.Sender {
	t.Helper()
	config := smtp.Config{Host: host, Username: "billing", Password: smtp.Fixed(password)}
	config.TLS = &tls.Config{RootCAs: roots}
	config.Dial = func(ctx context.Context, network, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, network, i.smtp.String())
	}
	return sender(t, config)
}
