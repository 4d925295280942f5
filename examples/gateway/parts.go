package main

import (
	"strings"
	"unicode/utf16"
)

// The alphabet of GSM 03.38; what follows behind the escape counts twice.
const (
	gsmBasic = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
	gsmMore  = "\f^{}\\[~]|€"
)

// partsOf returns how many parts a text takes on its way to a phone: of 160 characters, or of
// 153 if there are several; of 70 or 67 if one of them is not in the alphabet of GSM.
func partsOf(text string) int {
	septets := 0
	for _, r := range text {
		switch {
		case strings.ContainsRune(gsmBasic, r):
			septets++
		case strings.ContainsRune(gsmMore, r):
			septets += 2
		default:
			return split(len(utf16.Encode([]rune(text))), 70, 67)
		}
	}
	return split(septets, 160, 153)
}

func split(length, alone, each int) int {
	if length <= alone {
		return 1
	}
	return (length + each - 1) / each
}
