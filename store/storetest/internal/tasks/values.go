package tasks

import (
	"reflect"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/storetest/internal/support"
)

var valuePromises = []promise{
	{Name: "every field of a task comes back, also where it is zero", Test: taskFields},
	{Name: "every field of a batch comes back, also where it is zero", Test: batchFields},
	{Name: "texts come back byte for byte", Test: texts},
	{Name: "amounts of a movement come back exactly", Test: amounts},
	{Name: "managers that are set, of whom there are none, are not unset ones", Test: noManagers},
	{Name: "instants are kept to the microsecond, in UTC", Test: instants},
	{Name: "changing what was kept or read changes nothing stored", Test: aliases},
	{Name: "what is not there is not found", Test: missing},
}

// requireFilled fails for a value that has a field without a value: it would not be tested.
func requireFilled(t *testing.T, of any, but ...string) {
	t.Helper()
	v := reflect.ValueOf(of)
	for i := range v.NumField() {
		if name := v.Type().Field(i).Name; !assert.ObjectsAreEqual(but, []string{name}) {
			require.False(t, v.Field(i).IsZero(), "the test gives %s no value", name)
		}
	}
}

// whole has every field.
func (r rig) whole(n int) store.Task {
	movement := account.Movement{
		Account: r.one, Kind: account.KindAdjust, Amount: decimal.RequireFromString("-12.340001"),
		Price: account.Some(decimal.RequireFromString("0.000001")), Round: true, Currency: "UAH", Messages: 7, Reference: "ref ї'\"\\",
		Actor: account.Actor{ID: "olena/1", Name: "Olena Ґудзь"}, Second: account.Actor{ID: "t", Name: "Тарас"}, Reason: "because", Hold: "held", Timeout: 90 * time.Minute, More: true,
		Of: 8, PassLimit: true, Other: r.two,
	}
	return store.Task{
		ID: id(n), Batch: id(100), Line: int64(n), Kind: store.TaskMove, Account: r.one, Label: "new.login", State: store.TaskRefused,
		DueAt: r.after(1), ExpiresAt: r.after(2), Set: map[string]string{"login": "x", "webhook.dlr": "https://x.example/?t=1"},
		Was: map[string]string{"login": ""}, Undoes: 3, Move: &movement, Actor: account.Actor{ID: "olena/1", Name: "Olena Ґудзь"},
		Reason: "späť '\"\\ ?", Managers: account.Some([]account.ID{r.other, r.manager}), MadeAt: r.after(3),
		Second: account.Actor{ID: "taras", Name: "Тарас"}, Answer: "ні", EndedAt: r.after(4), Revision: 5, Entry: 6,
		Faults:   []account.Fault{{Path: "login", Code: "taken", Text: "It is taken."}, {Code: "b"}},
		Warnings: []account.Fault{{Path: "status", Code: "warning", Text: "Look: 100 %.", Figure: "100.5"}},
	}
}

func taskFields(t *testing.T, r rig) {
	r.must(t, batching(r.batch(1, store.BatchRunning), 0))
	whole, bare := r.whole(2), store.Task{ID: id(1)}
	requireFilled(t, whole)
	requireFilled(t, *whole.Move)
	r.must(t, putting(whole, bare))
	requireTask(t, r, whole, bare)
	requirePage(t, r, store.TaskQuery{}, whole, bare)
	requirePage(t, r, store.TaskQuery{Batch: account.Some(id(100))}, whole)

	emptied := store.Task{ID: whole.ID, Batch: whole.Batch, Line: whole.Line}
	filled := r.whole(1)
	filled.Batch, filled.Line = account.ID{}, 0
	r.must(t, putting(emptied, filled))
	requireTask(t, r, emptied, filled)
}

func (r rig) wholeBatch(n int) store.Batch {
	return store.Batch{
		ID: id(n), Version: 1, Kind: store.BatchImport, State: store.BatchDone, Title: "клієнти \"1\".csv", Paths: []string{"login", "b", "a"},
		Actor: account.Actor{ID: "olena/1", Name: "Olena Ґудзь"}, Reason: "späť '\"\\ ?", Managers: account.Some([]account.ID{r.other, r.manager}),
		MadeAt: r.after(1), EndedAt: r.after(2), Tasks: 1 << 40, Steps: map[string]int64{"step.closes": 1 << 40, "a": 1}, Undoes: id(8), RestOf: id(7), UndoneBy: id(9),
	}
}

func batchFields(t *testing.T, r rig) {
	whole, bare := r.wholeBatch(2), store.Batch{ID: id(1), Version: 1}
	requireFilled(t, whole)
	for _, b := range []store.Batch{whole, bare} {
		r.must(t, batching(b, 0))
		requireBatch(t, r, b)
	}
	requireBatches(t, r, store.BatchQuery{}, whole, bare)
	emptied, filled := store.Batch{ID: id(2), Version: 2}, r.wholeBatch(1)
	filled.Version = 2
	for _, b := range []store.Batch{emptied, filled} {
		r.must(t, batching(b, 1))
		requireBatch(t, r, b)
	}
}

