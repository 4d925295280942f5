package api

import (
	"encoding/json"
	"net/http"
	"slices"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
	"github.com/clientaccount/clientaccount/adminhttp/internal/sent"
	"github.com/clientaccount/clientaccount/store"
)

// taskRoutes are the operations on what waits to be done to clients: by an instant, or for a second
// person.
func taskRoutes() []operation {
	none := []int{http.StatusNotImplemented} // where no tasks are kept
	return []operation{
		{
			method: http.MethodGet, path: "tasks", need: access.Anybody, id: "listTasks", summary: "What waits to be done to clients within one's scope; and, to who sees the history, asked for it or may confirm it, what became of it, the newest first",
			params: taskParams, status: http.StatusOK, answers: of[TaskList](), refuses: none, do: listTasks,
		},
		{
			method: http.MethodGet, path: "tasks/{id}", need: access.SeeTask, id: "getTask", summary: "What waits to be done to a client, or what became of it",
			status: http.StatusOK, answers: of[Task](), refuses: none, do: func(w http.ResponseWriter, r *ask.Request) error { return answerTask(w, r, http.StatusOK, r.Task) },
		},
		{
			method: http.MethodPost, path: "tasks/{id}/confirm", need: access.ConfirmTask, id: "confirmTask",
			summary: "Do what somebody else proposed, as its second person; one that is refused then says why", params: []param{reasonParam}, body: sentAs[ConfirmTask](),
			status: http.StatusOK, answers: of[Task](), refuses: none, do: confirmTask,
		},
		{
			method: http.MethodPost, path: "tasks/{id}/cancel", need: access.SeeTask, id: "cancelTask",
			summary: "End what waits: by who asked for it, or who might do it or confirm it", params: []param{reasonParam}, body: sentAs[Nothing](),
			status: http.StatusOK, answers: of[Task](), refuses: none, do: cancelTask,
		},
	}
}

// taskParams are those of the list of tasks.
var taskParams = []param{
	{name: "client", about: "Of this client.", schema: object{"type": "string", "format": "uuid"}, valid: validTaskClient},
	{name: "state", about: "In this state.", schema: enum(ask.TaskStates()...), valid: oneOf(account.NewFault("state", "task.state"), plain(ask.TaskStates())...)},
	cursorParam, limitParam,
}

func validTaskClient(value string, _ access.Judge) *account.Fault {
	id, err := account.ParseID(value)
	return sent.Unless(err == nil && !id.IsZero(), account.NewFault("client", "to.unknown"))
}

// TaskList is a page of tasks.
type TaskList struct {
	Tasks []Task  `json:"tasks"`
	Next  *string `json:"next" about:"The cursor of the next page."`
}

// Task is a change or a movement that waits to be made, or did.
type Task struct {
	ID        account.ID      `json:"id"`
	Client    account.ID      `json:"client"`
	State     store.TaskState `json:"state"`
	Fields    []FieldChange   `json:"fields" about:"That it sets; empty where it moves money."`
	Move      *TaskMove       `json:"move" about:"The money that it moves."`
	Actor     *account.Actor  `json:"actor" about:"Who wants it done; null for who may be told neither by the history nor as its second person."`
	Reason    *string         `json:"reason"`
	MadeAt    time.Time       `json:"made_at"`
	DueAt     *time.Time      `json:"due_at" about:"When it is done, by itself."`
	ExpiresAt *time.Time      `json:"expires_at" about:"Until when a second person can confirm it."`
	Second    *account.Actor  `json:"second" about:"Who confirmed or cancelled it."`
	Answer    *string         `json:"answer" about:"Why they did."`
	EndedAt   *time.Time      `json:"ended_at"`
	Revision  *int64          `json:"revision" about:"Of the change that it made."`
	Entry     *int64          `json:"entry" about:"Number of the entry that it made."`
	Errors    account.Faults  `json:"errors" about:"Why it was refused, or would be now."`
	Warnings  account.Faults  `json:"warnings" about:"What is worth a look, or cannot be taken back: of a change that waits, as of now."`
	Alike     []Entry         `json:"alike,omitempty" about:"Of money that waits, asked for alone: entries of the same kind and amount in the last 24 hours, the newest first. It may be the same."`
	Proposed  []Task          `json:"proposed,omitempty" about:"Likewise: what else waits for a second person, of the same kind and amount."`
}

// ConfirmTask is what a second person looked at.
type ConfirmTask struct {
	Alike *json.Number `json:"alike" limits:"minimum=0" about:"The number of the newest entry that is alike, as it was shown, 0 for none: where there is a newer one by now, nothing is done (task.alike). Left out, they are those that there were when it was proposed."`
	Steps stepCodes    `json:"steps" about:"The codes of the warnings that begin with step., or are credit.below_used, as far as they were shown: where there is another one by now, nothing is done (task.step). Left out, they are those that there were when it was proposed."`
}

func (ConfirmTask) bounds() map[string]object {
	return map[string]object{"steps": {"type": []string{"array", "null"}, "items": object{"type": "string", "maxLength": maxCode}, "maxItems": maxCodes}}
}

// Bounds of codes that are sent.
const (
	maxCode  = 100
	maxCodes = 100
)

// stepCodes are codes of steps; nil: left out.
type stepCodes []string

