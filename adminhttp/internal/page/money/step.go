package money

import (
	"maps"
	"net/http"
	"slices"
	"strconv"

	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
	"github.com/clientaccount/clientaccount/adminhttp/internal/kind"
	"github.com/clientaccount/clientaccount/adminhttp/internal/page"
	"github.com/clientaccount/clientaccount/adminhttp/internal/words"
)

// nameSeen says that the movement was looked at, and is to be written.
const nameSeen = "_seen"

// step is a movement that is looked at before it is written.
type step struct {
	Title, Button string
	Action        string
	Inputs        []hiddenInput // what was typed, to be sent once more
	Client        string        // whose money, by login and company
	Amount        words.Text
	Reason        string
	Rows          []stepRow
	To            *page.NameLink
	ToCompany     string
	Alike         []alikeRow
}

// stepRow is a figure before and after it.
type stepRow struct {
	Label         string
	Before, After words.Text
}

// alikeRow is an entry that may be the same movement.
type alikeRow struct {
	Text words.Text
	When words.Moment
}

// isLookedAt reports whether a move is shown before it is written.
func isLookedAt(do string) bool { return slices.Contains(pageMoves, do) }

// showStep shows what a movement would come to.
func showStep(w http.ResponseWriter, r *ask.Request, t *rejected, m account.Movement, preview clientaccount.MovePreview) error {
	seen := r.Judge.Visible(r.Client)
	s := &step{
		Title: formTexts[t.do].Title, Button: formTexts[t.do].Button, Inputs: t.inputs(m), Amount: words.Money(m.Amount, seen.Core.Currency),
		Reason: m.Reason, Client: seen.Name(),
	}
	if err := s.figures(r, preview); err != nil {
		return err
	}
	if !m.Other.IsZero() {
		if err := s.receiver(r, m.Other); err != nil {
			return err
		}
	}
	for _, e := range preview.Alike {
		s.Alike = append(s.Alike, alikeRow{
			Text: words.Textf("%s of %s, entry %s%s", kindTitle(e.Kind), words.Money(e.Moved().Abs(), seen.Core.Currency), strconv.FormatInt(e.Number, 10), byWords(e)),
			When: words.MomentOf(e.At, r.Service.Now(), words.Zone(seen)),
		})
	}
	t.step = s
	return renderMoney(w, r, http.StatusOK, r.Client, t)
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
		case nameSeen, kind.NameMeant + "amount":
		case "amount":
			all = append(all, hiddenInput{kind.NameMeant + name, m.Amount.String()}, hiddenInput{name, m.Amount.String()})
		default:
			all = append(all, hiddenInput{name, t.values.Get(name)})
		}
	}
	return append(all, hiddenInput{nameSeen, "1"})
}

// figures are what the actor may see of the balance before and after.
func (s *step) figures(r *ask.Request, p clientaccount.MovePreview) error {
	sums, err := r.Judge.Sums(r.Context(), p.Before.Terms)
	c := r.Judge.Visible(r.Client).Core.Currency
	add := func(label string, before, after decimal.Decimal) {
		s.Rows = append(s.Rows, stepRow{label, words.Money(before, c), words.Money(after, c)})
	}
	if sums.Balance {
		add("Balance", p.Before.Amount, p.After.Amount)
	}
	if sums.Available {
		add("Available", p.Before.Available, p.After.Available)
	}
	return err
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

// addStep puts the step on the page.
func addStep(p *moneyPage, v *moneyView) error {
	if p.rejected == nil || p.rejected.step == nil {
		return nil
	}
	v.Step = p.rejected.step
	v.Step.Action = v.Action
	return nil
}
