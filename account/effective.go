package account

import (
	"fmt"
	"strconv"

	"github.com/shopspring/decimal"
)

// Origin says where an effective value comes from.
type Origin string

// An effective value is the account's own, its product's, or the platform's default.
const (
	OriginOwn     Origin = "own"
	OriginProduct Origin = "product"
	OriginDefault Origin = "default"
)

// Effective is a value that counts and where it comes from.
type Effective[T any] struct {
	Value  T      `json:"value"`
	Origin Origin `json:"origin"`
}

// Settings are the values that count for an account, for the fields that a
// product can give.
type Settings struct {
	CreditLimit Effective[decimal.Decimal] `json:"credit_limit"`
	Priority    Effective[int]             `json:"priority"`
	DLRDays     Effective[int]             `json:"dlr_days"`
	Moderation  Effective[Moderation]      `json:"moderation"`
	Pricing     Effective[Pricing]         `json:"pricing"`
	Refunds     Effective[RefundPolicy]    `json:"refunds"`
}

// EffectiveSettings returns the account's own values where set, else the product's,
// else the platform's. A nil product gives nothing.
func EffectiveSettings(a Account, p *Product) Settings {
	if p == nil {
		p = &Product{}
	}
	return Settings{
		CreditLimit: effective(a.Credit.Limit, p.CreditLimit, decimal.Zero),
		Priority:    effective(a.Routing.Priority, p.Priority, DefaultPriority),
		DLRDays:     effective(a.Sending.DLRDays, p.DLRDays, DefaultDLRDays),
		Moderation:  effective(given(a.Core.Moderation), given(p.Moderation), DefaultModeration),
		Pricing:     effective(Optional[Pricing]{}, given(p.Pricing), PricingSent),
		Refunds:     effective(Optional[RefundPolicy]{}, given(p.Refunds), RefundPolicy{}),
	}
}

// InEffect returns what counts for an account that has a product, as a product that gives all of it:
// what is the account's own is the same with every product.
func InEffect(a Account, p Product) Product {
	counts := EffectiveSettings(a, &p)
	return Product{
		Price: p.Price, CreditLimit: Some(counts.CreditLimit.Value), Priority: Some(counts.Priority.Value),
		DLRDays: Some(counts.DLRDays.Value), Moderation: counts.Moderation.Value, Pricing: counts.Pricing.Value,
		Refunds: counts.Refunds.Value,
	}
}

// Text returns the effective value and origin of the field at path, as the field's
// text. It is false for fields that inherit nothing.
func (s Settings) Text(path string) (Effective[string], bool) {
	switch path {
	case "credit.limit":
		return Effective[string]{s.CreditLimit.Value.String(), s.CreditLimit.Origin}, true
	case "routing.priority":
		return Effective[string]{strconv.Itoa(s.Priority.Value), s.Priority.Origin}, true
	case "sending.dlr_days":
		return Effective[string]{strconv.Itoa(s.DLRDays.Value), s.DLRDays.Origin}, true
	case "moderation":
		return Effective[string]{string(s.Moderation.Value), s.Moderation.Origin}, true
	default:
		return Effective[string]{}, false
	}
}

func effective[T any](own, product Optional[T], platform T) Effective[T] {
	if v, ok := own.Get(); ok {
		return Effective[T]{v, OriginOwn}
	}
	if v, ok := product.Get(); ok {
		return Effective[T]{v, OriginProduct}
	}
	return Effective[T]{platform, OriginDefault}
}

// given is a value that is unset where it is zero.
func given[T comparable](v T) Optional[T] {
	return Optional[T]{value: v, set: v != *new(T)}
}

// Optional is a setting that may be left to the product or the platform's
// default. The zero value is unset. Optionals of comparable types compare with ==.
type Optional[T any] struct {
	value T
	set   bool
}

// Some returns the optional that holds v.
func Some[T any](v T) Optional[T] { return Optional[T]{value: v, set: true} }

// Get returns the value and whether there is one.
func (o Optional[T]) Get() (T, bool) { return o.value, o.set }

// Or returns the value, or other when unset.
func (o Optional[T]) Or(other T) T {
	if o.set {
		return o.value
	}
	return other
}

// String returns the value as package fmt prints it, "unset" without one.
func (o Optional[T]) String() string {
	if !o.set {
		return "unset"
	}
	return fmt.Sprint(o.value)
}

// IsZero reports whether the setting is unset.
func (o Optional[T]) IsZero() bool { return !o.set }
