package api

import (
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/document"
	"github.com/clientaccount/clientaccount/account/message"
	"github.com/clientaccount/clientaccount/account/price"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
	"github.com/clientaccount/clientaccount/store"
)

// schema describes a body, under a name of the document. The zero schema is that of none.
type schema struct {
	name string
	make func(schemas) object
}

// of is the schema of what a T is marshalled to: the type itself, with what the tag about
// says of each field, and the tag limits (JSON Schema's keywords for numbers). A field
// without omitempty is always there; a pointer without it is null when nil.
func of[T any]() schema { return schemaOf(reflect.TypeFor[T](), false) }

// sentAs is the schema of what is decoded into a T. Every field may be left out, or null.
func sentAs[T any]() schema { return schemaOf(reflect.TypeFor[T](), true) }

func schemaOf(t reflect.Type, sent bool) schema {
	return schema{t.Name(), func(all schemas) object { return all.object(t, sent) }}
}

// schemas are those that a document refers to, by name.
type schemas map[string]object

// ref refers to a schema, which it adds.
func (all schemas) ref(s schema) object {
	if _, known := all[s.name]; !known {
		all[s.name] = nil // it may have itself within
		all[s.name] = s.make(all)
	}
	return object{"$ref": "#/components/schemas/" + s.name}
}

// bounded is a type with limits of fields that stand elsewhere in Go.
type bounded interface{ bounds() map[string]object }

// object is the schema of a struct.
func (all schemas) object(t reflect.Type, sent bool) object {
	properties, required, about := object{}, []string{}, ""
	for _, f := range reflect.VisibleFields(t) {
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case f.Name == "_":
			about = f.Tag.Get("about")
		case name == "" || name == "-":
		default:
			properties[name] = all.field(f, sent)
			if options == "" && !sent {
				required = append(required, name)
			}
		}
	}
	s := object{"type": "object", "properties": properties, "additionalProperties": false}
	zero := reflect.Zero(t).Interface()
	if b, ok := zero.(bounded); ok {
		for name, limits := range b.bounds() {
			of := properties[name].(object)
			if limits["type"] != nil { // they say all
				delete(of, "anyOf")
			}
			maps.Copy(of, limits)
		}
	}
	if r, ok := zero.(rowed); ok {
		maps.Copy(properties, fieldsSchema(r.rows(), sent)["properties"].(object))
	}
	if len(required) > 0 {
		slices.Sort(required)
		s["required"] = required
	}
	return described(s, about)
}

// field is the schema of a struct's field.
func (all schemas) field(f reflect.StructField, sent bool) object {
	s := all.value(f.Type)
	if always := !strings.Contains(f.Tag.Get("json"), ",omit"); sent || always && f.Type.Kind() == reflect.Pointer {
		s = orNullSchema(s)
	}
	for limit := range strings.FieldsSeq(f.Tag.Get("limits")) {
		keyword, number, _ := strings.Cut(limit, "=")
		s[keyword], _ = strconv.Atoi(number)
	}
	return described(s, f.Tag.Get("about"))
}

// value is the schema of a type's values.
func (all schemas) value(t reflect.Type) object {
	if s := scalar(t); s != nil {
		return s
	}
	switch t.Kind() {
	case reflect.Bool:
		return object{"type": "boolean"}
	case reflect.String:
		return object{"type": "string"}
	case reflect.Int, reflect.Int64:
		return object{"type": "integer"}
	case reflect.Pointer:
		return all.value(t.Elem())
	case reflect.Slice:
		return object{"type": "array", "items": all.item(t.Elem())}
	case reflect.Map:
		return object{"type": "object", "additionalProperties": all.item(t.Elem())}
	case reflect.Struct:
		return all.ref(schemaOf(t, false))
	case reflect.Interface: // anything
		return object{}
	default: // of no kind that bodies have: nothing fits, so that the check of answers shows it
		return object{"not": object{}}
	}
}

// item is the schema of what is in a list or map, where a nil pointer is null.
func (all schemas) item(t reflect.Type) object {
	if t.Kind() == reflect.Pointer {
		return orNullSchema(all.value(t))
	}
	return all.value(t)
}

