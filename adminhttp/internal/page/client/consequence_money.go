package client

import (
	"slices"
	"strings"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/words"
	"github.com/clientaccount/clientaccount/internal/say"
)

// What the settings about money amount to at present. Each says nothing to who may
// not see money.

// limitNow returns what the notification limit is compared with.
func limitNow(e editor, a account.Account) words.Text {
	s := e.standing
	if s == nil {
		return ""
	}
	if a.Core.NotificationLimit.Unit == account.UnitMoney {
		switch {
		case s.Terms.Shares.IsZero():
			return words.Textf("Now %s.", words.Money(s.Amount.Sub(s.Held), a.Core.Currency))
		case e.sums.Available:
			return words.Textf("Now %s.", words.Money(s.Available, a.Core.Currency))
		default:
			return ""
		}
	}
	left, known := s.Messages()
	switch {
	case !e.sums.Messages:
		return ""
	case known:
		return words.Textf("Now %s.", words.Grouped(left.String()))
	}
	return "Messages cannot be counted: no price of one is known."
}

func creditNow(e editor, a account.Account) words.Text {
	if e.standing == nil || !e.sums.Credit {
		return ""
	}
	if above := limitsAbove(e); above != "" {
		return above
	}
	used, _ := e.standing.Used()
	return words.Textf("Used now: %s.", words.Money(used, a.Core.Currency))
}

func overdrawNow(e editor, a account.Account) words.Text {
	if e.standing == nil || !e.sums.Overdraw {
		return ""
	}
	if above := limitsAbove(e); above != "" {
		return above
	}
	_, used := e.standing.Used()
	return words.Textf("Used now: %s.", words.Money(used, a.Core.Currency))
}

// limitsAbove says that an account's own limits do not count.
func limitsAbove(e editor) words.Text {
	if e.standing.Terms.Shares.IsZero() || !e.sums.Shared {
		return ""
	}
	return "Without effect: the limits of the account above count."
}

func sharedNow(e editor, a account.Account) words.Text {
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

func capNow(e editor, a account.Account) words.Text {
	if e.standing == nil || e.standing.Terms.Shares.IsZero() || !e.sums.Shared {
		return ""
	}
	if left, capped := e.standing.CapLeft(e.now); capped && e.sums.Cap {
		return words.Textf("Spent this month: %s, left: %s.", words.Money(e.standing.SpentAt(e.now), a.Core.Currency), words.Money(left, a.Core.Currency))
	}
	return words.Textf("Spent this month: %s.", words.Money(e.standing.SpentAt(e.now), a.Core.Currency))
}

// leftAfter says what there would be to spend with the limits of an edit; nothing where they stay,
// or do not count.
func (e editor) leftAfter(result clientaccount.Result) (words.Text, error) {
	limits := func(fc account.FieldChange) bool { return strings.HasPrefix(fc.Path, "credit.") }
	if !slices.ContainsFunc(result.Change, limits) || e.standing == nil || !e.sums.Available || !e.standing.Terms.Shares.IsZero() || result.Account.SharesMoney() {
		return "", nil
	}
	settings, err := e.r.Service.Settings(e.r.Context(), result.Account)
	if err != nil {
		return "", err
	}
	was, is := e.standing.Terms, e.standing.Terms
	is.Credit = settings.CreditLimit.Value
	is.Overdraw, is.OverdrawEnds = result.Account.Credit.Overdraw.Limit, result.Account.Credit.Overdraw.ExpiresAt
	left := e.standing.Available.Sub(was.LimitAt(e.now)).Add(is.LimitAt(e.now))
	rate, err := e.r.Rate(result.Account.ID)
	said := words.Money(left, result.Account.Core.Currency)
	if until := rate.Until(left, e.now); until.After(e.now) {
		return words.Textf("With this, %s is left to spend: at the present rate until %s, %s.", said, say.Time(until.In(words.Zone(result.Account)), words.ShortLayout), words.Relative(until, e.now)), err
	}
	return words.Textf("With this, %s is left to spend.", said), err
}
