package price

import "cmp"

// Network is a mobile network, as ITU-T E.212 numbers them, or all of a country. MNCs of two
// and of three digits are different ones: "01" is not "001".
type Network struct {
	MCC string `json:"mcc"` // mobile country code, three digits
	MNC string `json:"mnc"` // mobile network code, two or three digits; empty: all of the country
}

// Code returns both codes as one, "25503", or the country's alone.
func (n Network) Code() string { return n.MCC + n.MNC }

// Whole returns all of the network's country.
func (n Network) Whole() Network { return Network{MCC: n.MCC} }

// Compare orders networks by MCC, then MNC, all of a country before its networks.
func (n Network) Compare(other Network) int {
	return cmp.Or(cmp.Compare(n.MCC, other.MCC), cmp.Compare(n.MNC, other.MNC))
}

// check adds what is wrong with the codes.
func (n Network) check(faults Faults) Faults {
	if len(n.MCC) != 3 || !allDigits(n.MCC) {
		faults = append(faults, FaultOf("mcc.format"))
	}
	if n.MNC != "" && (len(n.MNC) < 2 || len(n.MNC) > 3 || !allDigits(n.MNC)) {
		faults = append(faults, FaultOf("mnc.format"))
	}
	return faults
}

// A key is a network as one number, which is faster to look up than its texts: three digits of
// MCC, then 0 for the country, 1 to 100 for an MNC of two digits, 101 to 1100 for one of three.
type key uint32

// keysOfCountry is how many keys have one MCC.
const keysOfCountry = 1 + 100 + 1000

// key returns the network's, and that of all of its country; false for what is no network.
func (n Network) key() (network, country key, ok bool) {
	if len(n.MCC) != 3 || !allDigits(n.MCC) || !allDigits(n.MNC) {
		return 0, 0, false
	}
	country = key(number(n.MCC)) * keysOfCountry
	switch len(n.MNC) {
	case 0:
		return country, country, true
	case 2:
		return country + 1 + key(number(n.MNC)), country, true
	case 3:
		return country + 101 + key(number(n.MNC)), country, true
	default:
		return 0, 0, false
	}
}

// allDigits reports whether s has nothing but ASCII digits; empty has none but them.
func allDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

// number returns that of a few digits.
func number(digits string) (n uint32) {
	for i := range len(digits) {
		n = n*10 + uint32(digits[i]-'0')
	}
	return n
}
