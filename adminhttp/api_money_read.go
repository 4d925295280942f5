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

func validKinds(value string, _ Policy) *account.Fault {
	for kind := range strings.SplitSeq(value, ",") {
		if !slices.Contains(kindWords(), kind) {
			return newFault("kind", "kind.unknown")
		}
	}
	return nil
}

func validInstant(name string) func(string, Policy) *account.Fault {
	return func(value string, _ Policy) *account.Fault {
		at, err := time.Parse(time.RFC3339, value)
		if err == nil && !account.FitsInstant(at) {
			return newFault(name, "instant.range")
		}
		return faultUnless(err == nil, account.Fault{Path: name, Code: "time.format", Text: "Use RFC 3339, for example 2026-11-23T08:41:02Z."})
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

// readsMoney is the client of the path, whose money the actor may see.
func (h *handler) readsMoney(r *request) (account.Account, error) {
	a, err := h.client(r)
	if err == nil && !r.policy.may(ActionMoney) {
		err = statusError(http.StatusForbidden)
	}
	return a, err
}

func (h *handler) apiBalance(w http.ResponseWriter, r *request) error {
	a, err := h.readsMoney(r)
	if err != nil {
		return err
	}
	standing, err := h.svc.Balance(r.Context(), a.ID)
	if err != nil {
		return err
	}
	return h.answer(w, r, http.StatusOK, balanceOf(r.policy, standing, h.svc.Now()))
}

func (h *handler) apiEntries(w http.ResponseWriter, r *request) error {
	a, err := h.readsMoney(r)
	if err != nil {
		return err
	}
	values, size := r.URL.Query(), pageSize(r)
	q := entryQuery(a.ID, values)
	over := entryScope(a.ID, values)
	if q.Before, err = openMark(values.Get("cursor"), over); err != nil {
		return err
	}
	q.Limit = size + 1
	entries, err := h.svc.Entries(r.Context(), q)
	if err != nil {
		return err
	}
	next := ""
	if len(entries) > size {
		entries = entries[:size]
		next = sealMark(entries[size-1].Number, over)
	}
	page := make([]entryJSON, len(entries))
	for i, e := range entries {
		page[i] = entryOf(r.policy, e)
	}
	return h.answer(w, r, http.StatusOK, object{"entries": page, "next": orNull(next)})
}

// entryScope is what a cursor of the ledger belongs to.
func entryScope(id account.ID, values url.Values) string {
	filters := url.Values{}
	for _, name := range []string{"kind", "from", "to", "reference", "hold"} {
		filters.Set(name, values.Get(name))
	}
	return id.String() + filters.Encode()
}

func (h *handler) apiHolds(w http.ResponseWriter, r *request) error {
	a, err := h.readsMoney(r)
	if err != nil {
		return err
	}
	size := pageSize(r)
	q := account.HoldQuery{Account: a.ID, Limit: size + 1}
	if q.After, err = openHold(r.URL.Query().Get("cursor"), a.ID); err != nil {
		return err
	}
	holds, err := h.svc.Holds(r.Context(), q)
	if err != nil {
		return err
	}
	next := ""
	if len(holds) > size {
		holds = holds[:size]
		next = sealHold(holds[size-1])
	}
	page := make([]holdJSON, len(holds))
	for i, hold := range holds {
		page[i] = holdOf(hold)
	}
	return h.answer(w, r, http.StatusOK, object{"holds": page, "next": orNull(next)})
}

// A cursor of the holds is the last one's time-out and reference.

func sealHold(last account.Hold) string {
	mark := binary.BigEndian.AppendUint64(nil, uint64(last.Until.UnixMicro()))
	return seal(append(mark, last.Reference...), last.Account.String())
}

func openHold(cursor string, id account.ID) (*account.Hold, error) {
	if cursor == "" {
		return nil, nil
	}
	mark, err := unseal(cursor, id.String())
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
