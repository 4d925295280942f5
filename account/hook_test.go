package account_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
)

// Each kind is the URL of the field of its name.
func TestHookKindsAreTheFieldsOfTheSection(t *testing.T) {
	for _, kind := range account.HookKinds() {
		f, ok := account.FieldAt("webhooks." + string(kind))
		require.True(t, ok, kind)
		var a account.Account
		assert.Empty(t, a.Webhooks.URL(kind))
		require.NoError(t, f.Set(&a, "https://client.io/"+string(kind)))
		assert.Equal(t, "https://client.io/"+string(kind), a.Webhooks.URL(kind))
	}
	assert.Empty(t, account.Webhooks{APIState: "https://client.io/"}.URL("other"))
}

func TestHookSecretHidesItself(t *testing.T) {
	const text = "whsec_Y2FuYXJ5LWNhbmFyeS1jYW5hcnktY2FuYXJ5"
	secret := account.NewHookSecret(text, time.Time{})
	assert.Equal(t, text, secret.Reveal())
	assert.Empty(t, account.HookSecret{}.Reveal())
	var shown bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d", "%x"} {
		fmt.Fprintf(&shown, verb, secret)
		fmt.Fprintf(&shown, verb, struct{ s account.HookSecret }{secret})
		fmt.Fprintf(&shown, verb, []account.HookSecret{secret})
	}
	encoded, err := json.Marshal(map[string]any{"secret": secret})
	require.NoError(t, err)
	shown.Write(encoded)
	slog.New(slog.NewJSONHandler(&shown, nil)).Info("", "secret", secret, "list", []account.HookSecret{secret})
	assert.NotContains(t, shown.String(), "Y2FuYXJ5")
	assert.NotContains(t, shown.String(), "776873656") // in hex
}

func TestHookSecretEnds(t *testing.T) {
	now := time.Date(2026, 11, 23, 8, 41, 2, 0, time.UTC)
	secret := account.NewHookSecret("whsec_x", now)
	assert.True(t, secret.ActiveAt(now.AddDate(10, 0, 0)))
	secret.EndsAt = now.Add(time.Hour)
	assert.True(t, secret.ActiveAt(secret.EndsAt.Add(-time.Nanosecond)))
	assert.False(t, secret.ActiveAt(secret.EndsAt))
	assert.False(t, account.HookSecret{}.ActiveAt(now))
}

func TestSecretsAreJudged(t *testing.T) {
	now := accounttest.Now()
	for _, text := range []string{
		"", "whsec_", "whsec_YQ==", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_!!!!",
		"whsec_" + strings.Repeat("A", 28), "whsec_" + strings.Repeat("A", 88), // 21 and 66 bytes
		"whsec_MfKQ9r8GKYqrTwjUPD8ILPZI\no2LaLaSw", "WHSEC_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
	} {
		_, err := account.ParseHookSecret(text, now)
		require.ErrorIs(t, err, account.ErrHookSecret, text)
	}
	for _, text := range []string{
		"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_" + strings.Repeat("A", 84) + "AA==", // 24 and 64 bytes
	} {
		s, err := account.ParseHookSecret(text, now)
		require.NoError(t, err)
		assert.Equal(t, text, s.Reveal())
	}
	made, err := account.MakeHookSecret(strings.NewReader(strings.Repeat("x", 32)), now)
	require.NoError(t, err)
	_, err = account.ParseHookSecret(made.Reveal(), now)
	require.NoError(t, err)
	_, err = account.MakeHookSecret(strings.NewReader("short"), now)
	require.ErrorIs(t, err, io.ErrUnexpectedEOF)
}
