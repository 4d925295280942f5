package main

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/webhook"
)

// call returns a request as a dispatcher makes it.
func call(t *testing.T, method, url, body, content string) *http.Request {
	t.Helper()
	s, err := account.ParseHookSecret(secret, time.Now())
	require.NoError(t, err)
	headers, err := webhook.Sign(accounttest.ID(1), time.Now(), content, []account.HookSecret{s})
	require.NoError(t, err)
	r := httptest.NewRequestWithContext(context.Background(), method, url, strings.NewReader(body))
	for name := range headers {
		r.Header.Set(name, headers.Get(name))
	}
	return r
}

const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

func answer(r *Receiver, request *http.Request) int {
	w := httptest.NewRecorder()
	r.ServeHTTP(w, request)
	return w.Code
}

func TestReceiverTakesBothForms(t *testing.T) {
	const query = "token=abc&msgid=m1&stat=DELIVRD&seq=2"
	const form = "msgid=m2&text=STOP+%26+go"
	const body = `{"type":"sms.state","timestamp":"2026-11-23T08:41:02.113Z","data":{"messageId":"m3","state":"DELIVRD"}}`
	rest := call(t, http.MethodPost, "/", body, body)
	rest.Header.Set("Content-Type", "application/json")
	long := call(t, http.MethodPost, "/?token=abc", form, form)
	long.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for want, request := range map[Message]*http.Request{
		{"sms.state", "m1", "DELIVRD", ""}:      call(t, http.MethodGet, "/?"+query, "", query),
		{"sms.incoming", "m2", "", "STOP & go"}: long,
		{"sms.state", "m3", "DELIVRD", ""}:      rest,
	} {
		var got Message
		r, err := NewReceiver([]string{secret}, func(m Message) error { got = m; return nil })
		require.NoError(t, err)
		require.Equal(t, http.StatusNoContent, answer(r, request))
		assert.Equal(t, want, got)
	}
}

func TestReceiverTakesEachCallOnce(t *testing.T) {
	const query = "msgid=m1&stat=DELIVRD"
	handled, failing := 0, errors.New("the database is away")
	r, err := NewReceiver([]string{secret}, func(Message) error { handled++; return failing })
	require.NoError(t, err)
	assert.Equal(t, http.StatusServiceUnavailable, answer(r, call(t, http.MethodGet, "/?"+query, "", query)))
	failing = nil
	for range 3 {
		assert.Equal(t, http.StatusNoContent, answer(r, call(t, http.MethodGet, "/?"+query, "", query)))
	}
	assert.Equal(t, 2, handled)
}

func TestReceiverRefusesOthers(t *testing.T) {
	r, err := NewReceiver([]string{secret}, func(Message) error { t.Error("handled"); return nil })
	require.NoError(t, err)
	const query = "msgid=m1&stat=DELIVRD"
	assert.Equal(t, http.StatusUnauthorized, answer(r, call(t, http.MethodGet, "/?"+query+"&x=1", "", query)), "changed")
	unsigned := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/?"+query, nil)
	assert.Equal(t, http.StatusUnauthorized, answer(r, unsigned))
	for _, secrets := range [][]string{nil, {"whsec_"}, {"whsec_!"}} {
		_, err := NewReceiver(secrets, nil)
		require.Error(t, err)
	}
}
