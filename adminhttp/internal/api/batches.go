package api

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
	"github.com/clientaccount/clientaccount/adminhttp/internal/sent"
	"github.com/clientaccount/clientaccount/store"
)

// batchRoutes are the operations on changes of many clients.
func batchRoutes() []operation {
	none := []int{http.StatusForbidden, http.StatusNotImplemented} // the second where no tasks are kept
	return []operation{
		{
			method: http.MethodPost, path: "batches", need: access.ChangeMany, id: "changeMany", summary: "Look at what a change of many clients would come to; nothing is written before it runs",
			body: sentAs[NewBatch](), status: http.StatusCreated, answers: of[Batch](), refuses: none, do: changeMany,
		},
		{
			method: http.MethodPost, path: "imports", need: access.ImportClients, id: "importClients", summary: "Look at what a file of clients, new ones and changes, would come to, as a batch; nothing is written before it runs",
			params: importClientParams, body: clientImports(), takes: []string{linesMedia, csvMedia, workbookMedia},
			status: http.StatusCreated, answers: of[Batch](), refuses: none, do: importClients,
		},
		{
			method: http.MethodGet, path: "batches", need: access.SeeBatches, id: "listBatches", summary: "Changes of many clients, and imports, the newest first: one's own, or all by who sees all clients",
			params: []param{cursorParam, limitParam}, status: http.StatusOK, answers: of[BatchList](), refuses: none, do: listBatches,
		},
		{
			method: http.MethodGet, path: "batches/{id}", need: access.SeeBatch, id: "getBatch", summary: "How far one is; asking goes on with it for a moment, where it is judged or runs",
			status: http.StatusOK, answers: of[Batch](), refuses: none, do: getBatch,
		},
		{
			method: http.MethodGet, path: "batches/{id}/tasks", need: access.SeeBatch, id: "listBatchTasks", summary: "What becomes of each client, by line",
			params: lineParams, status: http.StatusOK, answers: of[BatchTaskList](), refuses: none, do: listBatchTasks,
		},
		{
			method: http.MethodPost, path: "batches/{id}/run", need: access.SeeBatch, id: "runBatch", summary: "Have what was judged be done, or go on after a stop: each client as if alone",
			body: sentAs[RunBatch](), status: http.StatusOK, answers: of[Batch](), refuses: none, do: runBatch,
		},
		{
			method: http.MethodPost, path: "batches/{id}/stop", need: access.SeeBatch, id: "stopBatch", summary: "Stop one that runs, or drop one that does not run yet",
			body: sentAs[Nothing](), status: http.StatusOK, answers: of[Batch](), refuses: none, do: stopBatch,
		},
		{
			method: http.MethodPost, path: "batches/{id}/undo", need: access.SeeBatch, id: "undoBatch", summary: "Look at what taking back all that one did would come to, as a batch of its own",
			params: []param{reasonParam}, body: sentAs[Nothing](), status: http.StatusCreated, answers: of[Batch](), refuses: none, do: undoBatch,
		},
	}
}

// NewBatch is a change of many clients.
type NewBatch struct {
	Clients clientIDs `json:"clients" about:"The clients, at most 1,000; those that are not there, or not within one's scope, are left out."`
	Query   *string   `json:"query" about:"Or all that a list finds: the query of GET api/clients without cursor, limit and sort, such as status=active&country=UA."`
	Set     members   `json:"set" about:"The fields to be set, to one value for all; null gives a field its default."`
	Reason  *string   `json:"reason" about:"Why, for the history of each client."`
}

func (NewBatch) bounds() map[string]object {
	var fields []account.Field
	for _, path := range ask.ManyPaths {
		f, _ := account.FieldAt(path)
		fields = append(fields, f)
	}
	return map[string]object{"set": fieldsSchema(fields, true), "clients": {"type": []string{"array", "null"}, "items": object{"type": "string", "format": "uuid"}, "maxItems": account.MaxPage}}
}

// clientIDs are ids of clients.
type clientIDs []account.ID

// Read reads the ids, all or none.
func (ids *clientIDs) Read(path string, v sent.Value) *account.Fault {
	if v.Kind != sent.KindArray {
		return sent.Fault(path, "field.type")
	}
	if len(v.Items) > account.MaxPage {
		return sent.Fault(path, "limit.range", account.MaxPage)
	}
	for _, item := range v.Items {
		id, err := account.ParseID(item.Text)
		if item.Kind != sent.KindString || err != nil || id.IsZero() {
			return sent.Fault(path, "many.client")
		}
		*ids = append(*ids, id)
	}
	return nil
}

// members is an object of a body that is read later.
type members struct{ sent.Value }

// Read keeps the object.
func (m *members) Read(path string, v sent.Value) *account.Fault {
	if v.Kind != sent.KindObject {
		return sent.Fault(path, "field.type")
	}
	m.Value = v
	return nil
}

