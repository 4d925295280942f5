package clientaccount_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/mail"
	"github.com/clientaccount/clientaccount/validate"
)

// An address that may be saved can be mailed to: validate and mail agree.
func FuzzMailAddress(f *testing.F) {
	long := strings.Repeat("a", 61)
	for _, seed := range []string{
		"jane@example.com", "!#$%&'*+/=?^_`{|}~-@a.b", "a.b@c.d", long + "@" + long + "." + long + "." + long + ".x", "a@-b.c", "a@b.1", "a@1.b",
	} {
		f.Add(seed)
	}
	validator := validate.New()
	f.Fuzz(func(t *testing.T, spec string) {
		if spec == "" || len(validator.Manager(account.Manager{Name: "x", Email: spec})) > 0 {
			return
		}
		a, err := mail.NewAddress("", spec)
		require.NoError(t, err)
		assert.Equal(t, spec, a.Spec())
	})
}
