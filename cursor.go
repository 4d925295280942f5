package clientaccount

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"strings"
	"unicode/utf8"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/internal/bounds"
)

// cursorMark is the row after which a page begins, and the order it is of.
type cursorMark struct {
	Sort  account.Sort `json:"s"`
	Desc  bool         `json:"d,omitempty"`
	Value string       `json:"v"`
	ID    account.ID   `json:"i"`
}

// maxCursor bounds what is decoded; the longest sort key is a company's name.
const maxCursor = 2048

// cursors seals what cursors hold, so that who has one neither reads it nor makes
// another: a row's place may be a name that they do not see.
type cursors struct{ aead cipher.AEAD }

// newCursors has a key made from the host's; without one a key of its own, so that its
// cursors are good for as long as it is.
func newCursors(key []byte) cursors {
	if len(key) == 0 {
		key = make([]byte, sha256.Size)
		_, _ = rand.Read(key) // never fails
	}
	derived := sha256.Sum256(append([]byte("clientaccount cursor: "), key...))
	block, err := aes.NewCipher(derived[:])
	if err != nil {
		panic(err) // the key has the right length
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		panic(err) // AES blocks have the right length
	}
	return cursors{aead}
}

// seal is a cursor that holds a mark, of the list that over names.
func (c cursors) seal(mark []byte, over string) string {
	if c.aead == nil { // of a Service that was not made
		return ""
	}
	return base64.RawURLEncoding.EncodeToString(c.aead.Seal(nil, nil, mark, []byte(over)))
}

// open is the mark of a cursor that seal made for the same list, or account.Faults.
func (c cursors) open(cursor, over string) ([]byte, error) {
	invalid := account.Faults{account.NewFault("cursor", "cursor.invalid")}
	if len(cursor) > maxCursor || c.aead == nil {
		return nil, invalid
	}
	sealed, err := base64.RawURLEncoding.Strict().DecodeString(cursor)
	if err != nil {
		return nil, invalid
	}
	mark, err := c.aead.Open(nil, nil, sealed, []byte(over))
	if err != nil {
		return nil, invalid
	}
	return mark, nil
}

// SealCursor is a cursor for a page of a host's own: it holds a mark that nobody reads
// or changes, and belongs to the list that over names, of this Service or another with
// the same [Options].CursorKey.
func (s *Service) SealCursor(mark []byte, over string) string { return s.cursors.seal(mark, over) }

// OpenCursor is the mark of a cursor of SealCursor. The error is account.Faults with
// cursor.invalid for any other, and for one that belongs to another list.
func (s *Service) OpenCursor(cursor, over string) ([]byte, error) {
	return s.cursors.open(cursor, over)
}

// clientsList is what cursors of the Clients list belong to.
const clientsList = "clients"

func (c cursors) sealRow(last account.Summary, q account.Query) string {
	mark, err := json.Marshal(cursorMark{Sort: q.Sort, Desc: q.Desc, Value: last.SortKey(q.Sort), ID: last.ID})
	if err != nil { // strings, a bool and an id always encode
		return ""
	}
	return c.seal(mark, clientsList)
}

func (c cursors) openRow(cursor string, q account.Query) (account.Position, error) {
	invalid := account.Faults{account.NewFault("cursor", "cursor.invalid")}
	mark, err := c.open(cursor, clientsList)
	if err != nil {
		return account.Position{}, err
	}
	var m cursorMark
	if json.Unmarshal(mark, &m) != nil || m.Sort != q.Sort || m.Desc != q.Desc || !m.stands() {
		return account.Position{}, invalid
	}
	return account.Position{Value: m.Value, ID: m.ID}, nil
}

// stands says whether a store can look for the mark: another version may have made it.
func (m cursorMark) stands() bool {
	if m.Sort == account.SortActivity || m.Sort == account.SortCreated {
		at, err := account.ParseSortTime(m.Value)
		return err == nil && bounds.Instant(at)
	}
	return storable(m.Value)
}

// storable says whether a text can be in a store at all: databases refuse to even
// look for a NUL or for what is no UTF-8.
func storable(s string) bool { return utf8.ValidString(s) && !strings.Contains(s, "\x00") }
