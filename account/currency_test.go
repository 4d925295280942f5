package account_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
)

func TestParseCurrencyRefuses(t *testing.T) {
	for name, code := range map[string]string{
		"nothing":                  "",
		"small letters":            "eur",
		"a space after it":         "EUR ",
		"a longer word":            "EURO",
		"a megabyte":               strings.Repeat("EUR", 1<<20/3),
		"no currency":              "XXX",
		"the testing code":         "XTS",
		"gold":                     "XAU",
		"special drawing rights":   "XDR",
		"a fund":                   "CHW",
		"a fund added in 2025":     "XAD",
		"an index unit":            "UYW",
		"the kuna, left 2023":      "HRK",
		"the old leone, left 2023": "SLL",
		"Zimbabwe's, left 2024":    "ZWL",
		"the guilder, left 2025":   "ANG",
		"the lev, left 2026":       "BGN",
	} {
		t.Run(name, func(t *testing.T) {
			c, ok := account.ParseCurrency(code)
			assert.False(t, ok)
			assert.Empty(t, c)
			assert.Empty(t, account.Currency(code).Name())
			assert.Zero(t, account.Currency(code).Digits())
		})
	}
}

func TestCurrencyDigits(t *testing.T) {
	for code, want := range map[account.Currency]int{
		"EUR": 2, "USD": 2, "UAH": 2, "XCG": 2, "ZWG": 2, "HUF": 2, "MRU": 2,
		"JPY": 0, "KRW": 0, "CLP": 0, "ISK": 0, "XOF": 0,
		"KWD": 3, "BHD": 3, "TND": 3, "JOD": 3,
	} {
		t.Run(string(code), func(t *testing.T) {
			_, ok := account.ParseCurrency(string(code))
			require.True(t, ok)
			assert.Equal(t, want, code.Digits())
		})
	}
}

func TestCurrencyNames(t *testing.T) {
	assert.Equal(t, "Euro", account.Currency("EUR").Name())
	assert.Equal(t, "Pound Sterling", account.Currency("GBP").Name())
	assert.Equal(t, "Caribbean Guilder", account.Currency("XCG").Name())
	assert.Equal(t, "Zimbabwe Gold", account.Currency("ZWG").Name())
}

func TestCurrenciesAreSortedAndParse(t *testing.T) {
	all := account.Currencies()

	assert.Greater(t, len(all), 150)
	assert.True(t, slices.IsSorted(all))
	assert.Equal(t, all, slices.Compact(slices.Clone(all)), "each once")
	for _, c := range all {
		parsed, ok := account.ParseCurrency(string(c))
		assert.True(t, ok, c)
		assert.Equal(t, c, parsed)
		assert.Regexp(t, `^[A-Z]{3}$`, string(c))
		assert.NotEmpty(t, strings.TrimSpace(c.Name()), c)
		assert.Contains(t, []int{0, 2, 3}, c.Digits(), c)
	}
}

func TestCurrenciesBelongToTheCaller(t *testing.T) {
	want := slices.Clone(account.Currencies())

	clear(account.Currencies())

	assert.Equal(t, want, account.Currencies())
}

func TestNumbersForPeople(t *testing.T) {
	for _, tt := range []struct {
		number string
		places int
		want   string
	}{
		{"0", 0, "0"},
		{"0", 2, "0.00"},
		{"-1234567.5", 2, "−1,234,567.50"},
		{"999", 0, "999"},
		{"1000", 0, "1,000"},
		{"0.000001", 2, "0.000001"},
		{"-0.1", 0, "−0.1"},
	} {
		assert.Equal(t, tt.want, account.FormatNumber(decimal.RequireFromString(tt.number), tt.places, ".", ","))
	}
}
