package document

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
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

// Encode writes a document as it is kept: JSON, the same bytes for the same document. Amounts are
// strings of plain digits without zeros at the end, instants are in UTC with microseconds, and empty lists are
// left out. The error is that of Check: what does not add up is not kept.
func Encode(d Document) ([]byte, error) {
	if err := d.Check(); err != nil {
		return nil, err
	}
	content, err := json.Marshal(d.tidy())
	if err != nil {
		return nil, err
	}
	return json.Marshal(envelope{format, d.Kind(), content})
}

// Decode reads what Encode wrote, however JSON was laid out meanwhile, as a database may do: encoded
// again, it is the same bytes. The error is ErrFormat for what Encode of this version
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
	}
	return nil, fmt.Errorf("%w: there is no kind %q", ErrFormat, e.Kind)
}

func decode[D Document](text []byte) (Document, error) {
	var d D
	if err := strictly(text, &d); err != nil {
		return nil, err
	}
	return d, nil
}

// strictly reads one JSON value, and nothing behind it.
func strictly(text []byte, into any) error {
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

// Hash returns the SHA-256 of what Encode writes, in hexadecimal digits. Documents of the same hash are
// the same.
func Hash(d Document) (string, error) {
	text, err := Encode(d)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:]), nil
}
