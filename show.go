package clientaccount

import (
	"fmt"
	"log/slog"

	"github.com/clientaccount/clientaccount/account"
)

// What is printed and logged of values that hold secrets, or accounts, whose URLs may hold
// tokens. slog's JSON asks only the value that it is handed, so each has its own say.

const redacted = "[redacted]"

type plainAttempt Attempt

// masked is the attempt without its password, in a type without methods.
func (a Attempt) masked() plainAttempt {
	if a.Password != "" {
		a.Password = redacted
	}
	return plainAttempt(a)
}

// Format prints the attempt without its password, by every verb of fmt.
func (a Attempt) Format(f fmt.State, verb rune) {
	_, _ = fmt.Fprintf(f, fmt.FormatString(f, verb), a.masked())
}

// LogValue is the attempt without its password, for slog.
func (a Attempt) LogValue() slog.Value { return slog.AnyValue(a.masked()) }

type plainOptions Options

// Format prints the options without the key of cursors, by every verb of fmt.
func (o Options) Format(f fmt.State, verb rune) {
	if o.CursorKey != nil {
		o.CursorKey = []byte(redacted)
	}
	_, _ = fmt.Fprintf(f, fmt.FormatString(f, verb), plainOptions(o))
}

// LogValue says only that they are options: most of them are no values.
func (Options) LogValue() slog.Value { return slog.StringValue("clientaccount.Options") }

// LogValue says which account was edited, and what changed, for slog.
func (r Result) LogValue() slog.Value {
	return slog.GroupValue(slog.Any("account", r.Account), slog.Any("change", r.Change), slog.Any("warnings", r.Warnings))
}

// LogValue is what Error says, for slog.
func (StaleError) LogValue() slog.Value { return slog.StringValue(account.ErrStale.Error()) }