// Read reads the codes.
func (codes *stepCodes) Read(path string, v sent.Value) *account.Fault {
	if v.Kind != sent.KindArray {
		return sent.Fault(path, "field.type")
	}
	if len(v.Items) > maxCodes {
		return sent.Fault(path, "limit.range", maxCodes)
	}
	*codes = stepCodes{}
	for _, item := range v.Items {
		if item.Kind != sent.KindString {
			return sent.Fault(path, "field.type")
		}
		*codes = append(*codes, item.Text)
	}
	return nil
}

// TaskMove is a movement of money that waits to be made.
type TaskMove struct {
	Kind      account.MovementKind `json:"kind"`
	Amount    *Amount              `json:"amount" about:"null for all that there is."`
	Currency  *account.Currency    `json:"currency"`
	Reference string               `json:"reference"`
	To        *account.ID          `json:"to" about:"Who gets it; null for one that is not seen."`
	Of        *int64               `json:"of" about:"Number of the entry that is given back."`
	Hold      *string              `json:"hold"`
}

// taskOf is a task as the actor may be told of it.
func taskOf(r *ask.Request, t ask.Task) Task {
	task := Task{
		ID: t.Task.ID, Client: t.Account, State: t.State, Fields: changesOf(r.Judge, t.Change), Actor: orNull(t.Actor), Reason: orNull(t.Reason),
		MadeAt: t.MadeAt.UTC(), DueAt: instant(t.DueAt), ExpiresAt: instant(t.ExpiresAt), Second: orNull(t.Second), Answer: orNull(t.Answer),
		EndedAt: instant(t.EndedAt), Revision: orNull(t.Revision), Entry: orNull(t.Entry),
		Errors: append(account.Faults{}, t.Faults...), Warnings: append(account.Faults{}, t.Warnings...),
	}
	if m := t.Move; m != nil {
		task.Move = &TaskMove{
			Kind: m.Kind, Currency: orNull(r.Judge.Currency(t.Client.Core.Currency)), Reference: m.Reference, To: orNull(m.Other), Of: orNull(m.Of), Hold: orNull(m.Hold),
		}
		if total, err := m.Total(); err == nil && !total.IsZero() {
			task.Move.Amount = amount(total)
		}
	}
	return task
}

func answerTask(w http.ResponseWriter, r *ask.Request, status int, t ask.Task) error {
	told := taskOf(r, t)
	if t.Move != nil && t.State == store.TaskUnconfirmed {
		preview, err := r.Service.PreviewMove(r.Context(), *t.Move)
		if _, refused := r.RefusedMove(t.Client, err); err != nil && !refused {
			return err
		}
		if told.Alike, told.Proposed, err = alikeOf(r, preview); err != nil {
			return err
		}
	}
	return answer(w, r, status, told)
}

// answerLater tells of a task that was just made, in the place of what was asked for.
func answerLater(w http.ResponseWriter, r *ask.Request, made store.Task, err error) error {
	if err != nil {
		return err
	}
	t, err := r.TaskOf(made)
	if err != nil {
		return err
	}
	return answerTask(w, r, http.StatusAccepted, t)
}

// confirmTask does the path's task.
func confirmTask(w http.ResponseWriter, r *ask.Request) error {
	d, err := readOptional(r)
	if err != nil {
		return err
	}
	var body ConfirmTask
	if faults := sent.Decode(d, &body); len(faults) > 0 {
		return faults
	}
	var looked ask.Looked
	if body.Alike != nil {
		shown, err := body.Alike.Int64()
		if err != nil || shown < 0 {
			return account.Faults{*sent.Fault("alike", "field.type")}
		}
		looked.Alike = account.Some(shown)
	}
	if body.Steps != nil {
		looked.Steps = func(steps account.Faults) bool {
			return !slices.ContainsFunc(steps, func(step account.Fault) bool { return !slices.Contains(body.Steps, step.Code) })
		}
	}
	t, err := r.Confirm(reasonOf(r), looked)
	if err != nil {
		return err
	}
	return answerTask(w, r, http.StatusOK, t)
}

// cancelTask ends the path's task.
func cancelTask(w http.ResponseWriter, r *ask.Request) error {
	if err := readNothing(r); err != nil {
		return err
	}
	t, err := r.Cancel(reasonOf(r))
	if err != nil {
		return err
	}
	return answerTask(w, r, http.StatusOK, t)
}

func listTasks(w http.ResponseWriter, r *ask.Request) error {
	values := r.URL.Query()
	q := store.TaskQuery{Limit: pageSize(r)}
	if client := values.Get("client"); client != "" {
		q.Account, _ = account.ParseID(client) // it was checked
	}
	if state := values.Get("state"); state != "" {
		q.States = []store.TaskState{store.TaskState(state)}
	}
	over := "tasks " + values.Get("client") + " " + values.Get("state")
	if cursor := values.Get("cursor"); cursor != "" {
		mark, err := r.Service.OpenCursor(cursor, over)
		if err != nil {
			return err
		}
		if len(mark) != len(account.ID{}) {
			return errCursor()
		}
		q.After = &store.TaskPosition{ID: account.ID(mark)}
	}
	tasks, after, err := r.Tasks(q)
	if err != nil {
		return err
	}
	list := TaskList{Tasks: []Task{}}
	for _, t := range tasks {
		list.Tasks = append(list.Tasks, taskOf(r, t))
	}
	if after != nil {
		list.Next = orNull(r.Service.SealCursor(after.ID[:], over))
	}
	return answer(w, r, http.StatusOK, list)
}
