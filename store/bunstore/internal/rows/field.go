package rows

import (
	"encoding/json"
	"time"

	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount/account"
)

// The kinds of columns. Each takes the column's name and the place in a T that the column
// keeps; those that end in OrNull keep the zero value as NULL.

// key is an id, the zero one too.
func key[T any, K ~[16]byte](name string, at func(*T) *K) field[T] {
	return field[T]{
		Column{name, "uuid"},
		func(p *Params, v *T) { p.Key(account.ID(*at(v))) },
		func(r *Row, v *T) { *at(v) = K(r.ID()) },
	}
}

func idOrNull[T any](name string, at func(*T) *account.ID) field[T] {
	return field[T]{
		Column{name, "uuid"},
		func(p *Params, v *T) { p.id(*at(v)) },
		func(r *Row, v *T) { *at(v) = r.ID() },
	}
}

// idsOrNull is a list of ids as text.
func idsOrNull[T any](name string, at func(*T) *[]account.ID) field[T] {
	return field[T]{
		Column{name, "text"},
		func(p *Params, v *T) { p.ids(*at(v)) },
		func(r *Row, v *T) { *at(v) = r.ids() },
	}
}

func text[T any, S ~string](name string, at func(*T) *S) field[T] {
	return field[T]{
		Column{name, "text"},
		func(p *Params, v *T) { p.Text(string(*at(v))) },
		func(r *Row, v *T) { *at(v) = S(r.Text()) },
	}
}

func textOrNull[T any, S ~string](name string, at func(*T) *S) field[T] {
	return field[T]{
		Column{name, "text"},
		func(p *Params, v *T) { p.textOrNull(string(*at(v))) },
		func(r *Row, v *T) { *at(v) = S(r.Text()) },
	}
}

// derived is text that follows from the rest, and is only written.
func derived[T any](name string, of func(*T) string) field[T] {
	return field[T]{
		Column{name, "text"},
		func(p *Params, v *T) { p.Text(of(v)) },
		func(r *Row, _ *T) { r.Text() },
	}
}

// whole is a whole number.
type whole interface{ ~int | ~int64 }

func bigint[T any, N whole](name string, at func(*T) *N) field[T] {
	return number(name, "bigint", at)
}

func integer[T any, N whole](name string, at func(*T) *N) field[T] {
	return number(name, "integer", at)
}

func number[T any, N whole](name, sqlType string, at func(*T) *N) field[T] {
	return field[T]{
		Column{name, sqlType},
		func(p *Params, v *T) { p.Integer(int64(*at(v))) },
		func(r *Row, v *T) { *at(v) = N(r.Integer()) },
	}
}

func bigintOrNull[T any](name string, at func(*T) *int64) field[T] {
	return field[T]{
		Column{name, "bigint"},
		func(p *Params, v *T) { p.integerOrNull(*at(v)) },
		func(r *Row, v *T) { *at(v) = r.integerOrNone() },
	}
}

// span is a whole number of units of time.
func span[T any](name string, unit time.Duration, at func(*T) *time.Duration) field[T] {
	return field[T]{
		Column{name, "bigint"},
		func(p *Params, v *T) { p.Integer(int64(*at(v) / unit)) },
		func(r *Row, v *T) { *at(v) = time.Duration(r.Integer()) * unit },
	}
}

func flag[T any](name string, at func(*T) *bool) field[T] {
	return field[T]{
		Column{name, "boolean"},
		func(p *Params, v *T) { p.Flag(*at(v)) },
		func(r *Row, v *T) { *at(v) = r.Flag() },
	}
}

func instant[T any](name string, at func(*T) *time.Time) field[T] {
	return field[T]{
		Column{name, "timestamptz"},
		func(p *Params, v *T) { p.at(*at(v)) },
		func(r *Row, v *T) { *at(v) = r.Instant() },
	}
}

func instantOrNull[T any](name string, at func(*T) *time.Time) field[T] {
	return field[T]{
		Column{name, "timestamptz"},
		func(p *Params, v *T) { p.instant(*at(v)) },
		func(r *Row, v *T) { *at(v) = r.Instant() },
	}
}

func amount[T any](name string, at func(*T) *decimal.Decimal) field[T] {
	return field[T]{
		Column{name, "numeric"},
		func(p *Params, v *T) { p.amount(*at(v)) },
		func(r *Row, v *T) { *at(v) = r.money() },
	}
}

func amountOrNull[T any](name string, at func(*T) *decimal.Decimal) field[T] {
	return field[T]{
		Column{name, "numeric"},
		func(p *Params, v *T) { p.amountOrNull(*at(v)) },
		func(r *Row, v *T) { *at(v) = r.money() },
	}
}

// optionalAmount is NULL where it is unset.
func optionalAmount[T any](name string, at func(*T) *account.Optional[decimal.Decimal]) field[T] {
	return field[T]{
		Column{name, "numeric"},
		func(p *Params, v *T) { p.optional(*at(v)) },
		func(r *Row, v *T) { *at(v) = r.amount() },
	}
}

// sum is a sum of amounts, which may have a digit more than one.
func sum[T any](name string, at func(*T) *decimal.Decimal) field[T] {
	return field[T]{
		Column{name, "numeric"},
		func(p *Params, v *T) { p.sum(*at(v)) },
		func(r *Row, v *T) { *at(v) = r.sum() },
	}
}

func sumOrNull[T any](name string, at func(*T) *decimal.Decimal) field[T] {
	return field[T]{
		Column{name, "numeric"},
		func(p *Params, v *T) { p.sumOrNull(*at(v)) },
		func(r *Row, v *T) { *at(v) = r.sum() },
	}
}

func limit[T any](name string, at func(*T) *account.NotificationLimit) field[T] {
	return field[T]{
		Column{name, "text"},
		func(p *Params, v *T) { p.limit(*at(v)) },
		func(r *Row, v *T) { *at(v) = r.limit() },
	}
}

// jsonOrNull is a value as JSON, none as NULL. texts are those in it: JSON would change what no
// database takes.
func jsonOrNull[T, V any](name string, at func(*T) *V, none func(V) bool, texts func(V) []string) field[T] {
	return field[T]{
		Column{name, "text"},
		func(p *Params, v *T) {
			value := *at(v)
			if none(value) {
				p.Null()
				return
			}
			if !Storable(texts(value)...) {
				p.failed(ErrText)
			}
			encoded, err := json.Marshal(value)
			p.failed(err)
			p.Text(string(encoded))
		},
		func(r *Row, v *T) {
			if encoded := r.Text(); encoded != "" {
				r.failed(json.Unmarshal([]byte(encoded), at(v)))
			}
		},
	}
}
