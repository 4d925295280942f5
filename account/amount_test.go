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

func TestFormatAmount(t *testing.T) {
	for _, tt := range []struct {
		amount string
		minor  int
		want   string
	}{
		{"100", 2, "100.00"}, {"0.0042", 2, "0.0042"}, {"-5.5", 2, "-5.50"}, {"7", 0, "7"}, {"0", 3, "0.000"}, {"1.500", 2, "1.50"},
	} {
		assert.Equal(t, tt.want, account.FormatAmount(decimal.RequireFromString(tt.amount), tt.minor))
	}
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
