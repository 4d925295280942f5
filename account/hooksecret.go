package account

import (
	"fmt"
	"io"
	"log/slog"
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
// [ParseHookSecret] judges it as well.
func NewHookSecret(text string, createdAt time.Time) HookSecret {
	return HookSecret{text: &text, CreatedAt: createdAt}
}

// Reveal is the text in clear: to sign with, to store, and to show once.
func (s HookSecret) Reveal() string {
	if s.text == nil {
		return ""
	}
	return *s.text
}

// ActiveAt says whether a webhook sent at now is signed with the secret.
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
