package account

import (
	"database/sql/driver"
	"encoding"
	"fmt"
	"reflect"
)

// How values go into a host's own tables, by database/sql, bun or pgx: as their text,
// NULL for none. Reading takes the same back.

// Value returns the id's text for a database, NULL for the zero ID.
func (id ID) Value() (driver.Value, error) { return textOrNull(id.String()), nil }

// Scan reads what [ID.Value] wrote, or the 16 bytes of a UUID. The error is ErrID.
func (id *ID) Scan(src any) error {
	if raw, ok := src.([]byte); ok && len(raw) == len(id) {
		copy(id[:], raw)
		return nil
	}
	return scanText(src, id)
}

// Value returns the limit's text for a database, NULL when it is off.
func (l NotificationLimit) Value() (driver.Value, error) { return textOrNull(l.String()), nil }

// Scan reads what [NotificationLimit.Value] wrote.
func (l *NotificationLimit) Scan(src any) error { return scanText(src, l) }

// Value returns the times' text for a database, NULL for none.
func (d Dispatch) Value() (driver.Value, error) { return textOrNull(d.String()), nil }

// Scan reads what [Dispatch.Value] wrote.
func (d *Dispatch) Scan(src any) error {
	if src == nil {
		*d = Dispatch{}
		return nil
	}
	return scanText(src, d)
}

// Value returns the days' text for a database, NULL for none.
func (m MonthDays) Value() (driver.Value, error) { return textOrNull(m.String()), nil }

// Scan reads what [MonthDays.Value] wrote.
func (m *MonthDays) Scan(src any) error { return scanText(src, m) }

// Value returns the senders' text for a database, NULL for none.
func (s Senders) Value() (driver.Value, error) { return textOrNull(s.String()), nil }

// Scan reads what [Senders.Value] wrote.
func (s *Senders) Scan(src any) error { return scanText(src, s) }

// Value returns the setting for a database, NULL when unset.
func (o Optional[T]) Value() (driver.Value, error) {
	if !o.set {
		return nil, nil
	}
	return driver.DefaultParameterConverter.ConvertValue(o.value)
}

// Scan reads what [Optional.Value] wrote: a type that scans itself, or one that what the
// database gave can be converted to.
func (o *Optional[T]) Scan(src any) error {
	*o = Optional[T]{}
	if src == nil {
		return nil
	}
	if scanner, itself := any(&o.value).(interface{ Scan(any) error }); itself {
		err := scanner.Scan(src)
		o.set = err == nil
		return err
	}
	if text, raw := src.([]byte); raw {
		src = string(text)
	}
	from, into := reflect.ValueOf(src), reflect.ValueOf(&o.value).Elem()
	if !from.CanConvert(into.Type()) || (from.Kind() == reflect.String) != (into.Kind() == reflect.String) {
		return fmt.Errorf("account: a %T is no %s", src, into.Type())
	}
	into.Set(from.Convert(into.Type()))
	o.set = true
	return nil
}

func textOrNull(text string) driver.Value {
	if text == "" {
		return nil
	}
	return text
}

// scanText reads a text, empty for NULL.
func scanText(src any, into encoding.TextUnmarshaler) error {
	switch src := src.(type) {
	case nil:
		return into.UnmarshalText(nil)
	case string:
		return into.UnmarshalText([]byte(src))
	case []byte:
		return into.UnmarshalText(src)
	default:
		return fmt.Errorf("account: a %T is no text to read", src)
	}
}
