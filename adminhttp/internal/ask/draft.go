package ask

import (
	"errors"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
	"github.com/clientaccount/clientaccount/adminhttp/internal/sent"
	"github.com/clientaccount/clientaccount/validate"
)

// Draft is a movement on its way from a body or a form.
type Draft struct {
	account.Movement
	amount bool // was given
}

// Draft returns the beginning of a movement of the path's client.
func (r *Request) Draft(mv Move) *Draft {
	return &Draft{Movement: account.Movement{Account: r.ID, Kind: mv.Kind, Actor: r.Actor}}
}

// Set puts the text of a name into the movement, or says why it cannot be. Who gets the
// money is looked up.
func (d *Draft) Set(name, text string) *account.Fault { return draftSetters[name](d, text) }

// draftSetters are of all names but the target's.
var draftSetters = map[string]func(d *Draft, text string) *account.Fault{
	"reference": func(d *Draft, text string) *account.Fault { d.Reference = text; return nil },
	"reason":    func(d *Draft, text string) *account.Fault { d.Reason = text; return nil },
	"currency":  func(d *Draft, text string) *account.Fault { d.Currency = account.Currency(text); return nil },
	"amount": func(d *Draft, text string) (fault *account.Fault) {
		d.amount = true
		d.Amount, fault = MoneyOfText("amount", text)
		return fault
	},
	"price": func(d *Draft, text string) *account.Fault {
		price, fault := MoneyOfText("price", text)
		d.Price = account.Some(price)
		return fault
	},
	"round": func(d *Draft, text string) *account.Fault { d.Round = text == "true"; return nil },
	"messages": func(d *Draft, text string) (fault *account.Fault) {
		d.Messages, fault = readWhole("messages", "messages.range", text)
		return fault
	},
	"timeout": func(d *Draft, text string) *account.Fault {
		seconds, fault := readWhole("timeout", "timeout.range", text)
		if fault == nil && (seconds < 1 || seconds > int64(account.MaxHoldTimeout/time.Second)) {
			return sent.Fault("timeout", "timeout.range")
		}
		d.Timeout = time.Duration(seconds) * time.Second
		return fault
	},
	"more":      func(d *Draft, text string) *account.Fault { d.More = text == "true"; return nil },
	"passLimit": func(d *Draft, text string) *account.Fault { d.PassLimit = text == "true"; return nil },
	"of": func(d *Draft, text string) (fault *account.Fault) {
		d.Of, fault = readWhole("of", "of.required", text)
		return fault
	},
	"hold": func(d *Draft, text string) *account.Fault { d.Hold = text; return nil },
}

// PaymentReference is the one way of writing what the bank calls a payment: with single blanks between
// its parts, and in capitals. Movements of payments are stored under it, so that one payment, however
// it is typed, is one reference, which moves money once. One that is nobody's to give stays so, to be
// refused.
func PaymentReference(text string) string {
	one := strings.Join(strings.Fields(validate.Text(text)), " ")
	if strings.HasPrefix(one, account.ReservedPrefix) {
		return one
	}
	return strings.ToUpper(one)
}

// IsPayment reports whether the reference of a movement in JSON is that of a payment: of a top-up
// where each has to be one. Else it is the caller's own, and taken as it is.
func (r *Request) IsPayment(mv Move) bool { return r.PaymentRequired && mv.Action == access.TopUp }

// MoneyOfText reads an amount as text.
func MoneyOfText(path, text string) (decimal.Decimal, *account.Fault) {
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

// Refundable refuses to give back what was taken of accounts outside of the scope.
func (r *Request) Refundable(m account.Movement) error {
	if !m.Kind.Traits().Refunds || m.Of < 1 {
		return nil
	}
	taken, err := r.Service.Entries(r.Context(), account.EntryQuery{Account: m.Account, After: m.Of - 1, Before: m.Of + 1, Limit: 1})
	if err != nil || len(taken) == 0 {
		return err
	}
	may, err := r.Judge.Refunds(r.Context(), taken[0])
	if err == nil && !may {
		err = StatusError(http.StatusForbidden)
	}
	return err
}

// ToID gives the money to the client of an id; outside of the scope is nobody.
func (d *Draft) ToID(r *Request, text string) (account.Faults, error) {
	id, err := account.ParseID(text)
	if err != nil || id.IsZero() {
		return unknownTarget(), nil
	}
	to, err := r.Seen(id)
	if err == nil && to == nil {
		return unknownTarget(), nil
	}
	d.Other = id
	return nil, err
}

// ToLogin gives the money to the client of a login, for who sees it.
func (d *Draft) ToLogin(r *Request, login string) (account.Faults, error) {
	to, err := r.Service.ByLogin(r.Context(), login)
	if errors.Is(err, account.ErrNotFound) || err == nil && !(r.Judge.Sees(to) && r.Judge.Shows("login")) {
		return unknownTarget(), nil
	}
	d.Other = to.ID
	return nil, err
}

func unknownTarget() account.Faults { return account.Faults{account.NewFault("to", "to.unknown")} }

// Wrong returns everything wrong with what was read, as a movement of the path's client.
func (d *Draft) Wrong(r *Request) account.Faults {
	var faults account.Faults
	optional := d.Kind.Traits().Amount == account.AmountOptional
	if optional && d.amount && d.Amount.IsZero() { // left out it stands for all
		faults = append(faults, account.NewFault("amount", "amount.zero"))
	}
	if d.Currency != "" && d.Currency != r.Client.Core.Currency {
		faults = append(faults, account.NewFault("currency", "amount.currency", string(r.Client.Core.Currency)))
	}
	if d.PassLimit && !r.Judge.May(access.PassLimit) {
		faults = append(faults, account.NewFault("passLimit", "field.forbidden", "passLimit"))
	}
	own := d.Faults()
	if _, err := d.Total(); err != nil {
		more, _ := account.AsFaults(err)
		own = append(own, more...)
	}
	for i := range own {
		if own[i].Path == "amount" && !d.amount && d.priced() {
			own[i].Path = "price" // what was checked in the amount's place
		}
	}
	return append(faults, own...)
}

func (d *Draft) priced() bool { return !d.Price.IsZero() }
