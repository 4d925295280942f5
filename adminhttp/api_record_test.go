package adminhttp_test

import (
	"encoding/json"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// recorded is a request and its answer, as internal/openapitest reads them.
type recorded struct {
	Test, Method, Path, Type, Body string
	Status                         int
	Header                         http.Header
	Answer                         string
}

// recordAnswer adds a line to the file that CLIENTACCOUNT_ANSWERS names, if it does:
// internal/openapitest holds them against the OpenAPI document, with a library that is not for
// this module.
func recordAnswer(t *testing.T, r *http.Request, body string, res *http.Response, answer []byte) {
	t.Helper()
	path := os.Getenv("CLIENTACCOUNT_ANSWERS")
	if path == "" {
		return
	}
	line, err := json.Marshal(recorded{
		t.Name(), r.Method, strings.TrimPrefix(r.URL.EscapedPath(), "/api"), r.Header.Get("Content-Type"), body, res.StatusCode, res.Header, string(answer),
	})
	require.NoError(t, err)
	file, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	require.NoError(t, err)
	_, err = file.Write(append(line, '\n'))
	require.NoError(t, err)
	require.NoError(t, file.Close())
}
