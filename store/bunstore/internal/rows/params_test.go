package rows

import (
	"math"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
)

func TestAmountsAreWrittenAsDecimalDoes(t *testing.T) {
	for _, coefficient := range []int64{0, 1, -1, 9, 10, -10, 12, 100, 1_000_001, -42_000, 123_456_789_012_345_678, -999_999_999_999_999_999, math.MaxInt64, math.MinInt64} {
		for exponent := int32(-8); exponent <= 8; exponent++ {
			d := decimal.New(coefficient, exponent)
			assert.Equal(t, d.String(), string(appendAmount(nil, d)))
		}
	}
}
