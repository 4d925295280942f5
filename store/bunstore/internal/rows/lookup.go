package rows

import (
	"slices"

	"github.com/clientaccount/clientaccount/store"
)

// The columns that lookups are asked with.
var (
	AskAccounts   = Columns{Position, Account}
	AskReferences = Columns{Position, Account, {"reference", "text"}}
	AskNumbers    = Columns{Position, Account, {"number", "bigint"}}
	AskDue        = Columns{Position, Account, {"due", "timestamptz"}, {"summed", "integer"}, {"since", "timestamptz"}}
	AskMessages   = Columns{Position, Account, {"id", "text"}}
	AskNetworkIDs = Columns{Position, Account, {"network", "text"}, {"id", "text"}}
)

// Asked is how much lookups ask for.
type Asked int

// How much is asked for, each with what is before it.
const (
	AskedPlain Asked = iota // balances, entries by references, and holds
	AskedAll                // numbers and due holds
	AskedKept               // messages and network ids
)

// Questions gathers what lookups ask for.
type Questions struct {
	accounts, references, holds, numbers, due, messages, networkIDs *Params

	asked Asked
}

// NewQuestions asks for nothing yet. asking gathers the rows of parameters.
func NewQuestions(asking func(Columns) *Params) *Questions {
	return &Questions{
		accounts: asking(AskAccounts), references: asking(AskReferences), holds: asking(AskReferences),
		numbers: asking(AskNumbers), due: asking(AskDue),
		messages: asking(AskMessages), networkIDs: asking(AskNetworkIDs),
	}
}

// Add asks what the nth lookup does.
func (q *Questions) Add(n int, l *store.Lookup) {
	begin := func(to *Params) *Params {
		to.Integer(int64(n))
		to.Key(l.Account)
		return to
	}
	begin(q.accounts)
	ask := func(to *Params, reference string) {
		if Storable(reference) { // else no row has it
			begin(to).Text(reference)
		}
	}
	for _, reference := range l.References {
		ask(q.references, reference)
	}
	for _, reference := range l.Holds {
		ask(q.holds, reference)
	}
	for _, number := range l.Numbers {
		begin(q.numbers).Integer(number)
	}
	if !l.Due.IsZero() {
		due := begin(q.due)
		due.at(l.Due)
		due.Integer(summed(l))
		due.at(l.Since)
	}
	if len(l.Numbers) > 0 || !l.Due.IsZero() {
		q.asked = max(q.asked, AskedAll)
	}
	q.addKept(begin, l)
}

func (q *Questions) addKept(begin func(*Params) *Params, l *store.Lookup) {
	for _, id := range l.Messages {
		if Storable(id) { // else no row has it
			begin(q.messages).Text(id)
			q.asked = AskedKept
		}
	}
	for _, id := range l.NetworkIDs {
		if Storable(id.Network, id.ID) {
			asked := begin(q.networkIDs)
			asked.Text(id.Network)
			asked.Text(id.ID)
			q.asked = AskedKept
		}
	}
}

// summed is 1 where the sum of due holds is asked for.
func summed(l *store.Lookup) int64 {
	if l.Sum {
		return 1
	}
	return 0
}

// Args returns the parameters of the questions up to the last kind that was asked.
func (q *Questions) Args() (args []any, asked Asked, err error) {
	of := [...][]*Params{
		AskedPlain: {q.accounts, q.references, q.holds},
		AskedAll:   {q.numbers, q.due},
		AskedKept:  {q.messages, q.networkIDs},
	}
	args, err = Args(slices.Concat(of[:q.asked+1]...)...)
	return args, q.asked, err
}
