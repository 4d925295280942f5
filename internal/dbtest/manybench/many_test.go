package manybench

import (
	"bytes"
	crypto "crypto/rand"
	"fmt"
	"math/rand/v2"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
)

// count is a number that an environment variable may set, to try things with less.
func count(name string, otherwise int) int {
	if n, err := strconv.Atoi(os.Getenv(name)); err == nil {
		return n
	}
	return otherwise
}

var (
	clients = count("CLIENTACCOUNT_MANY_CLIENTS", 100_000)
	many    = clients / 5 // that are changed, and that come by a file
)

// BenchmarkMany prints one table for each database. Run it alone: go test -run '^$' -bench Many
// -benchtime 1x.
func BenchmarkMany(b *testing.B) {
	for _, name := range []string{"PostgreSQL", "SQLite"} {
		b.Run(name, func(b *testing.B) {
			r := newRig(b, name == "PostgreSQL")
			r.fill(clients)
			for b.Loop() {
				fmt.Fprintf(r.table, "\n%s\thow many\ttook\ta second\theap\tstatements each\t\n", name)
				r.exports()
				r.changes()
				r.imports()
				r.lines()
				require.NoError(b, r.table.Flush())
			}
		})
	}
}

// exports are the list as files.
func (r *rig) exports() {
	for _, format := range []string{"csv", "xlsx"} {
		var a *answer
		var first time.Duration
		m := r.measure(func() {
			at := time.Now()
			a = r.send(http.MethodGet, "/clients/export?as="+format, "", nil)
			first = a.begun.Sub(at)
		})
		require.Equal(r, http.StatusOK, a.code)
		r.told("the list as "+format, clients, m, fmt.Sprintf("first byte after %s, %.1f MB", first.Round(time.Millisecond), float64(a.size)/(1<<20)))
	}
}

// changes are a change of many, while others look at it and money moves, and taking it back.
func (r *rig) changes() {
	moved := r.charged(2 * time.Second)
	r.note("charges of one caller, nothing beside", moved)
	form := url.Values{"all": {"1"}, "list": {"country=UA"}, "_do": {"look"}, "credit.limit": {"500"}, "sending.api": {"true"}}
	batch := r.begun("change: gathered", many, func() *answer { return r.form("/clients/many", form) })
	r.through(batch, "change: judged", store.BatchJudged)
	r.run(batch)
	r.through(batch, "change: done", store.BatchDone)
	undo := r.begun("undo: gathered", many, func() *answer { return r.form("/batches/"+batch, url.Values{"_do": {"undo"}}) })
	r.through(undo, "undo: judged", store.BatchJudged)
	r.run(undo)
	r.through(undo, "undo: done", store.BatchDone)
}

// imports are new clients, changes of clients, and faults, by files.
func (r *rig) imports() {
	for _, c := range []struct {
		what   string
		header string
		line   func(i int) string
		faulty bool
	}{
		{"new by CSV", "login,company,country,status,credit.limit", func(i int) string { return fmt.Sprintf("fresh-%d,Fresh %d,DE,active,10", i, i) }, false},
		{"changes by CSV", "login,credit.limit,contact.phone", func(i int) string { return fmt.Sprintf("client-%d,700,+3805%08d", i, i) }, false},
		{"faults by CSV", "login,credit.limit", func(i int) string { return fmt.Sprintf("client-%d,a lot", i) }, true},
	} {
		var file strings.Builder
		file.WriteString(c.header + "\n")
		for i := range many {
			file.WriteString(c.line(i+1) + "\n")
		}
		batch := r.begun(c.what+": gathered", many, func() *answer { return r.file(file.String()) })
		r.through(batch, c.what+": judged", store.BatchJudged)
		if c.faulty {
			var a *answer
			m := r.measure(func() { a = r.send(http.MethodGet, "/batches/"+batch+"/faults", "", nil) })
			require.Equal(r, http.StatusOK, a.code)
			r.told("file of faults", many, m, fmt.Sprintf("%.1f MB", float64(a.size)/(1<<20)))
			continue
		}
		r.run(batch)
		r.through(batch, c.what+": done", store.BatchDone)
	}
}

// begun makes a batch of n by a request, and returns its id.
func (r *rig) begun(what string, n int, send func() *answer) string {
	r.Helper()
	var a *answer
	m := r.measure(func() { a = send() })
	require.Equal(r, http.StatusSeeOther, a.code, what)
	r.told(what, n, m, "")
	return path.Base(a.header.Get("Location"))
}

// run lets a batch run.
func (r *rig) run(batch string) {
	r.Helper()
	typed := url.Values{"_do": {"all"}, "typed": {strconv.Itoa(many)}}
	require.Equal(r, http.StatusSeeOther, r.form("/batches/"+batch, typed).code)
}

