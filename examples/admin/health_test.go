package main

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount"
)

func TestHealthSaysWhatIsWrong(t *testing.T) {
	db, err := open(t.Context(), settings{file: filepath.Join(t.TempDir(), "clients.db")})
	require.NoError(t, err)
	svc := clientaccount.New(db.store, nil)
	answer := func() (int, string) {
		w := httptest.NewRecorder()
		health(svc).ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/healthz", nil))
		assert.True(t, json.Valid(w.Body.Bytes()))
		return w.Code, w.Body.String()
	}
	status, body := answer()
	assert.Equal(t, http.StatusOK, status)
	assert.JSONEq(t, `{"problems":[]}`, body)

	_, err = db.pool.ExecContext(t.Context(), `INSERT INTO clientaccount_migrations (name, group_id) VALUES ('20991231000000', 9)`)
	require.NoError(t, err)
	status, body = answer()
	assert.Equal(t, http.StatusOK, status, "a warning")
	assert.Contains(t, body, "migrations.unknown")
	var log bytes.Buffer
	require.NoError(t, check(t.Context(), svc, slog.New(slog.NewTextHandler(&log, nil))))
	assert.Contains(t, log.String(), "migrations.unknown")

	_, err = db.pool.ExecContext(t.Context(), `DELETE FROM clientaccount_migrations`)
	require.NoError(t, err)
	status, body = answer()
	assert.Equal(t, http.StatusServiceUnavailable, status)
	assert.Contains(t, body, "migrations.missing")
	require.ErrorContains(t, check(t.Context(), svc, slog.New(slog.DiscardHandler)), "migrations.missing")

	require.NoError(t, db.Close())
	status, body = answer()
	assert.Equal(t, http.StatusServiceUnavailable, status)
	assert.Contains(t, body, "store.unreachable")
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	require.Error(t, check(ended, svc, slog.New(slog.DiscardHandler)))
}
