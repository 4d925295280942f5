package main

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestOnlyOwnHostNamesAreServed(t *testing.T) {
	served := http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})
	for _, tt := range []struct {
		addr, more, host string
		want             int
	}{
		{"127.0.0.1:8080", "", "127.0.0.1:8080", 200},
		{"127.0.0.1:8080", "", "127.0.0.1", 200},
		{"127.0.0.1:8080", "", "localhost:8080", 200},
		{"127.0.0.1:8080", "", "LocalHost", 200},
		{"127.0.0.1:8080", "", "[::1]:8080", 200},
		{"127.0.0.1:8080", "", "[::1]", 200},
		{"127.0.0.1:8080", "", "localhost:9", 200}, // a port of a tunnel
		{"127.0.0.1:8080", "", "evil.example", 421},
		{"127.0.0.1:8080", "", "evil.example:8080", 421},
		{"127.0.0.1:8080", "", "localhost.evil.example:8080", 421},
		{"127.0.0.1:8080", "", "evil.example.localhost", 421},
		{"127.0.0.1:8080", "", "127.0.0.1.evil.example", 421},
		{"127.0.0.1:8080", "", "10.0.0.7:8080", 421},
		{"127.0.0.1:8080", "", "", 421},
		{"127.0.0.1:8080", "", "evil.example@localhost", 421},
		{"10.0.0.7:8080", "", "10.0.0.7:8080", 200},
		{"admin.acme.example:80", "", "admin.acme.example", 200},
		{":8080", "", "", 421},
		{":8080", "", "10.0.0.7:8080", 421},
		{":8080", "10.0.0.7, admin.acme.example", "10.0.0.7:8080", 200},
		{":8080", "10.0.0.7, admin.acme.example", "ADMIN.acme.example", 200},
		{":8080", "10.0.0.7, admin.acme.example", "acme.example", 421},
	} {
		r := httptest.NewRequest(http.MethodGet, "/clients", nil)
		r.Host = tt.host
		w := httptest.NewRecorder()
		onlyFor(ownHosts(tt.addr, tt.more), served).ServeHTTP(w, r)
		assert.Equal(t, tt.want, w.Code, "%q on %s", tt.host, tt.addr)
	}
}

func TestAForeignHostIsMisdirected(t *testing.T) {
	p := start(t, "-db", "hosts.db", "-demo=false", "-host", "admin.acme.example")
	for host, want := range map[string]int{"evil.example": 421, "admin.acme.example": 200, "localhost": 200} {
		for _, path := range []string{"/clients", "/api/clients", "/healthz"} {
			r, err := http.NewRequest(http.MethodGet, p.base+path, nil)
			require.NoError(t, err)
			r.Host = host
			answer, err := http.DefaultClient.Do(r)
			require.NoError(t, err)
			require.NoError(t, answer.Body.Close())
			assert.Equal(t, want, answer.StatusCode, "%s%s", host, path)
		}
	}
}
