package store

import (
	"fmt"
	"log/slog"
	"maps"

	"github.com/clientaccount/clientaccount/account"
)

// Texts are those of fields of an account, by path: of URLs whole, with their tokens. Whatever prints
// them, package fmt and slog too, has them as Shown returns them.
type Texts map[string]string

// hiddenText stands in the place of a text of which nothing may be shown.
const hiddenText = "…"

// Shown returns the texts as people and records get them: URLs without what may be tokens, nothing of
// a password, nor of what is no field.
func (t Texts) Shown() Texts {
	shown := maps.Clone(t)
	for path, text := range t {
		if f, known := account.FieldAt(path); known && !f.Secret() {
			shown[path] = f.Shown(text)
		} else if text != "" {
			shown[path] = hiddenText
		}
	}
	return shown
}

// Format prints the texts as Shown returns them, by every verb of fmt.
func (t Texts) Format(f fmt.State, verb rune) {
	_, _ = fmt.Fprintf(f, fmt.FormatString(f, verb), map[string]string(t.Shown()))
}

// LogValue returns the texts as Shown does, for slog.
func (t Texts) LogValue() slog.Value { return slog.AnyValue(map[string]string(t.Shown())) }

// LogValue says which task it is, for slog: a log is no place for all of it.
func (t Task) LogValue() slog.Value {
	return slog.GroupValue(slog.String("id", t.ID.String()), slog.String("batch", t.Batch.String()), slog.Int64("line", t.Line),
		slog.String("kind", string(t.Kind)), slog.String("account", t.Account.String()), slog.String("state", string(t.State)))
}
