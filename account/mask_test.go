package account_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
)

func TestMaskURLHidesWhatMayBeAToken(t *testing.T) {
	for url, want := range map[string]string{
		"":                              "",
		"https://client.io/dlr":         "https://client.io/dlr",
		"https://client.io/dlr?":        "https://client.io/dlr?",
		"https://client.io/dlr?token=t": "https://client.io/dlr?token=…",
		"https://client.io/?a=1&b=2;c":  "https://client.io/?a=…&b=…&…",
		"https://client.io/?TOKEN":      "https://client.io/?…",
		"https://client.io/?a=b?c=d":    "https://client.io/?a=…",

		"https://me:secret@client.io/dlr?t=1": "https://…@client.io/dlr?t=…",
		"me:sec@ret@client.io":                "…@client.io",
		"https://me:se/cret@client.io/dlr":    "https://…@client.io/dlr",
		"https://me:se?cret@client.io/dlr":    "https://…@client.io/dlr",
		"https://me:2024#cret@client.io/dlr":  "https://…@client.io/dlr",
		"https://tok#en@client.io/dlr":        "https://…@client.io/dlr",
		"https//me:secret@client.io/dlr":      "…@client.io/dlr",
		"https://client.io/@me":               "https://client.io/@me",
		"https://client.io:8443/?me=a@b.io":   "https://client.io:8443/?me=…",
		"https://[2a00::1]/@me":               "https://[2a00::1]/@me",
	} {
		assert.Equal(t, want, account.MaskURL(url))
	}
}

func TestATokenInAURLIsKeptAndNotRecorded(t *testing.T) {
	const path, secret = "webhooks.rest_state", "https://client.io/dlr?token=CANARY"
	f, _ := account.FieldAt(path)
	before, after := account.New(), account.New()
	require.NoError(t, f.Set(&after, secret))
	assert.Equal(t, secret, f.Text(after))

	change := account.Diff(before, after)
	assert.Equal(t, account.Change{{Path: path, New: "https://client.io/dlr?token=…", Secret: true}}, change)

	require.NoError(t, f.Set(&after, f.Shown(secret)), "setting what was shown")
	assert.Equal(t, secret, f.Text(after), "keeps what is stored")

	back, secrets := account.Record{Change: change}.Inverse()
	assert.Empty(t, back)
	assert.Equal(t, []string{path}, secrets, "what is not known cannot be taken back")
}
