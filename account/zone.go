package account

import (
	"strings"
	"time"
)

// LoadZone loads an IANA time zone by name. Unlike [time.LoadLocation] it
// refuses the empty name, "Local", and the names of files in the zone directory
// that are not zones of the IANA database ("posixrules", "posix/...", "right/...").
// The error is the [Rule] unknown.
//
// Zones come from the machine, or from the program itself if it imports time/tzdata. A
// bare container has none but UTC, and one with an old table lacks the newest names.
func LoadZone(name string) (*time.Location, error) {
	upper := name != "" && name[0] >= 'A' && name[0] <= 'Z'
	if !upper || name == "Local" || name == "Factory" || strings.Contains(name, "..") || len(name) > 64 {
		return nil, Rule("unknown")
	}
	loc, err := time.LoadLocation(name)
	if err != nil {
		return nil, Rule("unknown")
	}
	return loc, nil
}
