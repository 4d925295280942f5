package account_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/clientaccount/clientaccount/account"
)

func TestParseCountryRefuses(t *testing.T) {
	for name, code := range map[string]string{
		"nothing":                       "",
		"small letters":                 "ua",
		"a space after it":              "UA ",
		"three letters":                 "UKR",
		"a name":                        "Ukraine1",
		"a megabyte":                    strings.Repeat("UA", 1<<19),
		"left to users":                 "ZZ",
		"left to users, used anyway":    "XK",
		"reserved":                      "UK",
		"reserved for the union":        "EU",
		"withdrawn with the Antilles":   "AN",
		"withdrawn with Czechoslovakia": "CS",
	} {
		t.Run(name, func(t *testing.T) {
			c, ok := account.ParseCountry(code)
			assert.False(t, ok)
			assert.Empty(t, c)
			assert.Empty(t, account.Country(code).Name())
		})
	}
}

func TestCountryNamesAreTodays(t *testing.T) {
	for code, want := range map[account.Country]string{
		"SZ": "Eswatini",
		"TR": "Türkiye",
		"MK": "North Macedonia",
		"CZ": "Czechia",
		"CV": "Cabo Verde",
		"UA": "Ukraine",
		"BO": "Bolivia",
		"KR": "South Korea",
		"CI": "Côte d'Ivoire",
	} {
		t.Run(want, func(t *testing.T) { assert.Equal(t, want, code.Name()) })
	}
}

func TestCountriesParse(t *testing.T) {
	all := account.Countries()

	assert.Len(t, all, 249, "as many as ISO 3166-1 assigns")
	names := map[string]account.Country{}
	for _, c := range all {
		parsed, ok := account.ParseCountry(string(c))
		assert.True(t, ok, c)
		assert.Equal(t, c, parsed)
		assert.Regexp(t, `^[A-Z]{2}$`, string(c))
		assert.NotEmpty(t, strings.TrimSpace(c.Name()), c)
		assert.Empty(t, names[c.Name()], "%s has the name of another", c)
		names[c.Name()] = c
	}
}

func TestCountriesBelongToTheCaller(t *testing.T) {
	want := slices.Clone(account.Countries())

	clear(account.Countries())

	assert.Equal(t, want, account.Countries())
}
