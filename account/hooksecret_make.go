package account

import (
	"encoding/base64"
	"errors"
	"io"
	"strings"
	"time"
)

// HookSecretPrefix begins the text of a secret (Standard Webhooks, "Signature scheme").
const HookSecretPrefix = "whsec_"

// Bounds of a secret's key, likewise, in bytes.
const (
	minHookKey = 24
	maxHookKey = 64
	newHookKey = 32
)

// ErrHookSecret: the text is not whsec_ and the base64 of 24 to 64 bytes. The error
// never repeats it.
var ErrHookSecret = errors.New("account: a webhook secret is whsec_ and the base64 of 24 to 64 bytes")

// MakeHookSecret makes a secret of 32 bytes. The error is that of random.
func MakeHookSecret(random io.Reader, now time.Time) (HookSecret, error) {
	key := make([]byte, newHookKey)
	if _, err := io.ReadFull(random, key); err != nil {
		return HookSecret{}, err
	}
	return NewHookSecret(HookSecretPrefix+base64.StdEncoding.EncodeToString(key), now), nil
}

// ParseHookSecret reads the text of a secret that was made elsewhere, or
// ErrHookSecret.
func ParseHookSecret(text string, now time.Time) (HookSecret, error) {
	s := NewHookSecret(text, now)
	if _, err := s.Key(); err != nil {
		return HookSecret{}, err
	}
	return s, nil
}

// Key is what the secret signs with: 24 to 64 bytes, or ErrHookSecret.
func (s HookSecret) Key() ([]byte, error) {
	encoded, prefixed := strings.CutPrefix(s.Reveal(), HookSecretPrefix)
	key, err := base64.StdEncoding.Strict().DecodeString(encoded)
	if !prefixed || err != nil || strings.ContainsAny(encoded, "\r\n") || len(key) < minHookKey || len(key) > maxHookKey {
		return nil, ErrHookSecret
	}
	return key, nil
}

// RotateHookSecrets puts a fresh secret in front. The one that was in front stays
// valid for the overlap, so that receivers can change over; older ones end at once. So
// at most two are valid at a time.
func RotateHookSecrets(present []HookSecret, fresh HookSecret, now time.Time, overlap time.Duration) []HookSecret {
	rotated := []HookSecret{fresh}
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
