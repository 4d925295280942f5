package money

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
	"github.com/clientaccount/clientaccount/adminhttp/internal/kind"
	"github.com/clientaccount/clientaccount/adminhttp/internal/page"
	"github.com/clientaccount/clientaccount/adminhttp/internal/sent"
	"github.com/clientaccount/clientaccount/adminhttp/internal/words"
)

// rejected is a form that was sent and refused.
type rejected struct {
	do     string
	target string // which hold or entry, where the page has a form for each
	values url.Values
	faults account.Faults
	fresh  bool    // its reference is used up
	step   *step   // it was not refused: it is looked at before it is written
	booked *booked // the entry of the same payment
}

// moveMoney does what one of the page's forms asks for.
func moveMoney(w http.ResponseWriter, r *ask.Request) error {
	a := r.Client
	values, err := page.ReadValues(r)
	if err != nil {
		return err
	}
	do := values.Get(page.NameDo)
	mv, known := moveByID(do)
	if _, offered := formTexts[do]; !known || !offered {
		return ask.StatusError(http.StatusBadRequest)
	}
	if !r.Judge.Meets(access.MoveMoney(mv.Action)) {
		return ask.StatusError(http.StatusForbidden)
	}
	t := &rejected{do: do, target: values.Get(targetName[do]), values: values}
	m, err := typedMovement(r, mv, t)
	if err == nil {
		err = t.faults.Err()
	}
	if err == nil && values.Has(nameBack) {
		return renderMoney(w, r, http.StatusOK, a, t)
	}
	if err == nil {
		err = r.Refundable(m)
	}
	if err == nil {
		var look ask.MoveLook
		if look, err = lookAt(r, t, m); err == nil && t.isNews(look) {
			return showStep(w, r, t, m, look)
		}
	}
	var moved ask.Moved
	if err == nil {
		moved, err = r.Move(m)
	}
	if err == nil && moved.Repeated && t.bookedBefore(r, moved.Entry) {
		err = account.ErrReused
	}
	if err != nil {
		return refuseMoney(w, r, a, t, err)
	}
	page.Redirect(w, r.Root+"clients/"+a.ID.String()+"/money?"+doneQuery(moved))
	return nil
}

// lookAt returns what a movement would come to.
func lookAt(r *ask.Request, t *rejected, m account.Movement) (ask.MoveLook, error) {
	look, err := r.LookAtMove(m)
	if err == nil && look.Repeated && t.bookedBefore(r, look.Entry) {
		err = account.ErrReused
	}
	return look, err
}

// doneQuery says what became of a movement.
func doneQuery(moved ask.Moved) string {
	switch {
	case moved.Task != nil:
		return "task=" + moved.Task.ID.String()
	case moved.Repeated:
		return "done=" + strconv.FormatInt(moved.Number, 10) + "&again=1"
	default:
		return "done=" + strconv.FormatInt(moved.Number, 10)
	}
}

// typedMovement reads a form, and notes everything wrong with it.
func typedMovement(r *ask.Request, mv ask.Move, t *rejected) (account.Movement, error) {
	b, to := r.Draft(mv), ""
	known := map[string]bool{page.NameDo: true, nameSeen: true, nameBack: true, namePayment: takesPayment(t.do)}
	for _, name := range mv.NamesFor(r.Judge) {
		known[name] = true
		switch text := strings.TrimSpace(t.values.Get(name)); {
		case text == "":
		case name == "to":
			to = text
		case name == "amount":
			known[kind.NameMeant+name] = true
			if fault := setAmount(b, t.values, text, r.Judge.Visible(r.Client).Core.Currency); fault != nil {
				t.faults = append(t.faults, *fault)
			}
		default:
			if fault := b.Set(name, text); fault != nil {
				t.faults = append(t.faults, *fault)
			}
		}
	}
	if mv.Kind.Traits().Ends {
		known["hold"], b.Hold = true, t.target
	}
	t.faults = append(page.CheckNames(t.values, known), t.faults...)
	if to != "" {
		faults, err := b.ToLogin(r, to)
		if t.faults = append(t.faults, faults...); err != nil {
			return b.Movement, err
		}
	}
	t.readPayment(r, b)
	for _, fault := range b.Wrong(r) {
		if fault.Path == "reference" && t.payment() != "" {
			fault.Path = namePayment
		}
		if !t.faults.On(fault.Path) {
			t.faults = append(t.faults, fault)
		}
	}
	return b.Movement, nil
}

// setAmount reads an amount as people type it, or as it was meant.
func setAmount(b *ask.Draft, values url.Values, text string, c account.Currency) *account.Fault {
	amount, clear := kind.AmountIn(values, "amount", text, c)
	if !clear {
		return sent.Fault("amount", "amount.ambiguous")
	}
	return b.Set("amount", amount)
}

// refuseMoney shows the page again with what was typed and why nothing was written,
// or that nobody knows.
func refuseMoney(w http.ResponseWriter, r *ask.Request, a account.Account, t *rejected, err error) error {
	if faults, bad := account.AsFaults(err); bad {
		faults = r.Judge.Faults(faults)
		for i := range faults {
			if faults[i].Path == "currency" && t.do == "transfer" {
				faults[i].Path = "to" // the form has no currency of its own
			}
		}
		t.faults = faults
		return renderMoney(w, r, http.StatusUnprocessableEntity, a, t)
	}
	if errors.Is(err, account.ErrReused) && t.payment() != "" {
		return refusePayment(w, r, a, t)
	}
	why, refused := ask.RefusalOf(err, r.Judge.Visible(a).Core.Currency, r.SumsFor(err))
	if !refused {
		return err
	}
	fault := account.Fault{Path: why.Field, Code: why.Fault, Text: why.Text.String()}
	switch {
	case errors.Is(err, account.ErrReused):
		t.fresh = true
		fault = account.Fault{Path: why.Field, Code: why.Fault, Text: "This form has moved money before, or waits for a second person to, with other content: see the entries. Nothing was written now. To do this as well, send it again."}
	case errors.Is(err, clientaccount.ErrUnknown):
		fault = account.Fault{Path: why.Field, Code: why.Fault, Text: "It is not known yet whether the money moved. Send this again as it is: it never moves twice."}
	}
	t.faults = account.Faults{fault}
	return renderMoney(w, r, why.Status, a, t)
}

// summary tells what was refused, each with a link to its input.
func (t *rejected) summary(judge access.Judge) []page.FaultLink {
	if t == nil {
		return nil
	}
	labels := map[string]words.Text{"amount": "Amount", namePayment: "Payment reference", "to": "To", "reason": "Why"}
	return page.FaultLinks(judge.Faults(t.faults), func(path string) (label words.Text, href string) {
		if labels[path] == "" || t.do == "releaseHold" {
			return "", ""
		}
		return labels[path], "#" + formID(t.do, t.target) + "-" + path
	})
}
