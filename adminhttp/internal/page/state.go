package page

import (
	"net/url"
	"strconv"
)

// StateValues returns what a URL says of the rows shown: the filters that are set, and the
// number that they are below.
func StateValues(before int64, filters map[string]string) url.Values {
	values := url.Values{}
	for name, value := range filters {
		if value != "" {
			values.Set(name, value)
		}
	}
	if before > 0 {
		values.Set("before", strconv.FormatInt(before, 10))
	}
	return values
}
