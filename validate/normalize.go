package validate

import (
	"time"

	"github.com/clientaccount/clientaccount/account"
)

// Normalize brings what was set in Go into the form that the same text would have
// got: the login folded, blanks dropped, the phone number as E.164 (read with the
// client's country), instants in UTC with microseconds; and what people write in the
// form of [Text], the password in that of [PasswordText]. What cannot be read is left as it is,
// for Account to name.
func (v *Validator) Normalize(a *account.Account) {
	a.Expires = instant(a.Expires)
	a.Credit.Overdraw.ExpiresAt = instant(a.Credit.Overdraw.ExpiresAt)
	for _, f := range account.Fields() {
		switch f.Kind {
		case account.FieldText, account.FieldLongText, account.FieldEmail, account.FieldPhone, account.FieldURL, account.FieldList:
			_ = f.Set(a, textOf(f, *a)) // refused text stays, and is refused again by Account
		}
	}
	plain, retype := a.Core.Password.Reveal()
	a.Core.Password = account.SetPassword(PasswordText(plain), PasswordText(retype))
	if number, ok := e164(a.Contact.Phone, a.Contact.Country); ok {
		a.Contact.Phone = number
	}
}

// textOf is a field's text in the form of [Text] where people write it in their own
// script. Logins, addresses and numbers are ASCII, and nothing is turned into that. A
// contract number has one blank, so that no two clients have one that looks the same.
func textOf(f account.Field, a account.Account) string {
	text := f.Text(a)
	if f.Path == "contact.contract" {
		text = spaced(text)
	}
	if f.Kind == account.FieldLongText || f.Kind == account.FieldText && f.Path != "login" {
		return Text(text)
	}
	return text
}

// NormalizeManager is Normalize for managers. Their phone numbers are international.
func (v *Validator) NormalizeManager(m *account.Manager) {
	var a account.Account
	a.Contact.FirstName, a.Mail.Email, a.Contact.Phone = m.Name, m.Email, m.Phone
	v.Normalize(&a)
	m.Name, m.Email, m.Phone = a.Contact.FirstName, a.Mail.Email, a.Contact.Phone
}

// NormalizeProduct is Normalize for products.
func (v *Validator) NormalizeProduct(p *account.Product) {
	a := account.Account{Contact: account.Contact{FirstName: p.Name}}
	v.Normalize(&a)
	p.Name = a.Contact.FirstName
}

func instant(t time.Time) time.Time {
	if t.IsZero() {
		return time.Time{}
	}
	return t.UTC().Truncate(time.Microsecond)
}
