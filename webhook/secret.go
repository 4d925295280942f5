package webhook

import (
	"encoding/base64"
	"errors"
	"io"
	"strings"
	"time"

	"github.com/clientaccount/clientaccount/account"
)

// Bounds of a secret (Standard Webhooks, "Signature scheme").
const (
	secretPrefix   = "whsec_"
	minSecretBytes = 24
	maxSecretBytes = 64
	newSecretBytes = 32
)

// ErrSecret: the text is not whsec_ and the base64 of 24 to 64 bytes. The error never
// repeats it.
var ErrSecret = errors.New("webhook: a secret is whsec_ and the base64 of 24 to 64 bytes")

// NewSecret makes a secret of 32 bytes. The error is that of random.
func NewSecret(random io.Reader, now time.Time) (account.HookSecret, error) {
	key := make([]byte, newSecretBytes)
	if _, err := io.ReadFull(random, key); err != nil {
		return account.HookSecret{}, err
	}
	return account.NewHookSecret(secretPrefix+base64.StdEncoding.EncodeToString(key), now), nil
}

// ParseSecret reads the text of a secret that was made elsewhere, or ErrSecret.
func ParseSecret(text string, now time.Time) (account.HookSecret, error) {
	if _, err := secretKey(text); err != nil {
		return account.HookSecret{}, err
	}
	return account.NewHookSecret(text, now), nil
}

// secretKey is what a secret signs with. The library would take any base64, the empty
// one included.
func secretKey(text string) ([]byte, error) {
	encoded, prefixed := strings.CutPrefix(text, secretPrefix)
	key, err := base64.StdEncoding.Strict().DecodeString(encoded)
	if !prefixed || err != nil || strings.ContainsAny(encoded, "\r\n") ||
		len(key) < minSecretBytes || len(key) > maxSecretBytes {
		return nil, ErrSecret
	}
	return key, nil
}

// Rotate puts a fresh secret in front. The one that was in front stays valid for the
// overlap, so that receivers can change over; older ones end at once. So at most two
// are valid at a time.
func Rotate(present []account.HookSecret, fresh account.HookSecret, now time.Time, overlap time.Duration) []account.HookSecret {
	rotated := []account.HookSecret{fresh}
	for _, old := range present {
		if old.ActiveAt(now) && overlap > 0 {
			if end := now.Add(overlap); old.EndsAt.IsZero() || end.Before(old.EndsAt) {
				old.EndsAt = end
			}
			return append(rotated, old)
		}
	}
	return rotated
}
