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

// moneyField is a name in the body of a movement.
type moneyField struct {
	schema object
	kind   sent.Kind
	// set puts the value into the movement, or says why it cannot be.
	set func(b *moneyBody, text string) *account.Fault
}

// moneyBody is a movement on its way from a body.
type moneyBody struct {
	account.Movement
	amount bool   // was given
	to     string // as sent, until it is looked up
}

// moneyFields are all names that bodies of movements have.
var moneyFields = map[string]moneyField{
	"reference": {
		schema: object{"type": "string", "minLength": 1, "description": "Your name for the movement, at most 255 bytes, unique per client and kept for good: the same again never moves money twice."},
		kind:   sent.KindString, set: func(b *moneyBody, text string) *account.Fault { b.Reference = text; return nil },
	},
	"reason": {
		schema: object{"type": "string", "maxLength": account.MaxReason, "description": "Why, for people."},
		kind:   sent.KindString, set: func(b *moneyBody, text string) *account.Fault { b.Reason = text; return nil },
	},
	"currency": {
		schema: object{"type": "string", "description": "If given, it must be the client's."},
		kind:   sent.KindString, set: func(b *moneyBody, text string) *account.Fault { b.Currency = account.Currency(text); return nil },
	},
	"amount": {
		schema: amountOf("In the client's currency, at most 6 decimals."), kind: sent.KindString,
		set: func(b *moneyBody, text string) (fault *account.Fault) {
			b.amount = true
			b.Amount, fault = readMoney("amount", text)
			return fault
		},
	},
	"price": {
		schema: amountOf("Instead of amount: of one message. Messages times price is moved."), kind: sent.KindString,
		set: func(b *moneyBody, text string) *account.Fault {
			price, fault := readMoney("price", text)
			b.Price = account.Some(price)
			return fault
		},
	},
	"round": {
		schema: object{"type": "boolean", "description": "Round messages times price to 6 decimals, half away from zero; else more is refused."},
		kind:   sent.KindBool, set: func(b *moneyBody, text string) *account.Fault { b.Round = text == "true"; return nil },
	},
	"messages": {
		schema: object{"type": "integer", "minimum": 0, "maximum": account.MaxMessages, "description": "Message parts that are paid for."},
		kind:   sent.KindNumber, set: func(b *moneyBody, text string) (fault *account.Fault) {
			b.Messages, fault = readWhole("messages", "messages.range", text)
			return fault
		},
	},
	"timeout": {
		schema: object{"type": "integer", "minimum": 1, "description": "Seconds after which the hold ends by itself; 3,600 unless given, at most 366 days."},
		kind:   sent.KindNumber, set: func(b *moneyBody, text string) *account.Fault {
			seconds, fault := readWhole("timeout", "timeout.range", text)
			if fault == nil && (seconds < 1 || seconds > int64(account.MaxHoldTimeout/time.Second)) {
				return sent.Fault("timeout", "timeout.range")
			}
			b.Timeout = time.Duration(seconds) * time.Second
			return fault
		},
	},
	"more": {
		schema: object{"type": "boolean", "description": "May take more than the hold, if the rest is available."},
		kind:   sent.KindBool, set: func(b *moneyBody, text string) *account.Fault { b.More = text == "true"; return nil },
	},
	"passLimit": {
		schema: object{"type": "boolean", "description": "May take more than is available."},
		kind:   sent.KindBool, set: func(b *moneyBody, text string) *account.Fault { b.PassLimit = text == "true"; return nil },
	},
	"of": {
		schema: object{"type": "integer", "minimum": 1, "description": "Number of the entry that is given back."},
		kind:   sent.KindNumber, set: func(b *moneyBody, text string) (fault *account.Fault) {
			b.Of, fault = readWhole("of", "of.required", text)
			return fault
		},
	},
	"hold": {
		schema: object{"type": "string", "minLength": 1, "description": "The hold's reference, as it is."},
		kind:   sent.KindString, set: func(b *moneyBody, text string) *account.Fault { b.Hold = text; return nil },
	},
	"to": {
		schema: object{"type": "string", "format": "uuid", "description": "The client that gets the money."},
		kind:   sent.KindString, set: func(b *moneyBody, text string) *account.Fault { b.to = text; return nil },
	},
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

// movement reads a body, and finds everything wrong with it at once.
func readMovement(r *request, mv move, body sent.Document) (account.Movement, error) {
	b := moneyBody{Movement: account.Movement{Account: r.id, Kind: mv.kind, Actor: r.actor, Hold: r.PathValue("ref")}}
	faults := body.Faults
	for _, member := range body.Members {
		if fault := b.read(r.judge, mv, member); fault != nil {
			faults = sent.AddFault(faults, *fault)
		}
	}
	found, err := findTarget(r, &b)
	if err == nil {
		err = refundable(r, b.Movement)
	}
	if err != nil {
		return b.Movement, err
	}
	for _, fault := range append(found, b.judge(r.client, r.judge)...) {
		if !faults.On(fault.Path) { // what could not be read was not set
			faults = sent.AddFault(faults, fault)
		}
	}
	return b.Movement, faults.Err()
}

// refundable refuses to give back what was taken of accounts outside of the scope.
func refundable(r *request, m account.Movement) error {
	if !m.Kind.Traits().Refunds || m.Of < 1 {
		return nil
	}
	taken, err := r.svc.Entries(r.Context(), account.EntryQuery{Account: m.Account, After: m.Of - 1, Before: m.Of + 1, Limit: 1})
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

// read takes one member of the body; null is as good as left out.
func (b *moneyBody) read(judge access.Judge, mv move, m sent.Member) *account.Fault {
	name := sent.Within("", m.Name)
	if !slices.Contains(mv.namesFor(judge), m.Name) {
		return sent.Fault(name, "field.unknown", name)
	}
	field := moneyFields[m.Name]
	switch m.Value.Kind {
	case sent.KindNull:
		return nil
	case field.kind:
		return field.set(b, m.Value.Text)
	default:
		return sent.Fault(name, "field.type")
	}
}

// target looks up who gets the money; outside of the scope is nobody.
func findTarget(r *request, b *moneyBody) (account.Faults, error) {
	if b.to == "" {
		return nil, nil
	}
	id, err := account.ParseID(b.to)
	if err != nil || id.IsZero() {
		return account.Faults{account.NewFault("to", "to.unknown")}, nil
	}
	seen, err := r.seen(id)
	if err == nil && seen == nil {
		return account.Faults{account.NewFault("to", "to.unknown")}, nil
	}
	b.Other = id
	return nil, err
}

// judge is everything wrong with what was read.
func (b *moneyBody) judge(a account.Account, p access.Judge) account.Faults {
	var faults account.Faults
	optional := b.Kind.Traits().Amount == account.AmountOptional
	if optional && b.amount && b.Amount.IsZero() { // left out it stands for all
		faults = append(faults, account.NewFault("amount", "amount.zero"))
	}
	if b.Currency != "" && b.Currency != a.Core.Currency {
		faults = append(faults, account.NewFault("currency", "amount.currency", string(a.Core.Currency)))
	}
	if b.PassLimit && !p.May(ActionPassLimit) {
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

func (b *moneyBody) priced() bool { return !b.Price.IsZero() }
