package account_test

import (
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"

	"github.com/clientaccount/clientaccount/account"
)

func TestCost(t *testing.T) {
	for name, tt := range map[string]struct {
		price decimal.Decimal
		parts int
		round bool
		want  string
	}{
		"one part":                        {money("0.0312"), 1, false, "0.0312"},
		"three parts":                     {money("0.0312"), 3, false, "0.0936"},
		"zero price is a price":           {money("0"), 255, false, "0"},
		"seven places that end in six":    {money("0.0000005"), 2, false, "0.000001"},
		"trailing zeros are no places":    {money("0.03120000000"), 3, false, "0.0936"},
		"seven places are an error":       {money("0.0000005"), 3, false, "scale"},
		"rounded once, half away from 0":  {money("0.0000005"), 3, true, "0.000002"},
		"the total is rounded, not parts": {money("0.0000004"), 4, true, "0.000002"},
		"rounded to nothing":              {money("0.0000001"), 1, true, "0"},
		"below zero":                      {money("-0.01"), 1, true, "negative"},
		"no parts":                        {money("0.01"), 0, false, "range"},
		"too many parts":                  {money("0.01"), 256, false, "range"},
		"the largest price":               {money("999999999999999"), 1, false, "999999999999999"},
		"a price too large":               {money("1000000000000000"), 1, false, "range"},
		"a total too large":               {money("500000000000000"), 2, false, "range"},
		"an exponent of a billion":        {decimal.New(1, 1_000_000_000), 1, true, "range"},
		"one of minus a billion":          {decimal.New(1, -1_000_000_000), 1, true, "scale"},
		"zero with an exponent":           {decimal.New(0, 1_000_000_000), 1, true, "0"},
		"zero with one below":             {decimal.New(0, -1_000_000_000), 1, true, "0"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := account.Cost(tt.price, tt.parts, tt.round)
			if err != nil {
				assert.Equal(t, account.Rule(tt.want), err)
				return
			}
			assert.Equal(t, tt.want, got.String())
		})
	}
}

func TestValidDestination(t *testing.T) {
	for number, want := range map[string]bool{
		"380501112233": true, "+380501112233": true, "6834000": true, "123456789012345": true,
		"": false, "+": false, "++380501112233": false, "0501112233": false, "+0501112233": false, "683400": false,
		"1234567890123456": false, "38050111223a": false, "٣٨٠٥٠١١١٢٢٣٣": false, " 380501112233": false, "380 50 111": false,
	} {
		c, r, now := sender()
		r.Destination = number
		assert.Equal(t, want, !c.Decide(r, now).Has("destination.invalid"), "%q", number)
	}
}
