package validate

import (
	_ "embed"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/internal/textform"
)

//go:generate go run ../internal/lists/passwords

// commonPasswords is a password a line, folded.
//
//go:embed passwords.txt
var commonPasswords string

// Lengths of a password, in characters, and the shortest names that it may not
// contain: shorter ones stand in words by chance.
const (
	minPassword    = 8
	maxPassword    = 128
	minLoginInside = 3
	minNameInside  = 4
)

// Password finds every fault of the account's new password, all on the field
// "password". A closed account gets none. A nil before means that the account is created, for which a
// password is required; else none keeps the present one.
func (v *Validator) Password(a account.Account, before *account.Account) account.Faults {
	plain, retype := a.Core.Password.Reveal()
	if plain == "" && retype == "" {
		if before == nil {
			return passwordFaults("password.required")
		}
		return nil
	}
	var codes []string
	if before != nil && (before.Status == account.StatusClosed || a.Status == account.StatusClosed) {
		codes = append(codes, "password.closed")
	}
	switch {
	case retype == "":
		codes = append(codes, "password.retype_required")
	case plain != retype:
		codes = append(codes, "password.mismatch")
	}
	if plain == "" {
		return passwordFaults(codes...)
	}
	if !textform.IsLine(plain) {
		codes = append(codes, "password.chars")
	}
	n := utf8.RuneCountInString(plain)
	if n < minPassword || n > maxPassword {
		codes = append(codes, "password.length")
	}
	if isCommon(plain) || n >= minPassword && isCommonWord(plain) {
		codes = append(codes, "password.common")
	}
	if tellsOf(plain, a) {
		codes = append(codes, "password.context")
	}
	return passwordFaults(codes...)
}

func passwordFaults(codes ...string) account.Faults {
	var faults account.Faults
	for _, code := range codes {
		faults = append(faults, account.NewFault("password", code))
	}
	return faults
}

// isCommon reports whether a password is among the most common, or one character
// over and over. Case makes no difference.
func isCommon(plain string) bool {
	folded := strings.ToLower(plain)
	if len(plain) > 4*maxPassword || strings.ContainsRune(folded, '\n') {
		return false
	}
	first, _ := utf8.DecodeRuneInString(folded)
	return strings.Trim(folded, string(first)) == "" || commonWords()[undisguised(folded)] && isListed(folded)
}

// isListed searches the list itself, which takes a hundred times as long as asking
// commonWords, which has every one of it undisguised.
func isListed(folded string) bool {
	return strings.HasPrefix(commonPasswords, folded+"\n") || strings.Contains(commonPasswords, "\n"+folded+"\n")
}

// tellsOf reports whether a password contains the login or the company's name, in
// any case and however it is punctuated.
func tellsOf(plain string, a account.Account) bool {
	if len(plain) > 4*maxPassword {
		return false
	}
	bare := barely(plain)
	login, company := barely(a.Core.Login), barely(a.Contact.Company)
	return utf8.RuneCountInString(login) >= minLoginInside && strings.Contains(bare, login) ||
		utf8.RuneCountInString(company) >= minNameInside && strings.Contains(bare, company) ||
		isDisguised(plain, login) || isDisguised(plain, company)
}

// isDisguised reports whether a password is a name of letters and digits in disguise.
func isDisguised(plain, name string) bool {
	name = barely(undisguised(name))
	return utf8.RuneCountInString(name) >= minLoginInside &&
		slices.ContainsFunc(words(plain), func(word string) bool { return barely(undisguised(word)) == name })
}

// barely returns the letters and digits of a text, folded.
func barely(s string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			return -1
		}
		return unicode.ToLower(r)
	}, s)
}
