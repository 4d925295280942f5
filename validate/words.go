package validate

import (
	"context"
	"reflect"
	"strconv"
	"time"

	"github.com/go-playground/validator/v10"
	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/internal/bounds"
	"github.com/clientaccount/clientaccount/internal/textform"
)

// newWords returns a validator with our types, and the words that validator lacks.
func newWords() *validator.Validate {
	v := validator.New()
	v.RegisterCustomTypeFunc(numberOf, account.Optional[int]{})
	v.RegisterCustomTypeFunc(amountOf, account.Optional[decimal.Decimal]{})
	for word, check := range ownWords {
		if err := v.RegisterValidationCtx(word, check); err != nil {
			panic("validate: " + err.Error()) // a word without name or function: a mistake in this package
		}
	}
	return v
}

// numberOf unwraps an optional number, so that 0 and unset differ.
func numberOf(field reflect.Value) any {
	var unset *int
	if n, ok := field.Interface().(account.Optional[int]).Get(); ok {
		return &n
	}
	return unset
}

// amountOf unwraps an optional amount.
func amountOf(field reflect.Value) any {
	var unset *decimal.Decimal
	if d, ok := field.Interface().(account.Optional[decimal.Decimal]).Get(); ok {
		return &d
	}
	return unset
}

// ownWords are those that validator lacks, or has too weak: its e-mail takes a
// local part of 300 characters, its time zone what no database knows, its
// currency what is none, its phone number no plus.
var ownWords = map[string]validator.FuncCtx{
	"login":       onText(loginChars.MatchString),
	"line":        onText(textform.IsLine),
	"lines":       onText(textform.IsLines),
	"address":     onText(isAddress),
	"telegram":    onText(telegramName.MatchString),
	"skype":       onText(isSkype),
	"sender":      onText(account.ValidSender),
	"zone":        onText(isZone),
	"currency":    onText(isCurrency),
	"country":     onText(isCountry),
	"phone":       isPhone,
	"webhook":     isWebhook,
	"octets":      withinOctets,
	"nonnegative": on(func(d decimal.Decimal) bool { return !d.IsNegative() }),
	"amount":      on(bounds.Range),
	"instant":     on(isInstant),
	"days":        on(hasDays),
	"hours":       on(hasHours),
	"span":        on(func(d account.Dispatch) bool { return d.From != d.To }),
	"monthdays":   on(func(m account.MonthDays) bool { return m&1 == 0 }),
	"unit":        on(hasUnit),
	"messages":    on(fitsMessages),
	"money":       on(fitsMoney),
	"refundable":  on(isRefundable),
}

// onText checks a string of any type.
func onText(check func(string) bool) validator.FuncCtx {
	return func(_ context.Context, fl validator.FieldLevel) bool { return check(fl.Field().String()) }
}

// on checks a value of one Go type.
func on[T any](check func(T) bool) validator.FuncCtx {
	return func(_ context.Context, fl validator.FieldLevel) bool {
		value, ok := fl.Field().Interface().(T)
		return ok && check(value)
	}
}

func withinOctets(_ context.Context, fl validator.FieldLevel) bool {
	most, err := strconv.Atoi(fl.Param())
	return err == nil && len(fl.Field().String()) <= most
}

func isZone(s string) bool {
	_, err := account.LoadZone(s)
	return err == nil
}

func isCurrency(s string) bool {
	_, ok := account.ParseCurrency(s)
	return ok
}

func isCountry(s string) bool {
	_, ok := account.ParseCountry(s)
	return ok
}

// isInstant keeps to the years that RFC 3339 can write and every store can keep.
func isInstant(t time.Time) bool {
	year := t.UTC().Year()
	return t.IsZero() || year >= 1970 && year <= 9999
}

func hasDays(d account.Dispatch) bool { return d.Days != 0 && d.Days&^account.EveryDay == 0 }

func hasHours(d account.Dispatch) bool {
	return d.From >= 0 && d.From < account.DayMinutes && d.To >= 0 && d.To <= account.DayMinutes
}

func hasUnit(l account.NotificationLimit) bool {
	switch l.Unit {
	case account.UnitMessages, account.UnitMoney:
		return true
	default:
		return l.IsZero()
	}
}

func fitsMessages(l account.NotificationLimit) bool {
	n := l.Number
	if l.Unit != account.UnitMessages || n.IsZero() {
		return true
	}
	return n.IsPositive() && bounds.Range(n) && bounds.Scale(n) == 0 &&
		n.LessThanOrEqual(decimal.NewFromInt(account.MaxNotificationMessages))
}

func fitsMoney(l account.NotificationLimit) bool {
	return l.Unit != account.UnitMoney || bounds.Range(l.Number)
}

// isRefundable reports whether all states end a message otherwise than by its delivery.
func isRefundable(p account.RefundPolicy) bool {
	rest := p.States
	for _, state := range account.MessageStates() {
		if state.Final() && state != account.StateDelivered {
			rest &^= account.States(state)
		}
	}
	return rest == 0
}
