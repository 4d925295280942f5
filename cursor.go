package clientaccount

import (
	"encoding/json"
	"strings"
	"unicode/utf8"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/internal/bounds"
	"github.com/clientaccount/clientaccount/internal/cursor"
)

// SealCursor returns a cursor for a page of a host's own: it holds a mark that nobody reads
// or changes, and belongs to the list that over names, of this Service or another with
// the same [Options].CursorKey.
func (s *Service) SealCursor(mark []byte, over string) string { return s.cursors.Seal(mark, over) }

// OpenCursor returns the mark of a cursor of SealCursor. Any other, and one that belongs to
// another list, is the fault cursor.invalid.
//
// Errors: [account.Faults].
func (s *Service) OpenCursor(cursor, over string) ([]byte, error) {
	return s.cursors.Open(cursor, over)
}

// cursorMark is the row after which a page begins, and the order it is of.
type cursorMark struct {
	Sort  account.Sort `json:"s"`
	Desc  bool         `json:"d,omitempty"`
	Value string       `json:"v"`
	ID    account.ID   `json:"i"`
}

// clientsList is what cursors of the Clients list belong to.
const clientsList = "clients"

func sealRow(c cursor.Sealer, last account.Summary, q account.Query) string {
	mark, err := json.Marshal(cursorMark{Sort: q.Sort, Desc: q.Desc, Value: last.SortKey(q.Sort), ID: last.ID})
	if err != nil { // strings, a bool and an id always encode
		return ""
	}
	return c.Seal(mark, clientsList)
}

func openRow(c cursor.Sealer, text string, q account.Query) (account.Position, error) {
	invalid := account.Faults{account.NewFault("cursor", "cursor.invalid")}
	mark, err := c.Open(text, clientsList)
	if err != nil {
		return account.Position{}, err
	}
	var m cursorMark
	if json.Unmarshal(mark, &m) != nil || m.Sort != q.Sort || m.Desc != q.Desc || !m.stands() {
		return account.Position{}, invalid
	}
	return account.Position{Value: m.Value, ID: m.ID}, nil
}

// stands reports whether a store can look for the mark: another version may have made it.
func (m cursorMark) stands() bool {
	if m.Sort == account.SortActivity || m.Sort == account.SortCreated {
		at, err := account.ParseSortTime(m.Value)
		return err == nil && bounds.Instant(at)
	}
	return storable(m.Value)
}

// storable reports whether a text can be in a store at all: databases refuse to even
// look for a NUL or for what is no UTF-8.
func storable(s string) bool { return utf8.ValidString(s) && !strings.Contains(s, "\x00") }
