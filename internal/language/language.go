// Package language has the languages that texts of package say are said in.
package language

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/text/feature/plural"
	xlanguage "golang.org/x/text/language"

	"github.com/clientaccount/clientaccount/internal/say"
)

// A Catalog is what a language consists of: see adminhttp.Language.
type Catalog struct {
	Tag         string           `json:"tag"`
	RightToLeft bool             `json:"rightToLeft,omitempty"`
	Decimal     string           `json:"decimal,omitempty"`
	Group       string           `json:"group,omitempty"`
	Texts       map[string]Forms `json:"texts,omitempty"`
}

// Forms are a text in a language, by the plural categories of CLDR: zero, one, two, few, many and
// other. A text that tells of no number has "other" only, and can be a string in JSON.
type Forms map[string]string

// UnmarshalJSON takes an object, or a string for "other".
func (f *Forms) UnmarshalJSON(data []byte) error {
	var other string
	if json.Unmarshal(data, &other) == nil {
		*f = Forms{"other": other}
		return nil
	}
	return json.Unmarshal(data, (*map[string]string)(f))
}

// A Language is a catalog that pages are said in. It is safe for concurrent use.
type Language struct {
	catalog Catalog
	tag     xlanguage.Tag
	kept    sync.Map // see Keep
}

var english = &Language{catalog: Catalog{Tag: "en"}, tag: xlanguage.English}

// English returns the language that texts are written in.
func English() *Language { return english }

// New returns a language. The error tells what its catalog has wrong.
func New(c Catalog) (*Language, error) {
	tag, err := xlanguage.Parse(c.Tag)
	if err != nil {
		return nil, fmt.Errorf("language %q: %w", c.Tag, err)
	}
	for text, forms := range c.Texts {
		if err := forms.check(text); err != nil {
			return nil, fmt.Errorf("language %s: %w", tag, err)
		}
	}
	return &Language{catalog: c, tag: tag}, nil
}

// categories are the names of plural forms.
var categories = map[plural.Form]string{
	plural.Zero: "zero", plural.One: "one", plural.Two: "two", plural.Few: "few", plural.Many: "many", plural.Other: "other",
}

// check reports what would go wrong when a text is said.
func (f Forms) check(text string) error {
	if f["other"] == "" {
		return fmt.Errorf("the text %q has no form \"other\"", text)
	}
	for category, form := range f {
		known := false
		for _, name := range categories {
			known = known || name == category
		}
		if !known {
			return fmt.Errorf("the text %q has a form %q, which is none", text, category)
		}
		if want, got := arguments(text), arguments(form); want != got {
			return fmt.Errorf("the text %q has its arguments not once each in %q", text, form)
		}
	}
	return nil
}

// verb is a place of an argument in a format.
var verb = regexp.MustCompile(`%(?:\[(\d+)\])?([a-z%])`)

// arguments returns the verb of each argument of a format, in their order.
func arguments(format string) string {
	all, next := map[int]string{}, 1
	for _, found := range verb.FindAllStringSubmatch(format, -1) {
		if found[2] == "%" {
			continue
		}
		if found[1] != "" {
			next, _ = strconv.Atoi(found[1])
		}
		all[next] += found[2]
		next++
	}
	return fmt.Sprint(all) // maps are printed in order
}

// Tag returns the language's name as in HTML and HTTP.
func (l *Language) Tag() string { return l.tag.String() }

// Direction returns "ltr" or "rtl".
func (l *Language) Direction() string {
	if l.catalog.RightToLeft {
		return "rtl"
	}
	return "ltr"
}

// Separators returns what stands before decimals and between digits in threes.
func (l *Language) Separators() (decimal, group string) {
	decimal, group = ".", ","
	if l.catalog.Decimal != "" {
		decimal, group = l.catalog.Decimal, l.catalog.Group
	}
	return decimal, group
}

// Forms returns the forms of a text; nil where it is said in English.
func (l *Language) Forms(text string) Forms { return l.catalog.Texts[text] }

