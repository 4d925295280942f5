package many

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
	"github.com/clientaccount/clientaccount/adminhttp/internal/kind"
	"github.com/clientaccount/clientaccount/adminhttp/internal/page"
	"github.com/clientaccount/clientaccount/adminhttp/internal/words"
	"github.com/clientaccount/clientaccount/internal/say"
	"github.com/clientaccount/clientaccount/store"
)

// Words of batches and of their tasks.
var (
	kindWords = map[store.BatchKind]say.Text{
		store.BatchChange: "Change of many", store.BatchImport: "Import", store.BatchUndo: "Taking back",
	}
	batchPills = map[store.BatchState]page.Pill{
		store.BatchGathering: {Word: "Being gathered", Tone: "warn"}, store.BatchJudging: {Word: "Being looked at", Tone: "warn"},
		store.BatchJudged: {Word: "Waits to be let run", Tone: "warn"}, store.BatchRunning: {Word: "Runs", Tone: "warn"},
		store.BatchStopped: {Word: "Stopped", Tone: "bad"}, store.BatchDone: {Word: "Done", Tone: "good"}, store.BatchDropped: {Word: "Dropped", Tone: "off"},
	}
	taskPills = map[store.TaskState]page.Pill{
		store.TaskUnjudged: {Word: "Not looked at", Tone: "off"}, store.TaskReady: {Word: "Would change", Tone: "good"},
		store.TaskFaulty: {Word: "Would be refused", Tone: "bad"}, store.TaskWaiting: {Word: "To be done", Tone: "warn"},
		store.TaskUnconfirmed: {Word: "Waits for a second person", Tone: "warn"}, store.TaskDone: {Word: "Done", Tone: "good"},
		store.TaskUnchanged: {Word: "Unchanged", Tone: "off"}, store.TaskRefused: {Word: "Refused", Tone: "bad"},
		store.TaskCancelled: {Word: "Cancelled", Tone: "off"}, store.TaskExpired: {Word: "Expired", Tone: "off"},
	}
)

// taskStates are those that are counted, in their order.
var taskStates = []store.TaskState{
	store.TaskReady, store.TaskWaiting, store.TaskDone, store.TaskFaulty, store.TaskRefused, store.TaskUnchanged,
	store.TaskUnjudged, store.TaskUnconfirmed, store.TaskCancelled, store.TaskExpired,
}

// pillOf is a batch's state, which waits for who made it.
func pillOf(r *ask.Request, b store.Batch) page.Pill {
	if b.State == store.BatchJudged && r.WaitsForActor(b) {
		return page.Pill{Word: "Waits for you", Tone: "warn"}
	}
	return batchPills[b.State]
}

// batchView is a batch: what it would come to, how far it is, or what came of it.
type batchView struct {
	List      string // URL of all batches
	Action    string
	Title     string // of a file
	Kind      say.Text
	State     page.Pill
	By        string
	Made      words.Moment
	Reason    string
	Sets      []setRow
	Fields    []say.Text
	Faults    []page.FaultLink
	Works     bool
	Judging   bool
	Judged    bool
	Running   bool
	Stopped   bool
	Ended     int // tasks that are through
	Tasks     int
	Through   say.Text // how many those are
	Whole     say.Text // how many there are in all
	Counts    []countRow
	Why       reasonsView // why tasks are refused
	Look      reasonsView // what is worth a look
	Rows      []taskRow
	Lines     bool // of a file
	Next      string
	Ready     int
	Counted   say.Text // how many are ready
	Faulty    int
	TypeCount bool // the number is to be typed
	All       bool // all can be taken
	Undo      bool
	Rest      say.Text // of one that was taken back: how many clients are not yet; empty: none
	Stay      int      // and cannot be
	Leaves    bool     // it takes back, and left a rest
	UndoneBy  string   // URLs
	Undoes    string
	FaultFile string
	Again     string // where the mended file is sent
}

// countRow is how many tasks are in a state, and where they are.
type countRow struct {
	Count   say.Text
	State   page.Pill
	Href    string
	Current bool
}

type setRow struct{ Label, Value say.Text }

type taskRow struct {
	Line    int64
	Client  page.NameLink
	Company string
	State   page.Pill
	Texts   []whyText
	Changes []page.Change // what is to be changed
	More    int           // how many more there are
	Change  string        // URL of the record in the client's history
}

// whyText is why a task is refused, or what is worth a look, and what the file has there.
type whyText struct {
	Text say.Text
	Cell string
}

const (
	mostOfCell  = 60 // characters of a cell that are shown
	tasksPage   = 50
	mostChanges = 12 // fields that are shown of a task
)

