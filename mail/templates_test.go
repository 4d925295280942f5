package mail_test

import (
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/mail"
)

func templates(t *testing.T, o mail.TemplateOptions) *mail.Templates {
	t.Helper()
	made, err := mail.NewTemplates(o)
	require.NoError(t, err)
	return made
}

func TestTemplatesAreAsTheyWere(t *testing.T) {
	made := templates(t, mail.TemplateOptions{})
	for _, c := range mail.Examples() {
		m, err := made.Render("en", c)
		require.NoError(t, err, c.Kind())
		assert.Equal(t, "en", m.Language)
		golden(t, "templates/"+string(c.Kind())+".txt", []byte("Subject: "+m.Subject.String()+"\n\n"+m.Text))
		golden(t, "templates/"+string(c.Kind())+".html", []byte(m.HTML))
		assert.NotContains(t, m.Text+m.HTML, "<no value>")
	}
}

// Each kind is written also where little is known: no manager, price, company or name.
func TestTemplatesDoWithLittle(t *testing.T) {
	made := templates(t, mail.TemplateOptions{})
	for _, c := range mail.Examples() {
		empty := reflect.New(reflect.TypeOf(c)).Elem().Interface().(mail.Content)
		m, err := made.Render("en", empty)
		require.NoError(t, err, c.Kind())
		assert.NotContains(t, m.Text, "If you have questions")
		assert.NotContains(t, m.Text, "Enough for")
	}
	m, err := made.Render("en", mail.EmailChanged{Field: "E-mail", Old: "old@example.com"})
	require.NoError(t, err)
	assert.Contains(t, m.Text, "was changed from old@example.com: it was removed.")
	m, err = made.Render("en", mail.PasswordChanged{Gateway: true})
	require.NoError(t, err)
	assert.Contains(t, m.Text, "The gateway password, by which your systems connect, of your account")
	m, err = made.Render("en", mail.StatusChanged{Old: account.StatusSuspended, New: account.StatusActive})
	require.NoError(t, err)
	assert.Contains(t, m.Text, "Your messages are sent.")
}

// What a client is called is text in HTML, and one line in a subject.
func TestTemplatesAreNoWayIn(t *testing.T) {
	files := fstest.MapFS{"en/limit.cleared.txt": {Data: []byte(`{{define "subject"}}
		For {{.Client.Company}}
	{{end}}{{define "body"}}x{{end}}`)}}
	made := templates(t, mail.TemplateOptions{Files: files})
	about := mail.About{Client: mail.Client{Company: "Eve\r\nBcc: eve@example.com", Name: "<script>alert(1)</script>"}}
	m, err := made.Render("en", mail.LimitCleared{About: about})
	require.NoError(t, err)
	assert.Equal(t, "For Eve Bcc: eve@example.com", m.Subject.String())
	assert.NotContains(t, m.HTML, "<script>")

	about.Client.Company = "a\x00b"
	_, err = made.Render("en", mail.LimitCleared{About: about})
	require.ErrorIs(t, err, mail.ErrLine)
}

func german() fstest.MapFS {
	return fstest.MapFS{
		"de/layout.txt":         {Data: []byte(`{{define "layout"}}Guten Tag {{.Client.Title}}, {{template "body" .}}{{end}}`)},
		"de/layout.html":        {Data: []byte(`{{define "layout"}}<p>Guten Tag {{.Client.Title}}, {{template "body" .}}</p>{{end}}`)},
		"de/limit.reached.txt":  {Data: []byte(`{{define "subject"}}Noch {{amount .Available}}{{end}}{{define "body"}}{{limit .Limit .Available.Currency}}{{end}}`)},
		"de/limit.reached.html": {Data: []byte(`{{define "body"}}{{limit .Limit .Available.Currency}}{{end}}`)},
	}
}

