package webhook_test

import (
	"bytes"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/webhook"
)

var at = accounttest.Now()

// secret returns one of 24 bytes, all b.
func secret(t require.TestingT, b byte) account.HookSecret {
	made, err := account.MakeHookSecret(bytes.NewReader(bytes.Repeat([]byte{b}, 32)), at)
	require.NoError(t, err)
	return made
}

func verifies(t *testing.T, s account.HookSecret, content string, headers http.Header) error {
	t.Helper()
	v, err := standardwebhooks.NewWebhook(s.Reveal())
	require.NoError(t, err)
	return v.VerifyIgnoringTimestamp([]byte(content), headers)
}

func TestRotationKeepsTwoForTheOverlap(t *testing.T) {
	one, two, three := secret(t, '1'), secret(t, '2'), secret(t, '3')
	rotated := account.RotateHookSecrets([]account.HookSecret{one}, two, at, time.Hour)
	require.Len(t, rotated, 2)
	assert.Equal(t, two.Reveal(), rotated[0].Reveal())
	assert.Equal(t, one.Reveal(), rotated[1].Reveal())
	assert.Equal(t, at.Add(time.Hour), rotated[1].EndsAt)

	content := "content"
	headers, err := webhook.Sign(accounttest.ID(1), at, content, rotated)
	require.NoError(t, err)
	require.NoError(t, verifies(t, one, content, headers))
	require.NoError(t, verifies(t, two, content, headers))
	headers, err = webhook.Sign(accounttest.ID(1), at.Add(time.Hour), content, rotated)
	require.NoError(t, err)
	require.Error(t, verifies(t, one, content, headers), "ended")
	require.NoError(t, verifies(t, two, content, headers))

	again := account.RotateHookSecrets(rotated, three, at, time.Hour)
	require.Len(t, again, 2, "never more than two")
	assert.Equal(t, two.Reveal(), again[1].Reveal())
	assert.Len(t, account.RotateHookSecrets(rotated, three, at, 0), 1, "without overlap")
	assert.Len(t, account.RotateHookSecrets(nil, one, at, time.Hour), 1)
}

func TestSignRefusesWithoutASecret(t *testing.T) {
	ended := secret(t, '1')
	ended.EndsAt = at
	for _, secrets := range [][]account.HookSecret{nil, {{}}, {ended}, {account.NewHookSecret("whsec_", at)}} {
		_, err := webhook.Sign(accounttest.ID(1), at, "", secrets)
		require.ErrorIs(t, err, account.ErrHookSecret)
	}
}

// The worked example of the specification's own libraries.
func TestSignMatchesTheSpecification(t *testing.T) {
	s, err := account.ParseHookSecret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", at)
	require.NoError(t, err)
	id := accounttest.ID(1)
	headers, err := webhook.Sign(id, time.Unix(1614265330, 0), `{"test": 2432232314}`, []account.HookSecret{s})
	require.NoError(t, err)
	assert.Equal(t, id.String(), headers.Get("webhook-id"))
	assert.Equal(t, "1614265330", headers.Get("webhook-timestamp"))
	assert.Regexp(t, `^v1,[A-Za-z0-9+/]{43}=$`, headers.Get("webhook-signature"))
	require.NoError(t, verifies(t, s, `{"test": 2432232314}`, headers))
	require.Error(t, verifies(t, s, `{"test": 2432232315}`, headers))
}

func delivery(kind account.HookKind, body string) store.Delivery {
	return store.Delivery{ID: accounttest.ID(5), Hook: store.Hook{Account: accounttest.ID(1), Kind: kind}, Body: body, DueAt: at}
}

func TestRequestsOfBothFamilies(t *testing.T) {
	secrets := []account.HookSecret{secret(t, 's')}
	for name, tc := range map[string]struct {
		url, sent string
		kind      account.HookKind
		method    string
	}{
		"REST":                        {"https://client.io/x?token=abc", "https://client.io/x?token=abc", account.HookRESTState, "POST"},
		"API":                         {"https://client.io/x", "https://client.io/x?msgid=1&to=2", account.HookAPIState, "GET"},
		"API with the client's query": {"https://client.io/x?token=a%20b", "https://client.io/x?token=a%20b&msgid=1&to=2", account.HookAPIIncoming, "GET"},
		"API with an empty query":     {"https://client.io/x?", "https://client.io/x?msgid=1&to=2", account.HookAPIState, "GET"},
		"API with an open query":      {"https://client.io/x?a&", "https://client.io/x?a&msgid=1&to=2", account.HookAPIState, "GET"},
	} {
		t.Run(name, func(t *testing.T) {
			r, content, err := webhook.Request(tc.url, delivery(tc.kind, "msgid=1&to=2"), at, secrets)
			require.NoError(t, err)
			assert.Equal(t, tc.method, r.Method)
			assert.Equal(t, tc.sent, r.URL.String())
			require.NoError(t, verifies(t, secrets[0], content, r.Header))
			if tc.method == http.MethodGet {
				assert.Equal(t, r.URL.RawQuery, content, "the query is signed as it is sent")
				return
			}
			body, err := io.ReadAll(r.Body)
			require.NoError(t, err)
			assert.Equal(t, "msgid=1&to=2", string(body))
			assert.Equal(t, int64(len(body)), r.ContentLength)
			assert.Equal(t, string(body), content)
			assert.Equal(t, "application/json", r.Header.Get("Content-Type"))
			assert.Empty(t, r.Header.Get("Idempotency-Key"), "with which net/http would send twice")
		})
	}
}

func TestLongQueriesBecomeForms(t *testing.T) {
	secrets := []account.HookSecret{secret(t, 's')}
	const base = "https://client.io/x?token=abc"
	for name, tc := range map[string]struct {
		length int // of the whole URL
		method string
	}{"at the limit": {webhook.MaxURL, "GET"}, "beyond it": {webhook.MaxURL + 1, "POST"}} {
		t.Run(name, func(t *testing.T) {
			body := "text=" + strings.Repeat("x", tc.length-len(base)-len("&text="))
			r, content, err := webhook.Request(base, delivery(account.HookAPIIncoming, body), at, secrets)
			require.NoError(t, err)
			require.Equal(t, tc.method, r.Method)
			require.NoError(t, verifies(t, secrets[0], content, r.Header))
			if tc.method == http.MethodGet {
				require.Len(t, r.URL.String(), tc.length)
				return
			}
			assert.Equal(t, base, r.URL.String(), "the client's own query stays where it is")
			assert.Equal(t, "application/x-www-form-urlencoded", r.Header.Get("Content-Type"))
			sent, err := io.ReadAll(r.Body)
			require.NoError(t, err)
			form, err := url.ParseQuery(string(sent))
			require.NoError(t, err)
			assert.Equal(t, body, content)
			assert.Len(t, form.Get("text"), len(body)-len("text="))
		})
	}
}
