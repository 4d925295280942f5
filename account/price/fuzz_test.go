package price_test

import (
	"bytes"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/price"
	"github.com/clientaccount/clientaccount/account/sheet"
)

// Any file is read or refused, never half; what is refused has a reason, what is read is a
// list, and goes out and in again as it is.
func FuzzReadCSV(f *testing.F) {
	for _, s := range []string{
		"MCC,MNC,price,from\n255,01,0.05,2026-12-01\n",
		"\ufeffmccmnc;Price;From\r\n25501;0,05;01.12.2026\r\n\"255\";\"closed\";2026-12-01 10:00\r\n",
		"MCC\tprice\tfrom\n255\t1\t\n255\t1e9\t2026-12-01T00:00:00Z\n",
		"\xff\xfeM\x00C\x00C\x00", "MCC;price\n\"255;\n", "a,b;c\td\n", "",
	} {
		f.Add([]byte(s), uint8(0))
		f.Add([]byte(s), uint8(255))
	}
	charsets := []price.Charset{"", price.CharsetUTF16LE, price.CharsetUTF16BE, price.CharsetWindows1251}
	f.Fuzz(func(t *testing.T, file []byte, how uint8) {
		o := price.ReadOptions{
			DecimalComma: how&1 != 0, Extra: how&2 != 0, Charset: charsets[how>>2&3],
			Separator: []rune{0, ',', ';', '\t'}[how>>4&3],
		}
		if how&64 != 0 {
			o.From = day0
		}
		rows, err := price.ReadCSV(bytes.NewReader(file), o)
		if err != nil {
			faults, ok := price.AsFaults(err)
			require.True(t, ok, "%v", err)
			require.NotEmpty(t, faults)
			assert.Nil(t, rows)
			for _, f := range faults {
				assert.NotEmpty(t, f.Text, f.Code)
				assert.True(t, slices.ContainsFunc(price.FaultCodes(), func(c account.Code) bool { return c.Code == f.Code }), f.Code)
			}
			return
		}
		_, err = price.NewList(rows)
		require.NoError(t, err)
		var out bytes.Buffer
		require.NoError(t, price.RowSheet(rows, nil).WriteCSV(&out, sheet.Options{}))
		again, err := price.ReadCSV(&out, price.ReadOptions{})
		require.NoError(t, err)
		require.Equal(t, shown(rows), shown(again))
	})
}
