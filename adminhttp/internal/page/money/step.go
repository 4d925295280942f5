package money

import (
	"maps"
	"net/http"
	"slices"
	"strconv"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
	"github.com/clientaccount/clientaccount/adminhttp/internal/kind"
	"github.com/clientaccount/clientaccount/adminhttp/internal/page"
	"github.com/clientaccount/clientaccount/adminhttp/internal/words"
)

// The buttons of the step.
const (
	nameSeen = "_seen" // the movement was looked at, and is to be written
	nameBack = "_back" // back to the form, as it was typed
)

// step is a movement that is looked at before it is written.
type step struct {
	Title     words.Text
	Button    words.Text
	Action    string
	Inputs    []hiddenInput // what was typed, to be sent once more
	Client    string        // whose money, by login and company
	Amount    words.Text
	Reason    string
	Payment   string // as the bank calls it
	Second    bool   // it is proposed to a second person
	Rows      []page.Figure
	To        *page.NameLink
	ToCompany string
	Alike     []alikeRow
}

// alikeRow is an entry that may be the same movement.
type alikeRow struct {
	Text words.Text
	When words.Moment
}

// isLookedAt reports whether a move is shown before it is written.
func isLookedAt(do string) bool { return slices.Contains(pageMoves, do) }

// showStep shows what a movement would come to.
func showStep(w http.ResponseWriter, r *ask.Request, t *rejected, m account.Movement, preview ask.MoveLook) error {
	seen := r.Judge.Visible(r.Client)
	s := &step{
		Title: formTexts[t.do].Title, Button: formTexts[t.do].Button, Inputs: t.inputs(m), Amount: words.Money(m.Amount, seen.Core.Currency),
		Reason: m.Reason, Payment: t.payment(), Client: seen.Name(), Second: preview.Second,
	}
	if m.Amount.IsZero() { // all that there is
		s.Amount = words.Money(preview.Entry.Moved().Abs(), seen.Core.Currency)
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
	for _, e := range preview.Alike {
		s.Alike = append(s.Alike, alikeOf(r, seen, e))
	}
	t.step = s
	return renderMoney(w, r, http.StatusOK, r.Client, t)
}

// alikeOf tells of an entry that may be the same movement.
func alikeOf(r *ask.Request, seen account.Account, e account.Entry) alikeRow {
	return alikeRow{
		Text: words.Textf("%s of %s, entry %s%s", kindTitle(e.Kind), words.Money(e.Moved().Abs(), seen.Core.Currency), strconv.FormatInt(e.Number, 10), byWords(e)),
		When: words.MomentOf(e.At, r.Service.Now(), words.Zone(seen)),
	}
}

func byWords(e account.Entry) string {
	if e.Actor.Name == "" {
		return ""
	}
	return ", by " + e.Actor.Name
}

// inputs are those of the form, with the amount as it was understood.
func (t *rejected) inputs(m account.Movement) (all []hiddenInput) {
	for _, name := range slices.Sorted(maps.Keys(t.values)) {
		switch name {
		case nameSeen, nameBack, kind.NameMeant + "amount":
		case "amount":
			if m.Amount.IsZero() {
				continue // all that there is
			}
			amount := m.Amount.String()
			all = append(all, hiddenInput{kind.NameMeant + name, kind.Meaning(amount, amount)}, hiddenInput{name, amount})
		default:
			all = append(all, hiddenInput{name, t.values.Get(name)})
		}
	}
	return append(all, hiddenInput{nameSeen, "1"})
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