// RunBatch is how a batch is to run.
type RunBatch struct {
	Good    *bool        `json:"good" about:"Leave out those that would be refused; else nothing runs while there is one."`
	Clients *json.Number `json:"clients" limits:"minimum=0" about:"How many clients change: to be given where some of it cannot be taken back."`
}

// Batch is a change of many clients, or an import.
type Batch struct {
	ID       account.ID       `json:"id"`
	Kind     store.BatchKind  `json:"kind"`
	State    store.BatchState `json:"state"`
	Title    *string          `json:"title" about:"Of an import, the file's name."`
	Fields   []string         `json:"fields" about:"Those that are set, as far as one sees them."`
	Actor    account.Actor    `json:"actor"`
	Reason   *string          `json:"reason"`
	MadeAt   time.Time        `json:"made_at"`
	EndedAt  *time.Time       `json:"ended_at"`
	Tasks    int64            `json:"tasks" limits:"minimum=0"`
	Counts   map[string]int64 `json:"counts" about:"How many of its tasks are in each state; empty in a list."`
	Undoes   *account.ID      `json:"undoes" about:"The batch that this one takes back."`
	RestOf   *account.ID      `json:"rest_of" about:"The batch that took the same back before, whose refused tasks this one tries again."`
	UndoneBy *account.ID      `json:"undone_by" about:"The newest batch that takes this one back."`
}

// BatchList is a page of batches.
type BatchList struct {
	Batches []Batch `json:"batches"`
	Next    *string `json:"next" about:"The cursor of the next page."`
}

// BatchTask is what becomes of a client.
type BatchTask struct {
	Line     int64           `json:"line" limits:"minimum=1"`
	Client   *account.ID     `json:"client" about:"null for a new one that is not there yet, and for one that is not yours to see."`
	Login    *string         `json:"login"`
	State    store.TaskState `json:"state"`
	Revision *int64          `json:"revision" about:"Of the change that was made."`
	Faults   account.Faults  `json:"faults" about:"Why it is refused, or would be."`
	Warnings account.Faults  `json:"warnings" about:"What is worth a look, or cannot be taken back."`
}

func (BatchTask) bounds() map[string]object {
	return map[string]object{"state": enum(ask.LineStates...)}
}

// BatchTaskList is a page of them.
type BatchTaskList struct {
	Tasks []BatchTask `json:"tasks"`
	Next  *string     `json:"next" about:"The cursor of the next page."`
}

// lineParams are those of a batch's tasks.
var lineParams = []param{
	{name: "state", about: "In this state.", schema: enum(ask.LineStates...), valid: oneOf(account.NewFault("state", "many.state"), plain(ask.LineStates)...)},
	cursorParam, limitParam,
}

func batchOf(b store.Batch, counts map[store.TaskState]int) Batch {
	told := Batch{
		ID: b.ID, Kind: b.Kind, State: b.State, Title: orNull(b.Title), Fields: append([]string{}, b.Paths...), Actor: b.Actor, Reason: orNull(b.Reason),
		MadeAt: b.MadeAt.UTC(), EndedAt: instant(b.EndedAt), Tasks: b.Tasks, Counts: map[string]int64{}, Undoes: orNull(b.Undoes), RestOf: orNull(b.RestOf), UndoneBy: orNull(b.UndoneBy),
	}
	for state, n := range counts {
		told.Counts[string(state)] = int64(n)
	}
	return told
}

func changeMany(w http.ResponseWriter, r *ask.Request) error {
	d, err := readObject(r, jsonMedia)
	if err != nil {
		return err
	}
	var body NewBatch
	faults := sent.Decode(d, &body)
	many := ask.Many{Clients: body.Clients, Reason: given(body.Reason), Set: map[string]string{}}
	if body.Query != nil {
		filter, wrong := listQuery(r, *body.Query)
		faults, many.All = sent.AddFault(faults, wrong...), &filter
	}
	fields := shape{r.ManyFields(), shapeOf(r.Judge).unset}
	change, wrong := fields.read(sent.Document{Value: body.Set.Value})
	for i := range wrong {
		wrong[i].Path = sent.Within("set", wrong[i].Path)
	}
	if faults = sent.AddFault(faults, wrong...); len(faults) > 0 {
		return faults
	}
	for _, fc := range change {
		many.Set[fc.Path] = fc.New
	}
	b, err := r.BeginMany(many)
	if err != nil {
		return err
	}
	return answer(w, r, http.StatusCreated, batchOf(b, nil))
}

