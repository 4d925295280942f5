package document

import (
	"maps"
	"slices"

	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount/account"
)

// UsageByDay is what was used on each day, for charts.
type UsageByDay struct {
	Day       account.Date    `json:"day"`
	Messages  int64           `json:"messages"`
	Used      decimal.Decimal `json:"used"`
	GivenBack decimal.Decimal `json:"given_back"`
}

// ByDay returns what was used on each day on which something was, of one's own money and of shared.
func (u *Usage) ByDay() []UsageByDay {
	days := map[account.Date]UsageByDay{}
	for key, sums := range u.rows {
		day := days[key.Day]
		day.Day = key.Day
		switch kind := key.Kind.Traits(); {
		case kind.Refundable:
			day.Messages, day.Used = day.Messages+sums.Messages, day.Used.Sub(sums.Moved)
		case kind.Refunds:
			day.GivenBack = day.GivenBack.Add(sums.Moved)
		default:
			continue
		}
		days[key.Day] = day
	}
	return slices.SortedFunc(maps.Values(days), func(a, b UsageByDay) int { return a.Day.Compare(b.Day) })
}
