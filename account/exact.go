package account

import (
	"encoding/json"
	"time"
)

// Exact is the field's value in a as text that [Field.Restore] takes back byte for
// byte: the form in which stores keep it. It is Text, but for lists, which are a
// JSON array. It is empty when the value is the zero value, or secret.
func (f Field) Exact(a Account) string {
	v := accounts.value(&a, f.Path)
	if list, ok := asSenders(v); ok {
		return list.exact()
	}
	return v.String()
}

// Restore puts what Exact gave into the field of a. Unlike Set it tidies nothing:
// blanks, case and all stay as they are. The error is a [Rule], for text that
// Exact does not give; a is then left as it was.
func (f Field) Restore(a *Account, text string) error {
	v := accounts.value(a, f.Path)
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
