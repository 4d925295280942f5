package rows

import "github.com/clientaccount/clientaccount/store"

// The columns that lookups are asked with.
var (
	AskAccounts   = Columns{Position, Account}
	AskReferences = Columns{Position, Account, {"reference", "text"}}
	AskNumbers    = Columns{Position, Account, {"number", "bigint"}}
	AskDue        = Columns{Position, Account, {"due", "timestamptz"}, {"summed", "integer"}, {"since", "timestamptz"}}
)

// Questions gathers what lookups ask for.
type Questions struct {
	accounts, references, holds, numbers, due *Params

	all bool // numbers or due holds are asked for
}

// NewQuestions asks for nothing yet. asking gathers the rows of parameters.
func NewQuestions(asking func(Columns) *Params) *Questions {
	return &Questions{
		accounts: asking(AskAccounts), references: asking(AskReferences), holds: asking(AskReferences),
		numbers: asking(AskNumbers), due: asking(AskDue),
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
	q.all = q.all || len(l.Numbers) > 0 || !l.Due.IsZero()
}

// summed is 1 where the sum of due holds is asked for.
func summed(l *store.Lookup) int64 {
	if l.Sum {
		return 1
	}
	return 0
}

// Args returns the parameters: of all questions, or of the first three alone where nothing
// else was asked for.
func (q *Questions) Args() (args []any, all bool, err error) {
	if q.all {
		args, err = Args(q.accounts, q.references, q.holds, q.numbers, q.due)
	} else {
		args, err = Args(q.accounts, q.references, q.holds)
	}
	return args, q.all, err
}