func texts(t *testing.T, r rig) {
	n := 0
	for name, text := range support.Awkward() {
		n++
		task, b := r.task(n, store.TaskRefused), r.batch(n, store.BatchDone)
		task.Label, task.Reason, task.Answer, task.Actor, task.Second = text, text, text, account.Actor{ID: text, Name: text}, account.Actor{ID: text, Name: text}
		task.Set, task.Was = map[string]string{text: text, "a": ""}, map[string]string{"a": text}
		task.Faults, task.Warnings = []account.Fault{{Path: text, Code: text, Text: text}}, []account.Fault{{Text: text}}
		task.Move = &account.Movement{Reference: text, Reason: text, Actor: task.Actor}
		b.Title, b.Reason, b.Actor, b.Paths = text, text, account.Actor{ID: text, Name: text}, []string{text, "", text}
		r.must(t, putting(task))
		r.must(t, batching(b, 0))
		t.Run(name, func(t *testing.T) {
			requireTask(t, r, task)
			requireBatch(t, r, b)
			requireBatches(t, r, store.BatchQuery{Actor: text}, b)
		})
	}
}

func amounts(t *testing.T, r rig) {
	for n, amount := range []string{"0", "0.000001", "0.1", "0.30", "-100", "123456789012.345678", "-999999999999.999999"} {
		d := decimal.RequireFromString(amount)
		task := r.task(n, store.TaskUnconfirmed)
		task.Move = &account.Movement{Account: r.one, Kind: account.KindTopUp, Amount: d, Price: account.Some(d)}
		r.must(t, putting(task))
		got, err := r.Task(t.Context(), task.ID)
		require.NoError(t, err)
		require.True(t, got.Move.Amount.Equal(d), "want %s, got %s", d, got.Move.Amount)
		require.True(t, got.Move.Price.Or(decimal.NewFromInt(-1)).Equal(d))
		support.RequireFacts(t, []account.Movement{*task.Move}, []account.Movement{*got.Move}, "the movement")
	}
}

func noManagers(t *testing.T, r rig) {
	for n, managers := range []account.Optional[[]account.ID]{
		{}, account.Some[[]account.ID](nil), account.Some([]account.ID{}), account.Some([]account.ID{{}}),
	} {
		task, b := r.task(n, store.TaskWaiting), r.batch(n, store.BatchDone)
		task.Managers, b.Managers = managers, managers
		r.must(t, putting(task))
		r.must(t, batching(b, 0))
		requireTask(t, r, task)
		requireBatch(t, r, b)
	}
}

// instants gives those of another zone, and with nanoseconds.
func instants(t *testing.T, r rig) {
	given := r.now.Add(999).In(time.FixedZone("elsewhere", 5*3600+1800))
	task, b := r.task(1, store.TaskWaiting), r.batch(1, store.BatchDone)
	task.DueAt, task.ExpiresAt, task.MadeAt, task.EndedAt, b.MadeAt, b.EndedAt = given, given, given, given, given, given
	r.must(t, putting(task))
	r.must(t, batching(b, 0))
	task.DueAt, task.ExpiresAt, task.MadeAt, task.EndedAt, b.MadeAt, b.EndedAt = r.now, r.now, r.now, r.now, r.now, r.now
	requireTask(t, r, task)
	requireBatch(t, r, b)
	r.requireDue(t, r.now.Add(-time.Microsecond), 10)
	r.requireDue(t, given, 10, task.ID)
	requirePage(t, r, store.TaskQuery{Ended: given}, task)
	requirePage(t, r, store.TaskQuery{Ended: r.now.Add(time.Microsecond)})
}

func spoil(task store.Task) {
	for _, m := range []map[string]string{task.Set, task.Was} {
		for path := range m {
			m[path] = "spoiled"
		}
		m["spoiled"] = ""
	}
	task.Faults[0], task.Warnings[0], *task.Move = account.Fault{}, account.Fault{}, account.Movement{}
	task.Managers.Or(nil)[0] = account.ID{}
}

func spoilBatch(b store.Batch) { b.Paths[0], b.Managers.Or(nil)[0] = "spoiled", account.ID{} }

func aliases(t *testing.T, r rig) {
	b := r.wholeBatch(100)
	r.must(t, batching(b, 0))
	task := r.whole(1)
	r.must(t, putting(task))
	spoil(task)
	spoilBatch(b)
	for range 2 { // what was read the first time is spoiled, too
		requireTask(t, r, r.whole(1))
		requireBatch(t, r, r.wholeBatch(100))
		one, err := r.Task(t.Context(), task.ID)
		require.NoError(t, err)
		page, err := r.Tasks(t.Context(), store.TaskQuery{})
		require.NoError(t, err)
		requireSame(t, []store.Task{r.whole(1)}, page, "the page")
		spoil(one)
		spoil(page[0])
		batch, err := r.Batch(t.Context(), b.ID)
		require.NoError(t, err)
		batches, err := r.Batches(t.Context(), store.BatchQuery{})
		require.NoError(t, err)
		requireSame(t, []store.Batch{r.wholeBatch(100)}, batches, "the page of batches")
		spoilBatch(batch)
		spoilBatch(batches[0])
	}
}

func missing(t *testing.T, r rig) {
	r.must(t, putting(r.task(1, store.TaskWaiting)))
	r.must(t, batching(r.batch(2, store.BatchRunning), 0))
	r.requireNoTask(t, id(2), account.ID{}, id(200))
	for _, none := range []account.ID{id(1), {}, r.one} {
		_, err := r.Batch(t.Context(), none)
		require.ErrorIs(t, err, account.ErrNotFound)
		requireCounts(t, r, none, nil)
	}
	requireBatches(t, r, store.BatchQuery{Actor: "nobody"})
	requirePage(t, r, store.TaskQuery{Account: r.nobody})
	requirePage(t, r, store.TaskQuery{States: []store.TaskState{"no such state", "nul \x00"}})
	requireBatches(t, r, store.BatchQuery{Actor: "nul \x00"})
}
