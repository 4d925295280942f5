package storetest

import (
	"testing"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
)

var searchPromises = []promise{
	{"a search looks into each part that names a client, and nowhere else", searchParts},
	{"a search ignores case and nothing else", searchText},
	{"a search finds what an account is now", searchNow},
}

func searchParts(t *testing.T, s store.Store) {
	a := client("login.part")
	a.Contact = account.Contact{
		Company: "company part", FirstName: "First", LastName: "Last", Contract: "contract part",
		Credential: "UA 12-credential", Phone: "+380501112233", Telegram: "@telegram_part", Skype: "live:skype",
	}
	a.Mail = account.Mail{Email: "email@part.example", PriceUpdate: "prices@other.example", Billing: "billing@other.example"}
	a.Notes.Comments, a.Credit.Overdraw.Reason = "comments", "reason"
	insert(t, s, a, client("other"))
	for _, part := range []string{
		"login.part", "gin.p", "company part", "First Last", "rst La", "email@part", "0501112", "contract p", "12-cred", "telegram_part", "live:skype",
	} {
		t.Run(part, func(t *testing.T) { requireLogins(t, s, account.Query{Search: part}, "login.part") })
	}
	for _, other := range []string{"prices", "billing", "comments", "reason", "Last First", "EUR"} {
		t.Run("not "+other, func(t *testing.T) { requireLogins(t, s, account.Query{Search: other}) })
	}
}

func searchText(t *testing.T, s store.Store) {
	for company, finds := range map[string]struct{ yes, no []string }{
		"Straße Köln":   {[]string{"stra", "STRAßE", "KÖLN", "ße k"}, []string{"strasse", "koln", "ko\u0308ln"}},
		"Zoe\u0308":     {[]string{"zoe", "ZOE\u0308"}, []string{"zoë"}},
		"ТОВ «Їжак»":    {[]string{"їжак", "тов «"}, []string{"iжак"}},
		"ΣΊΣΥΦΟΣ":       {[]string{"σίσυφοσ", "ΦΟΣ"}, []string{"σισυφοσ"}},
		"İstanbul":      {[]string{"İSTANBUL", "stanbul"}, []string{"ıstanbul"}},
		"\u212alarna":   {[]string{"klarna", "KLARNA"}, nil},
		"100% a_b c\\d": {[]string{"100%", "% a_b", "C\\D", "_b"}, []string{"1%0", "a%b", "a_c", "c\\\\d", "100\\%"}},
		`O'Neil "x"`:    {[]string{"o'neil", `"X"`, "'"}, []string{"''", "oneil"}},
		"what? ?0 $1":   {[]string{"?", "?0", "$1", "what?"}, []string{"??", "what 0"}},
		"two  blanks ":  {[]string{"two  ", "blanks "}, []string{"two blanks", "blanks  "}},
		"😀 smile":       {[]string{"😀", "😀 S"}, []string{"😁"}},
	} {
		a := client("searched")
		a.Contact.Company = company
		t.Run(company, func(t *testing.T) {
			upsert(t, s, a)
			for _, search := range finds.yes {
				t.Run("finds "+search, func(t *testing.T) { requireLogins(t, s, account.Query{Search: search}, "searched") })
			}
			for _, search := range finds.no {
				t.Run("not "+search, func(t *testing.T) { requireLogins(t, s, account.Query{Search: search}) })
			}
		})
	}
}

// upsert inserts an account, or replaces it whatever its revision.
func upsert(t *testing.T, s store.Store, a account.Account) {
	t.Helper()
	before, err := s.Account(t.Context(), a.ID)
	if err != nil {
		insert(t, s, a)
		return
	}
	a.Revision = before.Revision + 1
	update(t, s, replacing(a))
}

func searchNow(t *testing.T, s store.Store) {
	a := client("renamed")
	a.Contact.Company = "Before"
	insert(t, s, a)
	b := next(a)
	b.Contact.Company = "After"
	update(t, s, replacing(b))
	requireLogins(t, s, account.Query{Search: "before"})
	requireLogins(t, s, account.Query{Search: "AFTER", Sort: account.SortCompany}, "renamed")
}
