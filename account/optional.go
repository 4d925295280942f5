package account

import "fmt"

// Optional is a setting that may be left to the product or the platform's
// default. The zero value is unset. Optionals of comparable types compare with ==.
type Optional[T any] struct {
	value T
	set   bool
}

// Some is the optional that holds v.
func Some[T any](v T) Optional[T] { return Optional[T]{value: v, set: true} }

// Get is the value and whether there is one.
func (o Optional[T]) Get() (T, bool) { return o.value, o.set }

// Or is the value, or other when unset.
func (o Optional[T]) Or(other T) T {
	if o.set {
		return o.value
	}
	return other
}

// String is the value as package fmt prints it, "unset" without one.
func (o Optional[T]) String() string {
	if !o.set {
		return "unset"
	}
	return fmt.Sprint(o.value)
}

// IsZero says whether the setting is unset.
func (o Optional[T]) IsZero() bool { return !o.set }
