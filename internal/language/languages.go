package language

import (
	"cmp"
	"errors"

	xlanguage "golang.org/x/text/language"
)

// A Set is the languages that a request can be answered in. It is safe for concurrent use.
type Set struct {
	all   []*Language
	match xlanguage.Matcher
}

// NewSet returns the languages of catalogs, the first of which is for who asks for none of them,
// and English, unless it is one of them.
func NewSet(catalogs []Catalog) (*Set, error) {
	var all []*Language
	var tags []xlanguage.Tag
	var errs []error
	englishThere := false
	for _, c := range catalogs {
		l, err := New(c)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		base, _ := l.tag.Base()
		englishBase, _ := xlanguage.English.Base()
		englishThere = englishThere || base == englishBase
		all, tags = append(all, l), append(tags, l.tag)
	}
	if !englishThere {
		all, tags = append(all, english), append(tags, english.tag)
	}
	return &Set{all, xlanguage.NewMatcher(tags)}, errors.Join(errs...)
}

// Choose returns the language that fits best: a tag, or the value of an Accept-Language header.
func (l *Set) Choose(wanted string) *Language {
	tags, _, err := xlanguage.ParseAcceptLanguage(cmp.Or(wanted, "und"))
	if err != nil || len(l.all) == 1 {
		return l.all[0]
	}
	_, index, confidence := l.match.Match(tags...)
	if confidence <= xlanguage.Low { // what somebody may also understand is not what they asked for
		return l.all[0]
	}
	return l.all[index]
}
