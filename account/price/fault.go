package price

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/clientaccount/clientaccount/account"
)

// Fault is one thing wrong with a row, a change or a file. Its path is the field's name:
// mcc, mnc, mccmnc, price, from, state, currency, undo, or row, draft, list, header and file for
// what is no field's. No part holds what was sent, but for the name of a column.
type Fault struct {
	account.Fault
	Row    int `json:"row,omitempty"`    // which of the rows given, from 1; 0: none, or read from a file
	Line   int `json:"line,omitempty"`   // of the file, from 1; 0: no line's, or no file
	Column int `json:"column,omitempty"` // which cell of the line, from 1; 0: the whole line
}

// Error returns the place, the path and the text.
func (f Fault) Error() string {
	switch {
	case f.Column > 0:
		return fmt.Sprintf("line %d, column %d, %s", f.Line, f.Column, f.Fault.Error())
	case f.Line > 0:
		return fmt.Sprintf("line %d, %s", f.Line, f.Fault.Error())
	case f.Row > 0:
		return fmt.Sprintf("row %d, %s", f.Row, f.Fault.Error())
	default:
		return f.Fault.Error()
	}
}

// Faults is everything wrong with what was given, in its order. A nil or empty Faults is
// no error: return it through [Faults.Err].
type Faults []Fault

// shownFaults is how many faults the text of an error names.
const shownFaults = 10

// Error lists the first faults and says how many more there are.
func (fs Faults) Error() string {
	texts := make([]string, 0, shownFaults+1)
	for i, f := range fs {
		if i == shownFaults {
			texts = append(texts, fmt.Sprintf("and %d more", len(fs)-i))
			break
		}
		texts = append(texts, f.Error())
	}
	return "price: " + strings.Join(texts, "; ")
}

// Err returns the faults as an error, nil when there are none.
func (fs Faults) Err() error {
	if len(fs) == 0 {
		return nil
	}
	return fs
}

// Has reports whether a fault of this code is among them.
func (fs Faults) Has(code string) bool {
	for _, f := range fs {
		if f.Code == code {
			return true
		}
	}
	return false
}

// AsFaults finds the faults in an error chain. It returns nil and false for other errors.
func AsFaults(err error) (Faults, bool) { return errors.AsType[Faults](err) }

// FaultOf returns the fault of one of the [FaultCodes], for who reads other formats.
func FaultOf(code string) Fault {
	path, _, _ := strings.Cut(code, ".")
	return Fault{Fault: account.Fault{Path: path, Code: code, Text: faultTexts[code]}}
}

// FaultCodes returns every code that a fault can have, in their order.
func FaultCodes() []account.Code {
	var codes []account.Code
	for _, code := range slices.Sorted(maps.Keys(faultTexts)) {
		codes = append(codes, account.Code{Code: code, Text: faultTexts[code], About: "Price lists"})
	}
	return codes
}

// faultTexts has a row for every code; what stands before the point is the path.
var faultTexts = map[string]string{
	"mcc.format":    "An MCC has three digits, zeros in front included.",
	"mnc.format":    "An MNC has two or three digits, zeros in front included; empty is the whole country.",
	"mccmnc.format": "An MCC has three digits, and an MNC behind it two or three.",

	"price.required": "A price is needed, or the word closed or withdrawn.",
	"price.format":   "A price is plain digits with a decimal sign, or the word closed or withdrawn.",
	"price.comma":    "Prices of this list have a decimal point, no comma.",
	"price.point":    "Prices of this list have a decimal comma, no point.",
	"price.negative": "A price is not below zero.",
	"price.range":    "A price has at most 15 digits before the decimal sign.",
	"price.scale":    "A price has at most 6 decimal places.",
	"price.closed":   "What is closed or withdrawn has no price.",
	"state.unknown":  "A row is priced, closed or withdrawn.",

	"from.required":  "The instant is missing from which this holds.",
	"from.format":    "An instant is written 2026-12-31, 2026-12-31 15:04, 31.12.2026, or by RFC 3339.",
	"from.clock":     "The clock shows this time twice, or never, as it is changed then: add the offset from UTC.",
	"from.range":     "An instant lies in the years 1970 to 9998.",
	"from.precision": "An instant is a whole number of microseconds.",
	"from.past":      "This instant has passed.",

	"row.repeated": "Another row has this network and this instant.",
	"row.exists":   "The list has a row of this network and this instant: take that back first.",
	"row.cells":    "This line has not as many cells as the first.",
	"undo.unknown": "The list has no such row.",
	"undo.begun":   "This row has begun, and cannot be taken back.",

	"draft.rows": "A draft has at most 100,000 rows.",
	"list.rows":  "A list has at most 100,000 rows that hold or are yet to begin.",

	"currency.required": "The product needs a currency before it can have prices.",
	"currency.other":    "The prices are in another currency.",

	"header.missing":  "The column %s is missing.",
	"header.unknown":  "The column %s is not known.",
	"header.repeated": "The column %s is there twice.",
	"header.both":     "Either MCCMNC is a column, or MCC and MNC are.",

	"file.empty":     "The file is empty.",
	"file.format":    "The file is not of the kind that was expected, or is damaged.",
	"file.size":      "The file is too large.",
	"file.rows":      "The file has too many rows.",
	"file.cells":     "This line has too many cells.",
	"file.encoding":  "This line has characters that are none in UTF-8, or in the encoding named.",
	"file.charset":   "This encoding is not known.",
	"file.quotes":    "A quotation mark stands where none can, or its other one is missing.",
	"file.separator": "It cannot be told whether commas, semicolons or tabs separate the cells: say which.",
}
