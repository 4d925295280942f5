package account

import (
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount/internal/bounds"
	"github.com/clientaccount/clientaccount/internal/textform"
)

// Sort is an order of the Clients list. Rows of equal value are ordered by id.
type Sort string

// The orders of the Clients list.
const (
	SortLogin    Sort = "login"
	SortCompany  Sort = "company"  // without regard to case
	SortActivity Sort = "activity" // by the last change
	SortCreated  Sort = "created"
	// By what is kept narrow beside an account, which follows its money within a minute or so.
	SortMoved     Sort = "moved"     // by the last movement of money; accounts without one are the oldest
	SortBalance   Sort = "balance"   // in whatever currency
	SortAvailable Sort = "available" // likewise
)

// IsKnown reports whether there is such an order.
func (s Sort) IsKnown() bool {
	switch s {
	case SortLogin, SortCompany, SortActivity, SortCreated, SortMoved, SortBalance, SortAvailable:
		return true
	default:
		return false
	}
}

// Path returns the field that rows in this order tell of; empty where it is none.
func (s Sort) Path() string {
	switch s {
	case SortLogin:
		return "login"
	case SortCompany:
		return "contact.company"
	default:
		return ""
	}
}

// MaxPage is the most rows of one page of any list. The Service refuses a query for more;
// a store that is asked for more returns so many.
const MaxPage = 1000

// Query asks for a page of the Clients list. The zero Query is the first page of
// all clients by login.
type Query struct {
	Search  string       `json:"search"`  // words or parts of words, each in some field of the search: see store.ParseSearch
	Status  Status       `json:"status"`  // that counts, accounts above included, as of Now; expired is a status here
	Manager Optional[ID] `json:"manager"` // of this manager; the zero ID: of none
	Product Optional[ID] `json:"product"` // of this product; the zero ID: of none
	Country Country      `json:"country"` // of this country
	Parent  Optional[ID] `json:"parent"`  // beneath this account; the zero ID: top level
	// Attention narrows the list to what needs work; empty: all.
	Attention Attention      `json:"attention"`
	Managers  Optional[[]ID] `json:"managers"` // scope: only clients of these managers; set and empty sees none
	Sort      Sort           `json:"sort"`     // empty: SortLogin
	Desc      bool           `json:"desc"`
	After     *Position      `json:"after"` // rows after this one
	Limit     int            `json:"limit"` // rows, at most MaxPage; 0 is 50
	Now       time.Time      `json:"now"`   // for computed statuses
}

// Position is a place in a sorted list: the row after which a page begins. Value
// is the row's sort key as [Summary.SortKey] returns it.
type Position struct {
	Value string `json:"value"`
	ID    ID     `json:"id"`
}

// PageSize returns Limit within its bounds.
func (q Query) PageSize() int { return pageSize(q.Limit) }

func pageSize(limit int) int {
	if limit <= 0 {
		return 50
	}
	return min(limit, MaxPage)
}

// Summary is a row of the Clients list.
type Summary struct {
	ID        ID        `json:"id"`
	Login     string    `json:"login"`
	Company   string    `json:"company"`
	FirstName string    `json:"first_name"`
	LastName  string    `json:"last_name"`
	Country   Country   `json:"country"`
	Manager   ID        `json:"manager"`
	Product   ID        `json:"product"`
	Parent    ID        `json:"parent"`
	Status    Status    `json:"status"`
	Expires   time.Time `json:"expires"`
	Currency  Currency  `json:"currency"`
	CreatedAt time.Time `json:"created_at"`
	UpdatedAt time.Time `json:"updated_at"`
	// Above is the worst status of the accounts above, and AboveExpires the first instant at which
	// one of them expires; of an account at the top they are StatusActive and zero.
	Above        Status    `json:"above"`
	AboveExpires time.Time `json:"above_expires"`
	// Moved, Balance and Available are as the list is sorted by them: they follow the account's
	// money within a minute or so. Moved is zero before the first movement. Of an account that
	// spends the money of another manager's, Available is what the caps before that leave, or zero.
	Moved     time.Time       `json:"moved"`
	Balance   decimal.Decimal `json:"balance"`
	Available decimal.Decimal `json:"available"`
}

// StatusAt returns the status that counts at an instant, accounts above included.
func (s Summary) StatusAt(now time.Time) Status {
	return StatusAt(s.Status.Worse(s.Above), s.Ends(), now)
}

// Ends returns the first instant at which the account, or one above it, expires; zero for never.
func (s Summary) Ends() time.Time {
	if s.Expires.IsZero() || !s.AboveExpires.IsZero() && s.AboveExpires.Before(s.Expires) {
		return s.AboveExpires
	}
	return s.Expires
}

// Under returns the row of an account directly beneath another.
func (s Summary) Under(above Summary) Summary {
	s.Above, s.AboveExpires = above.Status.Worse(above.Above), above.Ends()
	return s
}

// sortTime is fixed in width, so that its text sorts as time does.
const sortTime = "2006-01-02T15:04:05.000000Z"

// SortKey returns the value by which the row stands where it does.
func (s Summary) SortKey(by Sort) string {
	switch by {
	case SortCompany:
		return textform.ForSort(s.Company)
	case SortActivity:
		return s.UpdatedAt.UTC().Format(sortTime)
	case SortCreated:
		return s.CreatedAt.UTC().Format(sortTime)
	case SortMoved:
		return s.Moved.UTC().Format(sortTime)
	case SortBalance:
		return SortAmount(s.Balance)
	case SortAvailable:
		return SortAmount(s.Available)
	default:
		return s.Login
	}
}

