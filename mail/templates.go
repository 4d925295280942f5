package mail

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	html "html/template"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"text/template"
)

// builtIn are the templates that come with the package: English, of every kind.
//
//go:embed templates
var builtIn embed.FS

// fallback is the language that every kind has.
const fallback = "en"

var (
	// ErrTemplate is in the chain of what is wrong with templates.
	ErrTemplate   = errors.New("mail: template")
	errNotANumber = errors.New("not a number")
)

// TemplateOptions are a host's own templates. The zero value is none.
type TemplateOptions struct {
	// Files replace those of the package, and add languages. A folder is a language, named by
	// its tag in lower case ("de", "pt-br"); in it are
	//
	//	layout.txt   defines "layout", which calls "body"
	//	layout.html  the same in HTML
	//	KIND.txt     defines "subject" and "body" of a kind: limit.reached.txt
	//	KIND.html    defines "body" of a kind in HTML
	//
	// In "en" each file stands alone. Another language has both layouts, and of a kind both
	// files or none; what it has none of is written in English. Templates are given the
	// [Content] of their kind; [Templates] checks them with [Examples].
	Files fs.FS
	// Words replace functions of [English], by language and name.
	Words map[string]map[string]any
}

// Templates write mails. Make them with [NewTemplates]; they are safe for concurrent use.
type Templates struct {
	pairs map[string]map[Kind]pair // by language
}

// pair writes one kind in one language.
type pair struct {
	text *template.Template
	html *html.Template
}

// NewTemplates reads all templates, and writes a mail of every kind with each. All that is
// wrong with any of them is in the error, which is ErrTemplate.
func NewTemplates(o TemplateOptions) (*Templates, error) {
	builtIn, err := fs.Sub(builtIn, "templates")
	if err != nil {
		return nil, err
	}
	t := &Templates{map[string]map[Kind]pair{}}
	t.pairs[fallback], err = o.language(fallback, builtIn)
	errs := []error{err}
	languages, err := o.languages()
	errs = append(errs, err)
	for _, language := range languages {
		t.pairs[language], err = o.language(language, nil)
		errs = append(errs, err)
	}
	for language := range o.Words {
		if _, known := t.pairs[language]; !known {
			errs = append(errs, fmt.Errorf("%w: words of %q, in which there is none", ErrTemplate, language))
		}
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	return t, nil
}

// languages returns those of the host's files, but for English.
func (o TemplateOptions) languages() ([]string, error) {
	if o.Files == nil {
		return nil, nil
	}
	entries, err := fs.ReadDir(o.Files, ".")
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrTemplate, err)
	}
	var languages []string
	for _, e := range entries {
		switch name := e.Name(); {
		case !e.IsDir() || name == fallback:
		case !languageTag.MatchString(name) || name != strings.ToLower(name):
			return nil, fmt.Errorf("%w: %q is no language's tag in lower case", ErrTemplate, name)
		default:
			languages = append(languages, name)
		}
	}
	return languages, nil
}

// language reads the templates of one language: the host's before those of below, which may
// be nil.
func (o TemplateOptions) language(language string, below fs.FS) (map[Kind]pair, error) {
	l := layer{language, o.Files, below, English()}
	maps.Copy(l.words, o.Words[language])
	if err := checkWords(l.words); err != nil {
		return nil, err
	}
	pairs := map[Kind]pair{}
	var errs []error
	for _, c := range Examples() {
		if !l.has(c.Kind()) {
			continue
		}
		p, err := l.pair(c.Kind())
		if err == nil {
			pairs[c.Kind()] = p
			_, err = p.write(language, c)
		}
		if err != nil {
			errs = append(errs, fmt.Errorf("%w: %s, %s: %w", ErrTemplate, language, c.Kind(), err))
		}
	}
	return pairs, errors.Join(errs...)
}

// checkWords returns an error where templates take words only by panicking: what is no
// function, or returns too much.
func checkWords(words map[string]any) (err error) {
	defer func() {
		if fault := recover(); fault != nil {
			err = fmt.Errorf("%w: %v", ErrTemplate, fault)
		}
	}()
	template.New("").Funcs(words)
	return nil
}

// layer is where the files of one language are.
type layer struct {
	language    string
	host, below fs.FS // either may be nil
	words       map[string]any
}

// has reports whether there is a file of a kind.
func (l layer) has(kind Kind) bool {
	return slices.ContainsFunc([]string{".txt", ".html"}, func(ending string) bool {
		_, err := l.read(string(kind) + ending)
		return err == nil
	})
}

// pair parses what writes a kind. Each has a layout of its own, as its "body" is another.
func (l layer) pair(kind Kind) (p pair, err error) {
	p.text = template.New("").Funcs(l.words)
	p.html = html.New("").Funcs(l.words)
	for _, name := range []string{"layout", string(kind)} {
		text, err := l.read(name + ".txt")
		if err != nil {
			return p, err
		}
		if _, err := p.text.Parse(text); err != nil {
			return p, err
		}
		if text, err = l.read(name + ".html"); err != nil {
			return p, err
		}
		if _, err := p.html.Parse(text); err != nil {
			return p, err
		}
	}
	return p, nil
}

// read returns a file: the host's, or else the one below.
func (l layer) read(name string) (string, error) {
	err := fs.ErrNotExist
	for _, files := range []fs.FS{l.host, l.below} {
		if files == nil {
			continue
		}
		var content []byte
		if content, err = fs.ReadFile(files, l.language+"/"+name); !errors.Is(err, fs.ErrNotExist) {
			return string(content), err
		}
	}
	return "", err
}

// Render returns a message with the subject, text and HTML that tell a content, in the
// language, or one that it is a variant of ("pt" for "pt-BR"), or English. What it lacks to
// be sent is the caller's to add. Errors: ErrTemplate, where a template fails with this
// content though it did not with the example; ErrLine, for a subject that is too long.
func (t *Templates) Render(language string, c Content) (Message, error) {
	language = strings.ToLower(language)
	for language != "" {
		if p, ok := t.pairs[language][c.Kind()]; ok {
			return p.write(language, c)
		}
		language = language[:max(0, strings.LastIndexByte(language, '-'))]
	}
	return t.pairs[fallback][c.Kind()].write(fallback, c)
}

func (p pair) write(language string, c Content) (m Message, err error) {
	var subject, text, html bytes.Buffer
	err = errors.Join(
		p.text.ExecuteTemplate(&subject, "subject", c),
		p.text.ExecuteTemplate(&text, "layout", c),
		p.html.ExecuteTemplate(&html, "layout", c),
	)
	if err != nil {
		return Message{}, fmt.Errorf("%w: %w", ErrTemplate, err)
	}
	m = Message{Language: language, Text: tidy(text.String()), HTML: tidy(html.String())}
	m.Subject, err = NewLine(strings.Join(strings.Fields(subject.String()), " "))
	return m, err
}

// tidy leaves one of several blank lines, as the actions of a template make them.
func tidy(text string) string {
	var out strings.Builder
	blank := false
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, " \t\r\n")
		if line == "" {
			blank = out.Len() > 0
			continue
		}
		if blank {
			out.WriteByte('\n')
		}
		out.WriteString(line + "\n")
		blank = false
	}
	return out.String()
}
