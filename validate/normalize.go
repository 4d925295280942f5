package validate

import (
	"time"

	"github.com/clientaccount/clientaccount/account"
)

// Normalize brings what was set in Go into the form that the same text would have
// got: the login folded, blanks dropped, the phone number as E.164 (read with the
// client's country), instants in UTC with microseconds. What cannot be read is
// left as it is, for Account to name.
func (v *Validator) Normalize(a *account.Account) {
	a.Expires = instant(a.Expires)
	a.Credit.Overdraw.ExpiresAt = instant(a.Credit.Overdraw.ExpiresAt)
	for _, f := range account.Fields() {
		switch f.Kind {
		case account.KindText, account.KindLongText, account.KindEmail, account.KindPhone, account.KindList:
			_ = f.Set(a, f.Text(*a)) // refused text stays, and is refused again by Account
		}
	}
	if number, ok := e164(a.Contact.Phone, a.Contact.Country); ok {
		a.Contact.Phone = number
	}
}

func instant(t time.Time) time.Time {
	if t.IsZero() {
		return time.Time{}
	}
	return t.UTC().Truncate(time.Microsecond)
}
