package webhook_test

import (
	"context"
	"errors"
	"net/netip"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/webhook"
	"github.com/clientaccount/clientaccount/webhook/webhooktest"
)

// tried is what came of one call of a receiver.
type tried struct {
	store.Try
	retryAfter time.Duration
	blocked    string
}

func tryOnce(t *testing.T, c *webhook.Config, url string) tried {
	t.Helper()
	secrets := []account.HookSecret{secret(t, 's')}
	got, after, blocked := webhook.TryOnce(t.Context(), c, url, secrets, delivery(account.HookRESTState, `{"a":1}`))
	return tried{got, after, blocked}
}

// quick are limits for far ends that use them up.
func quick() *webhook.Config {
	return &webhook.Config{Connect: 2 * time.Second, Try: 2 * time.Second}
}

func TestTryOfAWellBehavedFarEnd(t *testing.T) {
	r := webhooktest.New(t)
	s := secret(t, 's')
	r.Trust(s.Reveal())
	c := &webhook.Config{}
	r.Reach(c)
	for kind, body := range map[account.HookKind]string{account.HookRESTState: `{"a":1}`, account.HookAPIState: "msgid=1"} {
		got, _, _ := webhook.TryOnce(t.Context(), c, r.URL("/dlr?token=abc"), []account.HookSecret{s}, delivery(kind, body))
		assert.Equal(t, webhook.CodeOK, got.Code)
		assert.Equal(t, 204, got.Status)
	}
	for _, call := range r.Calls() {
		require.NoError(t, call.Unverified)
		assert.Equal(t, "/dlr", call.Path)
		assert.Equal(t, delivery("", "").ID.String(), call.ID)
		assert.Equal(t, "clientaccount-webhook", call.Header.Get("User-Agent"))
		assert.Empty(t, call.Header.Get("Accept-Encoding"), "what is packed could be a bomb")
		assert.Empty(t, call.Header.Get("Transfer-Encoding"))
	}
}

func TestTryByStatus(t *testing.T) {
	r := webhooktest.New(t)
	c := &webhook.Config{}
	r.Reach(c)
	for status, code := range map[int]string{
		200: webhook.CodeOK, 204: webhook.CodeOK, 205: webhook.CodeOK, 299: webhook.CodeOK,
		300: webhook.CodeRedirect, 304: webhook.CodeRedirect, 400: webhook.CodeStatus, 404: webhook.CodeStatus,
		410: webhook.CodeGone, 429: webhook.CodeStatus, 500: webhook.CodeStatus, 503: webhook.CodeStatus, 599: webhook.CodeStatus,
	} {
		r.Answer(webhooktest.Status(status))
		got := tryOnce(t, c, r.URL("/"))
		assert.Equal(t, code, got.Code, status)
		assert.Equal(t, status, got.Status)
	}
	r.Answer(webhooktest.RetryAfter(503, "120"))
	assert.Equal(t, 2*time.Minute, tryOnce(t, c, r.URL("/")).retryAfter)
	r.Answer(webhooktest.RetryAfter(200, "120"))
	assert.Zero(t, tryOnce(t, c, r.URL("/")).retryAfter)
	r.Answer(webhooktest.Text(500, "what went wrong"))
	assert.Equal(t, "what went wrong", tryOnce(t, c, r.URL("/")).Reply)
}

func TestTryNeverFollowsARedirect(t *testing.T) {
	r, elsewhere := webhooktest.New(t), webhooktest.New(t)
	c := &webhook.Config{}
	r.Reach(c)
	elsewhere.Reach(c)
	for _, status := range []int{301, 302, 303, 307, 308} {
		for _, location := range []string{
			"http://169.254.169.254/", "http://localhost/", elsewhere.URL("/"), "file:///", "//10.0.0.1/", r.URL("/"),
		} {
			r.Answer(webhooktest.Redirect(status, location))
			got := tryOnce(t, c, r.URL("/"))
			assert.Equal(t, webhook.CodeRedirect, got.Code)
			assert.Equal(t, status, got.Status)
		}
	}
	assert.Len(t, r.Calls(), 30)
	assert.Empty(t, elsewhere.Calls(), "the target sees no request")
}