func TestTemplatesOfAHost(t *testing.T) {
	made := templates(t, mail.TemplateOptions{Files: german(), Words: map[string]map[string]any{
		"de": {"amount": func(m mail.Money) string {
			return strings.ReplaceAll(m.Amount.StringFixed(2), ".", ",") + " " + string(m.Currency)
		}},
	}})
	reached := mail.Examples()[0]
	for _, language := range []string{"de", "DE", "de-AT", "de-at-1996"} {
		m, err := made.Render(language, reached)
		require.NoError(t, err)
		assert.Equal(t, "de", m.Language, language)
		assert.Equal(t, "Noch 12,40 EUR", m.Subject.String())
		assert.Equal(t, "Guten Tag Jane Doe, 1,500 messages\n", m.Text)
	}
	for _, language := range []string{"", "en", "en-GB", "fr", "-", "--", "d"} {
		m, err := made.Render(language, reached)
		require.NoError(t, err)
		assert.Equal(t, "en", m.Language, language)
	}
	m, err := made.Render("de", mail.Examples()[1])
	require.NoError(t, err)
	assert.Equal(t, "en", m.Language, "German has no such kind, and no half of one is mixed in")
	assert.Contains(t, m.Text, "Dear Jane Doe")
}

func TestTemplatesAreCheckedWhenTheyAreRead(t *testing.T) {
	for name, spoil := range map[string]func(fstest.MapFS){
		"no HTML":        func(f fstest.MapFS) { delete(f, "de/limit.reached.html") },
		"no text":        func(f fstest.MapFS) { delete(f, "de/limit.reached.txt") },
		"no layout":      func(f fstest.MapFS) { delete(f, "de/layout.html") },
		"does not parse": func(f fstest.MapFS) { f["de/limit.reached.txt"].Data = []byte("{{if") },
		"no subject":     func(f fstest.MapFS) { f["de/limit.reached.txt"].Data = []byte(`{{define "body"}}{{end}}`) },
		"no such field": func(f fstest.MapFS) {
			f["de/limit.reached.html"].Data = []byte(`{{define "body"}}{{.Comments}}{{end}}`)
		},
		"no such word": func(f fstest.MapFS) {
			f["de/limit.reached.html"].Data = []byte(`{{define "body"}}{{shout "a"}}{{end}}`)
		},
		"not a number": func(f fstest.MapFS) {
			f["de/limit.reached.html"].Data = []byte(`{{define "body"}}{{count "a"}}{{end}}`)
		},
		"no language":     func(f fstest.MapFS) { f["de_AT/layout.txt"] = &fstest.MapFile{} },
		"upper case":      func(f fstest.MapFS) { f["DE-AT/layout.txt"] = &fstest.MapFile{} },
		"English, broken": func(f fstest.MapFS) { f["en/layout.html"] = &fstest.MapFile{Data: []byte("{{")} },
	} {
		files := german()
		spoil(files)
		_, err := mail.NewTemplates(mail.TemplateOptions{Files: files})
		require.ErrorIs(t, err, mail.ErrTemplate, name)
	}
	for name, words := range map[string]map[string]map[string]any{
		"no function":  {"de": {"amount": "EUR"}},
		"no result":    {"en": {"amount": func(mail.Money) {}}},
		"no name":      {"de": {"a b": func() string { return "" }}},
		"another type": {"de": {"amount": func(int) string { return "" }}},
		"it panics":    {"de": {"amount": func(mail.Money) string { panic("oh") }}},
		"no templates": {"fr": {}},
	} {
		_, err := mail.NewTemplates(mail.TemplateOptions{Files: german(), Words: words})
		require.ErrorIs(t, err, mail.ErrTemplate, name)
	}
	_, err := mail.NewTemplates(mail.TemplateOptions{Files: os.DirFS(filepath.Join(t.TempDir(), "none"))})
	require.ErrorIs(t, err, fs.ErrNotExist)
}

