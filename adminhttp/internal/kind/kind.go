// Package kind is all that differs from one kind of field to the other on pages and in
// JSON: the control it is typed in, how it is read from a form, its value and its schema in
// JSON, and its words. A kind is a row of one table and a type that says where it differs
// from a line of text.
package kind

import (
	"net/url"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/sent"
	"github.com/clientaccount/clientaccount/adminhttp/internal/words"
)

// Kind is one kind of field.
type Kind interface {
	// Look is how its control looks.
	Look() Look
	// Parts are what follows its path in the names of further inputs.
	Parts() []string
	// Read puts the text of a field together from the inputs of a form; false when it was
	// not on the page, so that part of a form never takes anything away.
	Read(form url.Values, path string) (string, bool)
	// Readings are the two ways in which a text that Read returned can be meant; nil where there
	// is one, or none.
	Readings(text string) []string
	// Shown is a canonical text as the control gives it back when nobody touches it.
	Shown(w Wording, f account.Field, text string) string
	// UTC is text that was typed by who does not see the client's clock.
	UTC(text string) string
	// Fill adds to a control what only this kind has.
	Fill(c *Control, f account.Field, p Page)

	// words are a text that is not empty, as people read it.
	words(w Wording, f account.Field, text string) words.Text
	// unset is what an empty text means.
	unset(f account.Field) words.Text
	// value is a canonical text in JSON, null where it is empty.
	value(f account.Field, text string) any
	// text is a value of JSON that is not null as the field's text, or why it cannot be.
	text(f account.Field, v sent.Value) (string, account.Faults)
	// schema describes the value: as it is read, or as it may be written.
	schema(f account.Field, write bool) Schema
}

// Look is how a field is typed.
type Look struct {
	Widget string // the template: control-<widget>
	Mode   string // inputmode
	Width  string // third, half or wide: two thirds of the form's width
}

// kinds has every kind of field.
var kinds = map[account.FieldKind]Kind{
	account.FieldText:     line{Look{Widget: "input", Width: "third"}},
	account.FieldLongText: line{Look{Widget: "area", Width: "wide"}},
	account.FieldEmail:    line{Look{Widget: "input", Mode: "email", Width: "third"}},
	account.FieldPhone:    line{Look{Widget: "input", Mode: "tel", Width: "third"}},
	account.FieldURL:      address{line{Look{Widget: "input", Mode: "url", Width: "half"}}},
	account.FieldSecret:   secret{line{Look{Widget: "secret", Width: "third"}}},
	account.FieldFlag:     flag{line{Look{Widget: "flag", Width: "third"}}},
	account.FieldNumber:   number{line{Look{Widget: "input", Mode: "numeric", Width: "third"}}},
	account.FieldAmount:   amount{line{Look{Widget: "amount", Mode: "decimal", Width: "third"}}},
	account.FieldTime:     instant{line{Look{Widget: "time", Width: "third"}}},
	account.FieldChoice:   choice{line{Look{Widget: "select", Width: "third"}}},
	account.FieldZone:     zone{line{Look{Widget: "select", Width: "third"}}},
	account.FieldCurrency: currency{line{Look{Widget: "select", Width: "third"}}},
	account.FieldCountry:  country{line{Look{Widget: "select", Width: "third"}}},
	account.FieldManager:  manager{row{line{Look{Widget: "select", Width: "third"}}}},
	account.FieldProduct:  product{row{line{Look{Widget: "select", Width: "third"}}}},
	account.FieldDispatch: dispatch{line{Look{Widget: "dispatch", Width: "wide"}}},
	account.FieldLimit:    limit{line{Look{Widget: "limit", Mode: "decimal", Width: "third"}}},
	account.FieldDays:     days{line{Look{Widget: "input", Width: "wide"}}},
	account.FieldList:     list{line{Look{Widget: "area", Width: "wide"}}},
	account.FieldSet:      set{line{Look{Widget: "set", Width: "wide"}}},
}

// Of is the kind of a field.
func Of(f account.Field) Kind { return kinds[f.Kind] }

// Words are a field's text as people read it; of an unset field, what that means.
func Words(w Wording, f account.Field, text string) words.Text {
	if text == "" {
		return unset(f)
	}
	return Of(f).words(w, f, text)
}

func unset(f account.Field) words.Text {
	switch {
	case f.Inherits:
		return "inherited"
	case f.Path == "expires_at":
		return "never"
	default:
		return Of(f).unset(f)
	}
}

// Value is a field's canonical text as a value of JSON: nil when unset.
func Value(f account.Field, text string) any { return Of(f).value(f, text) }

// Text is a value of JSON as the field's text, empty for null, or why it cannot be. Whether
// the text means anything is judged where it is set.
func Text(f account.Field, v sent.Value) (string, account.Faults) {
	if v.Kind == sent.KindNull {
		return "", nil
	}
	return Of(f).text(f, v)
}
