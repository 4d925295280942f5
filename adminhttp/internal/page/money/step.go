package money

import (
	"maps"
	"net/http"
	"slices"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
	"github.com/clientaccount/clientaccount/adminhttp/internal/kind"
	"github.com/clientaccount/clientaccount/adminhttp/internal/page"
	"github.com/clientaccount/clientaccount/adminhttp/internal/words"
)

// The buttons of the step.
const (
	// nameSeen: the movement was looked at, and is to be written; with what was shown that is alike, see
	// page.SeenAlike.
	nameSeen = "_seen"
	nameBack = "_back" // back to the form, as it was typed
)

// step is a movement that is looked at before it is written.
type step struct {
	Title     words.Text
	Button    words.Text
	Action    string
	Inputs    []page.Input // what was typed, to be sent once more
	Client    string       // whose money, by login and company
	Amount    words.Text
	Reason    string
	Payment   string // as the bank calls it
	Second    bool   // it is proposed to a second person
	Rows      []page.Figure
	To        *page.NameLink
	ToCompany string
	Of        *page.Alike // the entry that is given back
	Hold      string      // that is let go of
	Alike     []page.Alike
	Proposed  []page.Alike
}

// isNews reports whether what a movement would come to is to be shown: it was not yet, or the same was
// booked since, by whoever looked at it at the same time.
func (t *rejected) isNews(look ask.MoveLook) bool {
	if !t.values.Has(nameSeen) {
		return !look.Repeated
	}
	return page.HasNewAlike(look.MovePreview, t.values.Get(nameSeen))
}

// showStep shows what a movement would come to.
func showStep(w http.ResponseWriter, r *ask.Request, t *rejected, m account.Movement, preview ask.MoveLook) error {
	seen := r.Judge.Visible(r.Client)
	s := &step{
		Title: formTexts[t.do].Title, Button: formTexts[t.do].Button, Inputs: t.inputs(m), Amount: words.Money(m.Amount, seen.Core.Currency),
		Reason: m.Reason, Payment: t.payment(), Client: seen.Name(), Second: preview.Second, Hold: m.Hold,
	}
	s.Inputs = append(s.Inputs, page.Input{Name: nameSeen, Value: page.SeenAlike(preview.MovePreview)})
	if m.Amount.IsZero() { // all that there is
		s.Amount = words.Money(preview.Amount.Abs(), seen.Core.Currency)
	}
	if preview.Second {
		s.Button = "Propose"
	}
	var err error
	if s.Rows, err = page.MoveFigures(r, r.Client, preview.MovePreview); err != nil {
		return err
	}
	if !m.Other.IsZero() {
		if err := s.receiver(r, m.Other); err != nil {
			return err
		}
	}
	if m.Of > 0 {
		if err := s.givesBack(r, seen, m.Of); err != nil {
			return err
		}
	}
	if s.Alike, err = page.AllAlike(r, seen, preview.Alike); err != nil {
		return err
	}
	if s.Proposed, err = page.AllProposed(r, seen, preview.Proposed); err != nil {
		return err
	}
	t.step = s
	return renderMoney(w, r, http.StatusOK, r.Client, t)
}

// inputs are those of the form, with the amount as it was understood.
func (t *rejected) inputs(m account.Movement) (all []page.Input) {
	for _, name := range slices.Sorted(maps.Keys(t.values)) {
		switch name {
		case nameSeen, nameBack, kind.NameMeant + "amount":
		case "amount":
			if m.Amount.IsZero() {
				continue // all that there is
			}
			amount := m.Amount.String()
			all = append(all, page.Input{Name: kind.NameMeant + name, Value: kind.Meaning(amount, amount)}, page.Input{Name: name, Value: amount})
		default:
			all = append(all, page.Input{Name: name, Value: t.values.Get(name)})
		}
	}
	return all
}

// receiver names who gets the money, as far as the actor sees them.
func (s *step) receiver(r *ask.Request, id account.ID) error {
	to, err := r.Seen(id)
	if err != nil || to == nil {
		return err
	}
	link := page.LinkTo(r, *to)
	s.To, s.ToCompany = &link, r.Judge.Visible(*to).Contact.Company
	return nil
}

// givesBack tells which entry is given back.
func (s *step) givesBack(r *ask.Request, seen account.Account, number int64) error {
	found, err := r.Service.Entries(r.Context(), account.EntryQuery{Account: r.ID, After: number - 1, Before: number + 1, Limit: 1})
	if err != nil || len(found) == 0 {
		return err
	}
	e, err := r.Judge.Entry(r.Context(), found[0])
	of := page.AlikeOf(r, seen, e)
	s.Of = &of
	return err
}

// addTasks adds what waits to be done to the client, and what led here.
func addTasks(p *moneyPage, v *moneyView) error {
	d, err := page.ReadDirectory(p.r)
	if err != nil {
		return err
	}
	if v.Task, err = page.TaskNotice(p.r, d); err != nil {
		return err
	}
	v.Waiting, err = page.WaitingTasks(p.r, d)
	return err
}

// addStep puts the step on the page.
func addStep(p *moneyPage, v *moneyView) error {
	if p.rejected == nil || p.rejected.step == nil {
		return nil
	}
	v.Step = p.rejected.step
	v.Step.Action = v.Action
	return nil
}
