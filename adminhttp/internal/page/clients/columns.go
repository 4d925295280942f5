package clients

import (
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
	"github.com/clientaccount/clientaccount/adminhttp/internal/kind"
	"github.com/clientaccount/clientaccount/adminhttp/internal/page"
	"github.com/clientaccount/clientaccount/adminhttp/internal/words"
	"github.com/clientaccount/clientaccount/internal/say"
)

// column is one of the list: a field of a client, or what is worked out.
type column struct {
	name  string
	Title say.Text
	Class string
	sort  account.Sort // of its title's link; empty for none
	seen  func(access.Judge) bool
	cell  func(*rowOf) cell
	whole bool // more of the client is needed than its row has

	Href, Sorted string // where the title leads; ascending, descending or empty
}

// rowOf is a client of which cells are made.
type rowOf struct {
	r *ask.Request
	account.Summary
	account account.Account // as the actor sees it; whole, where a column needs that
	words   kind.Wording
	money   *rowMoney // nil where there is none to see
	moved   time.Time
	edit    string // URLs
	work    string // of the page that tells why they need work
	now     time.Time
	country bool // stands beneath the company
}

// usualColumns are those of a list that names none.
var usualColumns = []string{"login", "contact.company", "manager", "status", "balance", "available", "moved"}

// ownColumns are those that look otherwise than a field does.
var ownColumns = []column{
	{name: "login", Title: "Login", Class: "login", sort: account.SortLogin, seen: shows("login"), cell: func(o *rowOf) cell {
		return cell{text: say.Plain(o.Login), href: o.work}
	}},
	{name: "contact.company", Title: "Company", Class: "company", sort: account.SortCompany, seen: shows("contact.company"), cell: companyCell},
	{name: "manager", Title: "Manager", Class: "manager", seen: shows("manager"), cell: func(o *rowOf) cell {
		return cell{text: o.words.ManagerName(o.Manager), none: "no manager"}
	}},
	{name: "status", Title: "Status", Class: "status", seen: shows("status"), cell: statusCell},
	{name: "balance", Title: "Balance", Class: "num balance", sort: account.SortBalance, seen: seesMoney, cell: func(o *rowOf) cell {
		return cell{balance: o.money}
	}},
	{name: "available", Title: "Available", Class: "num money", sort: account.SortAvailable, seen: seesMoney, cell: func(o *rowOf) cell {
		if o.Status == account.StatusClosed { // it spends nothing any more
			return cell{}
		}
		return cell{available: o.money}
	}},
	{name: "moved", Title: "Last movement", Class: "active", sort: account.SortMoved, seen: seesMoney, cell: func(o *rowOf) cell {
		return whenCell(o, o.moved)
	}},
	{name: "activity", Title: "Last edit", Class: "active", sort: account.SortActivity, seen: anybody, cell: func(o *rowOf) cell {
		return whenCell(o, o.UpdatedAt)
	}},
	{name: "created", Title: "Created", Class: "active", sort: account.SortCreated, seen: anybody, cell: func(o *rowOf) cell {
		return whenCell(o, o.CreatedAt)
	}},
}

// inSummary are the fields that a row of the list has.
var inSummary = []string{"contact.first_name", "contact.last_name", "contact.country", "notes.product", "currency", "expires_at"}

func anybody(access.Judge) bool     { return true }
func seesMoney(j access.Judge) bool { return j.May(access.Money) }

func shows(path string) func(access.Judge) bool {
	return func(j access.Judge) bool { return j.Shows(path) }
}

// everyColumn are all there are, the list's own first.
var everyColumn = sync.OnceValue(func() []column {
	all := slices.Clone(ownColumns)
	for f := range account.AccountTable().All() {
		if own := slices.ContainsFunc(ownColumns, func(c column) bool { return c.name == f.Path }); !own && !f.Secret() {
			all = append(all, fieldColumn(f))
		}
	}
	return all
})

// allColumns are those that the actor may choose.
func allColumns(j access.Judge) []column {
	return slices.DeleteFunc(slices.Clone(everyColumn()), func(c column) bool { return !c.seen(j) })
}

// fieldColumn is that of a field.
func fieldColumn(f account.Field) column {
	amount := f.Kind == account.FieldAmount
	c := column{name: f.Path, Title: say.Text(f.Label), Class: "field", seen: shows(f.Path), whole: !slices.Contains(inSummary, f.Path)}
	if amount {
		c.Class = "field num"
	}
	c.cell = func(o *rowOf) cell {
		text := o.r.Judge.Text(f, f.Text(o.account))
		if text == "" {
			return cell{}
		}
		return cell{text: kind.Words(o.words, f, text)}
	}
	return c
}

// columnsOf returns the columns of a state among all that the actor may choose: those that are
// named, else the usual ones.
func columnsOf(s page.ListState, all []column) []column {
	pick := func(names []string) (chosen []column) {
		for _, name := range names {
			name = ask.ColumnName(name)
			i := slices.IndexFunc(all, func(c column) bool { return c.name == name })
			if i >= 0 && !slices.ContainsFunc(chosen, func(c column) bool { return c.name == name }) {
				chosen = append(chosen, all[i])
			}
		}
		return chosen
	}
	if chosen := pick(strings.Split(s.Columns, ",")); len(chosen) > 0 {
		return chosen
	}
	if chosen := pick(usualColumns); len(chosen) > 0 {
		return chosen
	}
	return pick([]string{"created"})
}

// linked returns columns with where their titles lead.
func linked(columns []column, r *ask.Request, s page.ListState) []column {
	for i, c := range columns {
		if c.sort == "" || !r.Judge.Sorts(c.sort) {
			continue
		}
		to := s
		to.Sort, to.Desc = c.sort, c.Class == "active" // the newest first
		if s.Sort == c.sort {
			to.Desc, columns[i].Sorted = !s.Desc, "ascending"
			if s.Desc {
				columns[i].Sorted = "descending"
			}
		}
		columns[i].Href = to.URL(r.Root, "")
	}
	return columns
}

func companyCell(o *rowOf) cell {
	c := cell{text: say.Plain(o.account.Contact.Company)}
	if c.text == "" {
		c.text = say.Plain(strings.TrimSpace(o.account.Contact.FirstName + " " + o.account.Contact.LastName))
	}
	if o.country {
		c.small = say.Text(o.account.Contact.Country.Name())
	}
	return c
}

// aboves say of a status that it is not the account's own.
var aboves = map[account.Status]say.Text{
	account.StatusPending: "Pending with its parent", account.StatusSuspended: "Suspended by its parent",
	account.StatusBlocked: "Blocked by its parent", account.StatusClosed: "Closed by its parent",
	account.StatusExpired: "Expired with its parent",
}

// statusCell tells the status that counts; where that is not the account's own, that it is not.
func statusCell(o *rowOf) cell {
	own, counts := account.StatusAt(o.Status, o.Expires, o.now), o.StatusAt(o.now)
	pill := page.PillOf(counts)
	c := cell{pill: &pill}
	if own != counts {
		c.none, c.about = aboves[counts], say.Textf("Its own status is %s. The worst of its own and of those above it counts.", say.Text(page.PillOf(own).Word))
	}
	return c
}

func whenCell(o *rowOf, t time.Time) cell {
	if t.IsZero() {
		return cell{none: "never"}
	}
	m := words.MomentOf(t, o.now, o.now.Location())
	return cell{when: &m}
}
