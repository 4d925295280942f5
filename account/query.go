package account

import (
	"slices"
	"strings"
	"time"
)

// Sort is an order of the Clients list. Rows of equal value are ordered by id.
type Sort string

// The orders of the Clients list.
const (
	SortLogin    Sort = "login"
	SortCompany  Sort = "company"  // without regard to case
	SortActivity Sort = "activity" // by the last change
	SortCreated  Sort = "created"
)

// MaxPage is the most rows of one page of any list. The Service refuses a query for more;
// a store that is asked for more gives so many.
const MaxPage = 1000

// Query asks for a page of the Clients list. The zero Query is the first page of
// all clients by login.
type Query struct {
	Search   string         // part of login, company, names, e-mail or another contact, ignoring case
	Status   Status         // as of Now; expired is a status here
	Manager  Optional[ID]   // of this manager; the zero ID: of none
	Product  Optional[ID]   // of this product; the zero ID: of none
	Country  Country        // of this country
	Parent   Optional[ID]   // beneath this account; the zero ID: top level
	Managers Optional[[]ID] // scope: only clients of these managers; set and empty sees none
	Sort     Sort           // empty: SortLogin
	Desc     bool
	After    *Position // rows after this one
	Limit    int       // rows, at most MaxPage; 0 is 50
	Now      time.Time // for computed statuses
}

// Position is a place in a sorted list: the row after which a page begins. Value
// is the row's sort key as [Summary.SortKey] gives it.
type Position struct {
	Value string
	ID    ID
}

// PageSize is Limit within its bounds.
func (q Query) PageSize() int { return pageSize(q.Limit) }

func pageSize(limit int) int {
	if limit <= 0 {
		return 50
	}
	return min(limit, MaxPage)
}

// Summary is a row of the Clients list.
type Summary struct {
	ID        ID
	Login     string
	Company   string
	FirstName string
	LastName  string
	Country   Country
	Manager   ID
	Product   ID
	Parent    ID
	Status    Status
	Expires   time.Time
	Currency  Currency
	CreatedAt time.Time
	UpdatedAt time.Time
}

// sortTime is fixed in width, so that its text sorts as time does.
const sortTime = "2006-01-02T15:04:05.000000Z"

// SortKey is the value by which the row stands where it does.
func (s Summary) SortKey(by Sort) string {
	switch by {
	case SortCompany:
		return Fold(s.Company)
	case SortActivity:
		return s.UpdatedAt.UTC().Format(sortTime)
	case SortCreated:
		return s.CreatedAt.UTC().Format(sortTime)
	default:
		return s.Login
	}
}

// ParseSortTime reads a SortKey of SortActivity or SortCreated.
func ParseSortTime(key string) (time.Time, error) { return time.Parse(sortTime, key) }

// Fold is the form in which text is searched and sorted: lower case. Accents count.
func Fold(s string) string { return strings.ToLower(s) }

// searchLines are the fields that Query.Search is looked for in. Those of a line may be
// searched for together: a first and a last name.
var searchLines = [][]string{
	{"login"},
	{"contact.company"},
	{"contact.first_name", "contact.last_name"},
	{"mail.email"},
	{"contact.phone"},
	{"contact.contract"},
	{"contact.credential"},
	{"contact.telegram"},
	{"contact.skype"},
}

// SearchText is what Query.Search is looked for in, folded.
func (a Account) SearchText() string { return a.SearchTextOf(func(string) bool { return true }) }

// SearchTextOf is the part of SearchText that is of fields which somebody sees.
func (a Account) SearchTextOf(sees func(path string) bool) string {
	lines := make([]string, len(searchLines))
	for i, paths := range searchLines {
		var words []string
		for _, path := range paths {
			if f, ok := FieldAt(path); ok && sees(path) {
				words = append(words, f.Text(a))
			}
		}
		lines[i] = strings.Join(words, " ")
	}
	return Fold(strings.Join(lines, "\n"))
}

// Searched says whether Query.Search is looked for in a field.
func Searched(path string) bool {
	return slices.ContainsFunc(searchLines, func(paths []string) bool { return slices.Contains(paths, path) })
}

// Summary is the account's row in the Clients list.
func (a Account) Summary() Summary {
	return Summary{
		ID: a.ID, Login: a.Core.Login, Company: a.Contact.Company,
		FirstName: a.Contact.FirstName, LastName: a.Contact.LastName,
		Country: a.Contact.Country, Manager: a.Core.Manager, Product: a.Notes.Product, Parent: a.Parent,
		Status: a.Status, Expires: a.Expires, Currency: a.Core.Currency,
		CreatedAt: a.CreatedAt, UpdatedAt: a.UpdatedAt,
	}
}

// ChangeQuery asks for a page of an account's history, the newest first.
type ChangeQuery struct {
	Account ID
	Path    string // only records that changed this field
	Before  int64  // only records of a lower revision; 0 for all
	Since   int64  // only records of a higher revision
	Limit   int    // as in Query
}

// PageSize is Limit within its bounds.
func (q ChangeQuery) PageSize() int { return Query{Limit: q.Limit}.PageSize() }
