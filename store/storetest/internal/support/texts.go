package support

// Awkward are texts that have been changed or misread by databases and builders.
func Awkward() map[string]string {
	long := []rune{}
	for i := range 4000 {
		long = append(long, []rune("aé漢😀")[i%4])
	}
	return map[string]string{
		"case": "aAbB", "accents": "Zoë Ångström", "precomposed": "\u00e9", "combining": "e\u0301",
		"emoji": "👩‍👩‍👧‍👦🇺🇦", "leading space": "  a", "trailing space": "a  ", "only space": " ", "no-break space": "\u00a0a\u00a0",
		"lines": "a\nb\r\nc\td", "quotes": `'a' "b" ` + "`c` ''", "backslash": `\ \\ \n \'`, "wildcards": "100% a_b",
		"sql": `'); DROP TABLE accounts; --`, "number": "007", "big number": "12345678901234567890.10", "exponent": "1e5",
		"hex": `\x41`, "null": "NULL", "boolean": "true", "placeholders": "? ?? ?0 ?name $1 :a @p", "json": `{"a":[1,null]}`,
		"array": "{a,b}", "byte order mark": "\ufeffa", "right to left": "\u200fעברית", "dotted I": "İıI", "4,000 characters": string(long),
	}
}

// Head is at most n characters of a text.
func Head(text string, n int) string {
	runes := []rune(text)
	return string(runes[:min(n, len(runes))])
}
