package ask

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
)

// Reason is a fault or warning, and of how many tasks.
type Reason struct {
	account.Fault
	Count int
	Some  []ToldTask // the first of them
	first bool       // of its kind of step
}

// Bounds of what is told of reasons.
const (
	maxReasonTasks = 2_000 // that are looked through: each time that the page is
	maxReasonSome  = 5
	maxReasons     = 50
)

// BatchReasons returns why tasks of a batch in some states are faulty, or worth a look: of each kind
// of step one, then other steps, then the most frequent; more where there are too many to look at all.
func (r *Request) BatchReasons(b Batch, states ...store.TaskState) (reasons []Reason, more bool, err error) {
	at := map[account.Fault]int{}
	q := store.TaskQuery{Batch: account.Some(r.ID), States: states, Told: true, Limit: account.MaxPage}
	for range maxReasonTasks / account.MaxPage {
		found, err := r.Service.Tasks(r.Context(), q)
		if err != nil {
			return nil, false, err
		}
		if err := r.lookUp(found); err != nil {
			return nil, false, err
		}
		for _, t := range found {
			if reasons, err = r.addReasons(reasons, at, t); err != nil {
				return nil, false, err
			}
		}
		if more = len(found) == account.MaxPage; !more {
			break
		}
		q.After = &store.TaskPosition{Line: found[len(found)-1].Line}
	}
	if reasons, err = r.addSteps(reasons, at, b, states); err != nil {
		return nil, false, err
	}
	rank := func(reason Reason) (rank int) {
		if reason.IsStep() {
			rank++
		}
		if reason.first {
			rank++
		}
		return rank
	}
	slices.SortStableFunc(reasons, func(a, b Reason) int {
		return cmp.Or(cmp.Compare(rank(b), rank(a)), cmp.Compare(b.Count, a.Count))
	})
	return reasons[:min(len(reasons), maxReasons)], more, nil
}

// addSteps adds the first of each kind of step where it was not among what was looked through.
func (r *Request) addSteps(reasons []Reason, at map[account.Fault]int, b Batch, states []store.TaskState) ([]Reason, error) {
	for _, code := range slices.Sorted(maps.Keys(b.Steps)) {
		q := store.TaskQuery{Batch: account.Some(b.ID), States: states, After: &store.TaskPosition{Line: b.Steps[code] - 1}, Limit: 1}
		if i := slices.IndexFunc(reasons, func(reason Reason) bool { return reason.Code == code }); i >= 0 {
			reasons[i].first = true
			continue
		}
		found, err := r.Service.Tasks(r.Context(), q)
		if err != nil {
			return nil, err
		}
		for _, t := range found {
			t.Faults, t.Warnings = nil, slices.DeleteFunc(t.Warnings, func(f account.Fault) bool { return f.Code != code })
			reasons = reasons[:min(len(reasons), account.MaxPage-1)]
			before := len(reasons)
			if reasons, err = r.addReasons(reasons, at, t); err != nil {
				return nil, err
			}
			for i := before; i < len(reasons); i++ {
				reasons[i].first = true
			}
		}
	}
	return reasons, nil
}

func (r *Request) addReasons(reasons []Reason, at map[account.Fault]int, t store.Task) ([]Reason, error) {
	all := append(slices.Clone(r.Judge.Faults(t.Faults)), onceSaid(r.Judge.Warnings(t.Warnings))...)
	if len(all) == 0 {
		return reasons, nil
	}
	if !r.Judge.All() && !t.Account.IsZero() {
		if seen, err := r.Judge.SeesID(r.Context(), t.Account); !seen || err != nil {
			return reasons, err
		}
	}
	for _, f := range all {
		i, known := at[f]
		if !known {
			if len(reasons) == account.MaxPage {
				continue
			}
			i, at[f], reasons = len(reasons), len(reasons), append(reasons, Reason{Fault: f})
		}
		reasons[i].Count++
		if len(reasons[i].Some) == maxReasonSome {
			continue
		}
		told, err := r.toldTask(t)
		if err != nil {
			return reasons, err
		}
		reasons[i].Some = append(reasons[i].Some, told)
	}
	return reasons, nil
}

// IsStep reports whether it is about what cannot be taken back, or bites at once.
func (f Reason) IsStep() bool {
	return strings.HasPrefix(f.Code, "step.") || f.Code == "credit.below_used"
}

// onceSaid leaves out what is said already: a step and a warning may be of one text.
func onceSaid(all account.Faults) (told account.Faults) {
	for _, one := range all {
		said := func(f account.Fault) bool { return f.Path == one.Path && f.Text == one.Text }
		if i := slices.IndexFunc(told, said); i < 0 {
			told = append(told, one)
		} else if strings.HasPrefix(one.Code, "step.") {
			told[i] = one
		}
	}
	return told
}
