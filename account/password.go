package account

import (
	"fmt"
	"io"
	"log/slog"
)

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

// SetPassword is a new password with its repetition, as typed.
func SetPassword(plain, retype string) NewPassword {
	if plain == "" && retype == "" {
		return NewPassword{}
	}
	return NewPassword{&plain, &retype}
}

// IsZero says whether nothing was typed in either place.
func (p NewPassword) IsZero() bool { return p.plain == nil }

// Reveal is the password and its repetition in clear, for the rules and the hash.
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
