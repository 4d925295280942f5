package many

import (
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
	"github.com/clientaccount/clientaccount/adminhttp/internal/page"
	"github.com/clientaccount/clientaccount/adminhttp/internal/words"
	"github.com/clientaccount/clientaccount/internal/say"
	"github.com/clientaccount/clientaccount/store"
)

// reasonsView are reasons with how many tasks have each.
type reasonsView struct {
	Rows []reasonRow
	More bool // than were counted
}

type reasonRow struct {
	Label say.Text
	Text  say.Text
	Count say.Text
	Some  []page.NameLink
	More  say.Text // how many there are beside these; empty: none
}

// addReasons tells why tasks are refused, and what is worth a look, unless it is looked for still.
func (v *batchView) addReasons(r *ask.Request, b ask.Batch) error {
	if v.Works {
		return nil
	}
	var err error
	if v.Why, err = reasonsOf(r, b, store.TaskFaulty, store.TaskRefused); err != nil {
		return err
	}
	v.Look, err = reasonsOf(r, b, store.TaskReady, store.TaskDone)
	return err
}

// reasonsOf are the reasons of tasks in some states.
func reasonsOf(r *ask.Request, b ask.Batch, states ...store.TaskState) (v reasonsView, err error) {
	if b.Count(states...) == 0 {
		return v, nil
	}
	reasons, more, err := r.BatchReasons(b, states...)
	v.More = more
	for _, reason := range reasons {
		row := reasonRow{Text: words.Fault(reason.Fault), Count: words.Count(reason.Count), More: countOrNone(reason.Count - len(reason.Some))}
		if f, known := account.FieldAt(reason.Path); known {
			row.Label = say.Text(f.Label)
		}
		for _, t := range reason.Some {
			row.Some = append(row.Some, nameOf(r, t))
		}
		v.Rows = append(v.Rows, row)
	}
	return v, err
}

// countOrNone is how many there are; of none nothing.
func countOrNone(n int) say.Text {
	if n == 0 {
		return ""
	}
	return words.Count(n)
}
