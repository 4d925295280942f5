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
func kindTitle(k account.MovementKind) string { return cmp.Or(k.Traits().Title, "Unknown: "+string(k)) }

// entryRow is a line of the ledger as people read it.
type entryRow struct {
	Number    int64
	Title     string
	Notes     []string       // what it is about
	Other     *page.NameLink // of a transfer: the other account
	By        *page.NameLink // of shared money: who spent it, when that is another account
	Payer     *page.NameLink // of shared money: who paid, when that is another account
	Moved     string
	Tone      string
	Held      string // effect on what is held
	After     string
	Spent     string // of shared money: this month, after it
	Who, Why  string
	Reference string
	When      words.Moment
	Refunded  string
	Refund    *Form
}

func newEntryRow(p *moneyPage, e account.Entry, given refunded) (entryRow, error) {
	c := p.seen.Core.Currency
	row := entryRow{
		Number: e.Number, Title: kindTitle(e.Kind), Who: e.Actor.Name, Why: e.Reason, Reference: e.Reference,
		When: words.MomentOf(e.At, p.r.Service.Now(), words.Zone(p.seen)), After: words.Aligned(e.After, c, p.places), Notes: entryNotes(e),
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
			row.Moved = "+" + row.Moved
		}
	}
	if !held.IsZero() {
		row.Held = words.Signed(held, c) + " held"
	}
	if link {
		row.After, row.Spent = "", words.Aligned(e.SpentAfter, c, places)
	}
}

// entryNotes say what the entry is about, beside its amounts.
func entryNotes(e account.Entry) (notes []string) {
	if e.Messages > 0 {
		notes = append(notes, words.Messages(e.Messages))
	}
	if e.Hold != "" {
		hold := e.Hold
		if callers, others := account.CallerReference(hold); others {
			hold = callers
		}
		notes = append(notes, "of hold "+hold)
	}
	if e.Of > 0 && askedHere(e.Chain, e.Account) { // else it is a number of another ledger
		notes = append(notes, "of entry "+words.Num(e.Of))
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
		row.Refunded = "refunded " + words.Money(back, p.seen.Core.Currency)
	}
	if given.known && !left.IsPositive() || !refunds || p.account.Status == account.StatusClosed {
		return
	}
	form := p.form("refund", words.Num(e.Number))
	form.Inputs[0].Holder = "all that is left"
	if given.known {
		form.Inputs[0].Holder = words.Amount(left, p.seen.Core.Currency)
		form.Inputs[0].Hint = "Empty: all that is left, " + words.Money(left, p.seen.Core.Currency) + "."
	}
	row.Refund = &form
}

// moneyDone says what was just moved.
type moneyDone struct {
	Text  string
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

// doneWords name the amount and the balance.
func doneWords(e account.Entry, to string, c account.Currency) string {
	amount, balance := words.Money(e.Moved().Abs(), c), words.Money(e.After, c)
	held := words.Money(decimal.Max(e.Held.Abs(), e.Spent.Abs()), c)
	what := strings.NewReplacer(
		"{amount}", amount, "{signed}", words.Signed(e.Moved(), c), "{held}", held, "{of}", words.Num(e.Of), "{to}", to,
	).Replace(cmp.Or(e.Kind.Traits().Done, kindTitle(e.Kind)))
	if e.IsShared() {
		return what + ". Spent this month: " + words.Money(e.SpentAfter, c) + "."
	}
	return what + ". The balance after it is " + balance + "."
}
