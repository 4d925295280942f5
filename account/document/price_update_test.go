package document_test

import (
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/document"
	"github.com/clientaccount/clientaccount/account/price"
)

var pricesBegin = time.Date(2026, 12, 7, 22, 0, 0, 0, time.UTC) // midnight in Kyiv

// priceChanges has one of each kind.
func priceChanges() []price.Change {
	change := func(mcc, mnc string, from time.Time, before, after string) price.Change {
		c := price.Change{Network: price.Network{MCC: mcc, MNC: mnc}, From: from}
		if before != "" {
			c.Before = account.Some(amount(before))
		}
		if after != "" {
			c.After = account.Some(amount(after))
		}
		return c
	}
	return []price.Change{
		change("202", "", pricesBegin.AddDate(0, -6, 0), "0.04", "0.04"),
		change("255", "", pricesBegin, "0.077", "0.0815"),
		change("255", "01", pricesBegin, "0.07", "0.0685"),
		change("255", "03", pricesBegin.AddDate(0, 0, 7), "", "0.08"),
		change("262", "", pricesBegin, "0.0731", ""),
	}
}

var priceNames = price.Names{Network: func(n price.Network) string { return "Network " + n.Code() }}

func priceUpdate(t require.TestingT, format account.PriceFormat) document.PriceUpdate {
	h := noticeHead()
	h.Account = clientID
	u, err := document.NewPriceUpdate(h, format, priceChanges(), priceNames)
	require.NoError(t, err)
	return u
}

func TestAPriceUpdate(t *testing.T) {
	u := priceUpdate(t, account.PriceCSV)
	assert.Equal(t, document.PriceCounts{Up: 1, Down: 1, New: 1, Closed: 1}, u.PriceCounts)
	assert.Equal(t, pricesBegin, u.Begins)
	again(t, u)
	none, err := document.NewPriceUpdate(noticeHead(), account.PriceXLSX, nil, price.Names{})
	require.NoError(t, err)
	assert.True(t, none.Begins.IsZero())
	again(t, none)
}

// Its sheet is that of package price, whichever the format, with the names of then.
func TestTheSheetOfAPriceUpdateIsThatOfPrices(t *testing.T) {
	for _, format := range []account.PriceFormat{account.PriceCSV, account.PriceCSVMCCMNC, account.PriceXLSX} {
		want, err := price.Update{Currency: "EUR", Zone: kyiv, Names: priceNames}.Sheet(format, priceChanges())
		require.NoError(t, err)
		got := document.NewSheet(priceUpdate(t, format))
		assert.Equal(t, want.Header, got.Header)
		assert.Equal(t, csvOf(t, want), csvOf(t, got))
	}
	assert.Equal(t, `MCCMNC,price,currency,from
202,0.04,EUR,2026-06-08T01:00:00+03:00
255,0.0815,EUR,2026-12-08T00:00:00+02:00
25501,0.0685,EUR,2026-12-08T00:00:00+02:00
25503,0.08,EUR,2026-12-15T00:00:00+02:00
262,closed,EUR,2026-12-08T00:00:00+02:00
`, written(t, priceUpdate(t, account.PriceCSVMCCMNC)))
}

func TestThePageOfAPriceUpdate(t *testing.T) {
	text := seen(page(t, priceUpdate(t, account.PriceXLSX), document.English()))
	assert.Contains(t, text, "Prices 2026-11-28\nPrices\nDate: 28 November 2026\nLocal time: Europe/Kyiv\nChanges begin: 8 December 2026, 00:00\n")
	assert.Contains(t, text, `Higher | 1
Lower | 1
New | 1
Closed | 1
Country | Network | MCC MNC | Before | Price of a part | From | Change
Greece |  | 202 |  | 0.0400 | 8 June 2026, 01:00
Ukraine |  | 255 | 0.0770 | 0.0815 | 8 December 2026, 00:00 | higher
Ukraine | Network 25501 | 255 01 | 0.0700 | 0.0685 | 8 December 2026, 00:00 | lower
Ukraine | Network 25503 | 255 03 | – | 0.0800 | 15 December 2026, 00:00 | new
Germany |  | 262 | 0.0731 | – | 8 December 2026, 00:00 | closed`)
}

func TestPriceUpdatesThatDoNotAddUp(t *testing.T) {
	for name, spoil := range map[string]func(*document.PriceUpdate){
		"no format":        func(u *document.PriceUpdate) { u.Format = "" },
		"a count":          func(u *document.PriceUpdate) { u.Up++ },
		"another begin":    func(u *document.PriceUpdate) { u.Begins = u.Begins.Add(-time.Second) },
		"out of order":     func(u *document.PriceUpdate) { u.Prices[0], u.Prices[1] = u.Prices[1], u.Prices[0] },
		"twice":            func(u *document.PriceUpdate) { u.Prices[1] = u.Prices[0] },
		"another change":   func(u *document.PriceUpdate) { u.Prices[1].Change = price.ChangeDown },
		"a change of none": func(u *document.PriceUpdate) { u.Prices[0].Change = "dearer" },
		"an absurd price":  func(u *document.PriceUpdate) { u.Prices[3].Price = account.Some(decimal.New(1, 1<<30)) },
	} {
		u := priceUpdate(t, account.PriceCSV)
		spoil(&u)
		_, err := document.Encode(u)
		require.ErrorIs(t, err, document.ErrSums, name)
		if name != "an absurd price" {
			page(t, u, document.English())
			written(t, u)
		}
	}
	u := priceUpdate(t, account.PriceCSV)
	u.Prices[0].Network = "a\x00"
	require.ErrorIs(t, u.Check(), document.ErrUnshowable)
}

// What is not the changes' stays: the document is a copy.
func TestAPriceUpdateIsACopy(t *testing.T) {
	u := priceUpdate(t, account.PriceCSV)
	u.Prices[0].From = u.Prices[0].From.Add(time.Nanosecond)
	_, err := document.Encode(u)
	require.NoError(t, err)
	assert.Equal(t, 1, u.Prices[0].From.Nanosecond())
}
