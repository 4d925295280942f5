package adminhttp

import (
	"cmp"
	"encoding/binary"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
	"github.com/clientaccount/clientaccount/adminhttp/internal/sent"
)

// entryParams are those of a client's ledger.
var entryParams = []param{
	{
		name: "kind", about: "Kinds of entries, separated by commas: " + strings.Join(kindWords(), ", ") + ".",
		schema: object{"type": "string"}, valid: validKinds,
	},
	{name: "from", about: "Entries at this instant and later.", schema: instantSchema(), valid: validInstant("from")},
	{name: "to", about: "Entries before this instant.", schema: instantSchema(), valid: validInstant("to")},
	{name: "reference", about: "The entry of this reference.", schema: object{"type": "string"}},
	{name: "hold", about: "What became of the hold of this reference.", schema: object{"type": "string"}},
	cursorParam, limitParam,
}

func kindWords() []string {
	var words []string
	for _, kind := range account.MovementKinds() {
		words = append(words, string(kind))
	}
	return words
}

func validKinds(value string, _ access.Judge) *account.Fault {
	for kind := range strings.SplitSeq(value, ",") {
		if !slices.Contains(kindWords(), kind) {
			return sent.Fault("kind", "kind.unknown")
		}
	}
	return nil
}

// instantOf reads a time of RFC 3339 that can be stored.
func instantOf(path, text string) (time.Time, *account.Fault) {
	at, err := time.Parse(time.RFC3339, text)
	switch {
	case err != nil:
		return at, &account.Fault{Path: path, Code: "time.format", Text: "Use RFC 3339, for example 2026-11-23T08:41:02Z."}
	case !account.FitsInstant(at):
		return at, sent.Fault(path, "instant.range")
	default:
		return at, nil
	}
}

func validInstant(name string) func(string, access.Judge) *account.Fault {
	return func(value string, _ access.Judge) *account.Fault {
		_, fault := instantOf(name, value)
		return fault
	}
}

// entryQuery is the query of checked parameters.
func entryQuery(id account.ID, values url.Values) account.EntryQuery {
	q := account.EntryQuery{Account: id, Reference: values.Get("reference"), Hold: values.Get("hold")}
	for kind := range strings.SplitSeq(values.Get("kind"), ",") {
		if kind != "" {
			q.Kinds = append(q.Kinds, account.MovementKind(kind))
		}
	}
	q.From, _ = time.Parse(time.RFC3339, values.Get("from"))
	q.To, _ = time.Parse(time.RFC3339, values.Get("to"))
	return q
}

func apiBalance(w http.ResponseWriter, r *request) error {
	standing, err := r.service.Balance(r.Context(), r.id)
	if err != nil {
		return err
	}
	sums, err := r.judge.Sums(r.Context(), standing.Terms)
	if err != nil {
		return err
	}
	return answer(w, r, http.StatusOK, balanceOf(r.judge, sums, standing, r.service.Now()))
}

func apiEntries(w http.ResponseWriter, r *request) error {
	values, size := r.URL.Query(), pageSize(r)
	q := entryQuery(r.id, values)
	over := entryScope(r.id, values)
	var err error
	if q.Before, err = openMark(r, values.Get("cursor"), over); err != nil {
		return err
	}
	q.Limit = size + 1
	entries, err := r.service.Entries(r.Context(), q)
	if err != nil {
		return err
	}
	next := ""
	if len(entries) > size {
		entries = entries[:size]
		next = sealMark(r, entries[size-1].Number, over)
	}
	page := make([]entryJSON, len(entries))
	for i, e := range entries {
		if page[i], err = r.entryOf(e); err != nil {
			return err
		}
	}
	return answer(w, r, http.StatusOK, object{"entries": page, "next": orNull(next)})
}

// entryScope is what a cursor of the ledger belongs to.
func entryScope(id account.ID, values url.Values) string {
	filters := url.Values{}
	for _, name := range []string{"kind", "from", "to", "reference", "hold"} {
		filters.Set(name, values.Get(name))
	}
	return "entries " + id.String() + filters.Encode()
}

func apiHolds(w http.ResponseWriter, r *request) error {
	size := pageSize(r)
	q := account.HoldQuery{Account: r.id, Limit: size + 1}
	var err error
	if q.After, err = openHold(r, r.URL.Query().Get("cursor"), r.id); err != nil {
		return err
	}
	holds, err := r.service.Holds(r.Context(), q)
	if err != nil {
		return err
	}
	next := ""
	if len(holds) > size {
		holds = holds[:size]
		next = sealHold(r, holds[size-1])
	}
	page := make([]holdJSON, len(holds))
	for i, hold := range holds {
		if page[i], err = r.holdOf(hold); err != nil {
			return err
		}
	}
	return answer(w, r, http.StatusOK, object{"holds": page, "next": orNull(next)})
}

// A cursor of the holds holds the last one's time-out and reference.

func holdsOf(id account.ID) string { return "holds " + id.String() }

func sealHold(r *request, last account.Hold) string {
	mark := binary.BigEndian.AppendUint64(nil, uint64(last.Until.UnixMicro()))
	return r.service.SealCursor(append(mark, last.Reference...), holdsOf(last.Account))
}

func openHold(r *request, cursor string, id account.ID) (*account.Hold, error) {
	if cursor == "" {
		return nil, nil
	}
	mark, err := r.service.OpenCursor(cursor, holdsOf(id))
	if err != nil || len(mark) < 8 {
		return nil, cmp.Or(err, errCursor())
	}
	last := &account.Hold{
		Until: time.UnixMicro(int64(binary.BigEndian.Uint64(mark))).UTC(), Reference: string(mark[8:]),
	}
	if (account.HoldQuery{After: last}).Faults() != nil { // anybody can make a checksum
		return nil, errCursor()
	}
	return last, nil
}
