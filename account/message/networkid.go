package message

import (
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"slices"
)

// NetworkID is what a network calls a message, or a part of it.
type NetworkID struct {
	Network string `json:"network"`
	ID      string `json:"id"`
	Part    int    `json:"part"` // from 1; 0: all of the message
}

// overlaps reports whether two ids would stand for the same part.
func (n NetworkID) overlaps(other NetworkID) bool {
	return n.Part == other.Part || n.Part == 0 || other.Part == 0
}

// is reports whether it is the id of a network.
func (n NetworkID) is(network, id string) bool { return n.Network == network && n.ID == id }

// NetworkIDs are those of a message, in the order in which they were given.
type NetworkIDs []NetworkID

// part returns what an id stands for, and whether there is one.
func (ids NetworkIDs) part(network, id string) (int, bool) {
	i := slices.IndexFunc(ids, func(n NetworkID) bool { return n.is(network, id) })
	if i < 0 {
		return 0, false
	}
	return ids[i].Part, true
}

// with returns the ids and those of a handover that are not among them yet.
func (ids NetworkIDs) with(more []NetworkID) (NetworkIDs, *ContradictionError) {
	next := slices.Clip(ids) // what is added goes elsewhere
	for _, n := range more {
		i := slices.IndexFunc(ids, func(was NetworkID) bool { return was.overlaps(n) || was.is(n.Network, n.ID) })
		switch {
		case i < 0:
			next = append(next, n)
		case ids[i] != n:
			return nil, &ContradictionError{Code: CodeSentOther, Was: ids[i]}
		}
	}
	return next, nil
}

// ids returns the handover's, each with what it stands for in a message of so many parts.
func (h Handover) ids(parts int) []NetworkID {
	ids := make([]NetworkID, len(h.IDs))
	for i, id := range h.IDs {
		ids[i] = NetworkID{Network: h.Network, ID: id}
		if parts > 1 && (len(h.IDs) > 1 || h.Part > 0) { // else it is all of the message
			ids[i].Part = max(h.Part, 1) + i
		}
	}
	return ids
}

// Value returns the ids' JSON for a database, NULL for none.
func (ids NetworkIDs) Value() (driver.Value, error) { return jsonValue(ids) }

// Scan reads what [NetworkIDs.Value] wrote.
func (ids *NetworkIDs) Scan(src any) error { return scanJSON(src, ids) }

// Value returns the reports' JSON for a database, NULL for none.
func (es EarlyReports) Value() (driver.Value, error) { return jsonValue(es) }

// Scan reads what [EarlyReports.Value] wrote.
func (es *EarlyReports) Scan(src any) error { return scanJSON(src, es) }

func jsonValue[T any](list []T) (driver.Value, error) {
	if len(list) == 0 {
		return nil, nil
	}
	text, err := json.Marshal(list)
	return string(text), err
}

// scanJSON reads a list, empty for NULL. On an error the list is left as it was.
func scanJSON[L ~[]T, T any](src any, into *L) error {
	var text []byte
	switch src := src.(type) {
	case nil:
		*into = nil
		return nil
	case string:
		text = []byte(src)
	case []byte:
		text = src
	default:
		return fmt.Errorf("message: a %T is no text to read", src)
	}
	var read L
	if err := json.Unmarshal(text, &read); err != nil {
		return err
	}
	*into = read
	return nil
}
