package adminhttp

import (
	"errors"
	"math"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
	"github.com/clientaccount/clientaccount/adminhttp/internal/sent"
)

// draft is a movement on its way from a body or a form.
type draft struct {
	account.Movement
	amount bool // was given
}

// draft is the beginning of a movement of the path's client.
func (r *request) draft(mv move) *draft {
	return &draft{Movement: account.Movement{Account: r.id, Kind: mv.kind, Actor: r.actor}}
}

// set puts the text of a name into the movement, or says why it cannot be. Who gets the
// money is looked up.
func (b *draft) set(name, text string) *account.Fault { return draftSetters[name](b, text) }

// draftSetters are of all names but the target's.
var draftSetters = map[string]func(b *draft, text string) *account.Fault{
	"reference": func(b *draft, text string) *account.Fault { b.Reference = text; return nil },
	"reason":    func(b *draft, text string) *account.Fault { b.Reason = text; return nil },
	"currency":  func(b *draft, text string) *account.Fault { b.Currency = account.Currency(text); return nil },
	"amount": func(b *draft, text string) (fault *account.Fault) {
		b.amount = true
		b.Amount, fault = readMoney("amount", text)
		return fault
	},
	"price": func(b *draft, text string) *account.Fault {
		price, fault := readMoney("price", text)
		b.Price = account.Some(price)
		return fault
	},
	"round": func(b *draft, text string) *account.Fault { b.Round = text == "true"; return nil },
	"messages": func(b *draft, text string) (fault *account.Fault) {
		b.Messages, fault = readWhole("messages", "messages.range", text)
		return fault
	},
	"timeout": func(b *draft, text string) *account.Fault {
		seconds, fault := readWhole("timeout", "timeout.range", text)
		if fault == nil && (seconds < 1 || seconds > int64(account.MaxHoldTimeout/time.Second)) {
			return sent.Fault("timeout", "timeout.range")
		}
		b.Timeout = time.Duration(seconds) * time.Second
		return fault
	},
	"more":      func(b *draft, text string) *account.Fault { b.More = text == "true"; return nil },
	"passLimit": func(b *draft, text string) *account.Fault { b.PassLimit = text == "true"; return nil },
	"of": func(b *draft, text string) (fault *account.Fault) {
		b.Of, fault = readWhole("of", "of.required", text)
		return fault
	},
	"hold": func(b *draft, text string) *account.Fault { b.Hold = text; return nil },
}

// readMoney reads an amount as text.
func readMoney(path, text string) (decimal.Decimal, *account.Fault) {
	amount, err := account.ParseAmount(text)
	rule, refused := errors.AsType[account.Rule](err)
	switch {
	case !refused:
		return amount, nil
	case rule == "scale":
		return amount, sent.Fault(path, "amount.scale", account.MaxScale)
	default:
		return amount, sent.Fault(path, "amount."+string(rule))
	}
}

// readWhole reads a whole number: digits, without exponent or decimals.
func readWhole(path, code, text string) (int64, *account.Fault) {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n > math.MaxInt64/int64(time.Second) {
		return 0, sent.Fault(path, code)
	}
	return n, nil
}

// names are those that a body may have.
func (mv move) names() []string {
	names := []string{"reference", "reason", "currency"}
	for _, name := range mv.kind.Traits().Optionals() {
		if name != "hold" || mv.named {
			names = append(names, name)
		}
	}
	return names
}

// refundable refuses to give back what was taken of accounts outside of the scope.
func (r *request) refundable(m account.Movement) error {
	if !m.Kind.Traits().Refunds || m.Of < 1 {
		return nil
	}
	taken, err := r.service.Entries(r.Context(), account.EntryQuery{Account: m.Account, After: m.Of - 1, Before: m.Of + 1, Limit: 1})
	if err != nil || len(taken) == 0 {
		return err
	}
	may, err := r.judge.Refunds(r.Context(), taken[0])
	if err == nil && !may {
		err = statusError(http.StatusForbidden)
	}
	return err
}

// namesFor are those of an actor: who does not see the currency has no name for it, since
// whether one is the client's would tell.
func (mv move) namesFor(judge access.Judge) []string {
	if judge.Shows("currency") {
		return mv.names()
	}
	return slices.DeleteFunc(mv.names(), func(name string) bool { return name == "currency" })
}

// toID gives the money to the client of an id; outside of the scope is nobody.
func (b *draft) toID(r *request, text string) (account.Faults, error) {
	id, err := account.ParseID(text)
	if err != nil || id.IsZero() {
		return unknownTarget(), nil
	}
	to, err := r.seen(id)
	if err == nil && to == nil {
		return unknownTarget(), nil
	}
	b.Other = id
	return nil, err
}

// toLogin gives the money to the client of a login, for who sees it.
func (b *draft) toLogin(r *request, login string) (account.Faults, error) {
	to, err := r.service.ByLogin(r.Context(), login)
	if errors.Is(err, account.ErrNotFound) || err == nil && !(r.judge.Sees(to) && r.judge.Shows("login")) {
		return unknownTarget(), nil
	}
	b.Other = to.ID
	return nil, err
}

func unknownTarget() account.Faults { return account.Faults{account.NewFault("to", "to.unknown")} }

// wrong is everything wrong with what was read, as a movement of the path's client.
func (b *draft) wrong(r *request) account.Faults {
	var faults account.Faults
	optional := b.Kind.Traits().Amount == account.AmountOptional
	if optional && b.amount && b.Amount.IsZero() { // left out it stands for all
		faults = append(faults, account.NewFault("amount", "amount.zero"))
	}
	if b.Currency != "" && b.Currency != r.client.Core.Currency {
		faults = append(faults, account.NewFault("currency", "amount.currency", string(r.client.Core.Currency)))
	}
	if b.PassLimit && !r.judge.May(ActionPassLimit) {
		faults = append(faults, account.NewFault("passLimit", "field.forbidden", "passLimit"))
	}
	own := b.Faults()
	if _, err := b.Total(); err != nil {
		more, _ := account.AsFaults(err)
		own = append(own, more...)
	}
	for i := range own {
		if own[i].Path == "amount" && !b.amount && b.priced() {
			own[i].Path = "price" // what was judged in the amount's place
		}
	}
	return append(faults, own...)
}

func (b *draft) priced() bool { return !b.Price.IsZero() }
