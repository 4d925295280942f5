// Package money is the page of a client's money, and what other pages show of it.
package money

import (
	"embed"
	"net/http"
	"strings"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
	"github.com/clientaccount/clientaccount/adminhttp/internal/page"
	"github.com/clientaccount/clientaccount/adminhttp/internal/words"
)

//go:embed templates/*.html
var files embed.FS

var pages = page.Parse(files)

// Routes returns the page of a client's money, and what its forms are sent to.
func Routes() []page.Route {
	pages() // parsed now, and not by the first request
	return []page.Route{
		page.Get("clients/{id}/money", access.SeeMoney, showMoney),
		page.Post("clients/{id}/money", access.SeeMoney, moveMoney),
		page.Get("clients/{id}/money/export", access.ExportMoney, exportLedger),
	}
}

// moneyView is the page of a client's money.
type moneyView struct {
	Head     page.Head
	Done     *moneyDone
	Faults   []page.FaultLink
	Step     *step
	Booked   *booked
	Task     *page.Task  // that led here
	Waiting  []page.Task // to be done to the client
	Funds    *Funds
	Chart    *words.Chart
	Usage    *usageView
	Forms    []Form
	Holds    []holdRow
	More     bool // holds than are shown
	Releases bool // one of the holds has the button
	Events   []eventRow
	Ledger   ledgerView
	Action   string     // URL that the forms are sent to
	Note     words.Text // why money cannot be moved here
}

// moneyPage is what the page is made from: who asks, the account, and what was sent
// and refused, if anything was.
type moneyPage struct {
	r        *ask.Request
	account  account.Account
	seen     account.Account
	standing *clientaccount.Standing
	sums     access.Sums // which figures of it may be told
	rejected *rejected
	state    ledgerState // which entries are shown
	names    map[account.ID]page.NameLink
	places   int // decimals of the columns of amounts
}

// moneyHolds is how many holds the page shows.
const moneyHolds = 50

func showMoney(w http.ResponseWriter, r *ask.Request) error {
	return renderMoney(w, r, http.StatusOK, r.Client, nil)
}

// renderMoney shows the page, with what was tried and refused.
func renderMoney(w http.ResponseWriter, r *ask.Request, status int, a account.Account, t *rejected) error {
	p := moneyPage{r: r, account: a, seen: r.Judge.Visible(a), rejected: t, names: map[account.ID]page.NameLink{}}
	view, err := newMoneyView(&p)
	if err != nil {
		return err
	}
	title := words.Textf("Money · %s", view.Head.Name)
	if len(view.Faults) > 0 {
		title = words.Textf("Errors · %s", title)
	}
	return pages.Show(w, r, status, "money", title, view)
}

func newMoneyView(p *moneyPage) (moneyView, error) {
	head, err := page.ReadHead(p.r, p.account, "money")
	if err != nil {
		return moneyView{}, err
	}
	v := moneyView{Head: head, Faults: p.rejected.summary(p.r.Judge)}
	if p.standing, p.sums, err = p.r.MoneyOf(p.account.ID); err != nil {
		return v, err
	}
	if p.state, err = readLedgerState(p.r); err != nil {
		return v, err
	}
	if p.rejected != nil {
		v.Booked = p.rejected.booked
	}
	// The same entries are shown after a refusal.
	v.Action = strings.TrimSuffix(p.state.URL(v.Head.URL("money"), p.state.Before), "#entries")
	v.Forms, v.Note = p.forms(), p.note()
	for _, part := range []func(*moneyPage, *moneyView) error{
		addStep, addTasks, addFunds, addChart, addUsage, addDone, addHolds, addLedger, addEvents,
	} {
		if err := part(p, &v); err != nil {
			return v, err
		}
	}
	return v, nil
}

func addFunds(p *moneyPage, v *moneyView) (err error) {
	v.Funds, err = NewFunds(p.r, p.seen, p.standing, p.sums)
	return err
}

func addChart(p *moneyPage, v *moneyView) (err error) {
	v.Chart, err = newChart(p.r, p.seen, p.standing, p.sums)
	return err
}

// shares reports whether the account spends money of an account above.
func (p *moneyPage) shares() bool { return p.standing != nil && !p.standing.Terms.Shares.IsZero() }

// note says why money cannot be moved here; empty where it can.
func (p *moneyPage) note() words.Text {
	switch {
	case p.standing == nil:
		return "This account has no ledger yet."
	case p.account.Status == account.StatusClosed && !p.r.Judge.Shows("status"), p.shares() && !p.r.Judge.Shows("credit.shared"):
		return access.HiddenText
	case p.account.Status == account.StatusClosed:
		return "The account is closed: it takes and gives no money."
	case p.shares():
		return "This account spends the money of an account above, so it has none of its own to add to, adjust or transfer."
	default:
		return ""
	}
}

// nameOnce returns what another account is called, looked up once for the page.
func nameOnce(p *moneyPage, id account.ID) (page.NameLink, error) {
	if link, known := p.names[id]; known {
		return link, nil
	}
	link, err := page.NameOf(p.r, id)
	p.names[id] = link
	return link, err
}
