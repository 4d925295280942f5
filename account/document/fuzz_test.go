package document_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account/document"
)

// Whatever is read as a document and adds up is written, shown and read again.
func FuzzDecode(f *testing.F) {
	s, err := document.NewStatement(head(), november, aMonth(f))
	require.NoError(f, err)
	i := invoice(f, document.Percent("VAT", amount("19")))
	n, err := i.Credit(head(), "Reason", nil)
	require.NoError(f, err)
	for _, d := range []document.Document{s, i, n, daily(f)} {
		text, err := document.Encode(d)
		require.NoError(f, err)
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		d, err := document.Decode(text)
		if err != nil {
			require.ErrorIs(t, err, document.ErrFormat)
			return
		}
		page(t, d, document.English())
		written(t, d)
		if d.Check() == nil {
			again(t, d)
		}
	})
}
