package xlsx

import (
	"encoding/xml"
	"strconv"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount/account"
)

// look is what a style makes of a number, as far as that changes what it is for its reader. The zero
// look shows its digits.
type look struct {
	day, clock bool // it is an instant, or a part of one
	percent    bool
	digits     int // before the point, at least: 7 is shown as 007
}

// readLooks returns how cells' styles show numbers.
func (b *book) readLooks(part string) (looks []look, err error) {
	codes, cells := map[string]string{}, false
	err = b.each(part, func(m *markup) error {
		for {
			token, err := m.next()
			if err != nil {
				return err
			}
			switch t := token.(type) {
			case xml.EndElement:
				cells = cells && t.Name.Local != "cellXfs"
			case xml.StartElement:
				switch {
				case len(looks) == maxStyles || len(codes) == maxStyles:
					return errFormat()
				case t.Name.Local == "cellXfs":
					cells = true
				case t.Name.Local == "numFmt":
					codes[attribute(t, "numFmtId")] = attribute(t, "formatCode")
				case t.Name.Local == "xf" && cells:
					looks = append(looks, lookOf(attribute(t, "numFmtId"), codes))
				}
			}
		}
	})
	return looks, err
}

// lookOf returns the look of a format: one of a file's own, by its code, or one of those that all
// files have.
func lookOf(id string, codes map[string]string) look {
	if code, own := codes[id]; own {
		return lookOfCode(code)
	}
	n, err := strconv.Atoi(id)
	if err != nil {
		return look{}
	}
	between := func(from, to int) bool { return from <= n && n <= to }
	switch {
	case between(9, 10):
		return look{percent: true}
	case n == 22:
		return look{day: true, clock: true}
	case between(18, 21), between(32, 35), between(45, 47), between(55, 56):
		return look{clock: true}
	case between(14, 17), between(27, 31), n == 36, between(50, 54), between(57, 58):
		return look{day: true}
	default:
		return look{}
	}
}

// lookOfCode reads the first section of a format, the one of positive numbers, without what it shows
// as it is.
func lookOfCode(code string) look {
	signs := strings.NewReplacer("am/pm", "", "a/p", "", "general", "").Replace(strings.ToLower(bareCode(code)))
	l := look{day: strings.ContainsAny(signs, "yd"), clock: strings.ContainsAny(signs, "hs"), percent: strings.Contains(signs, "%")}
	if strings.Contains(signs, "m") && !l.clock {
		l.day = true // months, not minutes
	}
	if strings.Trim(signs, "0") == "" {
		l.digits = len(signs)
	}
	return l
}

// bareCode leaves out quoted texts, colours and conditions, and what fills up a cell.
func bareCode(code string) string {
	var b strings.Builder
	for i := 0; i < len(code) && code[i] != ';'; i++ {
		until := map[byte]byte{'"': '"', '[': ']'}[code[i]]
		switch {
		case until != 0:
			end := strings.IndexByte(code[i+1:], until)
			if end < 0 {
				return b.String()
			}
			i += end + 1
		case strings.IndexByte(`\_*`, code[i]) >= 0:
			i++
		default:
			b.WriteByte(code[i])
		}
	}
	return b.String()
}

// show returns a number as its cell shows it, but for rounding and for signs between digits: those
// are for the eye. It is what was typed, to the 15 digits that a spreadsheet has.
func (l look) show(raw string, is04 bool) string {
	digits := plainDigits(raw)
	number, err := decimal.NewFromString(digits)
	switch {
	case err != nil:
		return raw
	case l.day || l.clock:
		return l.instant(number, is04)
	case l.percent:
		return number.Shift(2).String() + "%"
	case number.IsInteger() && !number.IsNegative() && len(digits) < l.digits:
		return strings.Repeat("0", l.digits-len(digits)) + digits
	default:
		return digits
	}
}

// instant returns what the clock shows at a day and a fraction of one; what is shown as a day has its
// time too where it has one. The number itself is of what no calendar has.
func (l look) instant(number decimal.Decimal, is04 bool) string {
	t, ok := instantOf(number, is04)
	clock := "15:04"
	if t.Second() != 0 {
		clock = time.TimeOnly
	}
	switch {
	case !ok:
		return number.String()
	case l.clock && !l.day:
		return t.Format(clock)
	case l.clock || t.Hour() != 0 || t.Minute() != 0 || t.Second() != 0:
		return t.Format(time.DateOnly + " " + clock)
	default:
		return t.Format(time.DateOnly)
	}
}

// instantOf returns what the clock shows at a day and a fraction of one, to the second.
func instantOf(number decimal.Decimal, is04 bool) (time.Time, bool) {
	const last = 2958465 // the end of the year 9999
	if number.IsNegative() || number.GreaterThan(decimal.New(last, 0)) {
		return time.Time{}, false
	}
	day := number.IntPart()
	seconds := number.Sub(decimal.New(day, 0)).Mul(decimal.New(24*60*60, 0)).Round(0).IntPart()
	begin := time.Date(1899, time.December, 30, 0, 0, 0, 0, time.UTC)
	switch {
	case is04:
		begin = time.Date(1904, time.January, 1, 0, 0, 0, 0, time.UTC)
	case day < 60: // behind it, they count a day that there was not
		begin = begin.AddDate(0, 0, 1)
	}
	return begin.AddDate(0, 0, int(day)).Add(time.Duration(seconds) * time.Second), true
}

// isNumber reports whether a raw value is a number, as workbooks write them.
func isNumber(raw string) bool {
	if raw == "" || len(raw) > longestNumber || strings.Trim(raw, "0123456789.Ee+-") != "" {
		return false
	}
	d, err := decimal.NewFromString(raw)
	return err == nil && d.Exponent() >= -400 && d.Exponent() <= 400 // more than a spreadsheet's
}

// longestNumber is a bound of what a workbook writes for a number.
const longestNumber = 32

// digitsOfNumber is how many digits a spreadsheet's number has. Beyond them a file has what is left of
// its binary fraction: 0.07 is saved as 7.0000000000000007E-2.
const digitsOfNumber = 15

// plainDigits returns a number as a spreadsheet shows it where it is typed, rounded to the digits that
// it has, unless that would round a place that amounts have.
func plainDigits(raw string) string {
	d, err := decimal.NewFromString(raw)
	if err != nil {
		return raw
	}
	if places := digitsOfNumber - d.NumDigits() - int(d.Exponent()); places >= account.MaxScale {
		d = d.Round(int32(places))
	}
	return d.String()
}
