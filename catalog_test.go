package clientaccount_test

import (
	"context"
	"fmt"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/memstore"
)

func TestManagersAreSavedListedAndRemoved(t *testing.T) {
	b := newBench(t)
	zoe, err := b.svc.SaveManager(t.Context(), account.Manager{Name: "Zoe Bell", Email: "zoe@example.com"}, account.Actor{}, "")
	require.NoError(t, err)
	ann, err := b.svc.SaveManager(t.Context(), account.Manager{Name: "Ann Ryan"}, account.Actor{}, "")
	require.NoError(t, err)
	all, err := b.svc.Managers(t.Context())
	require.NoError(t, err)
	assert.Equal(t, []account.Manager{ann, zoe}, all, "by name")

	zoe.Name = "Zoe Bell-Ryan"
	saved, err := b.svc.SaveManager(t.Context(), zoe, account.Actor{}, "")
	require.NoError(t, err)
	assert.Equal(t, int64(2), saved.Revision)
	_, err = b.svc.SaveManager(t.Context(), zoe, account.Actor{}, "")
	require.ErrorIs(t, err, account.ErrStale, "an editor who saw revision 1")
	_, err = b.svc.SaveManager(t.Context(), account.Manager{}, account.Actor{}, "")
	assert.NotEmpty(t, faults(err), "a manager has a name")
	_, err = b.svc.SaveManager(t.Context(), account.Manager{ID: account.ID{5}, Revision: 1, Name: "Gone"}, account.Actor{}, "")
	require.ErrorIs(t, err, account.ErrNotFound)

	acme := b.create("acme", func(a *account.Account) { a.Core.Manager = ann.ID })
	require.ErrorIs(t, b.svc.DeleteManager(t.Context(), ann.ID, account.Actor{}, ""), clientaccount.ErrInUse)
	b.update(acme, "manager", saved.ID.String())
	require.NoError(t, b.svc.DeleteManager(t.Context(), ann.ID, account.Actor{}, ""))
	require.ErrorIs(t, b.svc.DeleteManager(t.Context(), ann.ID, account.Actor{}, ""), account.ErrNotFound)
	_, err = b.svc.Manager(t.Context(), ann.ID)
	require.ErrorIs(t, err, account.ErrNotFound)
	_, err = b.svc.Update(t.Context(), acme.ID, 2, set("manager", ann.ID.String()))
	assert.Equal(t, []string{"manager manager.unknown"}, faults(err))
}

func TestProductGivesDefaultsAndSaysSo(t *testing.T) {
	b := newBench(t)
	product, err := b.svc.SaveProduct(t.Context(), account.Product{
		Name: "Premium", Currency: "EUR", Priority: account.Some(2),
		CreditLimit: account.Some(decimal.NewFromInt(500)), Price: account.Some(decimal.RequireFromString("0.0312")),
	}, account.Actor{}, "")
	require.NoError(t, err)
	a := b.create("acme", func(a *account.Account) {
		a.Notes.Product = product.ID
		a.Sending.DLRDays = account.Some(7)
	})
	settings, err := b.svc.Settings(t.Context(), a)
	require.NoError(t, err)
	assert.Equal(t, account.Effective[int]{Value: 2, Origin: account.OriginProduct}, settings.Priority)
	assert.Equal(t, account.Effective[int]{Value: 7, Origin: account.OriginOwn}, settings.DLRDays)
	assert.Equal(t, account.OriginDefault, settings.Moderation.Origin)
	assert.Equal(t, "500", settings.CreditLimit.Value.String())

	product.Currency = "USD"
	_, err = b.svc.SaveProduct(t.Context(), product, account.Actor{}, "")
	require.ErrorIs(t, err, clientaccount.ErrInUse, "its clients' amounts are in the old currency")
	product.Currency, product.Priority = "EUR", account.Some(3)
	_, err = b.svc.SaveProduct(t.Context(), product, account.Actor{}, "")
	require.NoError(t, err)
	settings, err = b.svc.Settings(t.Context(), a)
	require.NoError(t, err)
	assert.Equal(t, 3, settings.Priority.Value)

	require.ErrorIs(t, b.svc.DeleteProduct(t.Context(), product.ID, account.Actor{}, ""), clientaccount.ErrInUse)
	b.update(a, "notes.product", "")
	require.NoError(t, b.svc.DeleteProduct(t.Context(), product.ID, account.Actor{}, ""))
	all, err := b.svc.Products(t.Context())
	require.NoError(t, err)
	assert.Empty(t, all)
}