// scalar is the schema of a type that is one value in JSON, and says more than its kind; nil
// for others.
func scalar(t reflect.Type) object {
	switch t {
	case reflect.TypeFor[Amount]():
		return object{"type": "string"}
	case reflect.TypeFor[json.Number]():
		return object{"type": "integer"}
	case reflect.TypeFor[time.Time](), reflect.TypeFor[Instant]():
		return instantSchema()
	case reflect.TypeFor[account.ID]():
		return object{"type": "string", "format": "uuid"}
	case reflect.TypeFor[account.Status]():
		return enum(statusWords()...)
	case reflect.TypeFor[account.Origin]():
		return enum(account.OriginOwn, account.OriginProduct, account.OriginDefault)
	case reflect.TypeFor[account.RecordKind]():
		return enum(account.RecordCreated, account.RecordUpdated, account.RecordUndone, account.RecordRemoved)
	case reflect.TypeFor[account.MovementKind]():
		return enum(account.MovementKinds()...)
	case reflect.TypeFor[account.HookKind]():
		return enum(account.HookKinds()...)
	case reflect.TypeFor[account.Verdict]():
		return enum(account.VerdictAccept, account.VerdictDefer, account.VerdictReview, account.VerdictRefuse)
	case reflect.TypeFor[account.Date]():
		return dateSchema()
	case reflect.TypeFor[account.Channel]():
		return enum(account.Channels()...)
	case reflect.TypeFor[StateName]():
		return enum(stateNames()...)
	case reflect.TypeFor[PriceState]():
		return enum(priceStates()...)
	case reflect.TypeFor[price.ChangeKind]():
		return enum(price.ChangeNone, price.ChangeNew, price.ChangeUp, price.ChangeDown, price.ChangeClosed)
	case reflect.TypeFor[message.Stage]():
		return enum(ask.MessageStages()...)
	case reflect.TypeFor[message.Pricing]():
		return enum(message.PricingSent, message.PricingDelivered)
	case reflect.TypeFor[message.Money]():
		return enum(message.MoneyHeld, message.MoneyTaken, message.MoneyReleased, message.MoneyRefunded)
	case reflect.TypeFor[document.Kind]():
		return enum(document.Kinds()...)
	case reflect.TypeFor[document.NoticeEvent]():
		return enum(document.NoticeEvents()...)
	case reflect.TypeFor[store.MailState]():
		return enum(ask.MailStates()...)
	case reflect.TypeFor[store.TaskState]():
		return enum(ask.TaskStates()...)
	case reflect.TypeFor[clientaccount.DeliveryState]():
		return enum(ask.DeliveryStates()...)
	default:
		return nil
	}
}

func instantSchema() object { return object{"type": "string", "format": "date-time"} }

// enum is one of a few words.
func enum[T any](words ...T) object {
	all := make([]any, len(words))
	for i, word := range words {
		all[i] = word
	}
	return object{"enum": all}
}

// orNullSchema is what the schema describes, or null. It may change the schema.
func orNullSchema(s object) object {
	if kind, ok := s["type"].(string); ok {
		s["type"] = []string{kind, "null"}
		return s
	}
	if words, ok := s["enum"].([]any); ok {
		s["enum"] = append(words, nil)
		return s
	}
	if len(s) == 0 { // anything
		return s
	}
	return object{"anyOf": []object{s, {"type": "null"}}}
}

// described adds what a schema is about.
func described(s object, about string) object {
	if about != "" {
		s["description"] = about
	}
	return s
}

// Amount is an amount of money: a string in JSON, whatever a host sets decimals to.
type Amount decimal.Decimal

// MarshalText returns the amount without zeros at its end.
func (a Amount) MarshalText() ([]byte, error) { return decimal.Decimal(a).MarshalText() }

func amount(d decimal.Decimal) *Amount { return new(Amount(d)) }

// amountOrNull is an amount of JSON that may be missing.
func amountOrNull(of account.Optional[decimal.Decimal]) *Amount {
	if d, ok := of.Get(); ok {
		return amount(d)
	}
	return nil
}

// orNull is a value of JSON, null for the zero one.
func orNull[T comparable](value T) *T {
	var zero T
	if value == zero {
		return nil
	}
	return &value
}

// instant is a time of JSON, null when there is none.
func instant(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return new(t.UTC())
}
