package adminhttp

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"net/http"

	"github.com/clientaccount/clientaccount/account"
)

// changeParams are those of a client's history.
var changeParams = []param{
	{
		name: "field", about: "Only changes of the field at this path.",
		schema: object{"type": "string"}, valid: validHistoryField,
	},
	cursorParam, limitParam,
}

func validHistoryField(value string, p Policy) *account.Fault {
	known := p.shows(value) || value == account.PathGatewayPassword && p.shows("password")
	return faultUnless(known, account.NewFault("field", "field.unknown", join("", value)))
}

// recordJSON is a change that was applied.
type recordJSON struct {
	Revision int64              `json:"revision"`
	At       any                `json:"at"`
	Kind     account.RecordKind `json:"kind"`
	Actor    *actorJSON         `json:"actor"`
	Reason   any                `json:"reason"`
	Undoes   any                `json:"undoes"`
	Fields   []changeJSON       `json:"fields"`
}

func recordOf(p Policy, record account.Record) recordJSON {
	j := recordJSON{
		Revision: record.Revision, Kind: record.Kind, Reason: orNull(record.Reason), Fields: changesJSON(p, record.Change),
	}
	j.Actor, j.At = whoJSON(record)
	if record.Undoes > 0 {
		j.Undoes = record.Undoes
	}
	return j
}

func (h *handler) apiChanges(w http.ResponseWriter, r *request) error {
	a, err := h.client(r)
	if err != nil {
		return err
	}
	if !r.policy.may(ActionHistory) {
		return statusError(http.StatusForbidden)
	}
	size := pageSize(r)
	q := account.ChangeQuery{Account: a.ID, Path: r.URL.Query().Get("field"), Limit: size + 1}
	if q.Before, err = openMark(r.URL.Query().Get("cursor"), q); err != nil {
		return err
	}
	records, err := h.svc.Changes(r.Context(), q)
	if err != nil {
		return err
	}
	next := ""
	if len(records) > size {
		records = records[:size]
		next = sealMark(records[size-1].Revision, q)
	}
	page := make([]recordJSON, len(records))
	for i, record := range records {
		page[i] = recordOf(r.policy, record)
	}
	return h.answer(w, r, http.StatusOK, object{"changes": page, "next": orNull(next)})
}

// A cursor of the history is the revision a page ended at, and a checksum over
// it, the client and the filter. The sum finds accidents and tinkering; it keeps
// no secret, since a cursor gives no rights.

func sealMark(revision int64, q account.ChangeQuery) string {
	mark := binary.BigEndian.AppendUint64(nil, uint64(revision))
	sum := sha256.Sum256([]byte(string(mark) + q.Account.String() + q.Path))
	return base64.RawURLEncoding.EncodeToString(append(mark, sum[:8]...))
}

func openMark(cursor string, q account.ChangeQuery) (int64, error) {
	if cursor == "" {
		return 0, nil
	}
	mark, err := base64.RawURLEncoding.Strict().DecodeString(cursor)
	if err == nil && len(mark) == 16 {
		revision := int64(binary.BigEndian.Uint64(mark))
		if revision > 0 && sealMark(revision, q) == cursor {
			return revision, nil
		}
	}
	return 0, account.Faults{account.NewFault("cursor", "cursor.invalid")}
}