// Templates, a host's too, can reach nothing secret: all that they can reach is walked.
func TestTemplatesReachNothingSecret(t *testing.T) {
	plain := map[reflect.Type]bool{
		reflect.TypeFor[decimal.Decimal](): true, reflect.TypeFor[time.Time](): true, reflect.TypeFor[*time.Location](): true,
		reflect.TypeFor[account.Date](): true, reflect.TypeFor[account.NotificationLimit](): true, reflect.TypeFor[account.Currency](): true,
		reflect.TypeFor[account.HookKind](): true, reflect.TypeFor[account.Status](): true,
	}
	secret := regexp.MustCompile(`(?i)comment|note$|password$|hash|token|secret|url`)
	seen := map[reflect.Type]bool{}
	var walk func(reflect.Type)
	walk = func(of reflect.Type) {
		if plain[of] || seen[of] {
			return
		}
		seen[of] = true
		switch of.Kind() {
		case reflect.Bool, reflect.Int, reflect.Int64, reflect.String:
			assert.Empty(t, of.PkgPath(), "%s is to be looked at", of)
		case reflect.Slice:
			walk(of.Elem())
		case reflect.Struct:
			assert.Equal(t, reflect.TypeFor[mail.About]().PkgPath(), of.PkgPath(), "%s is not ours", of)
			for _, f := range reflect.VisibleFields(of) {
				assert.NotRegexp(t, secret, f.Name, "%s", of)
				walk(f.Type)
			}
		default:
			assert.Fail(t, "is to be looked at", "%s", of)
		}
	}
	for _, c := range mail.Examples() {
		walk(reflect.TypeOf(c))
	}
}

func TestZeroTemplatesAreAnError(t *testing.T) {
	_, err := new(mail.Templates).Render("en", mail.Invoice{})
	require.ErrorIs(t, err, mail.ErrTemplate)
}

func TestKindsAreEachOnce(t *testing.T) {
	kinds := mail.Kinds()
	assert.Len(t, slices.Compact(slices.Sorted(slices.Values(kinds))), 15)
	for _, kind := range []account.EventKind{
		account.EventLimitReached, account.EventLimitCleared, account.EventOverdrawEnded, account.EventExhausted,
		account.EventHookOff, account.EventHookOn,
	} {
		assert.Contains(t, kinds, mail.Kind(kind), "an event and the mail about it have one name")
	}
}

func TestEnglish(t *testing.T) {
	words := mail.English()
	names := slices.Sorted(maps.Keys(words))
	assert.Equal(t, []string{"amount", "count", "day", "hook", "limit", "moment", "status", "why"}, names)
	amount := words["amount"].(func(mail.Money) string)
	for text, want := range map[string]string{
		"0": "0.00 EUR", "-0.5": "−0.50 EUR", "999": "999.00 EUR", "-1000": "−1,000.00 EUR", "1234567.000001": "1,234,567.000001 EUR",
		"999999999999999": "999,999,999,999,999.00 EUR",
	} {
		assert.Equal(t, want, amount(mail.Money{Amount: decimal.RequireFromString(text), Currency: "EUR"}))
	}
	assert.Equal(t, "1,000 JPY", amount(mail.Money{Amount: decimal.NewFromInt(1000), Currency: "JPY"}))
	limit := words["limit"].(func(account.NotificationLimit, account.Currency) (string, error))
	text, err := limit(account.MoneyLimit(decimal.NewFromInt(-50)), "EUR")
	require.NoError(t, err)
	assert.Equal(t, "−50.00 EUR", text)
	hook := words["hook"].(func(account.HookKind) string)
	for _, kind := range account.HookKinds() {
		field, ok := account.FieldAt("webhooks." + string(kind))
		require.True(t, ok)
		assert.True(t, strings.HasSuffix(field.Label, hook(kind)) || strings.HasSuffix(field.Label, "send "+hook(kind)), field.Label)
	}
	athens, err := account.LoadZone("Europe/Athens")
	require.NoError(t, err)
	moment := words["moment"].(func(time.Time) string)
	at := time.Date(2026, 11, 28, 23, 5, 0, 0, time.UTC)
	assert.Equal(t, "29 November 2026, 01:05 (Europe/Athens)", moment(mail.About{Zone: athens}.Local(at)))
	assert.Equal(t, "28 November 2026, 23:05 (UTC)", moment(mail.About{}.Local(at)))
}
