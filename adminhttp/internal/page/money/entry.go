package money

import (
	"cmp"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/page"
	"github.com/clientaccount/clientaccount/adminhttp/internal/words"
)

// kindTitle returns a kind of entries in words. One that this version does not know is shown
// as what it is called, and offers nothing.
func kindTitle(k account.MovementKind) words.Text {
	if title := k.Traits().Title; title != "" {
		return words.Text(title)
	}
	return words.Textf("Unknown: %s", string(k))
}

// entryRow is a line of the ledger as people read it.
type entryRow struct {
	Number    int64
	Title     words.Text
	Notes     []words.Text   // what it is about
	Other     *page.NameLink // of a transfer: the other account
	By        *page.NameLink // of shared money: who spent it, when that is another account
	Payer     *page.NameLink // of shared money: who paid, when that is another account
	Moved     words.Text
	Tone      string
	Held      words.Text // effect on what is held
	After     words.Text
	Spent     words.Text // of shared money: this month, after it
	Who, Why  string
	Second    words.Text // who confirmed it
	Reference string
	When      words.Moment
	Refunded  words.Text
	Refund    *Form
}

func newEntryRow(p *moneyPage, e account.Entry, given refunded) (entryRow, error) {
	c := p.seen.Core.Currency
	row := entryRow{
		Number: e.Number, Title: kindTitle(e.Kind), Who: e.Actor.Name, Why: e.Reason, Reference: e.Reference,
		When: words.MomentOf(e.At, p.r.Service.Now(), words.Zone(p.seen)), After: words.Aligned(e.After, c, p.places), Notes: entryNotes(e),
	}
	if row.Second = words.Plain(e.Second.Name); row.Second == "" && e.Second.ID != "" {
		row.Second = "somebody"
	}
	if callers, others := account.CallerReference(e.Reference); others {
		row.Reference = callers
	}
	row.amounts(e, c, p.places)
	if e.Kind.Traits().Refundable {
		refunds, err := p.r.Judge.Refunds(p.r.Context(), e)
		if err != nil {
			return row, err
		}
		p.refundOf(&row, e, given, refunds)
	}
	return row, nameOthers(p, &row, e)
}

// amounts are what moved and what is held; of an account that spends another's
// money, what it spent this month stands in the balance's place.
func (row *entryRow) amounts(e account.Entry, c account.Currency, places int) {
	link := e.IsShared()
	held := e.Held
	if link && e.Moved().IsZero() {
		held = e.Spent
	}
	if moved := e.Moved(); !moved.IsZero() || held.IsZero() {
		row.Moved = words.Aligned(moved, c, places)
		switch {
		case moved.IsNegative():
			row.Tone = "neg"
		case moved.IsPositive():
			row.Moved = words.Textf("+%s", row.Moved)
		}
	}
	if !held.IsZero() {
		row.Held = words.Textf("%s held", words.Signed(held, c))
	}
	if link {
		row.After, row.Spent = "", words.Aligned(e.SpentAfter, c, places)
	}
}

// entryNotes say what the entry is about, beside its amounts.
func entryNotes(e account.Entry) (notes []words.Text) {
	if e.Messages > 0 {
		notes = append(notes, words.Messages(e.Messages))
	}
	if e.Hold != "" {
		hold := e.Hold
		if callers, others := account.CallerReference(hold); others {
			hold = callers
		}
		notes = append(notes, words.Textf("of hold %s", hold))
	}
	if e.Of > 0 && askedHere(e.Chain, e.Account) { // else it is a number of another ledger
		notes = append(notes, words.Textf("of entry %s", words.Num(e.Of)))
	}
	return notes
}

// nameOthers names the other accounts that had a part in it.
func nameOthers(p *moneyPage, row *entryRow, e account.Entry) error {
	name := func(id account.ID, into **page.NameLink) error {
		link, err := nameOnce(p, id)
		*into = &link
		return err
	}
	var errs [3]error
	if hasOther(e) {
		errs[0] = name(e.Other, &row.Other)
	}
	if n := len(e.Chain); n > 0 {
		if e.Chain[0] != e.Account {
			errs[1] = name(e.Chain[0], &row.By)
		}
		if e.Chain[n-1] != e.Account {
			errs[2] = name(e.Chain[n-1], &row.Payer)
		}
	}
	return cmp.Or(errs[0], errs[1], errs[2])
}

// hasOther reports whether another account had its part in an entry of its own right.
func hasOther(e account.Entry) bool {
	return e.Kind.Traits().Transfers
}

// refundOf says what was given back of an entry, and offers to give back the rest.
func (p *moneyPage) refundOf(row *entryRow, e account.Entry, given refunded, refunds bool) {
	took, back := e.Moved().Neg(), given.of[e.Number]
	if !askedHere(e.Chain, p.account.ID) || !took.IsPositive() {
		return
	}
	left := took.Sub(back)
	if back.IsPositive() {
		row.Refunded = words.Textf("refunded %s", words.Money(back, p.seen.Core.Currency))
	}
	if given.known && !left.IsPositive() || !refunds || p.account.Status == account.StatusClosed {
		return
	}
	form := p.form("refund", words.Num(e.Number))
	form.Inputs[0].Holder = "all that is left"
	if given.known {
		form.Inputs[0].Holder = words.Amount(left, p.seen.Core.Currency)
		form.Inputs[0].Hint = words.Textf("Empty: all that is left, %s.", words.Money(left, p.seen.Core.Currency))
	}
	row.Refund = &form
}

// moneyDone says what was just moved.
type moneyDone struct {
	Text  words.Text
	Again bool // it was sent twice and counted once
}

// addDone tells of the entry that led here: ?done=<number>.
func addDone(p *moneyPage, v *moneyView) error {
	query := p.r.URL.Query()
	number, ok := page.RevisionOf(query, "done")
	if !ok || p.rejected != nil {
		return nil
	}
	found, err := p.r.Service.Entries(p.r.Context(), account.EntryQuery{Account: p.account.ID, After: number - 1, Before: number + 1, Limit: 1})
	if err != nil || len(found) == 0 {
		return err
	}
	e, err := p.r.Judge.Entry(p.r.Context(), found[0])
	if err != nil {
		return err
	}
	to := page.NameLink{}
	if hasOther(e) {
		if to, err = nameOnce(p, e.Other); err != nil {
			return err
		}
	}
	v.Done = &moneyDone{Text: doneWords(e, to.Name, p.seen.Core.Currency), Again: query.Has("again")}
	return nil
}

// doneFormat is what a kind of movement says when it is made, as a format.
func doneFormat(done string) words.Text {
	return words.Text(strings.NewReplacer("{amount}", "%[1]s", "{signed}", "%[2]s", "{held}", "%[3]s", "{of}", "%[4]d", "{to}", "%[5]s").Replace(done))
}

// doneWords name the amount and the balance.
func doneWords(e account.Entry, to words.Text, c account.Currency) words.Text {
	amount, balance := words.Money(e.Moved().Abs(), c), words.Money(e.After, c)
	held := words.Money(decimal.Max(e.Held.Abs(), e.Spent.Abs()), c)
	what := kindTitle(e.Kind)
	if done := e.Kind.Traits().Done; done != "" {
		what = words.Textf(doneFormat(done), amount, words.Signed(e.Moved(), c), held, e.Of, to)
	}
	if e.IsShared() {
		return words.Textf("%s. Spent this month: %s.", what, words.Money(e.SpentAfter, c))
	}
	return words.Textf("%s. The balance after it is %s.", what, balance)
}
