package words_test

import (
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"pgregory.net/rapid"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/words"
)

func TestAmountsAreReadAsPeopleTypeThem(t *testing.T) {
	for text, want := range map[string][]string{
		"1500": {"1500"}, "1500.5": {"1500.5"}, "1500,5": {"1500.5"}, "0.0312": {"0.0312"}, "0,041": {"0.041"}, "0.041": {"0.041"},
		"1,996.88": {"1996.88"}, "1.996,88": {"1996.88"}, "1,234,567": {"1234567"}, "1.234.567": {"1234567"}, "1,234,567.89": {"1234567.89"},
		"1 500": {"1500"}, "1\u00a0500,00": {"1500.00"}, "1\u202f500.00": {"1500.00"}, "1'500.50": {"1500.50"}, "1’500": {"1500"},
		"1 500.125": {"1500.125"}, "−1,996.88": {"-1996.88"}, "- 5": {"-5"}, "+5": {"5"}, "  7 ": {"7"}, "1500.125": {"1500.125"},
		"1,500": {"1500", "1.500"}, "1.500": {"1500", "1.500"}, "-12,345": {"-12345", "-12.345"}, "100.000": {"100000", "100.000"},
		"0,500": {"0.500"}, "0500": {"0500"}, "012,345": {"012.345"},
		"": nil, "x": nil, "1,5,0": nil, "1.5.0": nil, "1,50.000": nil, "1 50": nil, "15 00": nil, "1,,5": nil, ".5": {"0.5"}, "-,05": {"-0.05"}, ",500": nil, ".": nil, ",": nil, "-.": nil, "5.": {"5"},
		"１５００": {"1500"}, "１，５００．２５": {"1500.25"}, "\u2066−1,996.88\u2069": {"-1996.88"}, "1\u2009500\u2008": {"1500"}, "1\u200b500": nil, "١٥": nil,
		"1e5": nil, "1,500 EUR": nil, "1''500": nil, "12,34.5": nil, "--5": nil,
	} {
		assert.Equal(t, want, words.ReadAmount(text), text)
	}
}

func TestTheCurrencyBesideAnAmount(t *testing.T) {
	for text, want := range map[string]string{
		"1,996.88 EUR": "1996.88", "EUR 1.996,88": "1996.88", "eur5": "5", "€1 500": "1500", "-€5": "-5", "€ -5": "-5", "1500,50\u00a0€": "1500.50", "12.5\u2007\u2007 EUR": "12.5",
		"1,500 €": "1,500 €", "5 USD": "5 USD", "$5": "$5", "EUR": "EUR", "€": "€", "EUR 5 EUR": "EUR 5 EUR", "5 EURO": "5 EURO", "+5 €": "5",
	} {
		assert.Equal(t, want, words.OneAmount(text, "EUR"), text)
	}
	assert.Equal(t, "1500", words.OneAmount("1 500 грн.", "UAH"))
	assert.Equal(t, "5 EUR", words.OneAmount("5 EUR", ""))
	assert.Equal(t, []string{"1500", "1.500"}, words.ReadAmount(words.WithoutCurrency("1,500 €", "EUR")))
}

func TestCountsAndHoursAreReadAsPeopleTypeThem(t *testing.T) {
	for text, want := range map[string]string{
		"5000": "5000", "5,000": "5000", "5.000": "5000", "5 000": "5000", "1,234,567": "1234567", "-3": "-3",
		"5,00": "5,00", "5.5": "5.5", "x": "x", "": "",
	} {
		assert.Equal(t, want, words.ReadCount(text), text)
	}
	for text, want := range map[string]string{
		"8": "08:00", "08": "08:00", "800": "08:00", "0800": "08:00", "8:00": "08:00", "08:00": "08:00", "24:00": "24:00", " 9:30 ": "09:30",
		"": "", "8:0": "8:0", "x": "x", "80000": "80000", "8:000": "8:000", ":30": ":30", "8.00": "8.00",
	} {
		assert.Equal(t, want, words.ReadHour(text), text)
	}
}

// What our pages print is taken, and means what they meant.
func TestWhatIsPrintedIsRead(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		amount := decimal.New(rapid.Int64Range(-1e15, 1e15).Draw(t, "units"), -2)
		currency := rapid.SampledFrom([]account.Currency{"EUR", "JPY", "USD"}).Draw(t, "currency")
		readings := words.ReadAmount(words.Amount(amount, currency).String())
		meant := false
		for _, reading := range readings {
			read, err := account.ParseAmount(reading)
			assert.NoError(t, err)
			meant = meant || read.Equal(amount)
		}
		assert.True(t, meant, "%s as %v", words.Amount(amount, currency), readings)
	})
}

// Whatever is typed, a reading is an amount.
func FuzzReadAmount(f *testing.F) {
	f.Add("1,500.00")
	f.Add("1’500")
	f.Fuzz(func(t *testing.T, text string) {
		readings := words.ReadAmount(text)
		assert.LessOrEqual(t, len(readings), 2)
		for _, reading := range readings {
			_, err := account.ParseAmount(reading)
			assert.NoError(t, err)
		}
		_, _ = words.ReadCount(text), words.ReadHour(text)
	})
}
