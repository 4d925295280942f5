package storetest

import (
	"fmt"
	"strings"
	"testing"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
)

var searchPromises = []promise{
	{"a search looks into each part that names a client, and nowhere else", searchParts},
	{"a search ignores case, accents and how a text is written", searchText},
	{"a search finds what people paste", searchPasted},
	{"a search is bounded", searchBounds},
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
		"login.part", "gin.p", "company part", "First Last", "rst La", "Last First", "last company", "email@part", "0501112", "contract p", "12-cred", "telegram_part", "live:skype", "la", "12", "la co",
	} {
		t.Run(part, func(t *testing.T) { requireLogins(t, s, account.Query{Search: part}, "login.part") })
	}
	for _, other := range []string{"prices", "billing", "comments", "reason", "First Middle", "LastFirst", "EUR", "st", "01", "la st"} {
		t.Run("not "+other, func(t *testing.T) { requireLogins(t, s, account.Query{Search: other}) })
	}
}

func searchText(t *testing.T, s store.Store) {
	for company, finds := range map[string]struct{ yes, no []string }{
		"Straße Köln":        {[]string{"stra", "STRAßE", "KÖLN", "ße k", "strasse", "koln", "ko\u0308ln", "KO\u0308LN"}, []string{"koeln", "strase x"}},
		"Zoe\u0308":          {[]string{"zoe", "ZOE\u0308", "zoë"}, []string{"zoa"}},
		"Petrauskaitė":       {[]string{"Petrauskaite", "petrauskaitė", "PETRAUSKAITE\u0307"}, []string{"petrauskaitа"}},
		"Łódź Smørrebrød":    {[]string{"lodz", "smorrebrod", "ŁÓDŹ", "ło"}, []string{"lodzi"}},
		"Đặng Işık Þór Æbl":  {[]string{"dang", "isik", "IŞIK", "thor", "aebl", "đặng"}, nil},
		"ТОВ «Їжак» Йод":     {[]string{"їжак", "тов «", "іжак", "иод", "И\u0306ОД"}, []string{"iжак"}},
		"ΣΊΣΥΦΟΣ":            {[]string{"σίσυφοσ", "ΦΟΣ", "σισυφος"}, []string{"σσ"}},
		"İstanbul":           {[]string{"İSTANBUL", "stanbul", "ıstanbul", "ISTANBUL"}, nil},
		"\u212alarna ﬁn ＡＢ":  {[]string{"klarna", "KLARNA", "fin", "ab", "ａｂ"}, nil},
		"각하 ガ":               {[]string{"각하", "\u1100\u1161\u11a8", "ｶﾞ", "カ\u3099"}, []string{"하각"}},
		"می\u200cخواهم":      {[]string{"می\u200cخواهم", "میخواهم"}, nil},
		"שָׁלוֹם בע״מ":       {[]string{"שלום", "שָׁלוֹם", "\ufb2aָלוֹם"}, []string{"שלים"}},
		"شرکت علی محمّد":     {[]string{"علي", "شركت", "شرکت علی", "علی محمد"}, []string{"علو"}},
		"O’Neil–Dee":         {[]string{"o'neil-dee", "O’NEIL", "neil—dee"}, nil},
		"100% a_b c\\d":      {[]string{"100%", "% a_b", "C\\D", "a_"}, []string{"_b", "1%0", "a%b", "a_c", "c\\\\d", "100\\%"}},
		`O'Neil "x"`:         {[]string{"o'neil", `"X"`, "'"}, []string{"''", "oneil"}},
		"what? ?0 $1":        {[]string{"?", "?0", "$1", "what?", "what ?0"}, []string{"what 0", "??", "what?0"}},
		"c++ (x) [y] a|b ^z": {[]string{"c++", "c+", "(x)", "[y]", "a|b", "^z"}, []string{"b", "cc", "x|y", "[xy]", ".x", "^c", "z$"}},
		"two  blanks ":       {[]string{"two  ", "blanks ", "two blanks", "blanks  two", " "}, []string{"twoblanks"}},
		"😀 smile":            {[]string{"😀", "😀 S"}, []string{"😁"}},
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

func searchPasted(t *testing.T, s store.Store) {
	a := client("pell")
	a.Contact = account.Contact{
		Company: "Aldermere Freight", FirstName: "Harriet", LastName: "Pell", Contract: "C-20240", Phone: "+447400123456",
	}
	b := client("russian")
	b.Contact.Phone, b.Contact.Contract = "+74951234567", "C-20241"
	c := client("italian")
	c.Contact.Phone, c.Contact.LastName = "+390612345678", "Pell"
	insert(t, s, a, b, c)
	for login, searches := range map[string][]string{
		"pell": {
			" aldermere", "aldermere\n", "C-20240 ", "\tC-20240", "c\u201120240", "pell harriet", "harriet\tpell", "Pell\u2003Harriet",
			"aldermere pell C-20240", "freight\u00a0aldermere", "\ufeffharriet\u200b", "pell +44",
			"+44 7400 123456", "+447400123456", "07400 123456", "07400123456", "7400-123-456", "(07400) 123.456", "+44 (0) 7400 123456", "+44 (0)7400-123456",
			"0044 7400 123456", "011 44 7400 123456", "+44\u00a07400\u00a0123456", "\u202a+44 7400 123456\u202c", "+44–7400–123456", "７４００ 123456", "400 1234", "07 40 01 23 45 6", "+44 74 00 12 34 56",
			"+44 7400 123456,", "(07400) 123456;", `"+44 7400 123456"`, "tel:+44-7400-123456",
			"harriet 07400 123456", "07400 123456 pell",
		},
		"russian": {"8 (495) 123-45-67", "+7 495 123 45 67", "495/123.45.67", "8 10 7 495 1234567"},
		"italian": {"06 1234 5678", "+39 06 12345678", "0039 06 1234 5678"},
	} {
		for _, search := range searches {
			t.Run(fmt.Sprintf("%q", search), func(t *testing.T) { requireLogins(t, s, account.Query{Search: search}, login) })
		}
	}
	for _, search := range []string{"pell james", "aldermere aldermare", "07400 123457", "+45 7400 123456", "C-20240 C-20241", "20240-20241", "07 40 01 23 45 7", "harriet 07400 999999", "a\x00l", "\xff"} {
		t.Run(fmt.Sprintf("not %q", search), func(t *testing.T) { requireLogins(t, s, account.Query{Search: search}) })
	}
	for _, nothing := range []string{"", " ", "\t\n", "\u00a0", "\u200b"} {
		t.Run(fmt.Sprintf("nothing, as %q", nothing), func(t *testing.T) {
			requireLogins(t, s, account.Query{Search: nothing}, "italian", "pell", "russian")
		})
	}
}

func searchBounds(t *testing.T, s store.Store) {
	a := client("bounded")
	a.Contact.Company = strings.Repeat("ab", 100)
	insert(t, s, a)
	requireLogins(t, s, account.Query{Search: strings.Repeat("b ", 16) + strings.Repeat("nowhere ", 1000)}, "bounded")
	requireLogins(t, s, account.Query{Search: strings.Repeat("b ", 15) + "nowhere"})
	requireLogins(t, s, account.Query{Search: a.Contact.Company}, "bounded")
	requireLogins(t, s, account.Query{Search: strings.Repeat("é", 1<<20)})
	requireLogins(t, s, account.Query{Search: strings.Repeat("0123456789 ", 1<<16)})
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
