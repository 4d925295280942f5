// Package validate says what is acceptable in an account, a manager or a product.
//
// What concerns one field alone is in the rules of its row, which go-playground/validator
// reads ([account.Field]); this package has the words that validator lacks. What joins
// several fields, or needs [Facts] from outside, is a plain function. Every fault
// found is returned at once, in the order of the page, each with the path of its
// field, a stable code, and a text for people.
//
// Nothing here does I/O except to load time zones, and nothing reads a clock.
package validate
