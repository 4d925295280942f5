package account

import (
	"encoding"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount/internal/textform"
)

// The values below give each Go type of a setting its text form.

// textValue is a line of text; blanks around it are dropped when set.
type textValue[T ~string] struct{ p *T }

func (v textValue[T]) String() string { return string(*v.p) }

func (v textValue[T]) Get() any { return *v.p }

func (v textValue[T]) Set(s string) error { *v.p = T(trim(s)); return nil }

// trim drops the blanks around a text, and the line ends and tabs that come along when
// people paste. Separators that nobody types stay, to be refused.
func trim(s string) string {
	return strings.TrimFunc(s, func(r rune) bool {
		return r == '\t' || r == '\n' || r == '\r' || unicode.Is(unicode.Zs, r)
	})
}

// spaced returns a space for any blank, as one that does not break.
func spaced(r rune) rune {
	if unicode.Is(unicode.Zs, r) {
		return ' '
	}
	return r
}

// exactValue is text taken as it is: a code or a choice, where a blank is a fault.
type exactValue[T ~string] struct{ p *T }

func (v exactValue[T]) String() string { return string(*v.p) }

func (v exactValue[T]) Get() any { return *v.p }

func (v exactValue[T]) Set(s string) error { *v.p = T(s); return nil }

// longValue is text of several lines, ended as on Unix: browsers send CRLF for
// what they were given as LF, and that is no edit.
type longValue struct{ p *string }

func (v longValue) String() string { return *v.p }

func (v longValue) Get() any { return *v.p }

func (v longValue) Set(s string) error {
	*v.p = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(s)
	return nil
}

// loginValue folds ASCII letters to lower case: logins are unique without regard
// to case, and only ASCII is allowed.
type loginValue struct{ p *string }

func (v loginValue) String() string { return *v.p }

func (v loginValue) Get() any { return *v.p }

func (v loginValue) Set(s string) error { *v.p = textform.FoldLogin(s); return nil }

// phoneValue drops the blanks, hyphens and dashes, dots and brackets people write numbers with.
type phoneValue struct{ p *string }

func (v phoneValue) String() string { return *v.p }

func (v phoneValue) Get() any { return *v.p }

func (v phoneValue) Set(s string) error {
	*v.p = strings.Map(func(r rune) rune {
		if strings.ContainsRune("\t\r\n.()", r) || unicode.In(r, unicode.Zs, unicode.Pd) {
			return -1
		}
		return r
	}, s)
	return nil
}

// urlValue is a webhook URL. Setting the text that is shown of it keeps it.
type urlValue struct{ p *string }

func (v urlValue) String() string { return *v.p }

func (v urlValue) Get() any { return *v.p }

func (v urlValue) Set(s string) error {
	switch s {
	case *v.p, MaskURL(*v.p):
		return nil
	}
	if isMasked(s) {
		return Rule("hidden")
	}
	*v.p = s
	return nil
}

// telegramValue accepts the name with or without @, or as a t.me link.
type telegramValue struct{ p *string }

func (v telegramValue) String() string { return *v.p }

func (v telegramValue) Get() any { return *v.p }

func (v telegramValue) Set(s string) error {
	s = trim(s)
	for _, prefix := range []string{"https://t.me/", "t.me/"} {
		if name, ok := strings.CutPrefix(s, prefix); ok {
			s = "@" + name
		}
	}
	if s != "" && !strings.ContainsAny(s, "@:/") {
		s = "@" + s
	}
	*v.p = s
	return nil
}

type flagValue struct{ p *bool }

func (v flagValue) String() string { return strconv.FormatBool(*v.p) }

func (v flagValue) Get() any { return *v.p }

func (v flagValue) Set(s string) error {
	switch s {
	case "true":
		*v.p = true
	case "false", "":
		*v.p = false
	default:
		return Rule("flag")
	}
	return nil
}

// numberValue is a whole number that may be unset; its bounds are validation's.
type numberValue struct{ p *Optional[int] }

func (v numberValue) Get() any { return *v.p }

func (v numberValue) String() string {
	if n, ok := v.p.Get(); ok {
		return strconv.Itoa(n)
	}
	return ""
}

func (v numberValue) Set(s string) error {
	if s == "" {
		*v.p = Optional[int]{}
		return nil
	}
	n, err := strconv.ParseInt(s, 10, 32)
	if err != nil {
		return Rule("range")
	}
	*v.p = Some(int(n))
	return nil
}

// amountValue is an amount that may be unset.
type amountValue struct{ p *Optional[decimal.Decimal] }

func (v amountValue) Get() any { return *v.p }

