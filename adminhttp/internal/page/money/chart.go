package money

import (
	"slices"
	"time"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
	"github.com/clientaccount/clientaccount/adminhttp/internal/words"
)

// Bounds of the picture of a balance.
const (
	chartEntries = 500
	chartDays    = 90
)

// newChart draws what the money of an account did: the entries of the last days, or the
// newest of them where they are many. Money that is shared is drawn as it was spent.
func newChart(r *ask.Request, a account.Account, s *clientaccount.Standing, sums access.Sums) (*words.Chart, error) {
	if s == nil || !sums.Shared && !s.Terms.Shares.IsZero() {
		return nil, nil
	}
	now, shared := r.Service.Now(), !s.Terms.Shares.IsZero()
	points, err := chartPoints(r, a.ID, now, shared)
	if err != nil || len(points) < 2 {
		return nil, err
	}
	present := words.ChartPoint{At: now, Value: s.Amount, Limit: s.Terms.Credit.Add(s.Terms.OverdrawAt(now)).Neg()}
	if shared {
		present.Value = s.SpentAt(now)
	}
	c := words.ChartOf(append(points, present), a, sums.Credit && sums.Overdraw)
	if shared {
		c.Title = "Spent of the parent's money, month by month"
	}
	return c, nil
}

// chartPoints returns those of the entries, the oldest first.
func chartPoints(r *ask.Request, id account.ID, now time.Time, shared bool) ([]words.ChartPoint, error) {
	q := account.EntryQuery{Account: id, From: now.AddDate(0, 0, -chartDays)}
	var points []words.ChartPoint
	for e, err := range r.Service.AllEntries(r.Context(), q) {
		if err != nil {
			return nil, err
		}
		point := words.ChartPoint{At: e.At, Value: e.After, Limit: e.Limit.Neg()}
		if shared {
			point.Value = e.SpentAfter
		}
		points = append(points, point)
		if len(points) == chartEntries {
			break
		}
	}
	slices.Reverse(points)
	return points, nil
}
