package validate

import "github.com/clientaccount/clientaccount/account"

// Normalize brings what was set in Go into the form that the same text would have
// got: the login folded, blanks dropped, the phone number as E.164 (read with the
// client's country), instants in UTC with microseconds; and what people write in the
// form of [Text], the password in that of [PasswordText]. What cannot be read is left as it is,
// for Account to name.
func (v *Validator) Normalize(a *account.Account) {
	normalize(account.AccountTable(), a, a.Contact.Country)
	plain, retype := a.Core.Password.Reveal()
	a.Core.Password = account.SetPassword(PasswordText(plain), PasswordText(retype))
}

// NormalizeManager is Normalize for managers. Their phone numbers are international.
func (v *Validator) NormalizeManager(m *account.Manager) { normalize(account.ManagerTable(), m, "") }

// NormalizeProduct is Normalize for products.
func (v *Validator) NormalizeProduct(p *account.Product) { normalize(account.ProductTable(), p, "") }

// normalize sets the fields that have a default, and those that have more than one form. Text that is refused stays, and
// is refused again when it is checked.
func normalize[T any](t account.Table[T], of *T, country account.Country) {
	for f := range t.All() {
		if f.Default != "" && t.Text(*of, f.Path) == "" {
			_ = t.Set(of, f.Path, f.Default)
		}
		switch f.Kind {
		case account.FieldText, account.FieldLongText:
			_ = t.Set(of, f.Path, written(f, t.Text(*of, f.Path)))
		case account.FieldEmail, account.FieldURL, account.FieldList, account.FieldTime:
			_ = t.Set(of, f.Path, t.Text(*of, f.Path))
		case account.FieldPhone:
			_ = t.Set(of, f.Path, t.Text(*of, f.Path))
			if number, ok := e164(t.Text(*of, f.Path), country); ok {
				_ = t.Set(of, f.Path, number)
			}
		}
	}
}

// KeyText returns the text of a field that no two accounts share in the form in which it is kept.
func KeyText(path, text string) string {
	var a account.Account
	if f, ok := account.FieldAt(path); ok && f.Set(&a, text) == nil {
		return written(f, f.Text(a))
	}
	return text
}

// written returns a text in the form of [Text], where people write it in their own script. A
// login is ASCII, and nothing is turned into that. A contract number has one blank, so
// that no two clients have one that looks the same.
func written(f account.Field, text string) string {
	switch f.Path {
	case "login":
		return text
	case "contact.contract":
		return Text(spaced(text))
	default:
		return Text(text)
	}
}