// nameTyped is where the number of clients is typed, of what cannot be taken back.
const nameTyped = "typed"

func showBatch(w http.ResponseWriter, r *ask.Request) error {
	b, err := r.GoOn()
	if err != nil {
		return err
	}
	if ask.Works(b.State) {
		w.Header().Set("Refresh", "1") // a page of a running batch is shown again, with or without script
	}
	return renderBatch(w, r, http.StatusOK, b, nil)
}

func renderBatch(w http.ResponseWriter, r *ask.Request, status int, b ask.Batch, faults account.Faults) error {
	v := batchView{
		List: r.Root + "batches", Action: r.Root + "batches/" + b.ID.String(), Title: b.Title, Kind: kindWords[b.Kind], State: pillOf(r, b.Batch), By: b.Actor.Name,
		Made: momentOf(r, b.MadeAt), Reason: b.Reason, Fields: labels(b.Paths), Faults: summary(r, faults), Works: ask.Works(b.State), Tasks: int(b.Tasks),
		Judging: b.State == store.BatchJudging, Judged: b.State == store.BatchJudged, Running: b.State == store.BatchRunning, Stopped: b.State == store.BatchStopped,
		Ready: b.Ready(), Faulty: b.Count(store.TaskFaulty), Lines: b.Kind == store.BatchImport,
	}
	v.All, v.TypeCount = v.Faulty == 0, b.WantsNumber()
	v.Ended = v.Tasks - v.Ready
	if v.Judging {
		v.Ended = v.Tasks - b.Count(store.TaskUnjudged)
	}
	v.Through, v.Whole, v.Counted = words.Count(v.Ended), words.Count(v.Tasks), words.Count(v.Ready)
	undo, rest, stay, err := r.UndoesBatch(b)
	if err != nil {
		return err
	}
	v.Undo, v.Rest, v.Stay = undo, countOrNone(rest), stay
	v.links(r, b)
	if err := v.addSets(r, b); err != nil {
		return err
	}
	if err := v.addReasons(r, b); err != nil {
		return err
	}
	if err := v.addRows(r, b); err != nil {
		return err
	}
	return pages.Show(w, r, status, "batch", v.Kind, v)
}

// summary tells faults; of what they are about there is no input here.
func summary(r *ask.Request, faults account.Faults) []page.FaultLink {
	told := page.Summary(r, faults)
	for i := range told {
		told[i].Href = ""
	}
	return told
}

func (v *batchView) links(r *ask.Request, b ask.Batch) {
	if !b.UndoneBy.IsZero() {
		v.UndoneBy = r.Root + "batches/" + b.UndoneBy.String()
	}
	if !b.Undoes.IsZero() {
		v.Undoes = r.Root + "batches/" + b.Undoes.String()
	}
	v.Leaves = b.Kind == store.BatchUndo && b.State == store.BatchDone && b.Count(store.TaskRefused) > 0
	if b.Kind == store.BatchImport && !v.Works && b.Count(store.TaskFaulty, store.TaskRefused) > 0 {
		v.FaultFile, v.Again = v.Action+"/faults", r.Root+"clients/import"
	}
}

// addSets tells what is set, to what.
func (v *batchView) addSets(r *ask.Request, b ask.Batch) error {
	set, err := r.BatchSet(b.Batch)
	if err != nil || len(set) == 0 {
		return err
	}
	d, err := page.ReadDirectory(r)
	v.Fields = nil
	for _, path := range b.Paths {
		f, _ := account.FieldAt(path)
		v.Sets = append(v.Sets, setRow{say.Text(f.Label), kind.Words(kind.Wording{Directory: d}, f, set[path])})
	}
	return err
}

// nameOf is what a task's client is called, and where it is.
func nameOf(r *ask.Request, t ask.ToldTask) page.NameLink {
	switch {
	case t.Client != nil && t.Client.Core.Login != "":
		return page.NameLink{Name: words.Plain(t.Client.Core.Login), Href: r.Root + "clients/" + t.Account.String() + "/edit"}
	case t.Client != nil:
		return page.NameLink{Name: "a client", Href: r.Root + "clients/" + t.Account.String() + "/edit"}
	case t.Label != "":
		return page.NameLink{Name: words.Plain(t.Label)}
	case t.Kind == store.TaskCreate:
		return page.NameLink{Name: "a new client"}
	default:
		return page.NameLink{Name: "another client"}
	}
}

