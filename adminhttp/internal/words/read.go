package words

import (
	"strings"

	"github.com/clientaccount/clientaccount/account"
)

// ReadAmount returns how an amount that somebody typed or pasted can be read, each reading as
// plain digits for [account.ParseAmount]: one, or two where it is not certain what a point or a
// comma stands for, digits in threes first; none for what is no amount. Blanks of any kind and
// apostrophes stand between digits in threes. So does a comma or a point that comes several
// times, or before the other of the two, as on our pages: "1,996.88". It is the other way round
// in most of Europe, "1.996,88", and there is no second way to read that. In ",5" the zero is left out.
func ReadAmount(text string) []string {
	sign, digits := cutSign(strings.TrimSpace(narrow.Replace(text)))
	digits, spaced := withoutBlanks(digits)
	at := strings.LastIndexAny(digits, ".,")
	if at < 0 {
		return plain(sign, digits, "")
	}
	whole, mark, places := digits[:at], digits[at:at+1], digits[at+1:]
	others := strings.ReplaceAll(".,", mark, "")
	switch {
	case spaced: // it tells what the blanks do, and the mark is for decimals
		return plain(sign, whole, places)
	case strings.Contains(whole, mark): // a mark that comes again
		return plain(sign, inThrees(digits, mark), "")
	case strings.Contains(whole, others):
		return plain(sign, inThrees(whole, others), places)
	case whole == "" && places != "" && len(places) != 3: // three may be what is left of 1,500
		return plain(sign, "0", places)
	case isThrees(digits, mark):
		return append(plain(sign, whole+places, ""), plain(sign, whole, places)...)
	default:
		return plain(sign, whole, places)
	}
}

// OneAmount returns an amount of a currency that somebody typed or pasted as plain digits, where there
// is one way to read it, and the text itself where there is none, or two. The currency's code or sign
// may stand before or behind; another one is not read over.
func OneAmount(text string, c account.Currency) string {
	if readings := ReadAmount(WithoutCurrency(text, c)); len(readings) == 1 {
		return readings[0]
	}
	return text
}

// signs are those of currencies that people write beside amounts, beside their codes.
var signs = map[account.Currency][]string{
	"EUR": {"€"}, "USD": {"$"}, "GBP": {"£"}, "UAH": {"₴", "грн.", "грн"}, "PLN": {"zł"}, "CZK": {"Kč"}, "JPY": {"¥"}, "CNY": {"¥"},
	"INR": {"₹"}, "TRY": {"₺"}, "KZT": {"₸"}, "GEL": {"₾"}, "ILS": {"₪"}, "KRW": {"₩"}, "CAD": {"$"}, "AUD": {"$"},
}

// WithoutCurrency returns an amount without the code or sign of its currency.
func WithoutCurrency(text string, c account.Currency) string {
	text = strings.TrimSpace(narrow.Replace(text))
	if c == "" {
		return text
	}
	if n := len(c); len(text) > n && strings.EqualFold(text[len(text)-n:], string(c)) {
		return strings.TrimSpace(text[:len(text)-n])
	} else if len(text) > n && strings.EqualFold(text[:n], string(c)) {
		return strings.TrimSpace(text[n:])
	}
	for _, sign := range signs[c] {
		if rest, behind := strings.CutSuffix(text, sign); behind {
			return strings.TrimSpace(rest)
		}
		minus, digits := cutSign(text)
		if rest, before := strings.CutPrefix(digits, sign); before {
			return minus + strings.TrimSpace(rest)
		}
	}
	return text
}

// ReadCount returns a whole number that somebody typed or pasted as plain digits, which may
// stand in threes, or the text itself where it is none.
func ReadCount(text string) string {
	sign, digits := cutSign(strings.TrimSpace(narrow.Replace(text)))
	digits, _ = withoutBlanks(digits)
	for _, mark := range []string{",", "."} {
		if strings.Contains(digits, mark) {
			digits = inThrees(digits, mark)
		}
	}
	if count := plain(sign, digits, ""); len(count) == 1 {
		return count[0]
	}
	return text
}

// ReadHour returns a time of day that somebody typed, "8", "800", "0800" or "8:00", as "08:00",
// or the text itself where it is none of these.
func ReadHour(text string) string {
	hour, minute, pointed := strings.Cut(strings.TrimSpace(narrow.Replace(text)), ":")
	if !pointed && len(hour) > 2 {
		hour, minute = hour[:len(hour)-2], hour[len(hour)-2:]
	} else if !pointed {
		minute = "00"
	}
	if !isDigits(hour) || !isDigits(minute) || len(hour) > 2 || len(minute) != 2 {
		return text
	}
	return strings.Repeat("0", 2-len(hour)) + hour + ":" + minute
}

// narrow has the wide digits and marks of East Asian keyboards as others are, and takes away the marks
// that hold a number from left to right, which our pages have.
var narrow = func() *strings.Replacer {
	pairs := []string{"．", ".", "，", ",", "：", ":", "－", "-", "＋", "+", "　", " "}
	for digit := '０'; digit <= '９'; digit++ {
		pairs = append(pairs, string(digit), string('0'+digit-'０'))
	}
	for _, mark := range "\u200e\u200f\u2066\u2067\u2068\u2069" {
		pairs = append(pairs, string(mark), "")
	}
	return strings.NewReplacer(pairs...)
}()

func cutSign(text string) (sign, digits string) {
	for _, minus := range []string{"-", "−"} {
		if rest, ok := strings.CutPrefix(text, minus); ok {
			return "-", strings.TrimSpace(rest)
		}
	}
	return "", strings.TrimSpace(strings.TrimPrefix(text, "+"))
}

// blanks may stand between digits in threes: a space, one that keeps a line together, the thin
// and the figure's, and apostrophes.
var blanks = strings.NewReplacer(" ", "'", "\u00a0", "'", "\u202f", "'", "\u2009", "'", "\u2007", "'", "’", "'")

// withoutBlanks returns digits that stood in threes as one, and whether they did. What does not
// stand in threes is left as it is.
func withoutBlanks(digits string) (string, bool) {
	marked := blanks.Replace(digits)
	if !strings.Contains(marked, "'") {
		return digits, false
	}
	whole, places := marked, ""
	if at := strings.IndexAny(marked, ".,"); at >= 0 {
		whole, places = marked[:at], marked[at:]
	}
	if !isThrees(whole, "'") {
		return digits, false
	}
	return strings.ReplaceAll(whole, "'", "") + places, true
}

// inThrees returns digits in threes as one, and what does not stand so as it is.
func inThrees(digits, mark string) string {
	if !isThrees(digits, mark) {
		return digits
	}
	return strings.ReplaceAll(digits, mark, "")
}

// isThrees reports whether all groups of digits but the first have three, and the first one to
// three and no zero before others.
func isThrees(digits, mark string) bool {
	groups := strings.Split(digits, mark)
	first := groups[0]
	if len(groups) < 2 || len(first) > 3 || !isDigits(first) || first[0] == '0' {
		return false
	}
	for _, group := range groups[1:] {
		if len(group) != 3 || !isDigits(group) {
			return false
		}
	}
	return true
}

// plain returns one reading of digits and decimal places, or none.
func plain(sign, whole, places string) []string {
	text := sign + whole
	if places != "" {
		text += "." + places
	}
	if !isDigits(whole) || places != "" && !isDigits(places) {
		return nil
	}
	if _, err := account.ParseAmount(text); err != nil {
		return nil
	}
	return []string{text}
}

func isDigits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }
