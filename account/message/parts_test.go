package message_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"

	"github.com/clientaccount/clientaccount/account/message"
)

// TestParts by 3GPP TS 23.038 and 23.040.
func TestParts(t *testing.T) {
	t.Parallel()
	a := strings.Repeat
	for _, c := range []struct {
		text  string
		parts int
		gsm   bool
	}{
		{"", 1, true},
		{a("a", 160), 1, true},
		{a("a", 161), 2, true},
		{a("a", 306), 2, true},
		{a("a", 307), 3, true},
		{a("a", 459), 3, true},
		{a("a", 460), 4, true},
		{a("€", 80), 1, true},
		{a("a", 159) + "€", 2, true},
		{a("[", 81), 2, true},
		{a("a", 152) + "€" + a("a", 151), 2, true},
		{a("a", 152) + "€" + a("a", 152), 3, true}, // an escape is not cut from what it escapes
		{a("ж", 70), 1, false},
		{a("ж", 71), 2, false},
		{a("ж", 134), 2, false},
		{a("ж", 135), 3, false},
		{a("😀", 35), 1, false},
		{a("😀", 36), 2, false},
		{a("ж", 66) + "😀" + a("ж", 65), 2, false},
		{a("ж", 66) + "😀" + a("ж", 66), 3, false},
		{"`", 1, false},
		{"ç", 1, false},
		{"Ç", 1, true},
		{"àéùìòñöüß§ΔΩ\r\n", 1, true},
	} {
		parts, gsm := message.Parts(c.text)
		assert.Equal(t, c.parts, parts, "%d of %.3q", utf8.RuneCountInString(c.text), c.text)
		assert.Equal(t, c.gsm, gsm, c.text)
	}
}
