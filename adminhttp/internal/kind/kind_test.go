package kind

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/clientaccount/clientaccount/account"
)

// TestEveryZoneOfTheListIsAccepted, and offered once.
func TestEveryZoneOfTheListIsAccepted(t *testing.T) {
	for _, name := range zoneNames {
		_, err := account.LoadZone(name)
		assert.NoError(t, err, name)
		_, offered := zoneOptions().at[name]
		assert.True(t, offered, name)
	}
	assert.Greater(t, len(zoneNames), 500)
	for _, name := range []string{"UTC", "Europe/Kyiv", "America/Argentina/Buenos_Aires", "Asia/Kolkata"} {
		assert.Contains(t, zoneNames, name)
	}
}

// TestEveryKindHasALook: a new kind of field cannot be forgotten on the page.
func TestEveryKindHasALook(t *testing.T) {
	for _, f := range account.Fields() {
		assert.NotEmpty(t, Of(f).Look().Widget, f.Path)
	}
}
