package dialect

import (
	"errors"
	"strings"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
)

// ErrReference: a row points at another that is not there, or is pointed at.
var ErrReference = errors.New("bunstore: broken reference")

// Taken is the TakenError of a broken unique constraint, or ErrConflict for keys that are
// no field of an account. names maps what an error's text has to keys.
func Taken(err error, names map[string]store.Key) error {
	for name, key := range names {
		if strings.Contains(err.Error(), name) {
			return &store.TakenError{Path: string(key)}
		}
	}
	return account.ErrConflict
}

// SQLState returns the code of an error of pgx or lib/pq (SQLState), or of pgdriver (Field);
// empty for other errors.
func SQLState(err error) string {
	var named interface{ SQLState() string }
	var fielded interface{ Field(byte) string }
	switch {
	case errors.As(err, &named):
		return named.SQLState()
	case errors.As(err, &fielded):
		return fielded.Field('C')
	default:
		return ""
	}
}
