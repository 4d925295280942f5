package document

import (
	"errors"
	"fmt"
)

// Errors of making documents. Compare with errors.Is.
var (
	// ErrLedger: entries do not follow each other, or do not add up.
	ErrLedger = errors.New("document: the entries do not follow")
	// ErrSums: what a document prints does not add up.
	ErrSums = errors.New("document: the sums do not add up")
	// ErrUnshowable: a text breaks lines, or has what cannot be seen, or is longer than MaxText.
	ErrUnshowable = errors.New("document: a text that cannot be shown")
	// ErrTaxes: the host's function returned what no invoice can hold.
	ErrTaxes = errors.New("document: taxes")
	// ErrCredited: more would be taken back than is left of an invoice.
	ErrCredited = errors.New("document: more than is left of the invoice")
	// ErrFormat: these bytes are no document.
	ErrFormat = errors.New("document: no document")
)

func sumsError(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrSums, fmt.Sprintf(format, args...))
}
