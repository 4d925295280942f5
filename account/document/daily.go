package document

import (
	"cmp"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/message"
)

// Daily are the general statistics of one civil day, and what the client has when they are made.
type Daily struct {
	Head
	Day     account.Date    `json:"day"`
	Period  account.Window  `json:"period"` // of the day
	Figures []Figure        `json:"figures,omitempty"`
	Total   message.Figures `json:"total"`
	Funds   Funds           `json:"funds"`
}

// Figure is what messages of one destination, channel and state come to.
type Figure struct {
	MCC     string          `json:"mcc"`
	MNC     string          `json:"mnc"`
	Network string          `json:"network"` // what the host calls it, as of then; may be empty
	Channel account.Channel `json:"channel"`
	State   string          `json:"state"` // the final one, "DELIVRD"; empty: on the way
	message.Figures
}

// Funds are what a client has, and for how much it lasts.
type Funds struct {
	Balance   decimal.Decimal           `json:"balance"`
	Held      decimal.Decimal           `json:"held"`
	Available decimal.Decimal           `json:"available"`
	Limit     account.NotificationLimit `json:"limit"`
	// Messages is what is available for at the reference price, UntilLimit how many of them
	// until the notification limit is reached, 0 where it is. Unset: there is nothing to count them
	// by, or no limit.
	Messages   account.Optional[decimal.Decimal] `json:"messages"`
	UntilLimit account.Optional[decimal.Decimal] `json:"until_limit"`
}

// NewFunds returns those of a balance, of which so much is available: for an account that shares
// money, what those above let it spend.
func NewFunds(b account.Balance, available decimal.Decimal) Funds {
	f := Funds{Balance: b.Amount, Held: b.Held, Available: available, Limit: b.Terms.Limit}
	left, counted := b.Messages(available)
	if !counted {
		return f
	}
	f.Messages = account.Some(left)
	switch f.Limit.Unit {
	case account.UnitMessages:
		f.UntilLimit = account.Some(decimal.Max(left.Sub(f.Limit.Number), decimal.Zero))
	case account.UnitMoney:
		price, _ := b.Terms.Price.Get()
		f.UntilLimit = account.Some(messagesFor(b.Amount.Sub(b.Held).Sub(f.Limit.Number), price))
	}
	return f
}

// messagesFor returns how many messages it takes to spend an amount at a price, the last of which
// may cost more than is left of it.
func messagesFor(amount, price decimal.Decimal) decimal.Decimal {
	if !amount.IsPositive() {
		return decimal.Zero
	}
	whole, rest := amount.QuoRem(price, 0)
	if rest.IsPositive() {
		whole = whole.Add(decimal.NewFromInt(1))
	}
	return whole
}

// NewDaily returns the statistics that are due, of the rows of that day; those of other
// accounts and days are left out. Network names networks, nil for no names.
func NewDaily(head Head, due account.DailyReport, rows []message.FiguresRow, funds Funds, network func(mcc, mnc string) string) Daily {
	d := Daily{Head: head.of(head.Account), Day: due.Day, Period: due.Period, Funds: funds}
	sums := map[Figure]message.Figures{}
	for _, row := range rows {
		if row.Key.Account == d.Account && row.Key.Day == d.Day {
			key := figureOf(row.Key)
			sums[key] = sums[key].Plus(row.Figures)
			d.Total = d.Total.Plus(row.Figures)
		}
	}
	for key, figures := range sums {
		if figures.IsZero() {
			continue
		}
		if network != nil {
			key.Network = network(key.MCC, key.MNC)
		}
		key.Figures = figures
		d.Figures = append(d.Figures, key)
	}
	slices.SortFunc(d.Figures, Figure.compare)
	return d
}

func figureOf(key message.FiguresKey) Figure {
	f := Figure{MCC: key.MCC, MNC: key.MNC, Channel: key.Channel}
	if state, over := key.State.Get(); over {
		f.State = state.String()
	}
	return f
}

func (f Figure) compare(other Figure) int {
	return cmp.Or(
		strings.Compare(f.MCC, other.MCC), strings.Compare(f.MNC, other.MNC),
		strings.Compare(string(f.Channel), string(other.Channel)), strings.Compare(f.State, other.State),
	)
}

// ByNetwork returns the figures of each network together, whatever the channel and the state.
func (d Daily) ByNetwork() []Figure {
	return d.together(func(f Figure) Figure { return Figure{MCC: f.MCC, MNC: f.MNC, Network: f.Network} })
}

// ByState returns the figures of each state together.
func (d Daily) ByState() []Figure {
	return d.together(func(f Figure) Figure { return Figure{State: f.State} })
}

// together adds figures of one key up, in the order of the keys.
func (d Daily) together(key func(Figure) Figure) []Figure {
	var all []Figure
	for _, f := range d.Figures {
		k := key(f)
		at, known := slices.BinarySearchFunc(all, k, Figure.compare)
		if !known {
			all = slices.Insert(all, at, k)
		}
		all[at].Figures = all[at].Plus(f.Figures)
	}
	return all
}

// Kind returns KindDaily.
func (Daily) Kind() Kind { return KindDaily }

// Check returns ErrSums unless the figures come to the total, and ErrUnshowable.
func (d Daily) Check() error {
	left := d.Total
	for i, f := range d.Figures {
		if i > 0 && d.Figures[i-1].compare(f) >= 0 {
			return sumsError("figure %d is out of order", i+1)
		}
		if err := checkTexts(f.MCC, f.MNC, f.Network, string(f.Channel), f.State); err != nil {
			return err
		}
		left = left.Minus(f.Figures)
	}
	if !left.IsZero() {
		return sumsError("the figures of %s are not the total", d.Day)
	}
	return d.Head.check()
}

func (d Daily) tidy() Document {
	d.Head, d.Period = d.Head.tidied(), tidyWindow(d.Period)
	return d
}
