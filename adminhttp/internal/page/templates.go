package page

import (
	"embed"
	"html/template"
	"path"
	"strings"
	"sync"
	"text/template/parse"

	"github.com/clientaccount/clientaccount/adminhttp/internal/words"
	"github.com/clientaccount/clientaccount/internal/language"
	"github.com/clientaccount/clientaccount/internal/language/templates"
)

//go:embed templates/*.html
var templateFiles embed.FS

// layouts are the templates every page shares.
var layouts = []string{"layout.html", "controls.html", "client.html", "rows.html", "paper.html", "pricelist.html", "task.html", "final.html", "records.html"}

// Templates are the pages of one room. They are parsed at the first use, and for each language
// once.
type Templates func() *Room

// Room has the files of the pages of one room.
type Room struct{ files embed.FS }

// Parse reads the pages in the folder templates: each file is one.
func Parse(files embed.FS) Templates {
	return sync.OnceValue(func() *Room {
		room := &Room{files}
		room.in(language.English())
		return room
	})
}

// in returns the pages in a language by their names.
func (room *Room) in(l *language.Language) map[string]*template.Template {
	return language.Keep(l, room, func() map[string]*template.Template {
		all := map[string]*template.Template{}
		entries, _ := room.files.ReadDir("templates") // embedded: it is there
		for _, file := range entries {
			if sharedIn(l).Lookup(file.Name()) != nil {
				continue
			}
			own := newSet(l)
			read(own, room.files, file.Name(), l)
			addUsed(own, sharedIn(l))
			all[strings.TrimSuffix(file.Name(), path.Ext(file.Name()))] = own
		}
		return all
	})
}

var pages = Parse(templateFiles)

// sharedKey is by which a language keeps what its pages share.
type sharedKey struct{}

// sharedIn returns the layouts in a language, which are copied and never executed.
func sharedIn(l *language.Language) *template.Template {
	return language.Keep(l, sharedKey{}, func() *template.Template {
		shared := newSet(l)
		for _, name := range layouts {
			read(shared, templateFiles, name, l)
		}
		return shared
	})
}

func newSet(l *language.Language) *template.Template {
	return template.New("").Funcs(templates.Funcs(l)).Funcs(template.FuncMap{"amount": inputOf})
}

// inputOf is an amount as its input has it.
func inputOf(text string) words.Input { return words.Input(text) }

// addUsed copies the layout into a page's own templates, and of the shared ones those that either of
// them uses. A page has no others: copies for each page of what it does not use would be most of
// what the admin keeps in memory, which the collector looks through for every few pages.
func addUsed(own, shared *template.Template) {
	wanted := []string{layouts[0]}
	for _, t := range own.Templates() {
		if t.Tree != nil {
			wanted = append(wanted, calledIn(t.Tree.Root)...)
		}
	}
	for len(wanted) > 0 {
		name := wanted[0]
		wanted = wanted[1:]
		if own.Lookup(name) != nil {
			continue
		}
		tree := shared.Lookup(name).Tree.Copy()
		template.Must(own.AddParseTree(name, tree))
		wanted = append(wanted, calledIn(tree.Root)...)
	}
}

// calledIn returns the names of the templates that nodes call.
func calledIn(list *parse.ListNode) (names []string) {
	if list == nil {
		return nil
	}
	for _, node := range list.Nodes {
		switch n := node.(type) {
		case *parse.TemplateNode:
			names = append(names, n.Name)
		case *parse.IfNode:
			names = append(names, calledInBranch(n.BranchNode)...)
		case *parse.RangeNode:
			names = append(names, calledInBranch(n.BranchNode)...)
		case *parse.WithNode:
			names = append(names, calledInBranch(n.BranchNode)...)
		}
	}
	return names
}

func calledInBranch(n parse.BranchNode) []string {
	return append(calledIn(n.List), calledIn(n.ElseList)...)
}

// read adds a file of the folder templates to a set, in a language.
func read(set *template.Template, files embed.FS, name string, l *language.Language) {
	text, err := templates.Translate(name, source(files, name), l)
	if err != nil {
		panic(err) // embedded, and tested
	}
	template.Must(set.New(name).Parse(text))
}

func source(files embed.FS, name string) string {
	laidOut, err := files.ReadFile("templates/" + name)
	if err != nil {
		panic(err) // embedded: it is there
	}
	return templates.Joined(string(laidOut))
}
