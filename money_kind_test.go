package clientaccount_test

import (
	"context"
	"go/ast"
	"go/token"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
)

// verbs are those that move money, by the kind of their movements.
var verbs = map[account.MovementKind]func(*clientaccount.Service, context.Context, account.Movement) (clientaccount.Receipt, error){
	account.KindTopUp: (*clientaccount.Service).TopUp, account.KindCharge: (*clientaccount.Service).Charge,
	account.KindHold: (*clientaccount.Service).Hold, account.KindCapture: (*clientaccount.Service).Capture,
	account.KindRelease: (*clientaccount.Service).Release, account.KindAdjust: (*clientaccount.Service).Adjust,
	account.KindRefund: (*clientaccount.Service).Refund, account.KindTransferOut: (*clientaccount.Service).Transfer,
	"many": func(s *clientaccount.Service, ctx context.Context, m account.Movement) (clientaccount.Receipt, error) {
		answer := s.ChargeMany(ctx, []account.Movement{m})[0]
		return answer.Receipt, answer.Err
	},
}

// A movement says the kind of the verb it is handed to, or none.
func TestVerbsRefuseMovementsOfAnotherKind(t *testing.T) {
	b := newBench(t)
	a := b.rich("acme", "10")
	for kind, verb := range verbs {
		for _, other := range append(account.MovementKinds(), "gift", "CHARGE", " ") {
			if other == kind || kind == "many" && other == account.KindCharge {
				continue
			}
			m := order(a.ID, "1", "r")
			m.Kind = other
			_, err := verb(b.svc, t.Context(), m)
			assert.Contains(t, faults(err), "kind kind.other", "%s handed a %q", kind, other)
		}
	}
	_, err := b.svc.Entries(t.Context(), account.EntryQuery{Account: a.ID, Kinds: []account.MovementKind{account.KindTopUp, "gift"}})
	assert.Equal(t, []string{"kind kind.unknown"}, faults(err))
	charge := order(a.ID, "1", "r")
	charge.Kind = account.KindCharge
	b.do(b.svc.Charge(t.Context(), charge))
	assert.Equal(t, "9 0 9", b.stands(a.ID), "nothing else moved")
	for kind := range verbs {
		assert.True(t, kind == "many" || kind.Traits().Callers)
	}
	for _, kind := range account.MovementKinds() {
		assert.Equal(t, kind.Traits().Callers, verbs[kind] != nil, "%s is made by callers, or here alone", kind)
	}
}

// A field that a verb does not look at is refused, not taken in silence.
func TestVerbsRefuseFieldsTheyDoNotUse(t *testing.T) {
	b := newBench(t)
	a := b.rich("acme", "10")
	b.do(b.svc.Hold(t.Context(), order(a.ID, "1", "h")))
	everything := account.Movement{
		Account: a.ID, Reference: "r", Reason: "because", Amount: money("1"), Messages: 1, Hold: "h", Timeout: time.Minute, More: true,
		Of: 1, PassLimit: true, Other: account.ID{9}, Round: true,
	}
	for kind, verb := range verbs {
		row := kind.Traits()
		if kind == "many" {
			row = account.KindCharge.Traits()
		}
		_, err := verb(b.svc, t.Context(), everything)
		for _, path := range []string{"amount", "messages", "hold", "timeout", "more", "of", "passLimit", "to"} {
			assert.Equal(t, !row.Uses(path), strings.Contains(strings.Join(faults(err), " "), path+" field.unused"), "%s and %s", kind, path)
		}
		assert.Contains(t, faults(err), "round field.unused", "without a price")
	}
	assert.Equal(t, "10 1 9", b.stands(a.ID), "nothing moved")
	b.verified()
}

// The currency is part of what is asked for: another one is no repetition.
func TestReferenceOfAnotherCurrencyIsNoRepetition(t *testing.T) {
	b := newBench(t)
	a := b.rich("acme", "10")
	euro := order(a.ID, "1", "m")
	euro.Currency = "EUR"
	first := b.do(b.svc.Charge(t.Context(), euro))
	unsaid := b.do(b.svc.Charge(t.Context(), order(a.ID, "1", "m")))
	assert.True(t, unsaid.Repeated)
	assert.Equal(t, first.Entry, unsaid.Entry)
	dollar := euro
	dollar.Currency = "USD"
	fresh := dollar
	fresh.Reference = "n"
	for _, m := range []account.Movement{dollar, fresh} {
		_, err := b.svc.Charge(t.Context(), m)
		assert.Equal(t, []string{"currency amount.currency"}, faults(err))
		answers := b.svc.ChargeMany(t.Context(), []account.Movement{order(a.ID, "1", "of "+m.Reference), m})
		require.NoError(t, answers[0].Err)
		assert.Equal(t, []string{"currency amount.currency"}, faults(answers[1].Err))
	}
	b.svc.Forget(a.ID)
	_, err := b.svc.Charge(t.Context(), dollar)
	assert.Equal(t, []string{"currency amount.currency"}, faults(err), "also when nothing is remembered")
	assert.Equal(t, "7 0 7", b.stands(a.ID))
}

// Another price is another movement, however small the difference.
func TestReferenceOfAnotherPriceIsReused(t *testing.T) {
	b := newBench(t)
	a := b.rich("acme", "10")
	hold := func(price string) account.Movement {
		return account.Movement{Account: a.ID, Reference: "fp-3", Price: account.Some(money(price)), Messages: 1_000_000}
	}
	b.do(b.svc.Hold(t.Context(), hold("0.0000001")))
	_, err := b.svc.Hold(t.Context(), hold("0.0000009"))
	require.ErrorIs(t, err, account.ErrReused)
	for _, same := range []string{"0.0000001", "0.00000010", "1e-7", "0.1e-6"} {
		assert.True(t, b.do(b.svc.Hold(t.Context(), hold(same))).Repeated, same)
	}
	assert.Equal(t, "10 0.1 9.9", b.stands(a.ID))
}

// decidesByKind finds the places of a node that compare with one of the constants, or have
// it as the key of a table.
func (s source) decidesByKind(constants map[string]bool, n ast.Node) (found []ast.Expr) {
	var candidates []ast.Expr
	switch n := n.(type) {
	case *ast.BinaryExpr:
		if n.Op == token.EQL || n.Op == token.NEQ {
			candidates = []ast.Expr{n.X, n.Y}
		}
	case *ast.CaseClause:
		candidates = n.List
	case *ast.KeyValueExpr:
		candidates = []ast.Expr{n.Key}
	}
	imported := s.imported()
	for _, e := range candidates {
		name, ours := e.(*ast.Ident)
		ours = ours && strings.HasPrefix(s.path, "account/")
		if selector, ok := e.(*ast.SelectorExpr); ok {
			from, isName := selector.X.(*ast.Ident)
			name, ours = selector.Sel, isName && imported[from.Name] == module+"/account"
		}
		if ours && constants[name.Name] {
			found = append(found, e)
		}
	}
	return found
}

// What is decided by a movement's kind is decided by its row: nothing else compares kinds,
// so a new one is forgotten nowhere.
func TestSourceComparesNoKindsOfMovements(t *testing.T) {
	constants := names("TopUp Charge HoldFunds Capture Release Expire Adjust Refund TransferOut TransferIn")
	require.Len(t, constants, len(account.MovementKinds()))
	for _, s := range sources(t) {
		ast.Inspect(s.file, func(n ast.Node) bool {
			for _, e := range s.decidesByKind(constants, n) {
				assert.Fail(t, s.at(e)+" decides by a kind of movement; ask its Traits")
			}
			return true
		})
	}
}
