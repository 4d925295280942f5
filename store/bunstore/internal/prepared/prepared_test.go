package prepared

import (
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
)

// However many statements are run, a bounded number is kept; those that are go on as they are.
func TestPoolKeepsSoManyStatements(t *testing.T) {
	p := NewPool(nil)
	first := p.get("0")
	for n := range mostKept {
		assert.NotNil(t, p.get(strconv.Itoa(n)))
	}
	assert.Nil(t, p.get("one too many"))
	assert.Same(t, first, p.get("0"))
	assert.Len(t, p.of, mostKept)
}
