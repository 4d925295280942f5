package store_test

import (
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/internal/textform"
	"github.com/clientaccount/clientaccount/store"
)

// What is copied out of a sentence, a link or a mail has marks around it.
func TestSearchFindsWhatIsCopiedWithMarks(t *testing.T) {
	var a account.Account
	a.Contact.Company, a.Contact.FirstName, a.Contact.LastName = "Aldermere Messaging 54 Ltd", "Harriet", "Pell"
	a.Mail.Email = "office@aldermere.example.com"
	for _, typed := range []string{
		"Pell, Harriet", `"Aldermere Messaging"`, "«Aldermere»", "Messaging 54, Ltd.", "(54)", `"54"`, "(Aldermere)", "Harriet Pell <office@aldermere.example.com>",
		"mailto:office@aldermere.example.com", "https://aldermere.example.com/", "„Pell“;", "mailto:<office@aldermere.example.com>",
	} {
		assert.True(t, store.ParseSearch(typed).In(a.SearchText()), typed)
	}
	for _, typed := range []string{`"Boreal"`, "https://", `"`, "Pell, Anna"} {
		assert.False(t, store.ParseSearch(typed).In(a.SearchText()), typed)
	}
}

// However a name is written in Unicode, each way finds all the others.
func TestSearchFindsEveryFormOfAText(t *testing.T) {
	forms := []norm.Form{norm.NFC, norm.NFD}
	rapid.Check(t, func(t *rapid.T) {
		var a account.Account
		name := rapid.String().Draw(t, "name")
		a.Contact.Company = one(t, "stored", forms).String(name)
		search := one(t, "typed", forms).String(name)
		if strings.Contains(search, "\x00") || len(search) > 500 || len(strings.Fields(search)) > 16 {
			t.Skip()
		}
		require.True(t, store.ParseSearch(search).In(a.SearchText()), "%q by %q", a.Contact.Company, search)
	})
}

func one[T any](t *rapid.T, name string, values []T) T {
	return rapid.SampledFrom(values).Draw(t, name)
}

// Every letter of every script is found by itself, composed or not.
func TestSearchFindsEveryCharacter(t *testing.T) {
	for block := rune(' '); block <= unicode.MaxRune; block += 0x10 {
		var words []string
		for r := block; r < block+0x10; r++ {
			if unicode.In(r, unicode.L, unicode.M, unicode.N, unicode.P, unicode.S) && textform.IsLine(string(r)) {
				words = append(words, "x"+string(r)+"y")
			}
		}
		text := strings.Join(words, " ")
		a := account.Account{Contact: account.Contact{Company: norm.NFC.String(text)}}
		for _, f := range []norm.Form{norm.NFC, norm.NFD} {
			require.True(t, store.ParseSearch(f.String(text)).In(a.SearchText()), "from %U", block)
		}
	}
}

func TestSearchIsBounded(t *testing.T) {
	for _, long := range []string{
		strings.Repeat("0 ", 1<<20), strings.Repeat("é", 1<<20), strings.Repeat("00811 ", 1<<18), strings.Repeat("\u0301", 1<<20),
	} {
		terms := store.ParseSearch(long)
		assert.LessOrEqual(t, len(terms), 16)
		for _, term := range terms {
			assert.LessOrEqual(t, len(term), 6)
			for _, text := range slices.Concat(term...) {
				assert.LessOrEqual(t, len(text), 4096)
				assert.True(t, utf8.ValidString(text))
				assert.NotContains(t, text, "\x00")
			}
		}
	}
}

// What is found in the part that somebody sees is found in the whole, and a word that
// only hidden fields have is not found in the part.
func TestSearchOfAPartFindsNoMoreThanTheWhole(t *testing.T) {
	a := accounttest.Full()
	sees := func(path string) bool { return path != "contact.phone" && path != "contact.last_name" }
	part := a.SearchTextOf(sees)
	for _, f := range account.Fields() {
		if f.Searched {
			assert.True(t, store.ParseSearch(f.Text(a)).In(a.SearchText()), f.Path)
			assert.Equal(t, sees(f.Path), store.ParseSearch(f.Text(a)).In(part), f.Path)
		}
	}
	assert.False(t, store.ParseSearch(a.Contact.FirstName+" "+a.Contact.LastName).In(part))
}
