// Package verifyjs asks the JavaScript library of Standard Webhooks, which many clients
// will use, whether it takes our signatures.
package verifyjs_test

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/internal/dbtest/need"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/memstore"
	"github.com/clientaccount/clientaccount/webhook"
	"github.com/clientaccount/clientaccount/webhook/payload"
	"github.com/clientaccount/clientaccount/webhook/webhooktest"
)

// call is a call as a receiver in JavaScript has it.
type call struct {
	Secret  string            `json:"secret"`
	Payload string            `json:"payload"`
	Headers map[string]string `json:"headers"`
}

// library installs the verifier and gives its folder.
func library(t *testing.T) string {
	t.Helper()
	for _, program := range []string{"node", "npm"} {
		if _, err := exec.LookPath(program); err != nil {
			need.Missingf(t, "%s is not installed, so the JavaScript verifier is not asked", program)
		}
	}
	dir := t.TempDir()
	for _, name := range []string{"package.json", "package-lock.json", "verify.js"} {
		content, err := os.ReadFile(name)
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), content, 0o600))
	}
	install := exec.CommandContext(t.Context(), "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
	install.Dir = dir
	if out, err := install.CombinedOutput(); err != nil {
		need.Missingf(t, "npm cannot install the JavaScript verifier: %v\n%s", err, out)
	}
	return dir
}

// verify says for each call why the library refuses it; empty where it does not.
func verify(t *testing.T, dir string, calls []call) []string {
	t.Helper()
	input, err := json.Marshal(calls)
	require.NoError(t, err)
	node := exec.CommandContext(t.Context(), "node", "verify.js")
	node.Dir, node.Stdin, node.Stderr = dir, bytes.NewReader(input), os.Stderr
	out, err := node.Output()
	require.NoError(t, err)
	var answers []string // null is empty
	require.NoError(t, json.Unmarshal(out, &answers))
	require.Len(t, answers, len(calls))
	return answers
}

// asCalls are calls as they came, once for each secret.
func asCalls(came []webhooktest.Call, secrets ...account.HookSecret) []call {
	var calls []call
	for _, c := range came {
		made := call{Payload: c.Body, Headers: map[string]string{}}
		if c.Method == http.MethodGet {
			made.Payload = c.Query
		}
		for name := range c.Header {
			made.Headers[strings.ToLower(name)] = c.Header.Get(name)
		}
		for _, s := range secrets {
			made.Secret = s.Reveal()
			calls = append(calls, made)
		}
	}
	return calls
}

// Both families, a query too long for a GET among them, signed with two secrets while
// one is rotated.
func TestJavaScriptTakesOurSignatures(t *testing.T) {
	dir := library(t)
	now := time.Now()
	one, err := account.ParseHookSecret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", now)
	require.NoError(t, err)
	two, err := account.ParseHookSecret("whsec_"+strings.Repeat("+/8A", 16), now)
	require.NoError(t, err)
	came := sendAll(t, account.RotateHookSecrets([]account.HookSecret{one}, two, now, time.Hour))
	calls := asCalls(came, one, two)
	for i, refusal := range verify(t, dir, calls) {
		assert.Empty(t, refusal, "%+v", calls[i])
	}
	for i := range calls {
		calls[i].Payload += "x"
	}
	for _, refusal := range verify(t, dir, calls) {
		assert.Contains(t, refusal, "No matching signature")
	}
}

// sendAll sends three incoming messages to both URLs of an account, and gives the calls.
func sendAll(t *testing.T, secrets []account.HookSecret) []webhooktest.Call {
	t.Helper()
	s := memstore.New()
	r := webhooktest.New(t)
	config := webhook.Config{Poll: time.Millisecond}
	r.Reach(&config)
	a := accounttest.Valid("javascript")
	a.Webhooks = account.Webhooks{APIIncoming: r.URL("/in?token=a%20b"), RESTIncoming: r.URL("/in")}
	require.NoError(t, s.Update(t.Context(), func(ctx context.Context, tx store.Tx) error {
		outbox := tx.(store.OutboxTx)
		if err := tx.PutAccount(ctx, a, 0); err != nil {
			return err
		}
		if err := outbox.SetHookSecrets(ctx, a.ID, secrets); err != nil {
			return err
		}
		n := 0
		id := func(account.HookKind) account.ID { n++; return accounttest.ID(n) }
		for _, text := range []string{"STOP", "Привіт, + & = % \" \\ 🙂 \u2028", strings.Repeat("довго ", 2000)} {
			ds, err := payload.Incoming{MessageID: text[:2], Text: text, Encoding: payload.UCS2, At: time.Now()}.Deliveries(a, id)
			if err != nil {
				return err
			}
			if err := outbox.Enqueue(ctx, ds...); err != nil {
				return err
			}
		}
		return nil
	}))
	d, err := webhook.NewDispatcher(s, &config)
	require.NoError(t, err)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- d.Run(ctx) }()
	calls := r.Await(6)
	stop()
	require.NoError(t, <-ended)
	return calls
}
