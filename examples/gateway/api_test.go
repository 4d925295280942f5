package main

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
)

// answered is what came back.
type answered struct {
	*httptest.ResponseRecorder
	body map[string]any
}

// ask calls the API as the client; header are names and values in turn.
func (p *platform) ask(g *Gateway, method, path, kind, body string, header ...string) answered {
	p.Helper()
	r := httptest.NewRequestWithContext(p.Context(), method, path, strings.NewReader(body))
	r.SetBasicAuth("acme", "seven-Herons-at-dusk")
	r.Header.Set("Content-Type", kind)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := answered{httptest.NewRecorder(), nil}
	newAPI(g).ServeHTTP(w, r)
	require.NoError(p, json.Unmarshal(w.Body.Bytes(), &w.body), w.Body)
	return w
}

func (p *platform) post(g *Gateway, body string, header ...string) answered {
	p.Helper()
	return p.ask(g, http.MethodPost, "/messages", "application/json", body, header...)
}

const hello = `{"to": "+380501112233", "from": "ACME", "text": "Hello", "ref": "order-17"}`

func TestMessageIsTakenAndShown(t *testing.T) {
	p := newPlatform(t)
	g := p.start()
	taken := p.post(g, hello)
	require.Equal(t, http.StatusAccepted, taken.Code, taken.Body)
	id, _ := taken.body["id"].(string)
	assert.Equal(t, map[string]any{"id": id, "ref": "order-17", "parts": 1.0}, taken.body)
	p.requireMoney("1", "0.0312")

	form := url.Values{"to": {"+380501112233"}, "from": {"ACME"}, "text": {"Hello"}, "ref": {"order-17"}}
	again := p.ask(g, http.MethodPost, "/messages", "application/x-www-form-urlencoded", form.Encode())
	assert.Equal(t, taken.body, again.body, "a repeat, whatever its form")
	assert.Len(t, g.queue, 1)

	location := taken.Header().Get("Location")
	seen := p.ask(g, http.MethodGet, location, "", "")
	require.Equal(t, http.StatusOK, seen.Code, seen.Body)
	assert.Equal(t, "SCHEDULED held", seen.body["state"].(string)+" "+seen.body["money"].(string))
	p.drain(g)
	seen = p.ask(g, http.MethodGet, location, "", "")
	assert.Equal(t, "SCHEDULED taken", seen.body["state"].(string)+" "+seen.body["money"].(string))
	assert.Equal(t, taken.body, p.post(g, hello).body, "a repeat, when it was sent")
	assert.Empty(t, g.queue)

	assert.Equal(t, http.StatusNotFound, p.ask(g, http.MethodGet, "/messages/none", "", "").Code)
}

func TestRepeatOfARejectedMessageIsAnsweredAsTheFirstTime(t *testing.T) {
	p := newPlatform(t)
	g := p.start()
	p.network.rejects = "088"
	taken := p.post(g, hello)
	p.drain(g)
	again := p.post(g, hello)
	assert.Equal(t, http.StatusAccepted, again.Code)
	assert.Equal(t, taken.body, again.body)
	assert.Empty(t, g.queue)
	assert.Equal(t, "REJECTD", p.ask(g, http.MethodGet, again.Header().Get("Location"), "", "").body["state"])
	p.requireMoney("1", "0")
}

func TestKeyOfARequestIsTheHeaderOrElseTheReference(t *testing.T) {
	p := newPlatform(t)
	g := p.start()
	ids := map[any]bool{
		p.post(g, hello).body["id"]: true, p.post(g, strings.Replace(hello, "order-17", "order-18", 1)).body["id"]: true,
		p.post(g, hello, "Idempotency-Key", "order-17").body["id"]: true, p.post(g, hello, "Idempotency-Key", "order-18").body["id"]: true,
	}
	assert.Len(t, ids, 4)
	assert.NotContains(t, ids, nil)
	other := p.post(g, strings.Replace(hello, "112233", "112234", 1))
	assert.Equal(t, http.StatusConflict, other.Code)
	assert.Equal(t, "reference.reused", other.body["code"])
	unnamed := `{"to": "380501112233", "from": "ACME", "parts": 1}`
	assert.NotEqual(t, p.post(g, unnamed).body["id"], p.post(g, unnamed).body["id"])
}

func TestWhatCannotBeReadIsRefused(t *testing.T) {
	p := newPlatform(t)
	g := p.start()
	const json, form = "application/json", "application/x-www-form-urlencoded"
	for name, tt := range map[string]struct {
		kind, body, code string
		status           int
	}{
		"another type":    {"text/plain", "hello", "body.type", http.StatusUnsupportedMediaType},
		"no JSON":         {json, "{", "body.json", http.StatusBadRequest},
		"unknown field":   {json, `{"x": 1}`, "body.json", http.StatusBadRequest},
		"more":            {json, hello + "{}", "body.json", http.StatusBadRequest},
		"too long":        {json, `{"text": "` + strings.Repeat("x", maxPost) + `"}`, "body.length", http.StatusRequestEntityTooLarge},
		"no form":         {form, "to=%zz", "body.form", http.StatusBadRequest},
		"doubled field":   {form, "to=1&to=2", "body.form", http.StatusBadRequest},
		"unknown in form": {form, "x=1", "body.form", http.StatusBadRequest},
		"parts no number": {form, "parts=x", "parts.range", http.StatusBadRequest},
		"no text":         {json, `{"to": "380501112233"}`, "text.required", http.StatusUnprocessableEntity},
		"text and parts":  {json, `{"text": "a", "parts": 2}`, "text.required", http.StatusUnprocessableEntity},
	} {
		got := p.ask(g, http.MethodPost, "/messages", tt.kind, tt.body)
		assert.Equal(t, tt.status, got.Code, name)
		assert.Equal(t, tt.code, got.body["code"], name)
		assert.Equal(t, "application/problem+json", got.Header().Get("Content-Type"), name)
	}
	p.requireMoney("1", "0")
}