// However many clients a product has, so many of them are looked at, and the others counted.
func TestAProductsPreviewIsBounded(t *testing.T) {
	st := memstore.New()
	svc := clientaccount.New(st, nil)
	p, err := svc.SaveProduct(t.Context(), account.Product{Name: "Bulk", Currency: "EUR", CreditLimit: account.Some(account.Amount("5"))}, olena, "")
	require.NoError(t, err)
	require.NoError(t, st.Update(t.Context(), func(ctx context.Context, tx store.Tx) error {
		for i := range clientaccount.MaxProductRead + 3 {
			a := account.New()
			a.ID, a.Core.Login, a.Notes.Product = account.NewID(time.Unix(int64(i), 0), [10]byte{}), fmt.Sprintf("c%06d", i), p.ID
			a.Core.Currency, a.Revision = "EUR", 1
			if err := tx.PutAccount(ctx, a, 0); err != nil {
				return err
			}
		}
		return nil
	}))
	p.CreditLimit = account.Some(account.Amount("6"))
	preview, err := svc.PreviewProduct(t.Context(), p, account.Optional[[]account.ID]{})
	require.NoError(t, err)
	assert.Equal(t, []int{clientaccount.MaxProductRead, clientaccount.MaxProductRead, 3, clientaccount.MaxProductEffects},
		[]int{preview.Clients, preview.Touched, preview.Unread, len(preview.Effects)})
	assert.Equal(t, "c000000", preview.Effects[0].Login)
}

// Each thing that is done to a product has a record of who did it and why, also its removal.
func TestAProductHasAHistory(t *testing.T) {
	b := newBench(t)
	ctx := t.Context()
	p, err := b.svc.SaveProduct(ctx, account.Product{Name: " Plain ", Currency: "EUR", CreditLimit: account.Some(money("5000"))}, olena, "For the small ones")
	require.NoError(t, err)
	same, err := b.svc.SaveProduct(ctx, p, marek, "Nothing differs")
	require.NoError(t, err)
	assert.Equal(t, p, same, "and nothing was written")
	p.CreditLimit, p.Price = account.Some(money("100")), account.Some(money("5"))
	p, err = b.svc.SaveProduct(ctx, p, marek, "A slip")
	require.NoError(t, err)
	_, err = b.svc.SaveProduct(ctx, p, account.Actor{Name: "a\nb"}, "a\x00b")
	assert.Equal(t, []string{"actor text.chars", "reason text.chars"}, faults(err))
	require.NoError(t, b.svc.DeleteProduct(ctx, p.ID, olena, "Nobody wants it"))

	records, err := b.svc.ProductChanges(ctx, account.ChangeQuery{Of: p.ID})
	require.NoError(t, err)
	require.Len(t, records, 3)
	gone, updated, created := records[0], records[1], records[2]
	assert.Equal(t, account.Record{
		Of: p.ID, Revision: 2, At: b.svc.Now(), Kind: account.RecordUpdated, Actor: marek, Reason: "A slip",
		Change: account.Change{{Path: "price", New: "5"}, {Path: "credit_limit", Old: "5000", New: "100"}},
	}, updated)
	assert.Equal(t, account.RecordCreated, created.Kind)
	assert.Equal(t, account.FieldChange{Path: "name", New: "Plain"}, created.Change[0], "as it is kept")
	assert.Equal(t, []any{account.RecordRemoved, int64(3), olena, "Nobody wants it"}, []any{gone.Kind, gone.Revision, gone.Actor, gone.Reason})
	assert.Equal(t, account.FieldChange{Path: "name", Old: "Plain"}, gone.Change[0])
	_, err = b.svc.UndoProduct(ctx, p.ID, 3, 3, olena, "")
	require.ErrorIs(t, err, account.ErrNotFound, "what is removed stays so")
	records, err = b.svc.ManagerChanges(ctx, account.ChangeQuery{Of: p.ID})
	require.NoError(t, err)
	assert.Empty(t, records, "it is no manager")
	_, err = b.svc.ProductChanges(ctx, account.ChangeQuery{Of: p.ID, Limit: -1})
	assert.Equal(t, []string{"limit limit.range"}, faults(err))
}

