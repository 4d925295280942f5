package page

import (
	"maps"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
	"github.com/clientaccount/clientaccount/adminhttp/internal/kind"
	"github.com/clientaccount/clientaccount/adminhttp/internal/words"
)

// NameSecret is sent with a form in which a password was typed that is not kept: it has to be
// typed again, or left out on purpose.
const NameSecret = "_secret"

// maxKept is how many values of a form are given back: more than any page has.
const maxKept = 4000

// kept is a form that was not taken, given back to who sent it, so that it can be sent again to
// where it was sent. Passwords are not in it.
type kept struct {
	Fields  []keptField
	Typed   []typedField // those of them that people typed, by their labels
	Secrets []kind.Control
	File    bool // a file was sent, and has to be chosen again where it was chosen
}

type keptField struct{ Name, Value string }

// givesBack are the failures after which what was sent can be sent again as it is.
var givesBack = []int{
	http.StatusUnauthorized, http.StatusForbidden, http.StatusConflict,
	http.StatusInternalServerError, http.StatusNotImplemented, http.StatusServiceUnavailable,
}

// keep returns what was typed in a form that is answered with a failure; nil where nothing was,
// or nothing of it can be read. Of a request from another site nothing is given back: it never
// came as far as a route.
func keep(r *ask.Request, status int) *kept {
	if r.Method != http.MethodPost || !r.Routed() || !slices.Contains(givesBack, status) {
		return nil
	}
	switch media, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); media {
	case "multipart/form-data":
		return &kept{File: true}
	case "application/x-www-form-urlencoded":
	default:
		return nil
	}
	if err := r.ParseForm(); err != nil {
		return nil
	}
	return keptOf(r.PostForm)
}

// typedField is what somebody typed, without what may be a token, and what it is called.
type typedField struct{ Name, Value words.Text }

// keptOf returns a form without its passwords.
func keptOf(values url.Values) *kept {
	k := &kept{}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		f, known := account.FieldAt(name)
		if known && f.Secret() {
			if slices.ContainsFunc(values[name], func(text string) bool { return text != "" }) {
				k.Secrets = append(k.Secrets, kind.NewControl(f, "", ""))
			}
			continue
		}
		for _, text := range values[name] {
			k.add(name, text)
		}
	}
	if len(k.Secrets) > 0 && !values.Has(NameSecret) {
		k.add(NameSecret, "true")
	}
	if len(k.Fields) > maxKept {
		return nil
	}
	k.Typed = typedOf(values)
	return k
}

// typedOf is what people typed or chose, in the order of the page. Which manager and product are chosen
// is in the form, and not told: there may be nobody who could say their names.
func typedOf(values url.Values) (typed []typedField) {
	for _, f := range account.Fields() {
		text := strings.TrimSpace(values.Get(f.Path))
		if text == "" || f.Secret() || f.Kind == account.FieldManager || f.Kind == account.FieldProduct {
			continue
		}
		typed = append(typed, typedField{words.Text(f.Label), typedWords(f, text)})
	}
	if why := strings.TrimSpace(values.Get(NameReason)); why != "" {
		typed = append(typed, typedField{"Why", words.Plain(why)})
	}
	return typed
}

// typedWords is what was chosen in words, and what was typed as it was.
func typedWords(f account.Field, text string) words.Text {
	switch f.Kind {
	case account.FieldChoice, account.FieldFlag, account.FieldCountry:
		return kind.Words(kind.Wording{}, f, text)
	case account.FieldTime:
		return words.Plain(strings.Replace(text, "T", " ", 1))
	default:
		return words.Plain(f.Shown(text))
	}
}

// add keeps a value.
func (k *kept) add(name, text string) { k.Fields = append(k.Fields, keptField{name, text}) }

// signIn returns the host's page for signing in, which leads back here; empty where the host
// names none. From a form that waits to be sent again it leads to the list, in a window beside.
func signIn(r *ask.Request) string {
	if r.SignIn == nil {
		return ""
	}
	back := r.Back()
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		back = r.BackTo("clients")
	}
	return r.SignIn(r.Received(), back)
}
