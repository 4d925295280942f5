package price

import "github.com/clientaccount/clientaccount/account"

// CountryOf returns the country to which ITU-T E.212 assigns a mobile country code, and whether
// there is one in ISO 3166-1. A code that several share is the first one's: 234 is the United
// Kingdom also for Jersey, 340 Guadeloupe also for Martinique. Kosovo's (221) and the codes
// that are no country's (901, for satellites and aircraft) have none.
func CountryOf(mcc string) (account.Country, bool) {
	c, ok := countryOfMCC[mcc]
	return c, ok
}

// MCCs returns the country of every mobile country code that CountryOf takes, in a map that
// belongs to the caller.
func MCCs() map[string]account.Country {
	all := make(map[string]account.Country, len(countryOfMCC))
	for mcc, country := range countryOfMCC {
		all[mcc] = country
	}
	return all
}

// Names is what a price update calls countries and networks. There is no table of networks here:
// they change hands and names too often, and a platform knows those that it sells. Either
// function may be nil.
type Names struct {
	Country func(mcc string) string // nil or "": the English name of [CountryOf]
	Network func(n Network) string  // "" for a network without a name; not asked for whole countries
}

// Of returns what a country and a network are called.
func (names Names) Of(n Network) (country, network string) {
	return names.country(n.MCC), names.network(n)
}

func (names Names) country(mcc string) string {
	if names.Country != nil {
		if name := names.Country(mcc); name != "" {
			return name
		}
	}
	return countryOfMCC[mcc].Name()
}

func (names Names) network(n Network) string {
	if names.Network == nil || n.MNC == "" {
		return ""
	}
	return names.Network(n)
}
