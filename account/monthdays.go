package account

import (
	"strconv"
	"strings"
)

// MonthDays is a set of days of the month, a bit per day (bit 1 is the 1st). A
// set has no order and no doubles, so "15, 1, 1" is the days 1 and 15.
type MonthDays uint32

// Has says whether the day, 1 to 31, is in the set.
func (m MonthDays) Has(day int) bool { return day >= 1 && day <= 31 && m&(1<<day) != 0 }

// Days are the days in ascending order, nil for none.
func (m MonthDays) Days() []int {
	var days []int
	for day := 1; day <= 31; day++ {
		if m.Has(day) {
			days = append(days, day)
		}
	}
	return days
}

// String is the canonical text: "1,15".
func (m MonthDays) String() string {
	var days []string
	for _, day := range m.Days() {
		days = append(days, strconv.Itoa(day))
	}
	return strings.Join(days, ",")
}

// MarshalText is String as bytes; it never fails.
func (m MonthDays) MarshalText() ([]byte, error) { return []byte(m.String()), nil }

// UnmarshalText reads days separated by commas, spaces allowed, empty for none.
// The error is a [Rule]: range for whole numbers that are not 1 to 31, else format.
func (m *MonthDays) UnmarshalText(text []byte) error {
	var days MonthDays
	if s := strings.TrimSpace(string(text)); s != "" {
		for part := range strings.SplitSeq(s, ",") {
			part = strings.TrimSpace(part)
			if !allDigits(strings.TrimPrefix(part, "-")) {
				return Rule("format")
			}
			day, err := strconv.Atoi(part)
			if err != nil || day < 1 || day > 31 {
				return Rule("range")
			}
			days |= 1 << day
		}
	}
	*m = days
	return nil
}