func (r *rig) form(path string, values url.Values) *answer {
	return r.send(http.MethodPost, path, "application/x-www-form-urlencoded", strings.NewReader(values.Encode()))
}

func (r *rig) file(content string) *answer {
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile("file", "clients.csv")
	require.NoError(r, err)
	_, err = part.Write([]byte(content))
	require.NoError(r, err)
	require.NoError(r, form.Close())
	return r.send(http.MethodPost, "/clients/import", form.FormDataContentType(), &body)
}

// through shows the page of a batch until that is in a state, while another person looks at it, too,
// and money moves.
func (r *rig) through(batch, what string, until store.BatchState) {
	r.Helper()
	id, err := account.ParseID(batch)
	require.NoError(r, err)
	var looked, moved []time.Duration
	stop := make(chan struct{})
	var beside sync.WaitGroup
	m := r.measure(func() {
		beside.Go(func() { looked = r.looking(stop, "/batches/"+batch) })
		beside.Go(func() { moved = r.charging(stop) })
		for state := store.BatchState(""); state != until; {
			require.Equal(r, http.StatusOK, r.send(http.MethodGet, "/batches/"+batch, "", nil).code)
			b, _, err := r.service.Batch(r.Context(), id)
			require.NoError(r, err)
			state = b.State
		}
		close(stop)
		beside.Wait()
	})
	r.told(what, many, m, "another's page "+spread(looked)+"; charges beside "+spread(moved))
}

// looking asks for a page again and again, and returns how long each took.
func (r *rig) looking(stop chan struct{}, path string) (took []time.Duration) {
	for {
		select {
		case <-stop:
			return took
		case <-time.After(150 * time.Millisecond):
			at := time.Now()
			r.send(http.MethodGet, path, "", nil)
			took = append(took, time.Since(at))
		}
	}
}

// charging charges clients one after another, and returns how long each charge took.
func (r *rig) charging(stop chan struct{}) (took []time.Duration) {
	for {
		select {
		case <-stop:
			return took
		case <-time.After(5 * time.Millisecond):
			var id account.ID
			n := 5 * (1 + rand.IntN(clients/5-1))
			copy(id[:], []byte{6: 0x40, 8: 0x80, 13: byte(n >> 16), 14: byte(n >> 8), 15: byte(n)})
			at := time.Now()
			_, err := r.service.Charge(r.Context(), clientaccount.Charge{Account: id, Amount: decimal.New(1, -4), Messages: 1, Reference: crypto.Text()})
			if err != nil {
				r.Errorf("a charge: %v", err)
				return took
			}
			took = append(took, time.Since(at))
		}
	}
}

func (r *rig) charged(during time.Duration) []time.Duration {
	stop := make(chan struct{})
	time.AfterFunc(during, func() { close(stop) })
	return r.charging(stop)
}

// lines are the pages and counts of a batch of as many lines as there are clients.
func (r *rig) lines() {
	ctx := r.Context()
	batches, err := r.service.Batches(ctx, store.BatchQuery{Limit: 1})
	require.NoError(r, err)
	batch := batches[0].ID.String()
	id := `printf('00000000-0000-4000-9000-%012x', n.i)`
	if r.postgres {
		id = `('00000000-0000-4000-9000-' || lpad(to_hex(n.i), 12, '0'))::uuid`
	}
	r.copied("tasks WHERE batch_id = '"+batch+"'", clients-many, map[string]string{"id": id, "line": "n.i + 1000000", "state": `CASE WHEN n.i % 3 = 0 THEN 'done' ELSE 'refused' END`})
	r.settle()
	counted := r.times(func() { _, _, err = r.service.Batch(ctx, batches[0].ID) })
	require.NoError(r, err)
	r.note("counts of a batch of "+strconv.Itoa(clients), counted)
	for _, query := range []string{"", "?state=done", "?state=done&after=1050000", "?after=1050000"} {
		r.note("its page "+query, r.times(func() { require.Equal(r, http.StatusOK, r.send(http.MethodGet, "/batches/"+batch+query, "", nil).code) }))
	}
}

func (r *rig) times(do func()) (took []time.Duration) {
	for range 21 {
		at := time.Now()
		do()
		took = append(took, time.Since(at))
	}
	return took[1:]
}

// note adds a line about how long something took each time.
func (r *rig) note(what string, took []time.Duration) {
	fmt.Fprintf(r.table, "%s\t%d\t\t\t\t\t%s\n", what, len(took), spread(took))
}

// spread is the median, the 99th of a hundred, and the most.
func spread(took []time.Duration) string {
	if len(took) == 0 {
		return "-"
	}
	slices.Sort(took)
	at := func(share float64) time.Duration {
		return took[int(share*float64(len(took)-1))].Round(100 * time.Microsecond)
	}
	return fmt.Sprintf("%s, p99 %s", at(0.5), at(0.99))
}
