// Package cursor seals the places where pages of lists begin.
package cursor

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"

	"github.com/clientaccount/clientaccount/account"
)

// maxLength bounds what is decoded; the longest sort key is a company's name.
const maxLength = 2048

// Sealer seals what cursors hold, so that who has one neither reads it nor makes
// another: a row's place may be a name that they do not see. The zero Sealer seals and
// opens nothing. Safe for concurrent use.
type Sealer struct{ aead cipher.AEAD }

// New returns a Sealer with a key made from the host's; without one a key of its own, so that
// its cursors are good for as long as it is.
func New(key []byte) Sealer {
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
	return Sealer{aead}
}

// Seal returns a cursor that holds a mark, of the list that over names.
func (c Sealer) Seal(mark []byte, over string) string {
	if c.aead == nil {
		return ""
	}
	return base64.RawURLEncoding.EncodeToString(c.aead.Seal(nil, nil, mark, []byte(over)))
}

// Open returns the mark of a cursor that Seal made for the same list, or account.Faults.
func (c Sealer) Open(cursor, over string) ([]byte, error) {
	invalid := account.Faults{account.NewFault("cursor", "cursor.invalid")}
	if len(cursor) > maxLength || c.aead == nil {
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
