package webhook_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/webhook"
	"github.com/clientaccount/clientaccount/webhook/target"
)

// FuzzRetryAfter: whatever a far end wishes, it waits for no less than nothing and no more
// than a day.
func FuzzRetryAfter(f *testing.F) {
	for _, header := range []string{"", "0", "120", "-1", "1e9", "99999999999999999999", "Mon, 23 Nov 2026 08:42:02 GMT", "Mon, 23 Nov 9999 08:42:02 GMT", " 7\t"} {
		f.Add(header)
	}
	f.Fuzz(func(t *testing.T, header string) {
		wait := webhook.RetryAfter(header, at)
		require.True(t, wait >= 0 && wait <= 24*time.Hour, "%q: %s", header, wait)
	})
}

// FuzzScrub: of whatever a far end answers to whatever URL, no more is kept than the bound,
// as text, without the URL's tokens or the secret.
func FuzzScrub(f *testing.F) {
	f.Add("https://client.io/hooks/p4thT0ken?token=Qu3ry%2FT0ken", "GET /hooks/p4thT0ken?token=Qu3ry/T0ken", 0)
	f.Add("https://client.io/?a=bcde;fghi", "bcde fghi \x00\xff\u202e", 10)
	f.Add("%zz", "%zz", webhook.MaxReply)
	key := secret(f, 's')
	f.Fuzz(func(t *testing.T, from, answer string, before int) {
		secrets := []account.HookSecret{key}
		filler := strings.Repeat("x", max(0, before)%(2*webhook.MaxReply))
		got := webhook.Scrub(filler+answer+key.Reveal()+from, webhook.Hidden(from, secrets))
		require.LessOrEqual(t, len(got), webhook.MaxReply)
		require.True(t, utf8.ValidString(got))
		require.False(t, strings.ContainsFunc(got, func(r rune) bool { return r < ' ' && r != '\n' && r != '\t' }))
		require.NotContains(t, got, key.Reveal()[len(account.HookSecretPrefix):])
		if len(from) > 8 && !strings.Contains(filler, from) && !strings.ContainsAny(from, "?…") { // which stand for others
			require.NotContains(t, got, from)
		}
	})
}

// FuzzCall: whatever URL was saved, a call goes to its host and path and nowhere else, with
// all of the client's own query; what may not be saved is not called.
func FuzzCall(f *testing.F) {
	f.Add("https://client.io/hooks?token=t0ken", "msgid=1&stat=DELIVRD")
	f.Add("http://client.io:8080/a%2Fb/;x?a=b&a=c&%zz", strings.Repeat("text=x&", 2000))
	f.Add("https://user:pw@client.io/", "")
	f.Add("https://[fe80::1%25eth0]/", "x")
	f.Add("https://client.io/?msgid=9", "msgid=1")
	secrets := []account.HookSecret{secret(f, 's')}
	f.Fuzz(func(t *testing.T, saved, body string) {
		for _, kind := range account.HookKinds() {
			family := target.API
			if kind == account.HookRESTState || kind == account.HookRESTIncoming {
				family = target.REST
			}
			d := store.Delivery{ID: accounttest.ID(1), Hook: store.Hook{Kind: kind}, Body: body, CreatedAt: at}
			r, content, err := webhook.Request(saved, d, at, secrets)
			if target.Check(saved, family) != nil {
				require.Error(t, err, "it may not be saved")
				continue
			}
			require.NoError(t, err)
			u, err := url.Parse(saved)
			require.NoError(t, err)
			require.Equal(t, []string{u.Scheme, u.Host, u.EscapedPath()}, []string{r.URL.Scheme, r.URL.Host, r.URL.EscapedPath()})
			require.True(t, strings.HasPrefix(r.URL.RawQuery, u.RawQuery))
			require.NoError(t, verifies(t, secrets[0], content, r.Header))
			if r.Method == http.MethodGet {
				require.Equal(t, content, r.URL.RawQuery, "what is signed is what is sent")
				require.LessOrEqual(t, len(r.URL.String()), webhook.MaxURL)
			}
		}
	})
}