// ParseSortTime reads a SortKey of an order by time.
func ParseSortTime(key string) (time.Time, error) { return time.Parse(sortTime, key) }

// IsTime reports whether keys of this order are instants, for ParseSortTime.
func (s Sort) IsTime() bool { return s == SortActivity || s == SortCreated || s == SortMoved }

// IsAmount reports whether keys of this order are amounts, for ParseSortAmount.
func (s Sort) IsAmount() bool { return s == SortBalance || s == SortAvailable }

// Amounts sort as text by their millionths above the least that is kept, with leading zeros: they
// and their sums have no more digits.
const sortDigits = bounds.MaxIntegerDigits + bounds.MaxScale + 2

var sortZero = decimal.New(1, sortDigits-1)

// SortAmount returns an amount as text that sorts as amounts do, to the millionth. What is far
// beyond any amount that is kept sorts as the least, or the greatest, that there is.
func SortAmount(d decimal.Decimal) string {
	least, most := decimal.New(-1, sortDigits-1-bounds.MaxScale), decimal.New(1, sortDigits-1-bounds.MaxScale)
	d = decimal.Max(least, decimal.Min(d, most)).Truncate(bounds.MaxScale)
	text := d.Shift(bounds.MaxScale).Add(sortZero).String()
	return strings.Repeat("0", max(0, sortDigits-len(text))) + text
}

// ParseSortAmount reads what SortAmount returned; false for anything else.
func ParseSortAmount(key string) (decimal.Decimal, bool) {
	if len(key) != sortDigits || strings.Trim(key, "0123456789") != "" {
		return decimal.Decimal{}, false
	}
	n, err := decimal.NewFromString(key)
	return n.Sub(sortZero).Shift(-bounds.MaxScale), err == nil
}

// Summary returns the account's row in the Clients list, as if there was nothing above it, and
// no money had moved.
func (a Account) Summary() Summary {
	return Summary{
		ID: a.ID, Login: a.Core.Login, Company: a.Contact.Company,
		FirstName: a.Contact.FirstName, LastName: a.Contact.LastName,
		Country: a.Contact.Country, Manager: a.Core.Manager, Product: a.Notes.Product, Parent: a.Parent,
		Status: a.Status, Expires: a.Expires, Currency: a.Core.Currency,
		CreatedAt: a.CreatedAt, UpdatedAt: a.UpdatedAt, Above: StatusActive,
	}
}

// ChangeQuery asks for a page of the history of an account, or of a manager or product, the
// newest first.
type ChangeQuery struct {
	Of     ID     `json:"of"`
	Path   string `json:"path"`   // only records that changed this field
	Before int64  `json:"before"` // only records of a lower revision; 0 for all
	Since  int64  `json:"since"`  // only records of a higher revision
	Limit  int    `json:"limit"`  // as in Query
}

// PageSize returns Limit within its bounds.
func (q ChangeQuery) PageSize() int { return Query{Limit: q.Limit}.PageSize() }

// What a store can be asked for. Databases differ in which instants they hold and which
// texts they look for; what lies beyond these bounds is refused for all of them alike.

// limitFaults returns those of a page of so many rows: more than MaxPage, or less than none.
func limitFaults(limit int) Faults {
	if limit < 0 || limit > MaxPage {
		return Faults{NewFault("limit", "limit.range", MaxPage)}
	}
	return nil
}

// instantFaults returns those of an instant at a path.
func instantFaults(path string, t time.Time) Faults {
	if bounds.Instant(t) {
		return nil
	}
	return Faults{NewFault(path, "instant.range")}
}

// Faults returns everything wrong with the query by itself, nil for nothing.
func (q Query) Faults() Faults {
	faults := limitFaults(q.Limit)
	if q.Sort != "" && !q.Sort.IsKnown() {
		faults = append(faults, NewFault("sort", "sort.unknown"))
	}
	if q.Attention != "" && !q.Attention.IsKnown() {
		faults = append(faults, NewFault("attention", "attention.unknown"))
	}
	return faults
}

// Faults returns everything wrong with the query by itself, nil for nothing.
func (q ChangeQuery) Faults() Faults { return limitFaults(q.Limit) }

// Faults returns everything wrong with the query by itself, nil for nothing.
func (q EventQuery) Faults() Faults { return limitFaults(q.Limit) }

// Faults returns everything wrong with the query by itself, nil for nothing.
func (q EntryQuery) Faults() Faults {
	faults := append(limitFaults(q.Limit), instantFaults("from", q.From)...)
	if slices.ContainsFunc(q.Kinds, func(k MovementKind) bool { return !k.IsKnown() }) {
		faults = append(faults, NewFault("kind", "kind.unknown"))
	}
	return append(faults, instantFaults("to", q.To)...)
}

// Faults returns everything wrong with the query by itself, nil for nothing.
func (q HoldQuery) Faults() Faults {
	faults := append(limitFaults(q.Limit), instantFaults("due", q.Due)...)
	if q.After != nil {
		faults = append(faults, instantFaults("after", q.After.Until)...)
		if !textform.IsLine(q.After.Reference) {
			faults = append(faults, NewFault("after", "text.chars"))
		}
	}
	return faults
}
