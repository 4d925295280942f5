package price

import (
	"cmp"
	"time"

	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/internal/bounds"
)

// State is what a row says of its network.
type State string

// The states of a row.
const (
	StatePriced    State = ""          // it is sold at the price
	StateClosed    State = "closed"    // it is not sold, whatever rows of less precedence say
	StateWithdrawn State = "withdrawn" // this list says nothing of it any more: the next row in precedence holds
)

// Row is what a part of a message to a network costs, from an instant until the next row of
// the same network and list begins.
type Row struct {
	Network
	From  time.Time       `json:"from"`
	Price decimal.Decimal `json:"price"` // of one part, zero or above, at most [account.MaxScale] places; zero unless priced
	State State           `json:"state,omitempty"`
}

// Start returns what tells the row from all others of its list.
func (r Row) Start() Start { return Start{r.Network, r.From} }

// Start is a network and the instant from which a row of it holds.
type Start struct {
	Network
	From time.Time `json:"from"`
}

// compare orders by network, then instant.
func (s Start) compare(other Start) int {
	return cmp.Or(s.Network.Compare(other.Network), s.From.Compare(other.From))
}

// A start is a Start of which nothing is wrong as numbers, to be looked up.
type start struct {
	key  key
	from int64 // microseconds since 1970
}

func (s Start) start() start {
	network, _, _ := s.key()
	return start{network, s.From.UnixMicro()}
}

// canonical returns the row with its instant in UTC and its price without an exponent or zeros
// beyond the places that are kept, however absurdly it was written. The row has no faults.
func (r Row) canonical() Row {
	r.From = r.From.UTC().Round(0)
	if r.Price.IsZero() {
		r.Price = decimal.Zero
		return r
	}
	r.Price = r.Price.Truncate(account.MaxScale)
	return r
}

// check adds what is wrong with the row.
func (r Row) check(faults Faults) Faults {
	faults = r.Network.check(faults)
	faults = r.checkPrice(faults)
	if code := checkFrom(r.From); code != "" {
		faults = append(faults, FaultOf(code))
	}
	return faults
}

func (r Row) checkPrice(faults Faults) Faults {
	switch r.State {
	case StatePriced:
		if code := checkPrice(r.Price); code != "" {
			faults = append(faults, FaultOf(code))
		}
	case StateClosed, StateWithdrawn:
		if !r.Price.IsZero() {
			faults = append(faults, FaultOf("price.closed"))
		}
	default:
		faults = append(faults, FaultOf("state.unknown"))
	}
	return faults
}

// checkPrice returns the code of what is wrong with a price, or "".
func checkPrice(d decimal.Decimal) string {
	switch {
	case d.IsZero(): // whatever its exponent
		return ""
	case d.IsNegative():
		return "price.negative"
	case !bounds.Range(d):
		return "price.range"
	case bounds.Scale(d) > account.MaxScale:
		return "price.scale"
	default:
		return ""
	}
}

// The years of an instant: enough for any list, and whole in every zone, database and file.
const firstYear, lastYear = 1970, 9998

// checkFrom returns the code of what is wrong with an instant, or "".
func checkFrom(t time.Time) string {
	switch year := t.UTC().Year(); {
	case t.IsZero():
		return "from.required"
	case year < firstYear || year > lastYear:
		return "from.range"
	case t.Nanosecond()%1000 != 0: // what PostgreSQL keeps; rounded, it would begin early
		return "from.precision"
	default:
		return ""
	}
}
