package clients

import (
	"net/http"

	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
	"github.com/clientaccount/clientaccount/adminhttp/internal/kind"
	"github.com/clientaccount/clientaccount/adminhttp/internal/page"
	"github.com/clientaccount/clientaccount/adminhttp/internal/page/money"
	"github.com/clientaccount/clientaccount/adminhttp/internal/words"
)

// subaccountsView is the page of the accounts beneath a client.
type subaccountsView struct {
	Head     page.Head
	Rows     []subaccountRow
	Money    bool // may the actor see it
	More     bool // accounts than are shown
	New      string
	NewNote  words.Text // why none can be created
	Transfer *money.Form
	Targets  []kind.Option
	Action   string
}

// subaccountRow is one of them with its money.
type subaccountRow struct {
	Level     int // 1 directly beneath
	Login     string
	Company   string
	Status    *page.Pill
	Edit      string
	Money     string // URL
	Kind      string // own, shared or hidden; empty without money
	Balance   words.Text
	Available words.Text
	Tone      string
	Spent     words.Text
	Capped    words.Text
}

// unseenAmount stands in the place of an amount that the actor may not be told.
const unseenAmount = "not yours to see"

// branch is an account of the tree, its level and the status that counts.
type branch struct {
	account.Summary
	level  int
	status account.Status
}

// beneath walks the tree below an account, each parent before its children, and
// adds to found until there are too many.
func beneath(r *ask.Request, above branch, found []branch) ([]branch, error) {
	if above.level >= account.MaxDepth || len(found) > page.MaxBeneath {
		return found, nil
	}
	q := r.Judge.Narrow(account.Query{Parent: account.Some(above.ID), Limit: page.MaxBeneath + 1})
	page, err := r.Service.List(r.Context(), q, "")
	for _, row := range page.Rows {
		if err != nil {
			break
		}
		status := account.StatusAt(row.Status, row.Expires, r.Service.Now()).Worse(above.status)
		next := branch{row, above.level + 1, status}
		found, err = beneath(r, next, append(found, next))
	}
	return found, err
}

func showSubaccounts(w http.ResponseWriter, r *ask.Request) error {
	a := r.Client
	head, err := page.ReadHead(r, a, "subaccounts")
	if err != nil {
		return err
	}
	status, err := r.Service.Status(r.Context(), a)
	if err != nil {
		return err
	}
	found, err := beneath(r, branch{Summary: a.Summary(), status: status}, nil)
	if err != nil {
		return err
	}
	view := subaccountsView{Head: head, Money: r.Judge.May(access.Money), More: len(found) > page.MaxBeneath, Action: head.URL("money")}
	view.offerNew(r, a)
	shown := found[:min(len(found), page.MaxBeneath)]
	ids := []account.ID{a.ID}
	for _, b := range shown {
		ids = append(ids, b.ID)
	}
	if err := r.ReadStandings(ids); err != nil {
		return err
	}
	for _, b := range shown {
		row, err := newSubaccountRow(r, b)
		if err != nil {
			return err
		}
		if view.Rows = append(view.Rows, row); row.Kind == "own" && b.Status != account.StatusClosed && r.Judge.Shows("login") {
			view.Targets = append(view.Targets, kind.Option{Value: row.Login, Label: words.Plain(row.Login)})
		}
	}
	if len(view.Targets) > 0 {
		if view.Transfer, err = money.TransferForm(r, a); err != nil {
			return err
		}
	}
	return pages.Show(w, r, http.StatusOK, "subaccounts", words.Textf("Subaccounts · %s", head.Name), view)
}

// offerNew leads to the form for a new subaccount, or says why there is none.
func (v *subaccountsView) offerNew(r *ask.Request, a account.Account) {
	switch {
	case !r.Judge.May(access.Create):
	case a.Status == account.StatusClosed && r.Judge.Shows("status"):
		v.NewNote = "The account is closed, so none can be added."
	case !a.Sending.Subaccounts && r.Judge.Shows("sending.subaccounts"):
		v.NewNote = "Can Add Subaccount is off, so none can be added."
	case !a.Sending.Subaccounts, a.Status == account.StatusClosed:
		v.NewNote = "None can be added here."
	default:
		v.New = r.Root + "clients/new?parent=" + a.ID.String()
	}
}

func newSubaccountRow(r *ask.Request, b branch) (subaccountRow, error) {
	one := r.Root + "clients/" + b.ID.String()
	row := subaccountRow{Level: b.level, Login: b.Login, Company: b.Company, Edit: one + "/edit", Money: one + "/money"}
	if r.Judge.Shows("status") {
		status := page.PillOf(b.status)
		row.Status = &status
	}
	if !r.Judge.Shows("login") {
		row.Login = "client"
	}
	if !r.Judge.Shows("contact.company") {
		row.Company = ""
	}
	return row, row.addMoney(r, b)
}

// addMoney tells how the account's money stands, as far as the actor may know.
func (row *subaccountRow) addMoney(r *ask.Request, b branch) error {
	s, sums, err := r.MoneyOf(b.ID)
	if err != nil || s == nil {
		return err
	}
	c := r.Judge.Currency(b.Currency)
	row.Kind, row.Balance, row.Available = "own", words.Money(s.Amount, c), unseenAmount
	if sums.Available {
		row.Available, row.Tone = words.Money(s.Available, c), money.Tone(s, sums)
	}
	switch {
	case !sums.Shared:
		row.Kind = "hidden"
	case !s.Terms.Shares.IsZero():
		row.Kind, row.Balance, row.Spent = "shared", "", words.Money(s.SpentAt(r.Service.Now()), c)
		row.Capped = cappedWords(sums, s.Terms.Cap, c)
	}
	return nil
}

// cappedWords say what a month's spending is a part of.
func cappedWords(sums access.Sums, monthly account.Optional[decimal.Decimal], c account.Currency) words.Text {
	switch limit, capped := monthly.Get(); {
	case !sums.Cap:
		return "this month"
	case capped:
		return words.Textf("of %s this month", words.Money(limit, c))
	default:
		return "this month, no cap"
	}
}
