package adminhttp

import "github.com/clientaccount/clientaccount/account"

// What the settings about money amount to at present. Each says nothing to who may
// not see money.

// limitNow is what the notification limit is compared with.
func limitNow(e editor, a account.Account) string {
	s := e.standing
	if s == nil {
		return ""
	}
	if a.Core.NotificationLimit.Unit == account.UnitMoney {
		left := s.Available
		if s.Terms.Shares.IsZero() {
			left = s.Amount.Sub(s.Held)
		}
		return "Now " + moneyWords(left, a.Core.Currency) + "."
	}
	if left, known := s.Messages(); known {
		return "Now " + grouped(left.String()) + "."
	}
	return "Messages cannot be counted: no price of one is known."
}

func creditNow(e editor, a account.Account) string {
	if e.standing == nil {
		return ""
	}
	if above := limitsAbove(e); above != "" {
		return above
	}
	used, _ := e.standing.Used()
	return "Used now: " + moneyWords(used, a.Core.Currency) + "."
}

func overdrawNow(e editor, a account.Account) string {
	if e.standing == nil {
		return ""
	}
	if above := limitsAbove(e); above != "" {
		return above
	}
	_, used := e.standing.Used()
	return "Used now: " + moneyWords(used, a.Core.Currency) + "."
}

// limitsAbove says that an account's own limits do not count.
func limitsAbove(e editor) string {
	if e.standing.Terms.Shares.IsZero() {
		return ""
	}
	return "Without effect: the limits of the account above count."
}

func sharedNow(e editor, a account.Account) string {
	switch {
	case e.standing == nil:
		return ""
	case a.Parent.IsZero():
		return "Without effect: there is no account above."
	case e.standing.Terms.Shares.IsZero():
		return "The account spends its own money now."
	default:
		return "The account above pays now; its limits count."
	}
}

func capNow(e editor, a account.Account) string {
	if e.standing == nil || e.standing.Terms.Shares.IsZero() {
		return ""
	}
	said := "Spent this month: " + moneyWords(e.standing.SpentAt(e.now), a.Core.Currency)
	if left, capped := e.standing.CapLeft(e.now); capped {
		said += ", left: " + moneyWords(left, a.Core.Currency)
	}
	return said + "."
}
