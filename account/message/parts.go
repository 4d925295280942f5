package message

import "strings"

// The default alphabet of 3GPP TS 23.038, 6.2.1, and the characters of its extension table, which
// take two places.
const (
	defaultAlphabet = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?" +
		"¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
	extensionTable = "\f^{}\\[~]|€"
)

// Parts returns how many parts a text takes, and whether it is in the default alphabet of GSM:
// else it goes as UCS-2. One part has 160 places of the alphabet, or 70 of UCS-2; each of several
// has 153, or 67, since a header of six octets joins them (3GPP TS 23.040, 9.2.3.24.1). No
// character is cut in two. An empty text takes one part.
func Parts(text string) (parts int, gsm bool) {
	whole, each, gsm := 70, 67, isGSM(text)
	if gsm {
		whole, each = 160, 153
	}
	all, parts, inPart := 0, 1, 0
	for _, r := range text {
		width := places(r, gsm)
		if all += width; inPart+width > each {
			parts, inPart = parts+1, 0
		}
		inPart += width
	}
	if all <= whole {
		return 1, gsm
	}
	return parts, gsm
}

func isGSM(text string) bool {
	for _, r := range text {
		if !strings.ContainsRune(defaultAlphabet, r) && !strings.ContainsRune(extensionTable, r) {
			return false
		}
	}
	return true
}

// places returns how many places a character takes: septets, or units of 16 bits.
func places(r rune, gsm bool) int {
	if gsm && strings.ContainsRune(extensionTable, r) || !gsm && r > 0xFFFF {
		return 2
	}
	return 1
}