// badFarEnds are ways to misbehave, and what must come of each.
func badFarEnds() map[string]struct {
	answer webhooktest.Answer
	codes  []string
} {
	type end = struct {
		answer webhooktest.Answer
		codes  []string
	}
	return map[string]end{
		"1 MB of body":          {webhooktest.Large(1 << 20), []string{webhook.CodeOK}},
		"1 MB of headers":       {webhooktest.LargeHeaders(1 << 20), []string{webhook.CodeAnswer}},
		"gzip bomb":             {webhooktest.GzipBomb(100 << 20), []string{webhook.CodeOK}},
		"body, a byte a second": {webhooktest.Drip(100 * time.Millisecond), []string{webhook.CodeOK}},
		"head, a byte a second": {webhooktest.DripHeaders(100 * time.Millisecond), []string{webhook.CodeTimeout}},
		"headers without end":   {webhooktest.EndlessHeaders(), []string{webhook.CodeAnswer, webhook.CodeTimeout}},
		"a flood of 1xx":        {webhooktest.Flood1xx(), []string{webhook.CodeAnswer, webhook.CodeTimeout}},
		"reset in the middle":   {webhooktest.Reset(), []string{webhook.CodeLost, webhook.CodeAnswer}},
		"half open":             {webhooktest.Hang(), []string{webhook.CodeTimeout}},
		"not HTTP":              {webhooktest.Garbage("SSH-2.0-OpenSSH_9.2\r\n"), []string{webhook.CodeAnswer}},
		"nothing":               {webhooktest.Garbage(""), []string{webhook.CodeLost}},
		"switching protocols":   {webhooktest.Garbage("HTTP/1.1 101 Switching Protocols\r\n\r\n"), []string{webhook.CodeStatus, webhook.CodeAnswer}},
		"wrong length":          {webhooktest.Garbage("HTTP/1.1 200 OK\r\nContent-Length: 9\r\nContent-Length: 8\r\n\r\n"), []string{webhook.CodeAnswer}},
	}
}

// Each misbehaving far end costs no more than a try may: in time, and in memory,
// which is measured.
func TestTryOfAMisbehavingFarEnd(t *testing.T) {
	const memory = 512 << 10
	for name, end := range badFarEnds() {
		t.Run(name, func(t *testing.T) {
			r := webhooktest.New(t)
			c := quick()
			r.Reach(c)
			r.Answer(webhooktest.Status(204), end.answer)
			tryOnce(t, c, r.URL("/")) // what only the first call allocates is not this one's
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			got, _, _ := webhook.TryOnce(ctx, c, r.URL("/"), []account.HookSecret{secret(t, 's')}, delivery(account.HookRESTState, "{}"))
			runtime.ReadMemStats(&after)
			require.NoError(t, ctx.Err(), "the try did not end by itself")
			assert.Contains(t, end.codes, got.Code)
			assert.LessOrEqual(t, len(got.Reply), webhook.MaxReply)
			allocated := after.TotalAlloc - before.TotalAlloc // by both ends
			assert.Less(t, allocated, uint64(memory))
			t.Logf("%s after %v, %d kB allocated", got.Code, got.Took, allocated>>10)
		})
	}
}

func TestTryOverTLS(t *testing.T) {
	for certificate, code := range map[webhooktest.Certificate]string{
		webhooktest.Good: webhook.CodeOK, webhooktest.Expired: webhook.CodeTLS, webhooktest.SelfSigned: webhook.CodeTLS,
		webhooktest.OtherName: webhook.CodeTLS, webhooktest.OldVersion: webhook.CodeTLS,
	} {
		t.Run(string(certificate), func(t *testing.T) {
			r := webhooktest.NewTLS(t, certificate)
			c := &webhook.Config{}
			r.Reach(c)
			assert.Equal(t, code, tryOnce(t, c, r.URL("/")).Code)
			if code != webhook.CodeOK {
				assert.Empty(t, r.Calls())
			}
		})
	}
}

// names resolves to what it is told, the last answer for good.
type names map[string][][]netip.Addr

func (n names) lookup(_ context.Context, host string) ([]netip.Addr, error) {
	answers, ok := n[host]
	if !ok {
		return nil, errors.New("no such host " + host)
	}
	if len(answers) > 1 {
		n[host] = answers[1:]
	}
	return answers[0], nil
}

func addrs(texts ...string) (found []netip.Addr) {
	for _, text := range texts {
		found = append(found, netip.MustParseAddr(text))
	}
	return found
}

// dialled are names whose answer must not be dialled.
var dialled = map[string]string{
	"isatap.example.com":     "2600:1::5efe:a9fe:a9fe",
	"mcast6.example.com":     "ff02::1",
	"ll6.example.com":        "fe80::1",
	"site.example.com":       "fec0::1",
	"nat64.example.com":      "64:ff9b::a9fe:a9fe",
	"ali.example.com":        "100.100.100.200",
	"mapped.example.com":     "::ffff:169.254.169.254",
	"nat64local.example.com": "64:ff9b:1::a9fe:a9fe",
	"compat.example.com":     "::127.0.0.1",
	"oracle.example.com":     "192.0.0.192",
	"bcast.example.com":      "255.255.255.255",
	"unspec6.example.com":    "::",
	"6to4.example.com":       "2002:a9fe:a9fe::1",
	"imds6.example.com":      "fd00:ec2::254",
	"loop4.example.com":      "127.0.0.1",
	"loop6.example.com":      "::1",
	"azure.example.com":      "168.63.129.16",
	"private.example.com":    "10.0.0.1",
}

func TestTryRefusesAddressesWhenDialled(t *testing.T) {
	for name, address := range dialled {
		t.Run(name, func(t *testing.T) {
			c := &webhook.Config{}
			c.Lookup = names{name: {addrs(address)}}.lookup
			got := tryOnce(t, c, "https://"+name+"/")
			assert.Equal(t, webhook.CodeBlockedAddress, got.Code)
			assert.NotEmpty(t, got.blocked, "the operator is told")
			assert.Empty(t, got.Reply, "the client is not")
		})
	}
}

