package account

import (
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"time"
)

// HookSecret is a secret that webhooks of an account are signed with. However it
// is printed or encoded, it shows nothing of itself: the text is behind a pointer,
// as with [NewPassword]. The zero value holds no secret.
type HookSecret struct {
	text *string

	CreatedAt time.Time
	EndsAt    time.Time // no longer used from then on; zero while it is the present one
}

// NewHookSecret wraps the text of a secret, "whsec_" and base64, as it was stored.
// [ParseHookSecret] checks it as well.
func NewHookSecret(text string, createdAt time.Time) HookSecret {
	return HookSecret{text: &text, CreatedAt: createdAt}
}

// Reveal returns the text in clear: to sign with, to store, and to show once.
func (s HookSecret) Reveal() string {
	if s.text == nil {
		return ""
	}
	return *s.text
}

// ActiveAt reports whether a webhook sent at now is signed with the secret.
func (s HookSecret) ActiveAt(now time.Time) bool {
	return s.text != nil && (s.EndsAt.IsZero() || now.Before(s.EndsAt))
}

// String hides the secret.
func (s HookSecret) String() string { return redacted }

// Format hides the secret from every verb of fmt, %#v and %d included.
func (s HookSecret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, redacted) }

// MarshalText hides the secret from encoders.
func (s HookSecret) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// LogValue hides the secret from slog.
func (s HookSecret) LogValue() slog.Value { return slog.StringValue(redacted) }

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

// Key returns what the secret signs with: 24 to 64 bytes, or ErrHookSecret.
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

// NewPassword is a password on its way in: set on an account by an edit, hashed
// by the Service, never stored and never read back. The zero value keeps the
// present password. However it is printed, it shows nothing of itself: the text
// is behind pointers, which package fmt does not follow even where a NewPassword
// lies in an unexported field and its methods cannot be called. What is behind the
// pointers never changes, so copies may share it.
type NewPassword struct {
	// To strings, not to a struct: that, fmt prints whole where a verb does not fit it.
	plain, retype *string
}

// SetPassword returns a new password with its repetition, as typed.
func SetPassword(plain, retype string) NewPassword {
	if plain == "" && retype == "" {
		return NewPassword{}
	}
	return NewPassword{&plain, &retype}
}

// IsZero reports whether nothing was typed in either place.
func (p NewPassword) IsZero() bool { return p.plain == nil }

// Reveal returns the password and its repetition in clear, for the rules and the hash.
func (p NewPassword) Reveal() (plain, retype string) {
	if p.plain == nil {
		return "", ""
	}
	return *p.plain, *p.retype
}

const redacted = "[redacted]"

// String hides the password.
func (p NewPassword) String() string { return redacted }

// Format hides the password from every verb of fmt, %#v and %d included.
func (p NewPassword) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, redacted) }

// MarshalText hides the password from encoders.
func (p NewPassword) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// LogValue hides the password from slog.
func (p NewPassword) LogValue() slog.Value { return slog.StringValue(redacted) }
