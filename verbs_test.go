package clientaccount_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// errorsParagraph returns what a doc comment says of errors, from the paragraph that begins
// with the word on.
func errorsParagraph(doc *ast.CommentGroup) string {
	_, said, _ := strings.Cut("\n\n"+doc.Text(), "\n\nErrors")
	return said
}

// fails reports whether a function returns an error: as a result, or with each of many.
func fails(fn *ast.FuncDecl) (yes bool) {
	if fn.Type.Results == nil {
		return false
	}
	ast.Inspect(fn.Type.Results, func(n ast.Node) bool {
		name, ok := n.(*ast.Ident)
		yes = yes || ok && (name.Name == "error" || name.Name == "Charged")
		return true
	})
	return yes
}

// Each verb lists its errors, and each error is one of a verb.
func TestVerbsListTheirErrors(t *testing.T) {
	listed := map[string]bool{}
	for _, s := range sources(t) {
		if strings.Contains(s.path, "/") {
			continue
		}
		for _, decl := range s.file.Decls {
			said := ""
			switch decl := decl.(type) {
			case *ast.FuncDecl:
				verb := decl.Recv != nil && decl.Name.IsExported() && receiver(decl) == "Service"
				if said = errorsParagraph(decl.Doc); verb && fails(decl) {
					assert.NotEmpty(t, said, "%s has no paragraph of its Errors", decl.Name)
				}
			case *ast.GenDecl:
				said = errorsParagraph(decl.Doc) // that of the Service
			}
			for _, name := range regexp.MustCompile(`\[((account\.)?Err\w+)\]`).FindAllStringSubmatch(said, -1) {
				listed[name[1]] = true
			}
		}
	}
	others := names("account.ErrID account.ErrSecret account.ErrHookSecret") // of no verb
	for name := range errorValues(t) {
		ours := !strings.Contains(name, ".")
		if ours || strings.Count(name, ".") == 1 && strings.HasPrefix(name, "account.") {
			assert.Equal(t, !others[name], listed[name], "%s is listed by a verb", name)
		}
	}
}

func receiver(fn *ast.FuncDecl) string {
	of := fn.Recv.List[0].Type
	if star, ok := of.(*ast.StarExpr); ok {
		of = star.X
	}
	name, _ := of.(*ast.Ident)
	return name.Name
}

// errorValues returns the exported errors of all packages, as "package.Name", and what each is
// another name for, if it is.
func errorValues(t *testing.T) map[string]string {
	t.Helper()
	all := map[string]string{}
	for _, s := range sources(t) {
		dir := strings.ReplaceAll(s.path[:strings.LastIndex("/"+s.path, "/")], "/", ".")
		for _, decl := range s.file.Decls {
			vars, ok := decl.(*ast.GenDecl)
			if !ok || vars.Tok != token.VAR {
				continue
			}
			for _, spec := range vars.Specs {
				value, _ := spec.(*ast.ValueSpec)
				if !strings.HasPrefix(value.Names[0].Name, "Err") || len(value.Values) == 0 {
					continue
				}
				alias := ""
				if of, ok := value.Values[0].(*ast.SelectorExpr); ok {
					alias = of.Sel.Name
				}
				all[dir+value.Names[0].Name] = alias
			}
		}
	}
	return all
}

// An error has one name in all packages, and a name stands for one error.
func TestErrorsHaveOneName(t *testing.T) {
	made := map[string]string{}
	for full, alias := range errorValues(t) {
		name := full[strings.LastIndex(full, ".")+1:]
		if alias != "" {
			assert.Equal(t, name, alias, "%s has another name elsewhere", full)
			continue
		}
		assert.Empty(t, made[name], "%s and %s are not the same", made[name], full)
		made[name] = full
	}
}

// Each verb is called in an example that documentation shows.
func TestVerbsHaveExamples(t *testing.T) {
	files, err := filepath.Glob("example_*test.go")
	require.NoError(t, err)
	called := map[string]bool{"Now": true, "On": true} // see package hosttx of the examples
	for _, name := range files {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		require.NoError(t, err)
		ast.Inspect(file, func(n ast.Node) bool {
			if call, ok := n.(*ast.SelectorExpr); ok {
				if on, ok := call.X.(*ast.Ident); ok && on.Name == "svc" {
					called[call.Sel.Name] = true
				}
			}
			return true
		})
	}
	for _, s := range sources(t) {
		for _, decl := range s.file.Decls {
			if fn, ok := decl.(*ast.FuncDecl); ok && !strings.Contains(s.path, "/") && fn.Recv != nil && fn.Name.IsExported() && receiver(fn) == "Service" {
				assert.True(t, called[fn.Name.Name], "%s has no example", fn.Name)
			}
		}
	}
}