func (v amountValue) String() string {
	if d, ok := v.p.Get(); ok {
		return d.String()
	}
	return ""
}

func (v amountValue) Set(s string) error {
	if s = strings.TrimSpace(s); s == "" {
		*v.p = Optional[decimal.Decimal]{}
		return nil
	}
	d, err := ParseAmount(s)
	if err == nil {
		*v.p = Some(d)
	}
	return err
}

// zeroableAmount is an amount for which unset and 0 are the same; 0 reads as empty.
type zeroableAmount struct{ p *decimal.Decimal }

func (v zeroableAmount) Get() any { return *v.p }

func (v zeroableAmount) String() string {
	if v.p.IsZero() {
		return ""
	}
	return v.p.String()
}

func (v zeroableAmount) Set(s string) error {
	var parsed Optional[decimal.Decimal]
	err := amountValue{&parsed}.Set(s)
	if err == nil {
		*v.p = parsed.Or(decimal.Zero)
	}
	return err
}

// localTime is how a browser's date-and-time input sends a wall time.
const localTime = "2006-01-02T15:04"

// timeValue is an instant; text without an offset is wall time in the account's zone.
type timeValue struct {
	p *time.Time
	a *Account
}

func (v timeValue) Get() any { return *v.p }

func (v timeValue) String() string {
	if v.p.IsZero() {
		return ""
	}
	return v.p.UTC().Format(time.RFC3339Nano)
}

func (v timeValue) Set(s string) error {
	if s = strings.TrimSpace(s); s == "" {
		*v.p = time.Time{}
		return nil
	}
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		t, err = v.parseLocal(s)
	}
	if rule, broken := errors.AsType[Rule](err); broken {
		return rule
	}
	t = t.UTC() // an offset can move it across the end of a year
	if err != nil || t.Year() < 1970 || t.Year() > 9999 {
		return Rule("format")
	}
	*v.p = t.Truncate(time.Microsecond)
	return nil
}

// parseLocal refuses wall times that the zone skips, instead of guessing an offset.
func (v timeValue) parseLocal(s string) (time.Time, error) {
	zone, err := v.a.Location()
	if err != nil {
		return time.Time{}, Rule("zone")
	}
	t, err := time.ParseInLocation(localTime, strings.Replace(s, " ", "T", 1), zone)
	if err == nil && t.Format(localTime) != strings.Replace(s, " ", "T", 1) {
		return t, Rule("format")
	}
	return t, err
}

// structured is a type with its own text form.
type structured interface {
	fmt.Stringer
	encoding.TextUnmarshaler
}

type structuredValue struct{ structured }

func (v structuredValue) Get() any { return v.structured }

func (v structuredValue) Set(s string) error { return v.UnmarshalText([]byte(s)) }

// refValue is the id of a manager or product; text that is no id names nobody.
type refValue struct{ *ID }

func (v refValue) Get() any { return *v.ID }

func (v refValue) Set(s string) error {
	if v.UnmarshalText([]byte(s)) != nil {
		return Rule("unknown")
	}
	return nil
}

// refundValue is the ends after which money is given back: states by their names, in the
// order of their codes, then timeout.
type refundValue struct{ p *RefundPolicy }

// refundTimeout stands among the states for RefundPolicy.Timeout.
const refundTimeout = "timeout"

func (v refundValue) Get() any { return *v.p }

func (v refundValue) String() string {
	var ends []string
	for state := range MessageState(stateBits) {
		switch {
		case !v.p.States.Has(state):
		case state.IsKnown():
			ends = append(ends, state.String())
		default: // no text of a state: it cannot be set, nor stored
			ends = append(ends, strconv.Itoa(int(state)))
		}
	}
	if v.p.Timeout {
		ends = append(ends, refundTimeout)
	}
	return strings.Join(ends, ",")
}

func (v refundValue) Set(s string) error {
	var read RefundPolicy
	for end := range strings.FieldsFuncSeq(s, func(r rune) bool { return r == ',' || unicode.IsSpace(r) }) {
		if end == refundTimeout {
			read.Timeout = true
			continue
		}
		state, err := ParseMessageState(end)
		if err != nil {
			return Rule("format")
		}
		read.States |= States(state)
	}
	*v.p = read
	return nil
}

// secretValue is one of the two places a new password is typed in.
type secretValue struct {
	p      *NewPassword
	retype bool
}

func (secretValue) String() string { return "" }

// Get is empty too: a password has rules of its own.
func (secretValue) Get() any { return "" }

func (v secretValue) Set(s string) error {
	plain, retype := v.p.Reveal()
	if v.retype {
		retype = s
	} else {
		plain = s
	}
	*v.p = SetPassword(plain, retype)
	return nil
}