// The same with the addresses themselves, which no resolver is asked for: a URL that
// was saved before there was a rule for it.
func TestTryRefusesURLsThatBreakARule(t *testing.T) {
	for _, url := range []string{
		"http://127.0.0.1/", "http://[::1]/", "http://0x7f.1/", "http://2130706433/", "http://127.1/", "http://localhost/",
		"http://user:pw@client.io/", "file:///etc/passwd", "", "http://client.io:22/", "http://169.254.169.254/latest",
	} {
		assert.Equal(t, webhook.CodeBlockedURL, tryOnce(t, &webhook.Config{}, url).Code, url)
	}
}

func TestTryAfterTheNameMoved(t *testing.T) {
	r := webhooktest.New(t)
	c := &webhook.Config{}
	r.Reach(c)
	moved := names{webhooktest.Host: {addrs("127.0.0.1"), addrs("127.0.0.2"), addrs("10.0.0.1")}}
	c.Lookup = moved.lookup
	assert.Equal(t, webhook.CodeOK, tryOnce(t, c, r.URL("/")).Code)
	assert.Equal(t, webhook.CodeBlockedAddress, tryOnce(t, c, r.URL("/")).Code, "the second answer is checked like the first")
	assert.Equal(t, webhook.CodeBlockedAddress, tryOnce(t, c, r.URL("/")).Code)
	assert.Len(t, r.Calls(), 1)
}

// Of several addresses only those that may be are dialled.
func TestTryPassesOverBlockedAddresses(t *testing.T) {
	r := webhooktest.New(t)
	c := &webhook.Config{}
	r.Reach(c)
	c.Lookup = names{webhooktest.Host: {addrs("::1", "10.0.0.1", "127.0.0.1")}}.lookup
	assert.Equal(t, webhook.CodeOK, tryOnce(t, c, r.URL("/")).Code)
	c.Lookup = names{webhooktest.Host: {addrs("::1", "10.0.0.1")}}.lookup
	assert.Equal(t, webhook.CodeBlockedAddress, tryOnce(t, c, r.URL("/")).Code)
}

func TestTryWithoutAFarEnd(t *testing.T) {
	r := webhooktest.New(t)
	c := &webhook.Config{}
	r.Reach(c)
	c.AllowAddr = func(netip.AddrPort) bool { return true }
	c.Lookup = names{webhooktest.Host: {addrs("127.0.0.1")}, "empty.example.com": {nil}}.lookup
	assert.Equal(t, webhook.CodeConnect, tryOnce(t, c, "http://"+webhooktest.Host+":1025/").Code)
	assert.Equal(t, webhook.CodeDNS, tryOnce(t, c, "http://unknown.example.com/").Code)
	assert.Equal(t, webhook.CodeDNS, tryOnce(t, c, "http://empty.example.com/").Code)
}

func TestTryIgnoresProxiesOfTheEnvironment(t *testing.T) {
	proxy, r := webhooktest.New(t), webhooktest.New(t)
	for _, name := range []string{"HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"} {
		t.Setenv(name, strings.Replace(proxy.URL(""), webhooktest.Host, "127.0.0.1", 1))
	}
	c := &webhook.Config{}
	r.Reach(c)
	assert.Equal(t, webhook.CodeOK, tryOnce(t, c, r.URL("/")).Code)
	assert.Empty(t, proxy.Calls())
}

// resolverChild has this test run in a process of its own, with a resolver forced.
const resolverChild = "CLIENTACCOUNT_TEST_RESOLVER_CHILD"

// The machine's own resolvers, the pure one and that of the C library: the file of
// hosts maps localhost to loopback, and the C library reads legacy spellings of
// addresses. None of it is dialled.
func TestTryWithTheResolversOfTheMachine(t *testing.T) {
	if os.Getenv(resolverChild) != "" {
		hosts := []string{"localhost"}
		if strings.Contains(os.Getenv("GODEBUG"), "cgo") { // the pure one would ask a server for these
			hosts = append(hosts, "0x7f.1", "2130706433", "127.1", "0177.0.0.1")
		}
		for _, host := range hosts {
			blocked, err := webhook.Dial(t.Context(), host+":8080")
			assert.True(t, blocked, "%s: %v", host, err)
		}
		return
	}
	binary, err := os.Executable()
	require.NoError(t, err)
	for _, resolver := range []string{"go", "cgo"} {
		t.Run(resolver, func(t *testing.T) {
			if resolver == "cgo" && !hasCgo() {
				t.Skip("built without cgo")
			}
			child := exec.CommandContext(t.Context(), binary, "-test.run=^TestTryWithTheResolversOfTheMachine$", "-test.count=1", "-test.v")
			child.Env = append(os.Environ(), resolverChild+"=1", "GODEBUG=netdns="+resolver)
			out, err := child.CombinedOutput()
			assert.NoError(t, err, "%s", out)
		})
	}
}
