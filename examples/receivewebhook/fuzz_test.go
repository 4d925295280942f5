package main

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/webhook"
)

// FuzzReceiver: nothing is handed on that we did not sign, and whatever we sign is answered
// without a failure.
func FuzzReceiver(f *testing.F) {
	f.Add("GET", "msgid=m1&stat=DELIVRD", "", "", "v1,AAAA")
	f.Add("POST", "", `{"type":"sms.state","data":{"messageId":"m3"}}`, "application/json", "v1,")
	f.Add("POST", "a=%zz", `{"data":[]}`, "application/json; charset=x", "")
	f.Add("PUT", "\x00", "msgid=%zz", "application/x-www-form-urlencoded", "v2,\xff v1,")
	s, err := account.ParseHookSecret(secret, time.Now())
	require.NoError(f, err)
	f.Fuzz(func(t *testing.T, method, query, body, content, signature string) {
		handed := 0
		receiver, err := NewReceiver([]string{secret}, func(Message) error { handed++; return nil })
		require.NoError(t, err)
		ask := func(sign func(r *http.Request) http.Header) int {
			r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/", strings.NewReader(body))
			r.Method, r.URL.RawQuery = method, query
			r.Header = sign(r)
			r.Header.Set("Content-Type", content)
			return answer(receiver, r)
		}
		headers := func(content []byte) http.Header {
			signed, err := webhook.Sign(accounttest.ID(1), time.Now(), string(content), []account.HookSecret{s})
			require.NoError(t, err)
			return signed
		}
		forged := ask(func(*http.Request) http.Header {
			h := headers([]byte("something else"))
			h.Set("webhook-signature", signature)
			return h
		})
		require.Equal(t, http.StatusUnauthorized, forged)
		require.Zero(t, handed)
		for range 2 {
			code := ask(func(r *http.Request) http.Header { return headers(signed(r, []byte(body))) })
			require.Contains(t, []int{http.StatusNoContent, http.StatusBadRequest}, code)
		}
		require.LessOrEqual(t, handed, 1, "a call that comes again is taken once")
	})
}
