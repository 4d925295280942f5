package validate

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"github.com/go-playground/validator/v10"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/webhook/target"
)

// fieldFaults finds what is wrong with each field of a T by itself, in the order of the
// rows. National phone numbers are of the given country.
func fieldFaults[T any](v *Validator, t account.Table[T], of T, country account.Country) (faults account.Faults) {
	ctx := context.WithValue(context.Background(), countryKey{}, country)
	for f := range t.All() {
		if f.Rules != "" {
			faults = append(faults, v.check(ctx, f, t.Value(&of, f.Path))...)
		}
	}
	return faults
}

// check holds a value to the rules of its field.
func (v *Validator) check(ctx context.Context, f account.Field, value any) (faults account.Faults) {
	err := v.words.VarWithKeyCtx(ctx, f.Path, value, f.Rules)
	broken, ok := errors.AsType[validator.ValidationErrors](err)
	if err != nil && !ok {
		panic("validate: " + f.Path + ": " + err.Error()) // no value: a mistake in the row
	}
	for _, b := range broken {
		faults = append(faults, faultOf(f, b))
	}
	return faults
}

// faultOf returns the fault that a broken word of a field's rules stands for.
func faultOf(f account.Field, broken validator.FieldError) account.Fault {
	switch word := broken.Tag(); word {
	case "line", "lines":
		return account.NewFault(f.Path, "text.chars")
	case "webhook":
		return webhookFault(f.Path, broken.Value(), target.Family(broken.Param()))
	case "sender":
		return senderFault(f, broken)
	case "min", "max":
		return f.Fault(countOf(broken.Kind()))
	default:
		return f.Fault(ruleOf(word))
	}
}

// senderFault names the sender that is none, and where it stands: one of up to 200.
func senderFault(f account.Field, broken validator.FieldError) account.Fault {
	fault := f.Fault("format")
	_, index, _ := strings.Cut(strings.TrimSuffix(broken.Field(), "]"), "[")
	at, err := strconv.Atoi(index)
	sender, is := broken.Value().(string)
	if err != nil || !is {
		return fault
	}
	if runes := []rune(sender); len(runes) > maxNamed {
		sender = string(runes[:maxNamed]) + "…"
	}
	fault.Text = fmt.Sprintf("Line %d, %q: %s", at+1, sender, fault.Text)
	return fault
}

// maxNamed is how many characters of a value a fault repeats.
const maxNamed = 20

// ruleOf returns the second half of the code of a broken word: its own name, where no
// other is told.
func ruleOf(word string) account.Rule {
	switch word {
	case "oneof":
		return "choice"
	case "octets":
		return "length"
	case "login":
		return "chars"
	case "sender", "address", "phone", "telegram", "skype", "instant":
		return "format"
	case "zone", "currency", "country":
		return "unknown"
	case "nonnegative":
		return "negative"
	case "amount", "monthdays", "hours", "messages":
		return "range"
	case "span":
		return "empty"
	case "money":
		return "amount"
	default:
		return account.Rule(word)
	}
}

// countOf returns what min and max look at in a kind.
func countOf(k reflect.Kind) account.Rule {
	switch k {
	case reflect.String:
		return "length"
	case reflect.Slice:
		return "count"
	default:
		return "range"
	}
}