// addRows adds a page of tasks, in the state that the URL says.
func (v *batchView) addRows(r *ask.Request, b ask.Batch) error {
	chosen := store.TaskState(r.URL.Query().Get("state"))
	for _, s := range taskStates {
		if n := b.Counts[s]; n > 0 {
			v.Counts = append(v.Counts, countRow{words.Count(n), taskPills[s], v.Action + "?" + url.Values{"state": {string(s)}}.Encode() + "#tasks", s == chosen})
		}
	}
	var states []store.TaskState
	if _, known := taskPills[chosen]; known {
		states = append(states, chosen)
	}
	tasks, more, err := r.BatchTasks(lineOf(r), tasksPage, states...)
	if err != nil {
		return err
	}
	d, err := page.ReadDirectory(r)
	if err != nil {
		return err
	}
	for _, t := range tasks {
		row := taskRow{Line: t.Line, Client: nameOf(r, t), State: taskPills[t.State]}
		row.addChanges(r, d, t)
		if t.Client != nil {
			row.Company = t.Client.Contact.Company
			if t.Revision > 0 && t.State == store.TaskDone {
				row.Change = r.Root + "clients/" + t.Account.String() + "/history?before=" + strconv.FormatInt(t.Revision+1, 10)
			}
		}
		row.addTexts(d, t, v.Lines)
		v.Rows = append(v.Rows, row)
	}
	if more {
		values := url.Values{"after": {strconv.FormatInt(tasks[len(tasks)-1].Line, 10)}}
		if len(states) > 0 {
			values.Set("state", string(chosen))
		}
		v.Next = v.Action + "?" + values.Encode() + "#tasks"
	}
	return nil
}

// addTexts tells why a task is refused, or what is worth a look; of a line of a file with what it has.
func (row *taskRow) addTexts(d kind.Directory, t ask.ToldTask, lines bool) {
	for i, f := range append(slices.Clone(t.Faults), t.Warnings...) {
		why := whyText{Text: words.Fault(f)}
		if field, known := account.FieldAt(f.Path); known {
			why.Text = say.Textf("%s: %s", say.Text(field.Label), why.Text)
			if cell := t.Cells[f.Path]; lines && i < len(t.Faults) && cell != "" {
				why.Cell = cellOf(d, field, cell)
			}
		}
		row.Texts = append(row.Texts, why)
	}
}

// cellOf is what a file has in a field: of a manager or product that is known the name.
func cellOf(d kind.Directory, f account.Field, text string) string {
	if id, err := account.ParseID(text); err == nil {
		switch f.Kind {
		case account.FieldManager:
			return d.ManagerName(id).String()
		case account.FieldProduct:
			return d.ProductName(id).String()
		}
	}
	if runes := []rune(text); len(runes) > mostOfCell {
		return string(runes[:mostOfCell]) + "…"
	}
	return text
}

// addChanges tells what is to be changed, with what is there before.
func (row *taskRow) addChanges(r *ask.Request, d kind.Directory, t ask.ToldTask) {
	var client account.Account
	if currency, typed := t.Change.At("currency"); typed {
		client.Core.Currency = account.Currency(currency.New)
	}
	if t.Client != nil {
		client = *t.Client
	}
	row.Changes = page.Changes(r, t.Change, page.WordingOf(d, client))
	if n := len(row.Changes) - mostChanges; n > 0 {
		row.Changes, row.More = row.Changes[:mostChanges], n
	}
}

// Buttons of a batch.
const (
	doAll  = "all"  // runs, if nothing of it would be refused
	doGood = "good" // runs, what would be refused left out
	doStop = "stop"
	doUndo = "undo"
)

// moveBatch does what one of the buttons says.
func moveBatch(w http.ResponseWriter, r *ask.Request) error {
	values, err := page.ReadValues(r)
	if err != nil {
		return err
	}
	b, err := r.Batch()
	if err != nil {
		return err
	}
	known := map[string]bool{page.NameDo: true, page.NameReason: true, nameTyped: true}
	if faults := page.CheckNames(values, known); len(faults) > 0 {
		return renderBatch(w, r, http.StatusUnprocessableEntity, b, faults)
	}
	next := b.Batch
	switch do := values.Get(page.NameDo); do {
	case doAll, doGood:
		_, err = r.RunBatch(do == doAll, values.Get(nameTyped))
	case doStop:
		_, err = r.StopBatch()
	case doUndo:
		next, err = r.UndoBatch(page.ReasonOf(values))
	default:
		return ask.StatusError(http.StatusBadRequest)
	}
	if faults, bad := account.AsFaults(err); bad {
		return renderBatch(w, r, http.StatusUnprocessableEntity, b, faults)
	}
	if err != nil {
		return err
	}
	page.Redirect(w, r.Root+"batches/"+next.ID.String())
	return nil
}
