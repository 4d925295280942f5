package main

// What package account has, held against other libraries' tables. It is tested
// here and not there, so that a host of account alone need not fetch them.

import (
	"maps"
	"slices"
	"testing"

	"github.com/go-playground/validator/v10"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/text/collate"
	"golang.org/x/text/language"

	"github.com/clientaccount/clientaccount/account"
)

func TestCountriesAreSortedByName(t *testing.T) {
	english := collate.New(language.English)

	assert.True(t, slices.IsSortedFunc(account.Countries(), func(a, b account.Country) int {
		return english.CompareString(a.Name(), b.Name())
	}))
}

// This test says exactly where validator/v10's table differs from ours, so
// that a change of either is looked at.
func TestCountriesAgainstValidator(t *testing.T) {
	theirs := acceptedByValidator[account.Country](t, "iso3166_1_alpha2", 2)
	ours := account.Countries()

	// XK: Kosovo, by custom; ISO 3166-1 leaves all codes in X to users.
	assert.Equal(t, []account.Country{"XK"}, onlyIn(theirs, ours), "only validator takes")
	assert.Empty(t, onlyIn(ours, theirs), "only we take")
}

// validator/v10 takes everything on ISO 4217's list one. This test says exactly
// where that differs from ours, so that a change of either is looked at.
func TestCurrenciesAgainstValidator(t *testing.T) {
	theirs := acceptedByValidator[account.Currency](t, "iso4217", 3)
	ours := account.Currencies()
	want := map[account.Currency]string{
		"BGN": "withdrawn on 2026-01-01, Bulgaria has the euro",
		"BOV": "fund", "CHE": "fund", "CHW": "fund", "CLF": "fund",
		"COU": "fund", "MXV": "fund", "USN": "fund", "UYI": "fund",
		"UYW": "index unit of Uruguay's pensions",
		"XAG": "silver", "XAU": "gold", "XPD": "palladium", "XPT": "platinum",
		"XBA": "bond market unit", "XBB": "bond market unit",
		"XBC": "bond market unit", "XBD": "bond market unit",
		"XDR": "unit of account of the IMF",
		"XSU": "unit of account of ALBA",
		"XUA": "unit of account of the African Development Bank",
		"XTS": "testing", "XXX": "no currency",
	}

	assert.ElementsMatch(t, slices.Collect(maps.Keys(want)), onlyIn(theirs, ours), "only validator takes")
	assert.Empty(t, onlyIn(ours, theirs), "only we take")
}

// acceptedByValidator returns the codes of n capitals that a validator tag takes.
func acceptedByValidator[C ~string](t *testing.T, tag string, n int) []C {
	t.Helper()
	v := validator.New()
	var found []C
	for _, code := range capitals(n) {
		if v.Var(code, tag) == nil {
			found = append(found, C(code))
		}
	}
	require.NotEmpty(t, found, tag)
	return found
}

// capitals returns all words of n capitals.
func capitals(n int) []string {
	if n == 0 {
		return []string{""}
	}
	var all []string
	for _, rest := range capitals(n - 1) {
		for first := 'A'; first <= 'Z'; first++ {
			all = append(all, string(first)+rest)
		}
	}
	return all
}

// onlyIn returns the elements of a that b lacks.
func onlyIn[C comparable](a, b []C) []C {
	return slices.DeleteFunc(slices.Clone(a), func(c C) bool { return slices.Contains(b, c) })
}
