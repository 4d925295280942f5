package main

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/webhook"
)

func TestReceiverNotesWhatWasSignedAndNew(t *testing.T) {
	r, err := listen(t.Context())
	require.NoError(t, err)
	defer func() { assert.NoError(t, r.Close()) }()
	const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
	require.NoError(t, r.trust("acme", secret))
	call := func(login, body, signed string) int {
		request := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/"+login, strings.NewReader(body))
		header, err := webhook.Sign(account.ID{1}, time.Now(), signed, []account.HookSecret{account.NewHookSecret(secret, time.Now())})
		require.NoError(t, err)
		request.Header = header
		w := httptest.NewRecorder()
		r.ServeHTTP(w, request)
		return w.Code
	}
	const body = `{"data": {"messageId": "m-1", "state": "DELIVRD", "seq": 1}}`
	for range 2 {
		assert.Equal(t, http.StatusNoContent, call("acme", body, body))
	}
	assert.Equal(t, http.StatusUnauthorized, call("acme", body, "{}"))
	assert.Equal(t, http.StatusBadRequest, call("nobody", body, body))
	assert.Equal(t, http.StatusBadRequest, call("acme", "{", "{"))
	assert.Equal(t, http.StatusBadRequest, call("acme", `{"data": {"state": "x"}}`, `{"data": {"state": "x"}}`))
	heard := r.heard("acme")
	require.Len(t, heard["m-1"], 1)
	assert.Equal(t, account.StateDelivered, heard["m-1"][0].state)
	assert.Equal(t, []int64{1, 1}, []int64{r.finals.Load(), r.forged.Load()})
}
