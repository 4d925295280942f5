package adminhttp_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// awkward are references that a URL has another meaning for.
var awkward = []string{
	".", "..", "...", "a/..", "../..", "/", "//", "a//b", "/a", "a/", "%2F", "%2E%2E", "%", "%00", "?", "a?b=c", "#", ";", "a;b", "a b", " ", " a ", "+",
	"&", "capture", "release", "capture/release", "{ref}", "*", "\\", "ціна", "x:y@z", `"><script>`,
}

// send posts JSON to a path of the server, escaped as it is given.
func send(t *testing.T, server *httptest.Server, path string, body map[string]string) (int, string) {
	t.Helper()
	text, err := json.Marshal(body)
	require.NoError(t, err)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL+path, strings.NewReader(string(text)))
	require.NoError(t, err)
	r.Header.Set("Content-Type", "application/json")
	return answered(t, server, r)
}

// answered returns the status and the body that a server answers.
func answered(t *testing.T, server *httptest.Server, r *http.Request) (int, string) {
	t.Helper()
	res, err := server.Client().Do(r)
	require.NoError(t, err)
	defer func() { _ = res.Body.Close() }()
	answer, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	return res.StatusCode, string(answer)
}

// A hold is captured and released whatever its reference, wherever the admin is mounted:
// the body can name it always, the path as long as nobody on the way tidies it.
func TestHoldsOfAnyReferenceEndWhereverMounted(t *testing.T) {
	for _, m := range mounts {
		t.Run(m.name, func(t *testing.T) {
			s := newSite(t)
			server := httptest.NewServer(m.mount(t, s.admin))
			t.Cleanup(server.Close)
			for _, verb := range []string{"capture", "release"} {
				a, b := s.moneyed("body."+verb), s.moneyed("path."+verb)
				for i, ref := range awkward {
					s.hold(a, ref, "0.01")
					s.hold(b, ref, "0.01")
					again := strconv.Itoa(i)
					status, answer := send(t, server, m.root+"api/clients/"+a.ID.String()+"/holds/"+verb, map[string]string{"reference": again, "hold": ref})
					assert.Equal(t, http.StatusCreated, status, "%s %q in the body: %s", verb, ref, answer)
					if ref == "/" { // a segment that only says / is none to a ServeMux
						continue
					}
					path := strings.ReplaceAll(url.PathEscape(ref), ".", "%2E")
					status, answer = send(t, server, m.root+"api/clients/"+b.ID.String()+"/holds/"+path+"/"+verb, map[string]string{"reference": again})
					assert.Equal(t, http.StatusCreated, status, "%s %q in the path: %s", verb, path, answer)
				}
				assert.True(t, s.balance(a).Held.IsZero())
			}
		})
	}
}

// Whoever tidies a path on the way leads a hold named like a dot segment nowhere else.
func TestTidiedPathsOfHoldsEndNoOther(t *testing.T) {
	a := newAPI(t)
	id := a.moneyed("payer")
	for _, ref := range []string{"capture", "h", "."} {
		a.post(id, "holds", `{"reference":"`+ref+`","amount":"1"}`)
	}
	for path, want := range map[string]int{
		"holds/capture": http.StatusUnprocessableEntity, // was holds/./capture
		"capture":       http.StatusNotFound,            // was holds/../capture
	} {
		assert.Equal(t, want, a.post(id, path, `{"reference":"r"}`).status, path)
	}
	for body, fault := range map[string]string{
		`{"reference":"r"}`:                                "hold idempotency.required",
		`{"reference":"r","hold":null}`:                    "hold idempotency.required",
		`{"reference":"r","hold":5}`:                       "hold field.type",
		`{"reference":"r","hold":"a\u0000b"}`:              "hold idempotency.chars",
		`{"reference":"r","hold":"clientaccount:expired"}`: "hold idempotency.chars",
	} {
		for _, path := range []string{"holds/capture", "holds/release"} {
			got := a.post(id, path, body)
			require.Equal(t, http.StatusUnprocessableEntity, got.status, body)
			assert.Equal(t, fault, got.faults()[0].Path+" "+got.faults()[0].Code, body)
		}
	}
	assert.Equal(t, http.StatusUnprocessableEntity, a.post(id, "holds/h/capture", `{"reference":"r","hold":"."}`).status, "a hold has one name at a time")
	assert.Equal(t, http.StatusConflict, a.post(id, "holds/capture", `{"reference":"r","hold":"none"}`).status)
	assert.Equal(t, "3", a.balance(id)[1])
	assert.Equal(t, http.StatusCreated, a.post(id, "holds/release", `{"reference":"r","hold":"."}`).status)
	assert.Equal(t, "2", a.balance(id)[1])
}

// Pages carry any reference in their forms and filters.
func TestPagesReleaseHoldsOfAnyReference(t *testing.T) {
	s := newSite(t)
	a := s.moneyed("payer")
	for _, ref := range awkward {
		s.hold(a, ref, "0.01")
		form := s.get(moneyPath(a)).moneyForm(t, "releaseHold", "")
		require.Equal(t, ref, form.Get("hold"))
		r := s.post(moneyPath(a), seen(form))
		require.Equal(t, http.StatusSeeOther, r.code, "%q: %s", ref, r.text())
		found := s.get(moneyPath(a) + "?" + url.Values{"hold": {ref}}.Encode())
		assert.Contains(t, found.text(), "of hold "+strings.TrimSpace(ref), "%q", ref)
	}
	assert.True(t, s.balance(a).Held.IsZero())
}

// A price counts whole, and a hold named in the body or in the path is the same content.
func TestReferencesOfHoldsStandForOneContent(t *testing.T) {
	a := newAPI(t)
	id := a.moneyed("payer")
	hold := func(price string) answer {
		return a.post(id, "holds", `{"reference":"fp-3","price":"`+price+`","messages":1000000}`)
	}
	require.Equal(t, http.StatusCreated, hold("0.0000001").status)
	again := hold("0.0000009")
	require.Equal(t, http.StatusConflict, again.status)
	assert.Equal(t, "reference.reused", again.at("code"))
	assert.Equal(t, http.StatusOK, hold("0.00000010").status)
	assert.Equal(t, http.StatusCreated, a.post(id, "holds/capture", `{"reference":"c","hold":"fp-3"}`).status)
	assert.Equal(t, http.StatusOK, a.post(id, "holds/fp-3/capture", `{"reference":"c"}`).status)
	assert.Equal(t, http.StatusConflict, a.post(id, "holds/other/capture", `{"reference":"c"}`).status)
}
