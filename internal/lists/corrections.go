package main

import (
	"fmt"
	"maps"
)

// correction says in which way list one of 2024-06-25 is not today's.
type correction struct {
	Code   string
	Date   string // from when on
	Reason string
	Add    *currency // nil: the code is withdrawn
}

// corrections are complete up to ISO 4217 amendment 180 of 2025-09-22.
// Amendment 179 (XAD, Arab Accounting Dinar) adds a fund, which is no
// currency for an account, and so needs none.
var corrections = []correction{
	{
		Code: "XCG", Date: "2025-03-31",
		Reason: "amendment 176: Curaçao and Sint Maarten replace the Netherlands Antillean guilder",
		Add:    &currency{Name: "Caribbean Guilder", Digits: 2},
	},
	{Code: "ANG", Date: "2025-03-31", Reason: "amendment 176: replaced by XCG"},
	{Code: "CUC", Date: "2021-06-30", Reason: "amendment 178: Cuba's convertible peso left circulation, CUP remains"},
	{Code: "BGN", Date: "2026-01-01", Reason: "amendment 180: Bulgaria adopted the euro"},
	{Code: "UYW", Date: "2018", Reason: "amendment 169: an index unit of pensions, not money, though not marked as a fund"},
}

// correct applies the corrections to the listed currencies.
// One that changes nothing is an error: the list has caught up with it.
func correct(listed map[string]currency, corrections []correction) (map[string]currency, error) {
	corrected := maps.Clone(listed)
	for _, c := range corrections {
		if _, known := listed[c.Code]; known == (c.Add != nil) {
			return nil, fmt.Errorf("correction %s of %s (%s) changes nothing any more: delete it", c.Code, c.Date, c.Reason)
		}
		if c.Add == nil {
			delete(corrected, c.Code)
			continue
		}
		corrected[c.Code] = *c.Add
	}
	return corrected, nil
}