// What five clients lost by a slip they have back, with its own record.
func TestUndoOfAProductGivesItsClientsBackWhatTheyHad(t *testing.T) {
	b := newBench(t)
	ctx := t.Context()
	p, err := b.svc.SaveProduct(ctx, account.Product{Name: "Plain", Currency: "EUR", CreditLimit: account.Some(money("5000"))}, olena, "")
	require.NoError(t, err)
	a := b.create("acme", func(a *account.Account) { a.Notes.Product = p.ID })
	p.CreditLimit = account.Some(money("100"))
	p, err = b.svc.SaveProduct(ctx, p, marek, "")
	require.NoError(t, err)
	p.Name = "Renamed"
	p, err = b.svc.SaveProduct(ctx, p, marek, "")
	require.NoError(t, err)

	for name, c := range map[string]struct {
		revision, record int64
		want             error
	}{
		"stale": {2, 2, account.ErrStale}, "no record": {3, 4, account.ErrNotFound}, "record 0": {3, 0, account.ErrNotFound}, "record -1": {3, -1, account.ErrNotFound}, "the last record": {3, 1<<63 - 1, account.ErrNotFound},
	} {
		_, err = b.svc.UndoProduct(ctx, p.ID, c.revision, c.record, olena, "")
		require.ErrorIs(t, err, c.want, name)
	}
	_, err = b.svc.UndoProduct(ctx, p.ID, 3, 1, olena, "")
	assert.Equal(t, []string{"change change.final"}, faults(err), "a creation")

	p, err = b.svc.UndoProduct(ctx, p.ID, 3, 2, olena, "A slip")
	require.NoError(t, err)
	assert.Equal(t, "Renamed", p.Name, "other changes stay")
	standing, err := b.svc.Balance(ctx, a.ID)
	require.NoError(t, err)
	assert.Equal(t, "5000", standing.Available.String())
	_, err = b.svc.UndoProduct(ctx, p.ID, 4, 2, olena, "")
	assert.Equal(t, []string{"credit_limit change.superseded"}, faults(err), "it was taken back already")
	records, err := b.svc.ProductChanges(ctx, account.ChangeQuery{Of: p.ID, Limit: 1})
	require.NoError(t, err)
	assert.Equal(t, []any{account.RecordUndone, int64(2), "A slip"}, []any{records[0].Kind, records[0].Undoes, records[0].Reason})

	p, err = b.svc.UndoProduct(ctx, p.ID, 4, 4, marek, "It was none")
	require.NoError(t, err)
	assert.Equal(t, "100", p.CreditLimit.String(), "an undo can be taken back")
}

// The rules hold for what is taken back, too.
func TestUndoOfAProductIsRefusedByTheRules(t *testing.T) {
	b := newBench(t)
	p, err := b.svc.SaveProduct(t.Context(), account.Product{Name: "Plain", Currency: "EUR"}, olena, "")
	require.NoError(t, err)
	p.Currency = "USD"
	p, err = b.svc.SaveProduct(t.Context(), p, olena, "")
	require.NoError(t, err)
	b.create("acme", func(a *account.Account) { a.Notes.Product, a.Core.Currency = p.ID, "USD" })
	_, err = b.svc.UndoProduct(t.Context(), p.ID, 2, 2, olena, "")
	require.ErrorIs(t, err, clientaccount.ErrInUse, "its clients' amounts are in the currency")

	m, err := b.svc.SaveManager(t.Context(), account.Manager{Name: "Ann", Phone: "+380501112233"}, olena, "")
	require.NoError(t, err)
	m.Phone = ""
	m, err = b.svc.SaveManager(t.Context(), m, olena, "")
	require.NoError(t, err)
	_, err = b.svc.UndoManager(t.Context(), m.ID, 2, 2, olena, "a\nb")
	assert.Equal(t, []string{"reason text.chars"}, faults(err))
	m, err = b.svc.UndoManager(t.Context(), m.ID, 2, 2, olena, "")
	require.NoError(t, err)
	assert.Equal(t, "+380501112233", m.Phone)
}

// Of many who change one product at once, from what they all saw, one does; the history has what
// became of it, each revision once.
func TestManyChangeOneProductAtOnce(t *testing.T) {
	b := newBench(t)
	p, err := b.svc.SaveProduct(t.Context(), account.Product{Name: "Plain", Currency: "EUR"}, olena, "")
	require.NoError(t, err)
	var group sync.WaitGroup
	var done atomic.Int64
	for n := range 8 {
		group.Go(func() {
			mine := p
			mine.Name = "Plain " + strconv.Itoa(n)
			_, err := b.svc.SaveProduct(t.Context(), mine, marek, mine.Name)
			if err == nil {
				done.Add(1)
				return
			}
			assert.ErrorIs(t, err, account.ErrStale)
		})
	}
	group.Wait()
	assert.Equal(t, int64(1), done.Load())
	stored, err := b.svc.Product(t.Context(), p.ID)
	require.NoError(t, err)
	records, err := b.svc.ProductChanges(t.Context(), account.ChangeQuery{Of: p.ID})
	require.NoError(t, err)
	require.Len(t, records, 2)
	assert.Equal(t, []any{int64(2), stored.Name}, []any{stored.Revision, records[0].Reason})
}
