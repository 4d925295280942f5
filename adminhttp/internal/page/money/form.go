package money

import (
	"crypto/rand"
	"slices"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
	"github.com/clientaccount/clientaccount/adminhttp/internal/kind"
	"github.com/clientaccount/clientaccount/adminhttp/internal/page"
	"github.com/clientaccount/clientaccount/adminhttp/internal/words"
)

// Form is a form that moves money. It carries a reference of its own, made when
// the page was, so that sending it twice moves money once.
type Form struct {
	Do        string // the move
	ID        string // begins the ids of its inputs
	Title     words.Text
	Hint      words.Text
	Button    words.Text
	Reference string
	Hidden    []page.Input
	Inputs    []moneyInput
	Open      bool // what was typed was refused
}

// moneyInput is one input of a form.
type moneyInput struct {
	Name, ID string
	Label    words.Text
	Hint     words.Text
	Value    string
	Unit     string // after an amount
	Holder   words.Text
	Flag, On bool
	Faults   []words.Text
	Meant    []kind.Meant // it can be read in two ways
}

// targetName is the input that tells the forms of one kind apart.
var targetName = map[string]string{"releaseHold": "hold", "refund": "of"}

// formTexts are the forms' words by their move.
var formTexts = map[string]Form{
	"topUp":       {Title: "Top up", Button: "Top up", Hint: "Adds money that the client paid."},
	"adjust":      {Title: "Adjust", Button: "Adjust", Hint: "Corrects the balance, up or with a minus down."},
	"transfer":    {Title: "Transfer", Button: "Transfer", Hint: "Moves money to another client of the same currency."},
	"refund":      {Title: "Refund", Button: "Refund"},
	"releaseHold": {Title: "Release", Button: "Release"},
}

// pageMoves are the moves that pages have a form for, in their order.
var pageMoves = []string{"topUp", "adjust", "transfer"}

// newReference names a movement that the admin asks for.
func newReference() string { return "admin-" + rand.Text() }

// forms are those at the top of the page, as far as the actor may.
func (p *moneyPage) forms() (forms []Form) {
	if p.account.Status == account.StatusClosed || p.shares() || p.standing == nil {
		return nil
	}
	for _, do := range pageMoves {
		if mv, _ := moveByID(do); p.r.Judge.MayMove(mv.Action) {
			forms = append(forms, p.form(do, ""))
		}
	}
	return forms
}

// TransferForm moves money to another client; nil where the actor may not, or there is
// none to move.
func TransferForm(r *ask.Request, a account.Account) (*Form, error) {
	mv, _ := moveByID("transfer")
	if !r.Judge.MayMove(mv.Action) {
		return nil, nil
	}
	p := moneyPage{r: r, account: a, seen: r.Judge.Visible(a)}
	var err error
	if p.standing, err = r.StandingOf(a.ID); err != nil || p.note() != "" {
		return nil, err
	}
	form := p.form("transfer", "")
	return &form, nil
}

func moveByID(id string) (ask.Move, bool) {
	all := ask.Moves()
	i := slices.IndexFunc(all, func(mv ask.Move) bool { return mv.ID == id })
	if i < 0 {
		return ask.Move{}, false
	}
	return all[i], true
}

// formID begins the ids of a form's inputs. Of the forms of one kind, those with
// inputs are told apart by an entry's number.
func formID(do, target string) string {
	if target == "" {
		return "m-" + do
	}
	return "m-" + do + "-" + target
}

// form is one form with what was typed, if it was the one that was sent.
func (p *moneyPage) form(do, target string) Form {
	mv, _ := moveByID(do)
	f := formTexts[do]
	f.Do, f.ID, f.Reference = do, formID(do, target), newReference()
	if name, several := targetName[do]; several {
		f.Hidden = []page.Input{{Name: name, Value: target}}
	}
	var t rejected
	if p.rejected != nil && p.rejected.do == do && p.rejected.target == target {
		t, f.Open = *p.rejected, true
		if !t.fresh {
			f.Reference = t.values.Get("reference")
		}
	}
	for _, name := range []string{"amount", "to", namePayment, "reason", "passLimit"} {
		if (slices.Contains(mv.Names(), name) || name == namePayment && takesPayment(do)) && (name != "passLimit" || p.r.Judge.May(access.PassLimit)) {
			f.Inputs = append(f.Inputs, p.input(f, name, t))
		}
	}
	if do == "releaseHold" {
		f.Inputs = nil // a button is enough
	}
	return f
}

// input is one of a form's inputs.
func (p *moneyPage) input(f Form, name string, t rejected) moneyInput {
	in := moneyInput{Name: name, ID: f.ID + "-" + name, Value: t.values.Get(name), Faults: page.TextsOn(t.faults, name)}
	switch name {
	case "amount":
		in.Label, in.Unit = "Amount", string(p.seen.Core.Currency)
		text := words.WithoutCurrency(in.Value, p.seen.Core.Currency)
		if readings := words.ReadAmount(text); len(readings) > 1 && len(in.Faults) > 0 {
			in.Meant = kind.MeantOf(name, readings, text, p.seen.Core.Currency)
		}
	case "to":
		in.Label, in.Hint = "To", "The login of the client that gets the money."
	case namePayment:
		in.Label, in.Hint = "Payment reference", "What the bank calls the payment, so that it is not booked twice; may stay empty."
		if p.r.PaymentRequired {
			in.Hint = "What the bank calls the payment, so that it is not booked twice."
		}
	case "reason":
		in.Label, in.Hint = "Why", "For the ledger; may stay empty."
		if mv, _ := moveByID(f.Do); mv.Kind.Traits().Reason {
			in.Hint = "For the ledger."
		}
	case "passLimit":
		in.Label, in.Flag, in.On = "May pass the limit", true, in.Value == "true"
	}
	return in
}
