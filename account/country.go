package account

import "slices"

// Country is the two-letter code of ISO 3166-1 (alpha-2), in capitals: "UA".
// The zero value is no country. Its method and the functions here read a
// table that never changes, and may be called by several goroutines.
type Country string

// ParseCountry returns the country whose code is s, and whether there is one.
// It takes the codes that ISO 3166-1 assigns today; not withdrawn ones (AN),
// reserved ones (EU, UK) or ones left to users (XK, ZZ). s must match exactly:
// "ua" and "UA " are no codes.
func ParseCountry(s string) (Country, bool) {
	c := Country(s)
	_, ok := countryNames[c]
	if !ok {
		return "", false
	}
	return c, true
}

// Countries returns all countries that ParseCountry takes, sorted by name in
// English alphabetical order, in a slice that belongs to the caller.
func Countries() []Country { return slices.Clone(countriesByName) }

// Name returns the common English name of c, as "Bolivia" or "Türkiye", or ""
// for a country that ParseCountry does not take.
func (c Country) Name() string { return countryNames[c] }
