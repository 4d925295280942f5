package bunstore

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/clientaccount/clientaccount/account"
)

// profileColumn keeps one field of the field table.
type profileColumn struct {
	name  string
	field account.Field
}

// profile has a column for every field that is not secret. A new field needs a
// migration, and nothing here.
var profile = func() []profileColumn {
	var columns []profileColumn
	for _, f := range account.Fields() {
		if !f.Secret() {
			columns = append(columns, profileColumn{strings.ReplaceAll(f.Path, ".", "_"), f})
		}
	}
	return columns
}()

// value is the field of a as its column takes it. A value whose text could not be
// read back is refused before it is written.
func (c profileColumn) value(a account.Account) (any, error) {
	text := c.field.Exact(a)
	var back account.Account
	err := c.field.Restore(&back, text)
	var v any
	if err == nil {
		v, err = encode(c.field.Kind, text)
	}
	if err != nil {
		return nil, fmt.Errorf("bunstore: %s: %w", c.field.Path, err)
	}
	return v, nil
}

// encode is a field's exact text as columns of its kind take it.
func encode(kind account.FieldKind, text string) (any, error) {
	switch kind {
	case account.FieldFlag:
		return text == "true", nil
	case account.FieldNumber, account.FieldManager, account.FieldProduct:
		return orNull(text), nil
	case account.FieldAmount:
		return encodeAmount(text)
	case account.FieldTime:
		return encodeInstant(text)
	default:
		if !storable(text) {
			return nil, errText
		}
		return text, nil
	}
}

func encodeAmount(text string) (any, error) {
	if text == "" {
		return nil, nil // NULL is a value
	}
	d, err := account.ParseAmount(text)
	if err != nil {
		return nil, err
	}
	return amountValue(account.Some(d))
}

func encodeInstant(text string) (any, error) {
	if text == "" {
		return nil, nil // NULL is a value
	}
	t, err := time.Parse(time.RFC3339Nano, text)
	return instantText(t), err
}

// restore reads the column into the field of a.
func (c profileColumn) restore(r *row, a *account.Account) {
	var text string
	if c.field.Kind == account.FieldFlag {
		text = strconv.FormatBool(r.flag())
	} else {
		text = r.text()
	}
	r.failed(c.field.Restore(a, text))
}
