package clientaccount_test

import (
	"cmp"
	"go/ast"
	"go/token"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
)

// Callers cannot ask for what is made by the library alone, nor for what there is not.
func TestMoveRefusesKindsThatCallersMayNotAskFor(t *testing.T) {
	b := newBench(t)
	a := b.rich("acme", "10")
	for kind, fault := range map[account.MovementKind]string{
		"": "kind kind.unknown", "gift": "kind kind.unknown", "CHARGE": "kind kind.unknown", " ": "kind kind.unknown",
		account.KindExpire: "kind kind.internal", account.KindTransferIn: "kind kind.internal",
	} {
		_, err := b.svc.Move(t.Context(), as(kind, movementOf(a.ID, "1", "r")))
		assert.Contains(t, faults(err), fault, "%q", kind)
	}
	_, err := b.svc.Entries(t.Context(), account.EntryQuery{Account: a.ID, Kinds: []account.MovementKind{account.KindTopUp, "gift"}})
	assert.Equal(t, []string{"kind kind.unknown"}, faults(err))
	b.do(b.svc.Move(t.Context(), as(account.KindCharge, movementOf(a.ID, "1", "r"))))
	assert.Equal(t, "9 0 9", b.stands(a.ID), "nothing else moved")
}

// What a verb takes has a field for all that its kind of movement uses, and for nothing else.
func TestVerbsTakeWhatTheirKindUses(t *testing.T) {
	given := account.Movement{
		Account: account.ID{1}, Amount: money("1"), Price: account.Some(money("2")), Round: true, Currency: "EUR", Messages: 3, Reference: "r",
		Actor: olena, Reason: "because", Hold: "h", Timeout: time.Minute, More: true, Of: 4, PassLimit: true, Other: account.ID{5},
	}
	kinds := map[account.MovementKind]bool{}
	for _, verb := range clientaccount.Verbs() {
		v := reflect.New(verb).Elem()
		for i := range verb.NumField() {
			if name := verb.Field(i).Name; name != "OfReference" {
				v.Field(i).Set(reflect.ValueOf(given).FieldByName(cmp.Or(map[string]string{"To": "Other"}[name], name)))
			}
		}
		m := clientaccount.MovementOf(v.Interface())
		row := m.Kind.Traits()
		require.True(t, row.Callers, "%s", verb)
		kinds[m.Kind] = true
		want := as(m.Kind, given)
		for path, drop := range map[string]func(){
			"amount": func() { want.Amount = decimal.Decimal{} }, "price": func() { want.Price = account.Optional[decimal.Decimal]{} },
			"round": func() { want.Round = false }, "messages": func() { want.Messages = 0 }, "hold": func() { want.Hold = "" },
			"timeout": func() { want.Timeout = 0 }, "more": func() { want.More = false }, "of": func() { want.Of = 0 },
			"passLimit": func() { want.PassLimit = false }, "to": func() { want.Other = account.ID{} },
		} {
			if !row.Uses(path) {
				drop()
			}
		}
		if m.Kind == account.KindRelease {
			want.Currency = "" // it moves no amount
		}
		assert.Equal(t, want, m)
	}
	for _, kind := range account.MovementKinds() {
		assert.Equal(t, kind.Traits().Callers, kinds[kind], "%s is asked for by a verb of its own, or made here alone", kind)
	}
}

// A field that a movement does not look at is refused, not taken in silence.
func TestFieldsThatAVerbDoesNotUseAreFaults(t *testing.T) {
	b := newBench(t)
	a := b.rich("acme", "10")
	b.do(b.svc.Hold(t.Context(), holdOf(a.ID, "1", "h")))
	everything := account.Movement{
		Account: a.ID, Reference: "r", Reason: "because", Amount: money("1"), Messages: 1, Hold: "h", Timeout: time.Minute, More: true,
		Of: 1, PassLimit: true, Other: account.ID{9}, Round: true,
	}
	for _, kind := range account.MovementKinds() {
		row := kind.Traits()
		_, err := b.svc.Move(t.Context(), as(kind, everything))
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
	euro := chargeOf(a.ID, "1", "m")
	euro.Currency = "EUR"
	first := b.do(b.svc.Charge(t.Context(), euro))
	unsaid := b.do(b.svc.Charge(t.Context(), chargeOf(a.ID, "1", "m")))
	assert.True(t, unsaid.Repeated)
	assert.Equal(t, first.Entry, unsaid.Entry)
	dollar := euro
	dollar.Currency = "USD"
	fresh := dollar
	fresh.Reference = "n"
	for _, m := range []clientaccount.Charge{dollar, fresh} {
		_, err := b.svc.Charge(t.Context(), m)
		assert.Equal(t, []string{"currency amount.currency"}, faults(err))
		answers := b.svc.ChargeMany(t.Context(), []clientaccount.Charge{chargeOf(a.ID, "1", "of "+m.Reference), m})
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
	hold := func(price string) clientaccount.Hold {
		return clientaccount.Hold{Account: a.ID, Reference: "fp-3", Price: account.Some(money(price)), Messages: 1_000_000}
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
	constants := map[string]bool{}
	for _, kind := range account.MovementKinds() { // top_up is KindTopUp
		name := "Kind"
		for word := range strings.SplitSeq(string(kind), "_") {
			name += strings.ToUpper(word[:1]) + word[1:]
		}
		constants[name] = true
	}
	require.True(t, constants["KindTransferOut"])
	for _, s := range sources(t) {
		ast.Inspect(s.file, func(n ast.Node) bool {
			for _, e := range s.decidesByKind(constants, n) {
				assert.Fail(t, s.at(e)+" decides by a kind of movement; ask its Traits")
			}
			return true
		})
	}
}