// Keep returns what a language keeps by a key, and goes with it: made when it is first wanted. Safe for
// concurrent use, when it may be made more than once.
func Keep[T any](l *Language, key any, made func() T) T {
	kept, there := l.kept.Load(key)
	if !there {
		kept, _ = l.kept.LoadOrStore(key, made())
	}
	return kept.(T)
}

// Say returns a text in the language; in English where it has no words for it.
func (l *Language) Say(t say.Text) string {
	if plain, is := t.Typed(); is {
		return plain
	}
	format, args := t.Split()
	said := string(format)
	if forms, known := l.catalog.Texts[said]; known {
		said = forms.of(l.Category(args...))
	}
	if args == nil {
		return said
	}
	var ends []string
	for i, arg := range args {
		args[i] = l.Value(arg)
		if text, ok := args[i].(string); ok && isSaid(arg) && strings.HasSuffix(text, ".") {
			ends = append(ends, text)
		}
	}
	filled := fmt.Sprintf(said, args...)
	for _, text := range ends { // the point of a short word is that of the sentence, too
		filled = strings.ReplaceAll(filled, text+".", text)
	}
	return filled
}

// isSaid reports whether an argument is written by the language, and not by people.
func isSaid(arg any) bool {
	switch arg.(type) {
	case say.Text, say.Instant:
		return true
	default:
		return false
	}
}

// of returns the form of a category.
func (f Forms) of(category string) string {
	if form, ok := f[category]; ok {
		return form
	}
	return f["other"]
}

// Category returns the plural category of the first number among arguments; "other" where there
// is none.
func (l *Language) Category(args ...any) string {
	for _, arg := range args {
		if n, ok := count(arg); ok {
			return categories[plural.Cardinal.MatchPlural(l.tag, int(n%10_000_000), 0, 0, 0, 0)]
		}
	}
	return "other"
}

// count returns a whole number.
func count(arg any) (int64, bool) {
	switch v := arg.(type) {
	case int:
		return max(int64(v), -int64(v)), true
	case int64:
		return max(v, -v), true
	case say.Digits:
		n, err := strconv.ParseInt(strings.Trim(strings.ReplaceAll(string(v), ",", ""), "-−+"), 10, 64)
		return n, err == nil
	case say.Text: // of one number and nothing else
		if format, args := v.Split(); format == "%s" || format == "%d" {
			return count(args[0])
		}
	}
	return 0, false
}

// A Sayer is a value that is written in a language when a page is made: HTML, or texts.
type Sayer interface{ SayIn(l *Language) any }

// Value returns a value in the language: texts, numbers and instants; any other as it is.
func (l *Language) Value(v any) any {
	switch v := v.(type) {
	case say.Text:
		return l.Say(v)
	case say.Digits:
		return l.digits(v)
	case say.Instant:
		return l.instant(v)
	case Sayer:
		return v.SayIn(l)
	default:
		return v
	}
}

// Time says what [say.Time] returns.
func (l *Language) Time(at time.Time, layout say.Text) string {
	return l.instant(say.Instant{At: at, Layout: layout})
}

func (l *Language) digits(d say.Digits) string {
	written := string(d)
	if l.catalog.Decimal != "" {
		written = strings.NewReplacer(".", l.catalog.Decimal, ",", l.catalog.Group).Replace(written)
	}
	if l.catalog.RightToLeft { // a number runs from left to right, and its sign stands before it
		written = "\u2066" + written + "\u2069"
	}
	return written
}

// names are the parts of a layout that are words.
var names = regexp.MustCompile(`January|Jan|Monday|Mon`)

func (l *Language) instant(i say.Instant) string {
	if len(l.catalog.Texts) == 0 {
		return i.String()
	}
	layout := l.Say(i.Layout)
	var b strings.Builder
	from := 0
	for _, at := range names.FindAllStringIndex(layout, -1) {
		b.WriteString(i.At.Format(layout[from:at[0]]))
		b.WriteString(l.Say(say.Text(i.At.Format(layout[at[0]:at[1]]))))
		from = at[1]
	}
	b.WriteString(i.At.Format(layout[from:]))
	return b.String()
}
