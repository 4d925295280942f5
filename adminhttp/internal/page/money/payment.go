package money

import (
	"net/http"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
	"github.com/clientaccount/clientaccount/adminhttp/internal/page"
)

// namePayment is the input of what the bank calls a payment. It is the reference of the movement,
// in the place of the form's own: so one payment is booked once, from whichever form.
const namePayment = "payment"

// takesPayment reports whether a form has that input.
func takesPayment(do string) bool { return do == "topUp" }

// payment is what was typed there, as it is stored; empty where nothing was.
func (t *rejected) payment() string {
	if !takesPayment(t.do) {
		return ""
	}
	return ask.PaymentReference(t.values.Get(namePayment))
}

// readPayment puts the payment into a movement.
func (t *rejected) readPayment(r *ask.Request, b *ask.Draft) {
	switch payment := t.payment(); {
	case payment != "":
		b.Reference = payment
	case takesPayment(t.do) && r.PaymentRequired:
		t.faults = append(t.faults, account.NewFault(namePayment, "payment.required"))
	}
}

// bookedBefore reports whether an entry of the same payment was there before this form was sent,
// and is not what came of sending it the first time: another one wrote it, or it was there before
// this one was looked at.
func (t *rejected) bookedBefore(r *ask.Request, e account.Entry) bool {
	return t.payment() != "" && (e.Actor != r.Actor || !t.values.Has(nameSeen))
}

// booked is the entry that a payment has already.
type booked struct {
	page.Alike
	Href string
}

// refusePayment says as which entry the payment was booked.
func refusePayment(w http.ResponseWriter, r *ask.Request, a account.Account, t *rejected) error {
	found, err := r.Service.Entries(r.Context(), account.EntryQuery{Account: a.ID, Reference: t.payment(), Limit: 1})
	if err != nil {
		return err
	}
	if len(found) == 0 { // it waits for a second person, with other content
		t.faults = account.Faults{account.NewFault(namePayment, "idempotency.mismatch")}
		return renderMoney(w, r, http.StatusConflict, a, t)
	}
	e, err := r.Judge.Entry(r.Context(), found[0])
	if err != nil {
		return err
	}
	head := page.Head{List: page.Link{Href: r.Root + "clients"}, ID: a.ID.String()}
	t.booked = &booked{page.AlikeOf(r, r.Judge.Visible(a), e), head.EntryURL(e.Number)}
	t.faults = account.Faults{account.NewFault(namePayment, "payment.booked", e.Number)}
	return renderMoney(w, r, http.StatusConflict, a, t)
}
