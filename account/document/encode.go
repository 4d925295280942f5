package document

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"time"

	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount/account"
)

// format is the version of what Encode writes. A change by which what was written reads differently
// raises it.
const format = 1

// envelope is a document as it is kept. Its fields, and those of documents, stand in the order of
// their declaration, and nothing in them is a map: so the same document makes the same bytes.
type envelope struct {
	Format   int             `json:"format"`
	Kind     Kind            `json:"kind"`
	Document json.RawMessage `json:"document"`
}

// Encode writes a document as it is kept: JSON, the same bytes for the same document. Amounts
// are strings of plain digits without zeros at the end, instants are in UTC with microseconds,
// and empty lists are left out. The error is that of Check: what does not add up is not kept.
func Encode(d Document) ([]byte, error) {
	d = d.tidy()
	if err := checkAmounts(reflect.ValueOf(d)); err != nil {
		return nil, err
	}
	if err := d.Check(); err != nil {
		return nil, err
	}
	content, err := json.Marshal(d)
	if err != nil {
		return nil, err
	}
	return json.Marshal(envelope{format, d.Kind(), content})
}

// Decode reads what Encode wrote, however JSON was laid out meanwhile, as a database may do:
// encoded again, it is the same bytes. The error is ErrFormat for what Encode of this version
// does not write; a field that it does not know is none that could be left out.
func Decode(text []byte) (Document, error) {
	var e envelope
	if err := strictly(text, &e); err != nil {
		return nil, err
	}
	if e.Format != format {
		return nil, fmt.Errorf("%w: format %d, and not %d", ErrFormat, e.Format, format)
	}
	switch e.Kind {
	case KindDaily:
		return decode[Daily](e.Document)
	case KindStatement:
		return decode[Statement](e.Document)
	case KindInvoice:
		return decode[Invoice](e.Document)
	case KindCreditNote:
		return decode[CreditNote](e.Document)
	case KindPriceUpdate:
		return decode[PriceUpdate](e.Document)
	case KindNotice:
		return decode[Notice](e.Document)
	}
	return nil, fmt.Errorf("%w: there is no kind %q", ErrFormat, e.Kind)
}

func decode[D Document](text []byte) (Document, error) {
	var d D
	if err := read(text, &d); err != nil {
		return nil, err
	}
	return d, nil
}

// read is strictly for what has amounts, none of which is absurd.
func read(text []byte, into any) error {
	if err := strictly(text, into); err != nil {
		return err
	}
	if err := checkAmounts(reflect.ValueOf(into).Elem()); err != nil {
		return fmt.Errorf("%w: %w", ErrFormat, err)
	}
	return nil
}

// checkAmounts returns an error for an amount so large or fine that adding it up would not end.
func checkAmounts(v reflect.Value) error {
	switch of := v.Interface().(type) {
	case decimal.Decimal:
		if !bounded(of) {
			return sumsError("an amount is too large")
		}
		return nil
	case account.Optional[decimal.Decimal]:
		return checkAmounts(reflect.ValueOf(of.Or(decimal.Zero)))
	case UnitPrice, time.Time:
		return nil
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			if err := checkAmounts(v.Field(i)); err != nil {
				return err
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			if err := checkAmounts(v.Index(i)); err != nil {
				return err
			}
		}
	}
	return nil
}

// bounded reports whether an amount is written in a few digits.
func bounded(d decimal.Decimal) bool {
	const most = 40
	return d.IsZero() || d.Exponent() >= -most && d.Exponent() <= most && d.NumDigits() <= 2*most
}

// strictly reads one JSON value, and nothing behind it.
func strictly(text []byte, into any) error {
	if err := checkTokens(text); err != nil {
		return err
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return fmt.Errorf("%w: %w", ErrFormat, err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return fmt.Errorf("%w: there is more behind it", ErrFormat)
	}
	return nil
}

// checkTokens returns ErrFormat for a text or number that is longer than any in a document:
// reading it as an amount would take time that grows with its square.
func checkTokens(text []byte) error {
	const longest = 64 << 10 // of a text of MaxText bytes JSON has up to six for each
	run := 0                 // bytes since the last sign that parts values
	for _, c := range text {
		if run++; c == '"' || c == ',' || c == ':' {
			run = 0
		}
		if run > longest {
			return fmt.Errorf("%w: a value is too long", ErrFormat)
		}
	}
	return nil
}

// Hash returns the SHA-256 of what Encode writes, in hexadecimal digits. Documents of the same
// hash are the same.
func Hash(d Document) (string, error) {
	text, err := Encode(d)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:]), nil
}
