package sheet_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/sheet"
)

func TestCellsOfAllKinds(t *testing.T) {
	s := sheet.Sheet{Header: []string{"text", "amount", "count", "day", "instant", "other"}, Places: 2, Rows: slices.Values([][]any{
		{"=1", decimal.New(15, -1), int64(-12), account.Date{Year: 2026, Month: time.November, Day: 28}, time.Date(2026, 11, 28, 1, 2, 3, 0, time.UTC), 1.5},
		{"-", decimal.New(7, -6), int64(0), account.Date{}, time.Time{}, nil},
	})}
	var b strings.Builder
	require.NoError(t, s.WriteCSV(&b, sheet.Options{Separator: ';', DecimalComma: true}))
	assert.Equal(t, "text;amount;count;day;instant;other\n"+
		"'=1;1,50;-12;2026-11-28;2026-11-28T01:02:03Z;\n"+
		"'-;0,000007;0;;0001-01-01T00:00:00Z;\n", b.String())
}