func TestDecisionsHaveAStatusAndACode(t *testing.T) {
	for name, tt := range map[string]struct {
		change account.Change
		body   string
		status int
		code   string
	}{
		"no money":    {nil, `{"to": "380501112233", "from": "ACME", "parts": 33}`, http.StatusPaymentRequired, "credit.exhausted"},
		"destination": {nil, `{"to": "38050x", "from": "ACME", "parts": 99}`, http.StatusUnprocessableEntity, "destination.invalid"},
		"sender":      {nil, `{"to": "380501112233", "from": "?", "parts": 1}`, http.StatusUnprocessableEntity, "sender.invalid"},
		"no price":    {nil, `{"to": "15551234567", "from": "ACME", "parts": 1}`, http.StatusUnprocessableEntity, "price.unknown"},
		"too many":    {nil, `{"to": "380501112233", "from": "ACME", "parts": 256}`, http.StatusUnprocessableEntity, "parts.range"},
		"moderation":  {account.Change{}.Set("moderation", "manual"), hello, http.StatusForbidden, "moderation.manual"},
		"not approved, nor paid": {
			account.Change{}.Set("routing.dynamic_sender", "false"),
			`{"to": "380501112233", "from": "ACME", "parts": 33}`, http.StatusUnprocessableEntity, "sender.not_approved",
		},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPlatform(t)
			g := p.start()
			if tt.change != nil {
				p.edit(g, tt.change)
			}
			got := p.post(g, tt.body)
			assert.Equal(t, tt.status, got.Code, got.Body)
			assert.Equal(t, tt.code, got.body["code"])
			assert.NotEmpty(t, got.body["findings"])
			p.requireMoney("1", "0")
			assert.Empty(t, g.slots)
		})
	}
}

func (p *platform) edit(g *Gateway, c account.Change) {
	p.Helper()
	_, err := g.accounts.Update(p.Context(), p.client.ID, p.client.Revision, clientaccount.Edit{Actor: system, Apply: c.Apply})
	require.NoError(p, err)
}

func TestOutsideTheTimeOfDispatchAClientIsToldWhenToAskAgain(t *testing.T) {
	p := newPlatform(t)
	g := p.start()
	at := time.Now().UTC()
	closed := at.AddDate(0, 0, 3).Weekday().String()[:3]
	p.edit(g, account.Change{}.Set("dispatch", strings.ToLower(closed)+" 09:00-10:00"))
	got := p.post(g, hello)
	assert.Equal(t, http.StatusTooManyRequests, got.Code, got.Body)
	assert.Equal(t, "time.closed", got.body["code"])
	assert.Regexp(t, `^[12]\d{5}$`, got.Header().Get("Retry-After"), "in two days and some")
}

func TestWhoMayNotSendIsKeptOut(t *testing.T) {
	p := newPlatform(t)
	g := p.start()
	wrong := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/messages", nil)
	wrong.SetBasicAuth("acme", "wrong")
	throttled := false
	for range 20 {
		w := httptest.NewRecorder()
		newAPI(g).ServeHTTP(w, wrong)
		if throttled = w.Code == http.StatusTooManyRequests; throttled {
			assert.NotEmpty(t, w.Header().Get("Retry-After"))
			break
		}
		require.Equal(t, http.StatusUnauthorized, w.Code)
		assert.Contains(t, w.Header().Get("WWW-Authenticate"), "Basic")
	}
	assert.True(t, throttled)

	p = newPlatform(t)
	g = p.start()
	p.edit(g, account.Change{}.Set("status", "suspended"))
	assert.Equal(t, http.StatusForbidden, p.post(g, hello).Code)
}

func TestAFullQueueIsNoAnswer(t *testing.T) {
	p := newPlatform(t)
	g := p.start()
	for range mostUnsent {
		g.slots <- struct{}{}
	}
	got := p.post(g, hello)
	assert.Equal(t, http.StatusServiceUnavailable, got.Code)
	assert.Equal(t, "1", got.Header().Get("Retry-After"))
	p.requireMoney("1", "0")
}

func TestPartsOfATextAreCounted(t *testing.T) {
	for text, parts := range map[string]int{
		"a": 1, strings.Repeat("a", 160): 1, strings.Repeat("a", 161): 2, strings.Repeat("a", 306): 2, strings.Repeat("a", 307): 3,
		strings.Repeat("€", 80): 1, strings.Repeat("€", 81): 2,
		strings.Repeat("ж", 70): 1, strings.Repeat("ж", 71): 2, strings.Repeat("😀", 36): 2,
	} {
		assert.Equal(t, parts, partsOf(text), text)
	}
}
