package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/constant"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// listed is what go list says of a package.
type listed struct {
	ImportPath, Dir, Export string
	GoFiles                 []string
	DepOnly                 bool
}

// list returns the admin's packages, and what is compiled of all that they import.
func list(top string) (own []listed, export map[string]string, err error) {
	cmd := exec.Command("go", "list", "-export", "-deps", "-json=ImportPath,Dir,Export,GoFiles,DepOnly", "./adminhttp/...")
	cmd.Dir, cmd.Stderr = top, os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, nil, err
	}
	export = map[string]string{}
	for decoder := json.NewDecoder(bytes.NewReader(out)); ; {
		var p listed
		err := decoder.Decode(&p)
		if errors.Is(err, io.EOF) {
			return own, export, nil
		}
		if err != nil {
			return nil, nil, err
		}
		export[p.ImportPath] = p.Export
		if !p.DepOnly {
			own = append(own, p)
		}
	}
}

// ofCode returns the constants of type Text in the admin's packages.
func ofCode(top string) (all []string, err error) {
	own, export, err := list(top)
	if err != nil {
		return nil, err
	}
	files := token.NewFileSet()
	imports := importer.ForCompiler(files, "gc", func(path string) (io.ReadCloser, error) { return os.Open(export[path]) })
	for _, p := range own {
		found, err := ofPackage(files, imports, p)
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	return all, nil
}

func ofPackage(files *token.FileSet, imports types.Importer, p listed) (all []string, err error) {
	var parsed []*ast.File
	for _, name := range p.GoFiles {
		file, err := parser.ParseFile(files, filepath.Join(p.Dir, name), nil, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		parsed = append(parsed, file)
	}
	info := &types.Info{Types: map[ast.Expr]types.TypeAndValue{}}
	if _, err := (&types.Config{Importer: imports}).Check(p.ImportPath, files, parsed, info); err != nil {
		return nil, err
	}
	for _, file := range parsed {
		ast.Inspect(file, func(n ast.Node) bool {
			if _, plural := nounOf(n); plural {
				return false
			}
			e, is := n.(ast.Expr)
			if !is || !isText(info.TypeOf(e)) {
				return true
			}
			if joins(n) && info.Types[e].Value == nil {
				if nouns[p.ImportPath] {
					return false
				}
				err = errors.Join(err, fmt.Errorf("%s: texts are put together with Textf or Join, not with +", files.Position(n.Pos())))
			}
			if v := info.Types[e].Value; v != nil {
				all = append(all, constant.StringVal(v))
				return false
			}
			return true
		})
		all = append(all, plurals(file, info)...)
		if !strings.HasSuffix(p.ImportPath, "/internal/api") { // JSON is not translated
			all = append(all, faults(file, info)...)
		}
	}
	return all, err
}

// faults are the texts of faults that are written beside their codes.
func faults(file *ast.File, info *types.Info) (all []string) {
	ast.Inspect(file, func(n ast.Node) bool {
		lit, is := n.(*ast.CompositeLit)
		if !is || !isNamed(info.TypeOf(lit), "Fault", "/account") {
			return true
		}
		for _, element := range lit.Elts {
			field, keyed := element.(*ast.KeyValueExpr)
			if !keyed {
				continue
			}
			name, _ := field.Key.(*ast.Ident)
			if v := info.Types[field.Value].Value; name != nil && name.Name == "Text" && v != nil {
				all = append(all, constant.StringVal(v))
			}
		}
		return true
	})
	return all
}

// nouns are the packages that make formats of nouns: see words.Plural.
var nouns = map[string]bool{"github.com/clientaccount/clientaccount/adminhttp/internal/words": true}

func joins(n ast.Node) bool {
	b, is := n.(*ast.BinaryExpr)
	return is && b.Op == token.ADD
}

func isText(t types.Type) bool { return isNamed(t, "Text", "internal/say") }

// isNamed reports whether a type has a name, in a package whose path ends so.
func isNamed(t types.Type, name, pkg string) bool {
	named, is := types.Unalias(t).(*types.Named)
	return is && named.Obj().Name() == name && named.Obj().Pkg() != nil && strings.HasSuffix(named.Obj().Pkg().Path(), pkg)
}

// plurals are the formats that words.Plural makes of nouns.
func plurals(file *ast.File, info *types.Info) (all []string) {
	ast.Inspect(file, func(n ast.Node) bool {
		if e, plural := nounOf(n); plural {
			if v := info.Types[e].Value; v != nil {
				noun := constant.StringVal(v)
				all = append(all, "%s "+noun, "%s "+noun+"s")
			}
		}
		return true
	})
	return all
}

// nounOf returns the noun of a call of words.Plural.
func nounOf(n ast.Node) (ast.Expr, bool) {
	call, is := n.(*ast.CallExpr)
	if !is || len(call.Args) != 2 {
		return nil, false
	}
	switch f := call.Fun.(type) {
	case *ast.SelectorExpr:
		return call.Args[1], f.Sel.Name == "Plural"
	case *ast.Ident:
		return call.Args[1], f.Name == "Plural"
	default:
		return nil, false
	}
}
