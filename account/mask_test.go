package account_test

import (
	"strings"
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
		"https://client.io/?me=a:1@b.io":      "https://client.io/?me=…",
		"https://client.io:8443/?me=a@b.io":   "https://…@b.io",
		"https://m.e:12/3c?x@client.io/dlr":   "https://…@client.io/dlr",
		"https://client.io?me=a@b.io":         "https://client.io?me=…",
		"https://[2a00::1]/@me":               "https://…@me",
		"https://client.io:8443/@me":          "https://…@me",
		"https://me:12/34@client.io/dlr":      "https://…@client.io/dlr",
		"https://m.e:12/3@client.io/dlr":      "https://…@client.io/dlr",
		"https://m.e/x:12/3@client.io/dlr":    "https://…@client.io/dlr",
		"https://m.e:12?34@client.io/dlr":     "https://…@client.io/dlr",
		"https://tok/en@client.io/dlr":        "https://…@client.io/dlr",
		"me:se://cret@client.io/dlr":          "…@client.io/dlr",
		"HTTPS://me:secret@client.io/dlr":     "HTTPS://…@client.io/dlr",
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

// FuzzMaskURL: nothing of a name and a password before a host is in what is shown of a URL, whatever
// they have in them.
func FuzzMaskURL(f *testing.F) {
	for _, pair := range [][2]string{{"me", "secret"}, {"u", "12/34"}, {"u", "12?34"}, {"me", "a@b/c?d#e"}, {"me", "://"}, {"", "8443/x"}, {"me", "[::1]/"}} {
		f.Add(pair[0], pair[1])
	}
	f.Fuzz(func(t *testing.T, name, password string) {
		name = strings.ReplaceAll(name, ".", "") // else it may be a host
		require.Equal(t, "https://…@client.io/dlr?t=…", account.MaskURL("https://"+name+":"+password+"@client.io/dlr?t=1"))
		require.Equal(t, "https://…@client.io/dlr", account.MaskURL("https://"+name+"@client.io/dlr"))
		shown := account.MaskURL(name + ":" + password + "@client.io")
		require.True(t, shown == "…@client.io" || strings.EqualFold(shown, "http://…@client.io") || strings.EqualFold(shown, "https://…@client.io"), shown)
	})
}
