package account_test

import (
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/internal/bounds"
)

func TestParseAmount(t *testing.T) {
	for text, want := range map[string]string{
		"0": "0", "-0": "0", "5": "5", "10.50": "10.5", "-5": "-5", "−5.25": "-5.25", "007": "7",
		"0.000001": "0.000001", "999999999999999.999999": "999999999999999.999999",
		"12345678901234567.89": "range", "1234567890123456": "range", "1e400": "range", "1E5": "range", "1.5e-3": "range",
		"10,50": "comma", "1,000.50": "comma", "1,5,0": "comma",
		"": "format", "+1": "format", "1.": "format", ".5": "format", "1.2.3": "format", "--5": "format", "-−5": "format",
		" 5": "format", "5 ": "format", "1_000": "format", "0x10": "format", "NaN": "format", "Inf": "format", "٥": "format",
		",": "format", "e": "format", "-": "format", "1e": "format",
		"0." + strings.Repeat("0", 60) + "1": "scale",
	} {
		t.Run(text, func(t *testing.T) {
			got, err := account.ParseAmount(text)
			if err != nil {
				assert.Equal(t, account.Rule(want), err)
				assert.True(t, got.IsZero())
				return
			}
			assert.Equal(t, want, got.String())
		})
	}
}

// A megabyte would take the decimal parser seconds and gigabytes; here it never
// gets there. Were that lost, this test would exhaust the runner, not fail a clock.
func TestParseAmountOfAMegabyte(t *testing.T) {
	for _, digit := range []string{"9", "0", ",", ".", "e", "-", "−", "1."} {
		for range 50 {
			_, err := account.ParseAmount(strings.Repeat(digit, 1<<20/len(digit)))
			require.Error(t, err, digit)
		}
	}
}

func TestAmountIsOfAConstant(t *testing.T) {
	assert.Equal(t, "0.0312", account.Amount("0.0312").String())
	assert.Equal(t, "-5.5", account.Amount("-5.50").String())
	assert.Equal(t, "0.000001", account.Amount("0.0000010").String())
	for _, malformed := range []func(){
		func() { account.Amount("") }, func() { account.Amount("1,5") }, func() { account.Amount("1e5") },
		func() { account.Amount("0.0000001") }, func() { account.Amount("1000000000000000") },
	} {
		assert.Panics(t, malformed)
	}
	assert.PanicsWithValue(t, `account.Amount("1,5"): account: breaks the rule comma`, func() { account.Amount("1,5") })
}

func TestAmountsByCurrency(t *testing.T) {
	for _, tt := range []struct {
		currency      account.Currency
		amount        string
		plain, format string
	}{
		{"EUR", "100", "100.00", "100.00 EUR"},
		{"EUR", "0.0042", "0.0042", "0.0042 EUR"},
		{"EUR", "-5.5", "-5.50", "−5.50 EUR"},
		{"EUR", "1.500", "1.50", "1.50 EUR"},
		{"EUR", "-1234.5", "-1234.50", "−1,234.50 EUR"},
		{"EUR", "-0.001", "-0.001", "−0.001 EUR"},
		{"EUR", "999.99", "999.99", "999.99 EUR"},
		{"USD", "-100", "-100.00", "−100.00 USD"},
		{"JPY", "7", "7", "7 JPY"},
		{"JPY", "1234567", "1234567", "1,234,567 JPY"},
		{"KWD", "0", "0.000", "0.000 KWD"},
		{"KWD", "-0", "0.000", "0.000 KWD"},
		{"", "1000.5", "1000.5", "1,000.5"},
		{"EUR", "999999999999999.999999", "999999999999999.999999", "999,999,999,999,999.999999 EUR"},
	} {
		d := decimal.RequireFromString(tt.amount)
		assert.Equal(t, tt.plain, tt.currency.FormatPlain(d), tt.amount)
		assert.Equal(t, tt.format, tt.currency.Format(d), tt.amount)
	}
	rapid.Check(t, func(t *rapid.T) {
		d := decimal.New(rapid.Int64Range(-1e15+1, 1e15-1).Draw(t, "units"), -rapid.Int32Range(0, 6).Draw(t, "places"))
		c := rapid.SampledFrom([]account.Currency{"EUR", "JPY", "KWD", ""}).Draw(t, "currency")
		back, err := account.ParseAmount(c.FormatPlain(d))
		require.NoError(t, err)
		require.True(t, back.Equal(d))
		people := strings.TrimSuffix(c.Format(d), " "+string(c))
		require.Equal(t, c.FormatPlain(d), strings.NewReplacer(",", "", "−", "-").Replace(people))
	})
}

func TestScaleAndFit(t *testing.T) {
	for text, want := range map[string]struct {
		scale int
		fits  bool
	}{
		"0": {0, true}, "0.000": {0, true}, "1.50": {1, true}, "100": {0, true}, "-0.000001": {6, true}, "0.0000001": {7, false},
		"999999999999999.999999": {6, true}, "-999999999999999": {0, true}, "1000000000000000": {0, false}, "1e15": {0, false}, "1e14": {0, true},
	} {
		d := decimal.RequireFromString(text)
		assert.Equal(t, want.scale, bounds.Scale(d), text)
		assert.Equal(t, want.fits, bounds.Amount(d), text)
	}
}

// An exponent can make a value that does not fit in memory when written out.
func TestScaleAndFitOfHugeExponents(t *testing.T) {
	assert.False(t, bounds.Amount(decimal.New(1, 2_000_000_000)))
	assert.False(t, bounds.Amount(decimal.New(-1, -2_000_000_000)))
	assert.Equal(t, 2_000_000_000, bounds.Scale(decimal.New(1, -2_000_000_000)))
	assert.True(t, bounds.Amount(decimal.New(0, -2_000_000_000)))
	assert.True(t, bounds.Amount(decimal.New(0, 2_000_000_000)))
}

func TestScaleIsThePlacesOfTheText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := decimal.New(rapid.Int64().Draw(t, "digits"), rapid.Int32Range(-30, 5).Draw(t, "exponent"))
		_, places, _ := strings.Cut(d.String(), ".")
		require.Equal(t, len(places), bounds.Scale(d))
		require.Equal(t, d.Abs().LessThan(decimal.New(1, 15)), bounds.Range(d))
	})
}
