package clientaccount

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"strings"
	"unicode/utf8"

	"github.com/clientaccount/clientaccount/account"
)

// cursorMark is the row after which a page begins, and the order it is of.
type cursorMark struct {
	Sort  account.Sort `json:"s"`
	Desc  bool         `json:"d,omitempty"`
	Value string       `json:"v"`
	ID    account.ID   `json:"i"`
}

// cursorSum is the length of the checksum before a cursor's content. It finds
// accidents and tinkering; it keeps no secret, since a cursor gives no rights.
const cursorSum = 8

// maxCursor bounds what is decoded; the longest sort key is a company's name.
const maxCursor = 2048

func sealCursor(last account.Summary, q account.Query) string {
	content, err := json.Marshal(cursorMark{Sort: q.Sort, Desc: q.Desc, Value: last.SortKey(q.Sort), ID: last.ID})
	if err != nil { // strings, a bool and an id always encode
		return ""
	}
	sum := sha256.Sum256(content)
	return base64.RawURLEncoding.EncodeToString(append(sum[:cursorSum], content...))
}

func openCursor(cursor string, q account.Query) (account.Position, error) {
	invalid := account.Faults{account.NewFault("cursor", "cursor.invalid")}
	if len(cursor) > maxCursor {
		return account.Position{}, invalid
	}
	sealed, err := base64.RawURLEncoding.Strict().DecodeString(cursor)
	if err != nil || len(sealed) < cursorSum {
		return account.Position{}, invalid
	}
	sum := sha256.Sum256(sealed[cursorSum:])
	var m cursorMark
	if !bytes.Equal(sum[:cursorSum], sealed[:cursorSum]) || json.Unmarshal(sealed[cursorSum:], &m) != nil {
		return account.Position{}, invalid
	}
	if m.Sort != q.Sort || m.Desc != q.Desc || !m.stands() {
		return account.Position{}, invalid
	}
	return account.Position{Value: m.Value, ID: m.ID}, nil
}

// stands says whether a store can look for the mark: anybody can make a checksum.
func (m cursorMark) stands() bool {
	if m.Sort == account.SortActivity || m.Sort == account.SortCreated {
		at, err := account.ParseSortTime(m.Value)
		return err == nil && account.FitsInstant(at)
	}
	return storable(m.Value)
}

// storable says whether a text can be in a store at all: databases refuse to even
// look for a NUL or for what is no UTF-8.
func storable(s string) bool { return utf8.ValidString(s) && !strings.Contains(s, "\x00") }
