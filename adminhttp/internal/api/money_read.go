package api

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
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
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
	{name: "prefix", about: "true: entries whose reference begins so, too; of the first 1,000 of them.", schema: object{"type": "boolean"}, valid: oneOf(account.NewFault("prefix", "preview.flag"), "true", "false")},
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

func validInstant(name string) func(string, access.Judge) *account.Fault {
	return func(value string, _ access.Judge) *account.Fault {
		_, fault := ask.InstantOf(name, value)
		return fault
	}
}

// entryQuery is the query of checked parameters.
func entryQuery(id account.ID, values url.Values) account.EntryQuery {
	q := account.EntryQuery{Account: id, Reference: values.Get("reference"), Prefix: values.Get("prefix") == "true", Hold: values.Get("hold")}
	for kind := range strings.SplitSeq(values.Get("kind"), ",") {
		if kind != "" {
			q.Kinds = append(q.Kinds, account.MovementKind(kind))
		}
	}
	q.From, _ = time.Parse(time.RFC3339, values.Get("from"))
	q.To, _ = time.Parse(time.RFC3339, values.Get("to"))
	return q
}

func getBalance(w http.ResponseWriter, r *ask.Request) error {
	standing, err := r.Service.Balance(r.Context(), r.ID)
	if err != nil {
		return err
	}
	sums, err := r.Judge.Sums(r.Context(), standing.Terms)
	if err != nil {
		return err
	}
	return answer(w, r, http.StatusOK, balanceOf(r.Judge, sums, standing, r.Service.Now()))
}

func listEntries(w http.ResponseWriter, r *ask.Request) error {
	values, size := r.URL.Query(), pageSize(r)
	q := entryQuery(r.ID, values)
	over := entryScope(r.ID, values)
	var err error
	if q.Before, err = openMark(r, values.Get("cursor"), over); err != nil {
		return err
	}
	q.Limit = size + 1
	entries, err := r.Service.Entries(r.Context(), q)
	if err != nil {
		return err
	}
	next, more := "", false
	if entries, more = ask.Cut(entries, size); more {
		next = sealMark(r, entries[size-1].Number, over)
	}
	page := make([]Entry, len(entries))
	for i, e := range entries {
		if page[i], err = entryOf(r, e); err != nil {
			return err
		}
	}
	return answer(w, r, http.StatusOK, EntryList{page, orNull(next)})
}

// entryScope is what a cursor of the ledger belongs to.
func entryScope(id account.ID, values url.Values) string {
	filters := url.Values{}
	for _, name := range []string{"kind", "from", "to", "reference", "prefix", "hold"} {
		filters.Set(name, values.Get(name))
	}
	return "entries " + id.String() + filters.Encode()
}

// usageParams are those of what a client used.
var usageParams = []param{
	{name: "first", about: "The first day; 29 before the last unless given.", schema: dateSchema(), valid: validDay("first")},
	{name: "last", about: "The last day, included; today on the client's clock unless given.", schema: dateSchema(), valid: validDay("last")},
}

func getUsage(w http.ResponseWriter, r *ask.Request) error {
	first, last, err := daysOf(r, "first", "last")
	if err != nil {
		return err
	}
	used, err := r.Service.Usage(r.Context(), r.ID, first, last)
	if err != nil {
		return err
	}
	_, sums, err := r.MoneyOf(r.ID)
	if err != nil {
		return err
	}
	return answer(w, r, http.StatusOK, usageOf(r.Judge.Currency(r.Client.Core.Currency), sums, first, last, used))
}

func listHolds(w http.ResponseWriter, r *ask.Request) error {
	size := pageSize(r)
	q := account.HoldQuery{Account: r.ID, Limit: size + 1}
	var err error
	if q.After, err = openHold(r, r.URL.Query().Get("cursor"), r.ID); err != nil {
		return err
	}
	holds, err := r.Service.Holds(r.Context(), q)
	if err != nil {
		return err
	}
	next, more := "", false
	if holds, more = ask.Cut(holds, size); more {
		next = sealHold(r, holds[size-1])
	}
	page := make([]Hold, len(holds))
	for i, hold := range holds {
		if page[i], err = holdOf(r, hold); err != nil {
			return err
		}
	}
	return answer(w, r, http.StatusOK, HoldList{page, orNull(next)})
}

// A cursor of the holds holds the last one's time-out and reference.

func holdsOf(id account.ID) string { return "holds " + id.String() }

func sealHold(r *ask.Request, last account.Hold) string {
	mark := binary.BigEndian.AppendUint64(nil, uint64(last.Until.UnixMicro()))
	return r.Service.SealCursor(append(mark, last.Reference...), holdsOf(last.Account))
}

func openHold(r *ask.Request, cursor string, id account.ID) (*account.Hold, error) {
	if cursor == "" {
		return nil, nil
	}
	mark, err := r.Service.OpenCursor(cursor, holdsOf(id))
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
