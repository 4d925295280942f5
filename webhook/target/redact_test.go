package target_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/clientaccount/clientaccount/webhook/target"
)

func TestRedact(t *testing.T) {
	for raw, want := range map[string]string{
		"https://client.io":                       "https://client.io",
		"https://client.io/":                      "https://client.io/",
		"HTTPS://client.io:8443/dlr?token=s3cr3t": "https://client.io:8443/…",
		"https://client.io/s3cr3t":                "https://client.io/…",
		"https://client.io?s3cr3t":                "https://client.io/…",
		"https://client.io#s3cr3t":                "https://client.io/…",
		"https://user:s3cr3t@client.io/":          "https://client.io/",
		"https://[2606:4700::1]:8443/s3cr3t":      "https://[2606:4700::1]:8443/…",
		"http://127.0.0.1/s3cr3t":                 "http://127.0.0.1/…",

		"https://user:1/s3cr3t@client.io/":           "…",
		"https://s3cr3t/x@client.io/":                "…",
		"https://s3cr3t?@client.io/":                 "…",
		"https://s3cr3t#@client.io/":                 "…",
		`https://s3cr3t\@client.io/`:                 "…",
		"https:user:s3cr3t@client.io":                "…",
		"s3cr3t":                                     "…",
		"":                                           "…",
		"s3cr3t://client.io":                         "…",
		"https://client.io:s3cr3t/":                  "…",
		"https://client.io/%s3cr3t":                  "…",
		"https://cl\u200bient.io/s3cr3t":             "…",
		"https://client.io\n/s3cr3t":                 "…",
		"https://" + strings.Repeat("s3cr3t", 1<<16): "…",
	} {
		t.Run(clip(raw), func(t *testing.T) {
			got := target.Redact(raw)
			assert.Equal(t, want, got)
			assert.NotContains(t, got, "s3cr3t")
		})
	}
}
