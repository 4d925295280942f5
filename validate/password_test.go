package validate_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/validate"
)

// codesOf returns the codes of a password typed twice for a new client of Aldermere Freight.
func codesOf(plain string) (codes []string) {
	a := account.New()
	a.Core.Login, a.Contact.Company = "harriet.pell", "Aldermere Freight"
	a.Core.Password = account.SetPassword(plain, plain)
	rules.Normalize(&a)
	for _, f := range rules.Password(a, nil) {
		codes = append(codes, f.Code)
	}
	return codes
}

func TestACommonPasswordInDisguiseIsCommon(t *testing.T) {
	for _, plain := range []string{
		"company1", "letmein123", "passw0rd!", "Password2024!", "P@$$w0rd", "p4ssw0rd!!!", "L3tM31n!!", "qwerty!2026", "123letmein", "!!password!!",
		"$unsh1ne", "dr4g0n2024", "m0nk3y123", "1l0vey0u!", "welcome#1", "football@99", "trustno1!", "ADMIN1234", "passwort1", "company 1",
	} {
		assert.Contains(t, codesOf(plain), "password.common", "%q", plain)
	}
}

func TestAStrongPasswordMayHoldACommonWord(t *testing.T) {
	for _, plain := range []string{
		"seven-Herons-at-dusk", "my company has 3 blue doors", "password-of-nobody-else", "correct horse battery staple",
		"love#8841934!77", "Xk9$company!mZ", "letmein to the old mill at 9", "Tr0ub4dor&3-elm", "8841-9347-1120-company", "ц7р-вітер-над-містом", "v9#Lq2!tRz",
	} {
		assert.Empty(t, codesOf(plain), "%q", plain)
	}
}

func TestANameInDisguiseIsNoPassword(t *testing.T) {
	for _, plain := range []string{
		"harriet.pell1", "H4rr13t.P3ll!", "h4rri3tp311", "4ld3rm3r3 fr31ght", "Aldermere_Fr3ight!!2026", "@ldermerefreight",
	} {
		assert.Contains(t, codesOf(plain), "password.context", "%q", plain)
	}
}

// A password is the same however a keyboard makes its characters, and is counted as people
// count; one that cannot be typed again is refused.
func TestAPasswordHasOneForm(t *testing.T) {
	a := account.New()
	a.Core.Password = account.SetPassword("вітер над й\u00a0горою", "вітер\u2003над и\u0306 горою")
	rules.Normalize(&a)
	assert.Empty(t, rules.Password(a, nil))
	plain, retype := a.Core.Password.Reveal()
	assert.Equal(t, plain, retype)
	assert.Equal(t, "вітер над й горою", plain)

	assert.Contains(t, codesOf(strings.Repeat("e\u0301", 7)), "password.length", "seven characters, typed as fourteen")
	assert.NotContains(t, codesOf(strings.Repeat("ye\u0301", 64)), "password.length", "128 characters")
	for _, unseen := range accounttest.Unseen() {
		assert.Contains(t, codesOf("seven-Herons"+unseen+"-at-dusk"), "password.chars", "%q", unseen)
	}
}

func TestAClosedAccountGetsNoPassword(t *testing.T) {
	open, closed := account.New(), account.New()
	closed.Status = account.StatusClosed
	with := func(a account.Account) account.Account {
		a.Core.Password = account.SetPassword("seven-Herons-at-dusk", "seven-Herons-at-dusk")
		return a
	}
	assert.Equal(t, account.Faults{account.NewFault("password", "password.closed")}, rules.Password(with(closed), &closed))
	assert.Equal(t, account.Faults{account.NewFault("password", "password.closed")}, rules.Password(with(closed), &open), "closed by the same edit")
	assert.Empty(t, rules.Password(closed, &open))
	assert.Empty(t, rules.Password(with(open), &open))
}

// Every text of an account, a manager and a product comes into one form, and logins and
// addresses are not made of what only looks like them.
func TestNormalizeComposesText(t *testing.T) {
	for _, f := range account.Fields() {
		a := account.New()
		if f.Kind != account.FieldText && f.Kind != account.FieldLongText || f.Path == "login" {
			continue
		}
		assert.NoError(t, f.Set(&a, "Cafe\u0301-1"))
		rules.Normalize(&a)
		want := account.New()
		assert.NoError(t, f.Set(&want, "Café-1"))
		assert.Equal(t, f.Text(want), f.Text(a), f.Path)
	}
	m, p := account.Manager{Name: " Zoe\u0308\u00a0", Phone: "+44 (7400) 123-456"}, account.Product{Name: "Cafe\u0301\n"}
	rules.NormalizeManager(&m)
	rules.NormalizeProduct(&p)
	assert.Equal(t, account.Manager{Name: "Zoë", Phone: "+447400123456"}, m)
	assert.Equal(t, "Café", p.Name)
	assert.Equal(t, validate.Text("e\u0301"), "é")
}

// Two contract numbers that look the same are one, also where a blank was pasted that does
// not break.
func TestAContractNumberHasOneBlank(t *testing.T) {
	for _, typed := range []string{"C № 5", "C\u00a0№ 5", "C\u00a0№\u202f5\u3000"} {
		a := account.New()
		a.Contact.Contract, a.Contact.Company = typed, "山田\u3000商店"
		rules.Normalize(&a)
		assert.Equal(t, "C № 5", a.Contact.Contract)
		assert.Equal(t, "山田\u3000商店", a.Contact.Company, "names are kept as written")
	}
}

// What cannot be seen is refused in every text field, with one fault on it.
func TestWhatCannotBeSeenIsRefusedInEveryField(t *testing.T) {
	for _, f := range account.Fields() {
		switch f.Kind {
		case account.FieldText, account.FieldLongText, account.FieldEmail, account.FieldPhone, account.FieldURL, account.FieldList:
		default:
			continue
		}
		for _, unseen := range accounttest.Unseen() {
			if unseen == "\r" && (f.Kind == account.FieldLongText || f.Kind == account.FieldList || f.Kind == account.FieldPhone) {
				continue // a line end there, or a blank
			}
			a := base()
			before := base()
			_ = f.Set(&a, "a"+unseen+"b")
			rules.Normalize(&a)
			assert.True(t, rules.Account(a, edit(before)).On(f.Path), "%s %q", f.Path, unseen)
		}
	}
}
