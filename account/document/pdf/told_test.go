package pdf_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/document"
	"github.com/clientaccount/clientaccount/account/price"
)

func priceUpdate(t testing.TB, networks int) document.PriceUpdate {
	h := head()
	h.Number = document.Number{}
	var changes []price.Change
	for n := range networks {
		was, is := decimal.New(int64(70000+n*13), -6), decimal.New(int64(70500+n*12), -6)
		changes = append(changes, price.Change{
			Network: price.Network{MCC: "255", MNC: fmt.Sprintf("%02d", n)}, From: h.At.AddDate(0, 0, 7),
			Before: account.Some(was), After: account.Some(is),
		})
	}
	changes[0].Before = account.Optional[decimal.Decimal]{}
	u, err := document.NewPriceUpdate(h, account.PriceCSV, changes, price.Names{Network: func(n price.Network) string { return "Київстар " + n.MNC }})
	require.NoError(t, err)
	return u
}

func notice() document.Notice {
	h := head()
	h.Number, h.Manager = document.Number{}, document.Contact{Name: "Max Muster", Email: "max@example.com", Phone: "+493012345678"}
	n := document.NewNotice(h, document.NoticeOverdrawEnding)
	n.Overdraw, n.Ends = decimal.NewFromInt(50), h.At.Add(24*time.Hour)
	n.Funds = document.Funds{Balance: decimal.New(-876, -1), Available: decimal.New(124, -1), Messages: account.Some(decimal.NewFromInt(161))}
	return n
}

func TestTheTextOfAPriceUpdate(t *testing.T) {
	got := text(t, write(t, priceUpdate(t, 60), document.English()))
	for _, want := range []string{
		"Prices", "Changes begin", "8 December 2026, 00:00", `Higher +`, `New +1\n`, `Ukraine +Київстар 00 +255 00 +– +0.070500 +8 December 2026, 00:00 +new`,
		`Ukraine +Київстар 59 +255 59 +0.070767 +0.071208 +8 December 2026, 00:00 +higher`, "Page 2 of 2",
	} {
		assert.Regexp(t, want, got)
	}
}

func TestTheTextOfANotice(t *testing.T) {
	got := text(t, write(t, notice(), document.English()))
	for _, want := range []string{
		"Temporary credit ends soon", `Ends +2 December 2026, 00:00`, "what was drawn stays as a", "please ask: Max Muster, max@example.com",
		`Balance +−87.60\n`, `Available +12.40 EUR`, "Page 1 of 1",
	} {
		assert.Regexp(t, want, got)
	}
}
