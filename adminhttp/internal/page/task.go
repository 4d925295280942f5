package page

import (
	"cmp"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
	"github.com/clientaccount/clientaccount/adminhttp/internal/kind"
	"github.com/clientaccount/clientaccount/adminhttp/internal/words"
	"github.com/clientaccount/clientaccount/store"
)

// Names of the forms about tasks.
const (
	NameTask = "task"  // in a URL: the one that led here
	NameFrom = "_from" // the page that a form was on, to return to
	// NameWarned has the steps that were shown beside the button; of a movement of money, the number of
	// the newest entry alike.
	NameWarned = "_warned"
)

// Task is what waits to be done to a client, or was, as pages show it.
type Task struct {
	ID       string
	Client   NameLink
	Company  string
	Title    words.Text
	Who      words.Text
	Made     words.Moment
	Deadline words.Moment // until when it can be confirmed, or when it is done
	Timed    bool         // it is done at an instant, by itself
	Waits    bool         // still
	Changes  []Change
	Figures  []Figure // of money, as it would be now
	Alike    []Alike  // entries that may be the same movement, likewise
	Proposed []Alike  // what waits, and may be the same movement, likewise
	About    []words.Text
	Reason   string
	Faults   []FaultLink // why it was refused, or would be now
	Warnings []FaultLink
	State    words.Text
	Tone     string
	By       words.Text // who confirmed, rejected or cancelled it
	Answer   string     // why
	Ended    *words.Moment
	Warned   string // what was shown of it, as NameWarned has it
	Confirm  string // URLs; empty where the actor may not
	Cancel   string
	Own      bool // it is the actor's, so another one has to confirm it
	From     string
}

// Figure is an amount before and after something.
type Figure struct {
	Label         words.Text
	Before, After words.Text
}

// MoveFigures are what the actor may see of the balance before and after a movement.
func MoveFigures(r *ask.Request, client account.Account, p clientaccount.MovePreview) (rows []Figure, err error) {
	sums, err := r.Judge.Sums(r.Context(), p.Before.Terms)
	c := r.Judge.Visible(client).Core.Currency
	add := func(label words.Text, before, after decimal.Decimal) {
		rows = append(rows, Figure{label, words.Money(before, c), words.Money(after, c)})
	}
	if sums.Balance {
		add("Balance", p.Before.Amount, p.After.Amount)
	}
	if sums.Available {
		add("Available", p.Before.Available, p.After.Available)
	}
	return rows, err
}

// taskStates are the states of tasks in words and a colour.
var taskStates = map[store.TaskState]struct {
	text words.Text
	tone string
}{
	store.TaskUnconfirmed: {"Waits for a second person", "warn"},
	store.TaskWaiting:     {"Scheduled", "warn"},
	store.TaskDone:        {"Done", "good"},
	store.TaskUnchanged:   {"There was nothing to change", "off"},
	store.TaskRefused:     {"Refused", "bad"},
	store.TaskCancelled:   {"Cancelled", "off"},
	store.TaskExpired:     {"Nobody confirmed it in time", "off"},
}

// NewTask returns a task as a page shows it. What it would come to now is worked out while it
// waits.
func NewTask(r *ask.Request, t ask.Task, d kind.Directory) (Task, error) {
	seen := r.Judge.Visible(t.Client)
	zone, now := words.Zone(seen), r.Service.Now()
	state := taskStates[t.State]
	v := Task{
		ID: t.Task.ID.String(), Client: LinkTo(r, t.Client), Company: seen.Contact.Company, Who: nameOf(t.Actor), Reason: t.Reason,
		Made: words.MomentOf(t.MadeAt, now, zone), Timed: t.ExpiresAt.IsZero(), Waits: t.State.Open(),
		Deadline: words.MomentOf(cmp.Or(t.ExpiresAt, t.DueAt), now, zone), State: state.text, Tone: state.tone,
		Faults: taskSummary(t.Faults), Warnings: taskSummary(t.Warnings), Answer: t.Answer, Warned: StepsText(t.Steps), Own: r.Proposed(t.Task),
	}
	if !v.Timed && t.State == store.TaskCancelled && t.Second.ID != t.Actor.ID {
		v.State = "Rejected"
	}
	if t.Second != (account.Actor{}) {
		v.By = nameOf(t.Second)
	}
	if !t.EndedAt.IsZero() {
		ended := words.MomentOf(t.EndedAt, now, zone)
		v.Ended = &ended
	}
	if t.Confirms {
		v.Confirm = r.Root + "tasks/" + v.ID + "/confirm"
	}
	if t.Cancels {
		v.Cancel = r.Root + "tasks/" + v.ID + "/cancel"
	}
	if t.Move != nil {
		return v, v.ofMove(r, t, seen)
	}
	v.Changes = Changes(r, t.Change, WordingOf(d, seen))
	v.Title = "Changes one setting"
	if n := len(v.Changes); n != 1 {
		v.Title = words.Textf("Changes %d settings", n)
	}
	return v, nil
}

