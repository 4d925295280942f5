package clients

import (
	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
	"github.com/clientaccount/clientaccount/adminhttp/internal/page/money"
	"github.com/clientaccount/clientaccount/adminhttp/internal/words"
)

// rowMoney is a client's money in a row of the list.
type rowMoney struct {
	Balance, Available words.Text
	Low                bool   // at or below its notification limit
	Negative           bool   // the balance is
	Shared             bool   // it spends its parent's money
	Tone               string // of the little bar
	Left               int64  // of its length, in percent
}

func newRowMoney(r *ask.Request, row account.Summary, s *clientaccount.Standing, sums access.Sums) *rowMoney {
	c := r.Judge.Currency(row.Currency)
	m := rowMoney{
		Balance: words.Money(s.Amount, c), Low: s.Low && sums.Limit, Negative: s.Amount.IsNegative(), Shared: !s.Terms.Shares.IsZero() && sums.Shared,
	}
	if !sums.Available {
		return &m
	}
	m.Available, m.Tone = words.Money(s.Available, c), money.Tone(s, sums)
	if all := money.Spendable(s, r.Service.Now()); all.IsPositive() && s.Available.IsPositive() {
		m.Left = min(100, words.Share(s.Available, all, 100))
	}
	return &m
}
