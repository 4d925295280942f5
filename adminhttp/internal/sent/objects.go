package sent

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"iter"
)

// Objects are the JSON objects of a body, each read strictly as by [ParseObject]: those of one array,
// or one behind the other, as in a file with a line for each. An error is the last: account.Faults of
// the file, which say the which of the objects is none.
func Objects(body []byte) iter.Seq2[Document, error] {
	return func(yield func(Document, error) bool) {
		dec := json.NewDecoder(bytes.NewReader(body))
		array := bytes.HasPrefix(bytes.TrimLeft(body, " \t\r\n"), []byte("["))
		if array {
			_, _ = dec.Token() // it is there
		}
		n := 1
		for ; dec.More(); n++ {
			d, err := object(dec)
			if err != nil {
				err = FileFault("import.json", n)
			}
			if !yield(d, err) || err != nil {
				return
			}
		}
		if !ended(dec, array) {
			yield(Document{}, FileFault("import.json", n))
		}
	}
}

// object reads the next value, which is to be an object.
func object(dec *json.Decoder) (Document, error) {
	var raw json.RawMessage
	if err := dec.Decode(&raw); err != nil {
		return Document{}, err
	}
	if len(raw) > MaxBody {
		return Document{}, ErrSyntax()
	}
	d, err := ParseObject(raw)
	if err == nil && d.Kind != KindObject {
		err = ErrSyntax()
	}
	return d, err
}

// ended reports whether there is nothing more but the end of an array.
func ended(dec *json.Decoder, array bool) bool {
	if array {
		if _, err := dec.Token(); err != nil {
			return false
		}
	}
	_, err := dec.Token()
	return errors.Is(err, io.EOF)
}