// importClientParams say how a file of clients is to be read.
var importClientParams = []param{
	reasonParam,
	{name: "title", about: "What the batch is called: the file's name.", schema: object{"type": "string", "maxLength": 100}, valid: lineUpTo(100, "title", "q.length")},
	{
		name: "decimal", about: "How amounts are written in CSV, and in texts of a workbook: with a point unless given.", schema: enum("point", "comma"),
		valid: oneOf(account.NewFault("decimal", "decimal.choice"), "point", "comma"),
	},
}

// linesMedia is JSON with an object behind the other, in lines.
const linesMedia = "application/x-ndjson"

// listQuery reads the query of a list of clients that stands in a body.
func listQuery(r *ask.Request, text string) (ask.ClientFilter, account.Faults) {
	values, err := url.ParseQuery(text)
	if err != nil {
		return ask.ClientFilter{}, account.Faults{account.NewFault("query", "query.syntax")}
	}
	filter, err := ask.ReadFilter(values)
	faults, _ := account.AsFaults(err)
	for _, p := range listParams {
		text := values.Get(p.name)
		switch {
		case !values.Has(p.name):
		case p.name == "sort" || p.path != "" && !r.Judge.Shows(p.path):
			faults = sent.AddFault(faults, account.NewFault("query", "query.unknown", p.name))
		case text != "" && p.valid != nil:
			if fault := p.valid(text, r.Judge); fault != nil {
				fault.Path = "query"
				faults = sent.AddFault(faults, *fault)
			}
		}
	}
	return filter, faults
}

func listBatches(w http.ResponseWriter, r *ask.Request) error {
	const over = "batches"
	var before account.ID
	if cursor := r.URL.Query().Get("cursor"); cursor != "" {
		mark, err := r.Service.OpenCursor(cursor, over)
		if err != nil || len(mark) != len(before) {
			return errors.Join(err, errCursor())
		}
		copy(before[:], mark)
	}
	found, next, err := r.Batches(before, pageSize(r))
	if err != nil {
		return err
	}
	list := BatchList{Batches: make([]Batch, len(found))}
	for i, b := range found {
		list.Batches[i] = batchOf(b, nil)
	}
	if !next.IsZero() {
		list.Next = new(r.Service.SealCursor(next[:], over))
	}
	return answer(w, r, http.StatusOK, list)
}

func getBatch(w http.ResponseWriter, r *ask.Request) error {
	b, err := r.GoOn()
	if err != nil {
		return err
	}
	return answer(w, r, http.StatusOK, batchOf(b.Batch, b.Counts))
}

func listBatchTasks(w http.ResponseWriter, r *ask.Request) error {
	if _, err := r.Batch(); err != nil {
		return err
	}
	query := r.URL.Query()
	state := store.TaskState(query.Get("state"))
	over := "tasks " + r.ID.String() + string(state)
	after, err := openMark(r, query.Get("cursor"), over)
	if err != nil {
		return err
	}
	var states []store.TaskState
	if state != "" {
		states = append(states, state)
	}
	tasks, more, err := r.BatchTasks(after, pageSize(r), states...)
	if err != nil {
		return err
	}
	list := BatchTaskList{Tasks: make([]BatchTask, len(tasks))}
	for i, t := range tasks {
		list.Tasks[i] = BatchTask{
			Line: t.Line, Client: orNull(t.Account), Login: orNull(t.Label), State: t.State, Revision: orNull(t.Revision),
			Faults: append(account.Faults{}, t.Faults...), Warnings: append(account.Faults{}, t.Warnings...),
		}
		if t.Client != nil {
			list.Tasks[i].Login = orNull(t.Client.Core.Login)
		}
	}
	if more {
		list.Next = new(sealMark(r, tasks[len(tasks)-1].Line, over))
	}
	return answer(w, r, http.StatusOK, list)
}

func runBatch(w http.ResponseWriter, r *ask.Request) error {
	d, err := readOptional(r)
	if err != nil {
		return err
	}
	var body RunBatch
	if faults := sent.Decode(d, &body); len(faults) > 0 {
		return faults
	}
	_, err = r.RunBatch(!given(body.Good), string(given(body.Clients)))
	return answerBatch(w, r, err)
}

func stopBatch(w http.ResponseWriter, r *ask.Request) error {
	if err := readNothing(r); err != nil {
		return err
	}
	_, err := r.StopBatch()
	return answerBatch(w, r, err)
}

// answerBatch answers with the path's batch as it is now.
func answerBatch(w http.ResponseWriter, r *ask.Request, err error) error {
	if err != nil {
		return err
	}
	b, err := r.Batch()
	if err != nil {
		return err
	}
	return answer(w, r, http.StatusOK, batchOf(b.Batch, b.Counts))
}

func undoBatch(w http.ResponseWriter, r *ask.Request) error {
	if err := readNothing(r); err != nil {
		return err
	}
	b, err := r.UndoBatch(reasonOf(r))
	if err != nil {
		return err
	}
	return answer(w, r, http.StatusCreated, batchOf(b, nil))
}
