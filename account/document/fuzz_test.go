package document_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account/document"
)

// Whatever is read as a document and adds up is written, shown and read again.
func FuzzDecode(f *testing.F) {
	for _, d := range append(ofAllKinds(f), daily(f), noticeOf(document.NoticeOverdrawEnded)) {
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
