package account

import (
	"encoding/json"
	"time"
)

// Exact returns the field at path in of as text that Restore takes back byte for byte:
// the form in which stores keep it. It is Text, but for lists, which are a JSON array. It
// is empty when the value is the zero value, or secret, and for a path without a row.
func (t Table[T]) Exact(of T, path string) string {
	v := t.value(&of, path)
	if list, ok := asSenders(v); ok {
		return list.exact()
	}
	return v.String()
}

// Restore puts what Exact gave into the field at path of of. Unlike Set it tidies nothing:
// blanks, case and all stay as they are. The error is a [Rule], for text that Exact does
// not give, and for a path without a row; of is then left as it was.
func (t Table[T]) Restore(of *T, path, text string) error {
	v := t.value(of, path)
	list, isList := asSenders(v)
	switch v := v.(type) {
	case textValue[string]:
		*v.p = text
	case longValue:
		*v.p = text
	case loginValue:
		*v.p = text
	case phoneValue:
		*v.p = text
	case urlValue:
		*v.p = text
	case telegramValue:
		*v.p = text
	case timeValue:
		return v.restore(text)
	case structuredValue:
		if isList {
			return list.restore(text)
		}
		return v.restore(text)
	default:
		return v.Set(text)
	}
	return nil
}

// Exact is that of the field in a, as [Table.Exact] tells.
func (f Field) Exact(a Account) string { return accounts.Exact(a, f.Path) }

// Restore puts what Exact gave into the field of a, as [Table.Restore] tells.
func (f Field) Restore(a *Account, text string) error { return accounts.Restore(a, f.Path, text) }

// restore takes any instant; Set's bounds are for what people type.
func (v timeValue) restore(text string) error {
	if text == "" {
		*v.p = time.Time{}
		return nil
	}
	t, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return Rule("format")
	}
	*v.p = t.UTC()
	return nil
}

// restore leaves the zero value for empty text, where Set may know a default.
func (v structuredValue) restore(text string) error {
	if dispatch, ok := v.structured.(*Dispatch); ok && text == "" {
		*dispatch = Dispatch{}
		return nil
	}
	return v.Set(text)
}

func asSenders(v value) (*Senders, bool) {
	s, ok := v.(structuredValue)
	if !ok {
		return nil, false
	}
	list, ok := s.structured.(*Senders)
	return list, ok
}

func (s *Senders) exact() string {
	if len(*s) == 0 {
		return ""
	}
	text, err := json.Marshal([]string(*s))
	if err != nil { // texts always encode
		return ""
	}
	return string(text)
}

func (s *Senders) restore(text string) error {
	var list []string
	if text != "" && json.Unmarshal([]byte(text), &list) != nil {
		return Rule("format")
	}
	*s = list
	return nil
}
