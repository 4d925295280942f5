package words

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/price"
	"github.com/clientaccount/clientaccount/internal/say"
	"github.com/clientaccount/clientaccount/webhook/target"
)

// Why there is not enough to pay for something: what is left, as far as it may be told, and what is
// needed.
const (
	Exhausted      Text = "Only %s is available; this needs %s."
	ExhaustedCap   Text = "The monthly cap leaves %s; this needs %s."
	ExhaustedAsked Text = "Not enough is available: this needs %s."
)

// Fault returns what a fault says. Its format and arguments are those of its code.
func Fault(f account.Fault) Text { return Coded(f.Code, f.Text) }

// Faults returns what faults say.
func Faults(faults []account.Fault) (texts []Text) {
	for _, f := range faults {
		texts = append(texts, Fault(f))
	}
	return texts
}

// Coded returns what a fault or a finding of a code says; the text itself where it is not made by
// the format of the code.
func Coded(code, text string) Text {
	for _, f := range codeFormats()[code] {
		if filled := f.made.FindStringSubmatch(text); filled != nil {
			return f.fill(filled[1:])
		}
	}
	if line := ofLine.FindStringSubmatch(text); line != nil {
		n, _ := strconv.Atoi(line[1])
		return Textf("Line %d, %s: %s", n, line[2], Coded(code, line[3]))
	}
	return say.Of(text)
}

// ofLine matches what is said of one line of a field that has several.
var ofLine = regexp.MustCompile(`(?s)^Line (\d+), (".*"): (.*)$`)

// codeFormat is the format of a code, and what finds its arguments in a text.
type codeFormat struct {
	format Text
	verbs  []string
	made   *regexp.Regexp
}

// fill returns the text with its arguments apart.
func (f codeFormat) fill(filled []string) Text {
	args := make([]any, len(filled))
	for i, arg := range filled {
		args[i] = any(arg)
		if n, err := strconv.ParseInt(arg, 10, 64); err == nil && f.verbs[i] == "%d" {
			args[i] = n
		} else if labels := labelsOf(arg); labels != nil {
			args[i] = say.Join(labels, ", ")
		} else if money := ofMoney.FindStringSubmatch(arg); money != nil {
			args[i] = Textf("%s %s", say.Digits(money[1]), money[2])
		}
	}
	return Textf(f.format, args...)
}

// labelsOf are the labels that a text consists of; nil where it is more than that.
func labelsOf(text string) (labels []Text) {
	for label := range strings.SplitSeq(text, ", ") {
		if !fieldLabels()[label] {
			return nil
		}
		labels = append(labels, Text(label))
	}
	return labels
}

// ofMoney matches an amount with its currency, as the texts of faults have it.
var ofMoney = regexp.MustCompile(`^([−-]?[\d,]+(?:\.\d+)?) ([A-Z]{3})$`)

var codeVerb = regexp.MustCompile(`%[sdvq]`)

// codeFormats are the formats that have arguments, by their codes.
var codeFormats = sync.OnceValue(func() map[string][]codeFormat {
	all := map[string][]codeFormat{}
	for _, c := range slices.Concat(account.FaultCodes(), account.FindingCodes(), price.FaultCodes(), codesBeside()) {
		verbs := codeVerb.FindAllString(c.Text, -1)
		if len(verbs) == 0 {
			continue
		}
		pattern := codeVerb.ReplaceAllStringFunc(regexp.QuoteMeta(c.Text), func(verb string) string {
			if verb == "%d" {
				return `(-?\d+)`
			}
			return `(.*)`
		})
		format := Text(codeVerb.ReplaceAllStringFunc(c.Text, func(verb string) string { return strings.NewReplacer("v", "s", "q", "s").Replace(verb) }))
		all[c.Code] = append(all[c.Code], codeFormat{format, verbs, regexp.MustCompile(`(?s)^` + pattern + `$`)})
	}
	return all
})

// codesBeside are those of URLs, and of money that is not moved.
func codesBeside() (codes []account.Code) {
	for code, text := range target.Texts() {
		codes = append(codes, account.Code{Code: code, Text: text})
	}
	for _, text := range []Text{Exhausted, ExhaustedCap, ExhaustedAsked} {
		codes = append(codes, account.Code{Code: "credit.exhausted", Text: string(text)})
	}
	return codes
}

// fieldLabels are what texts name that can be said in another language.
var fieldLabels = sync.OnceValue(func() map[string]bool {
	all := map[string]bool{"The client": true, "An account above the client": true, "none": true}
	for _, f := range append(account.Fields(), account.ProductTable().Fields()...) {
		all[f.Label] = true
		for _, c := range f.Choices {
			all[c.Label] = true
		}
	}
	return all
})
