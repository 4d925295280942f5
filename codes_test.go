package clientaccount_test

import (
	"go/ast"
	"go/token"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	messages "github.com/clientaccount/clientaccount/account/message"
	"github.com/clientaccount/clientaccount/account/price"
	"github.com/clientaccount/clientaccount/mail"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/webhook/target"
)

// codes returns all that have a row, by code.
func codes() map[string]string {
	all := map[string]string{}
	for _, of := range [][]account.Code{account.FaultCodes(), account.FindingCodes(), account.EventCodes(), store.ProblemCodes(), mail.TryCodes(), price.FaultCodes(), messages.ContradictionCodes()} {
		for _, c := range of {
			all[c.Code] = c.Text
		}
	}
	for code, text := range target.Texts() {
		all[code] = text
	}
	return all
}

// codeTables are the files that have the rows themselves, but for those of fields, which
// say only the second half.
var codeTables = []string{"account/codes.go", "store/check.go", "account/price/fault.go"}

// literals calls visit with every text in the source of all packages.
func literals(t *testing.T, visit func(s source, n ast.Node, text string)) {
	t.Helper()
	for _, s := range sources(t) {
		ast.Inspect(s.file, func(n ast.Node) bool {
			lit, ok := n.(*ast.BasicLit)
			if ok && lit.Kind == token.STRING {
				text, err := strconv.Unquote(lit.Value)
				require.NoError(t, err)
				visit(s, n, text)
			}
			return true
		})
	}
}

var codeShaped = regexp.MustCompile(`^[a-z_]+\.[a-z_]+$`)

// notCodes are texts that only look like codes of these rows: those of a table of refused
// movements in adminhttp and its other problems, a field of its policies, a template, kinds of mails, and what
// the dispatcher tells its host.
var notCodes = names("reference.reused account.closed account.shared overdraw.ending password.changed email.changed status.changed price.update hook.paused hook.recovered hook.blocked delivery.dead messages.missing message.destination task.html")

func TestCodesInTheSourceHaveARow(t *testing.T) {
	all := codes()
	nouns := map[string]bool{}
	for code := range all {
		noun, _, _ := strings.Cut(code, ".")
		nouns[noun] = true
	}
	literals(t, func(s source, n ast.Node, text string) {
		noun, _, _ := strings.Cut(text, ".")
		if _, isField := account.FieldAt(text); isField || !codeShaped.MatchString(text) || !nouns[noun] || notCodes[text] {
			return
		}
		_, known := all[text]
		assert.True(t, known, "%s has %q, a code without a row", s.at(n), text)
	})
}

// NewFault of a code without a row would tell people nothing.
func TestCodesOfFaultsHaveARow(t *testing.T) {
	all := map[string]bool{}
	for _, c := range account.FaultCodes() {
		all[c.Code] = true
	}
	for code := range target.Texts() {
		all[code] = true
	}
	for _, s := range sources(t) {
		ast.Inspect(s.file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) < 2 || !strings.HasSuffix("."+calledName(call), ".NewFault") {
				return true
			}
			if lit, ok := call.Args[1].(*ast.BasicLit); ok {
				code, _ := strconv.Unquote(lit.Value)
				assert.True(t, all[code], "%s makes the fault %s, which has no row", s.at(n), code)
			}
			return true
		})
	}
}

func calledName(call *ast.CallExpr) string {
	switch f := call.Fun.(type) {
	case *ast.Ident:
		return f.Name
	case *ast.SelectorExpr:
		return f.Sel.Name
	default:
		return ""
	}
}

// A row that nothing can come to would tell programs of what is not. The second half of a
// code may stand by itself: what reads a text, or checks a value, names only the rule.
func TestCodesOccur(t *testing.T) {
	said := map[string]bool{}
	literals(t, func(s source, _ ast.Node, text string) {
		for _, table := range codeTables {
			if s.path == table {
				return
			}
		}
		said[text] = true
	})
	for code, text := range codes() {
		_, rule, _ := strings.Cut(code, ".")
		assert.True(t, said[code] || said[rule], "nothing says %s", code)
		assert.NotEmpty(t, text, code)
	}
}

// A kind of event without a row would be in no document.
func TestEventsHaveARow(t *testing.T) {
	rows, kinds := map[string]bool{}, 0
	for _, c := range account.EventCodes() {
		rows[c.Code] = true
	}
	for _, s := range sources(t) {
		ast.Inspect(s.file, func(n ast.Node) bool {
			spec, ok := n.(*ast.ValueSpec)
			if !ok || len(spec.Values) != 1 {
				return true
			}
			kind, _ := spec.Type.(*ast.Ident)
			if lit, ok := spec.Values[0].(*ast.BasicLit); ok && kind != nil && kind.Name == "EventKind" {
				code, _ := strconv.Unquote(lit.Value)
				assert.True(t, rows[code], "%s has %q, an event without a row", s.at(n), code)
				kinds++
			}
			return true
		})
	}
	assert.Equal(t, len(rows), kinds)
}
