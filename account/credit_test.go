package account_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/internal/bounds"
)

func money(s string) decimal.Decimal { return decimal.RequireFromString(s) }

func TestAvailableIsTheInequality(t *testing.T) {
	now := accounttest.Now()
	b := account.Balance{
		Amount: money("-12.40"), Held: money("0.84"),
		Terms: account.Terms{Credit: money("100"), Overdraw: money("20"), OverdrawEnds: now.Add(time.Hour)},
	}
	tests := []struct {
		name   string
		at     time.Time
		amount string
		want   bool
	}{
		{"less than available passes", now, "106.75", true},
		{"exactly available passes", now, "106.76", true},
		{"one millionth more fails", now, "106.760001", false},
		{"the instant before overdraw ends it counts", now.Add(time.Hour - time.Microsecond), "106.76", true},
		{"the instant it ends it does not", now.Add(time.Hour), "86.760001", false},
		{"what is left without it passes", now.Add(time.Hour), "86.76", true},
		{"zero price is a price", now, "0", true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			assert.Equal(t, tt.want, b.Allows(money(tt.amount), tt.at))
		})
	}
}

func TestUsedDrawsOnCreditFirst(t *testing.T) {
	terms := account.Terms{Credit: money("100"), Overdraw: money("20")}
	for balance, want := range map[string][2]string{
		"5": {"0", "0"}, "0": {"0", "0"}, "-40": {"40", "0"}, "-100": {"100", "0"}, "-110.5": {"100", "10.5"}, "-130": {"100", "30"},
	} {
		credit, overdraw := account.Balance{Amount: money(balance), Terms: terms}.Used()
		assert.True(t, credit.Equal(money(want[0])) && overdraw.Equal(money(want[1])), "%s: %s, %s", balance, credit, overdraw)
	}
}

// What is left counts whole messages.
func TestMessagesLeft(t *testing.T) {
	b := account.Balance{Terms: account.Terms{Price: account.Some(money("0.3"))}}
	for available, want := range map[string]string{"0.9": "3", "0.899999": "2", "0.29": "0", "0": "0", "-5": "0", "0.000001": "0"} {
		left, known := b.Messages(money(available))
		assert.True(t, known)
		assert.Equal(t, want, left.String(), available)
	}
	for _, price := range []account.Optional[decimal.Decimal]{{}, account.Some(decimal.Zero)} {
		_, known := account.Balance{Terms: account.Terms{Price: price}}.Messages(money("1"))
		assert.False(t, known)
	}
}

// The bounds of pages, and of numbers as text.
func TestBoundsOfMoneyQueries(t *testing.T) {
	for limit, size := range map[int]int{0: 50, 1: 1, account.MaxPage: account.MaxPage, account.MaxPage + 1: account.MaxPage} {
		assert.Equal(t, size, account.EntryQuery{Limit: limit}.PageSize(), limit)
		assert.Equal(t, size, account.HoldQuery{Limit: limit}.PageSize(), limit)
		assert.Equal(t, size, account.EventQuery{Limit: limit}.PageSize(), limit)
	}
	for text, scale := range map[string]int{
		"0.1234567890123456789012340": 24, "1234567890123456789.50": 1, "12345678901234567890000": 0, "0.00000000000000000000000": 0,
	} {
		assert.Equal(t, scale, bounds.Scale(money(text)), text)
	}
	for text, rule := range map[string]account.Rule{
		"xe5": "format", "1ex": "format", "1e": "format", "e5": "format", "1e+5": "range", "1.5E-3": "range", "1.5.5e3": "format",
		"0." + fmt.Sprintf("%039d", 1): "scale", "1.": "format", ".5": "format", "1,2": "comma", "1,x": "format", ",": "format",
		"0000000000000001234567890123456": "range",
	} {
		_, err := account.ParseAmount(text)
		assert.Equal(t, rule, err, text)
	}
	for _, text := range []string{"0." + fmt.Sprintf("%038d", 1), "-000000000000000999999999999999.5", "−1"} {
		_, err := account.ParseAmount(text)
		assert.NoError(t, err, text)
	}
}