// StepsText are steps as one text.
func StepsText(steps account.Faults) string {
	var all []string
	for _, step := range steps {
		all = append(all, step.Text)
	}
	return strings.Join(all, " ")
}

// ofMove adds what a movement of money is about.
func (v *Task) ofMove(r *ask.Request, t ask.Task, seen account.Account) error {
	m := t.Move
	v.Title = moveTitle(*m, seen.Core.Currency)
	if !m.Other.IsZero() {
		to, err := NameOf(r, m.Other)
		if err != nil {
			return err
		}
		v.About = append(v.About, words.Textf("To %s", to.Name))
	}
	if m.Of > 0 {
		v.About = append(v.About, words.Textf("Of entry %d", m.Of))
	}
	v.About = append(v.About, words.Textf("Reference %s", m.Reference))
	if t.State != store.TaskUnconfirmed {
		return nil
	}
	preview, err := r.Service.PreviewMove(r.Context(), *m)
	if faults, refused := r.RefusedMove(t.Client, err); refused {
		v.Faults = taskSummary(faults)
		return nil
	}
	if err != nil {
		return err
	}
	if v.Alike, err = AllAlike(r, seen, preview.Alike); err != nil {
		return err
	}
	if v.Proposed, err = AllProposed(r, seen, preview.Proposed); err != nil {
		return err
	}
	v.Warned = strconv.FormatInt(NewestAlike(preview), 10)
	v.Figures, err = MoveFigures(r, t.Client, preview)
	return err
}

func nameOf(a account.Actor) words.Text { return cmp.Or(words.Plain(a.Name), "Somebody") }

// taskSummary tells faults on a page that has no fields.
func taskSummary(faults []account.Fault) []FaultLink {
	return FaultLinks(faults, func(path string) (label words.Text, href string) {
		f, _ := account.FieldAt(path)
		return words.Text(f.Label), ""
	})
}

// WaitingTasks are those of the path's client that wait, the newest first.
func WaitingTasks(r *ask.Request, d kind.Directory) ([]Task, error) {
	return ClientTasks(r, d, store.TaskQuery{States: ask.Waiting()})
}

// maxClientTasks is how many tasks a page of a client shows.
const maxClientTasks = 20

// ClientTasks are tasks of the path's client; none where the Service keeps none.
func ClientTasks(r *ask.Request, d kind.Directory, q store.TaskQuery) (all []Task, err error) {
	if !r.Service.KeepsTasks() {
		return nil, nil
	}
	q.Account, q.Limit = r.ID, maxClientTasks
	tasks, _, err := r.Tasks(q)
	if err != nil {
		return nil, err
	}
	for _, t := range tasks {
		v, err := NewTask(r, t, d)
		if err != nil {
			return nil, err
		}
		v.From = "client"
		all = append(all, v)
	}
	return all, nil
}

// TaskNotice is what became of a task that the actor proposed, scheduled, confirmed or cancelled just
// now, ?task=<id>; nil where nothing led here.
func TaskNotice(r *ask.Request, d kind.Directory) (*Task, error) {
	text := r.URL.Query().Get(NameTask)
	if text == "" || !r.Service.KeepsTasks() {
		return nil, nil
	}
	task, err := r.TaskByText(text)
	if err != nil || task == nil {
		return nil, err
	}
	v, err := NewTask(r, *task, d)
	if task.Account == r.ID {
		v.From = "client" // whose page this is
	}
	return &v, err
}
