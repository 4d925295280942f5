package need_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/clientaccount/clientaccount/internal/dbtest/need"
)

func TestRequired(t *testing.T) {
	for name, tc := range map[string]struct {
		require, ci string
		want        bool
	}{
		"on a developer's machine":   {},
		"required":                   {require: "1", want: true},
		"in CI":                      {ci: "true", want: true},
		"another CI setting":         {ci: "false"},
		"required and explicitly CI": {require: "1", ci: "true", want: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv(need.RequireVar, tc.require)
			t.Setenv("CI", tc.ci)
			assert.Equal(t, tc.want, need.Required())
		})
	}
}

// recorder notes which way Missingf ended the test.
type recorder struct {
	testing.TB

	failed, skipped bool
}

func (*recorder) Helper()                 {}
func (r *recorder) Fatalf(string, ...any) { r.failed = true }
func (r *recorder) Skipf(string, ...any)  { r.skipped = true }

func TestMissing(t *testing.T) {
	t.Setenv("CI", "")
	t.Setenv(need.RequireVar, "")
	r := &recorder{TB: t}
	need.Missingf(r, "no server")
	assert.True(t, r.skipped && !r.failed, "not required: skipped")

	t.Setenv(need.RequireVar, "1")
	r = &recorder{TB: t}
	need.Missingf(r, "no server")
	assert.True(t, r.failed, "required: failed")
}
