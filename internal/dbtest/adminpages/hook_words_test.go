package adminpages_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/webhook"
)

// hookCodes returns all codes of package webhook, from its source: one that is new is
// among them.
func hookCodes(t *testing.T) (codes []string) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "../../../webhook/codes.go", nil, 0)
	require.NoError(t, err)
	ast.Inspect(file, func(n ast.Node) bool {
		if spec, ok := n.(*ast.ValueSpec); ok && strings.HasPrefix(spec.Names[0].Name, "Code") {
			code, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
			require.NoError(t, err)
			codes = append(codes, code)
		}
		return true
	})
	require.Contains(t, codes, webhook.CodeOvertaken)
	return codes
}

// The admin may not import package webhook, so that its words for the codes are held
// against it here.
func TestEveryCodeOfAWebhookHasWords(t *testing.T) {
	t.Parallel()
	s := newHookSite(t)
	seen := map[string]string{}
	for _, code := range append(hookCodes(t), "unheard-of") {
		s.submit(t, account.StateEnroute)
		s.settle(t, account.HookRESTState, store.Health{OffAt: time.Now(), OffCode: code}, store.DeliveryDead, store.Try{Code: code})
		page := s.hooksPage(t, "?kind=rest_state")
		_, after, _ := strings.Cut(page, `id="deliveries"`)
		_, after, found := strings.Cut(after, `Last try</span><span>`)
		require.True(t, found)
		words, _, _ := strings.Cut(after, "<")
		assert.Equal(t, code == "unheard-of", strings.HasPrefix(words, "Failed, "), "%s has the words %q", code, words)
		assert.Contains(t, page, words+". Off since", "as why a webhook is off")
		assert.Empty(t, seen[words], "%s is told as %s is", code, seen[words])
		seen[words] = code
	}
}
