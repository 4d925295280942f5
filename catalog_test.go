package clientaccount_test

import (
	"context"
	"fmt"
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
	zoe, err := b.svc.SaveManager(t.Context(), account.Manager{Name: "Zoe Bell", Email: "zoe@example.com"})
	require.NoError(t, err)
	ann, err := b.svc.SaveManager(t.Context(), account.Manager{Name: "Ann Ryan"})
	require.NoError(t, err)
	all, err := b.svc.Managers(t.Context())
	require.NoError(t, err)
	assert.Equal(t, []account.Manager{ann, zoe}, all, "by name")

	zoe.Name = "Zoe Bell-Ryan"
	saved, err := b.svc.SaveManager(t.Context(), zoe)
	require.NoError(t, err)
	assert.Equal(t, int64(2), saved.Revision)
	_, err = b.svc.SaveManager(t.Context(), zoe)
	require.ErrorIs(t, err, account.ErrStale, "an editor who saw revision 1")
	_, err = b.svc.SaveManager(t.Context(), account.Manager{})
	assert.NotEmpty(t, faults(err), "a manager has a name")
	_, err = b.svc.SaveManager(t.Context(), account.Manager{ID: account.ID{5}, Revision: 1, Name: "Gone"})
	require.ErrorIs(t, err, account.ErrNotFound)

	acme := b.create("acme", func(a *account.Account) { a.Core.Manager = ann.ID })
	require.ErrorIs(t, b.svc.DeleteManager(t.Context(), ann.ID), clientaccount.ErrInUse)
	b.update(acme, "manager", saved.ID.String())
	require.NoError(t, b.svc.DeleteManager(t.Context(), ann.ID))
	require.ErrorIs(t, b.svc.DeleteManager(t.Context(), ann.ID), account.ErrNotFound)
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
	})
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
	_, err = b.svc.SaveProduct(t.Context(), product)
	require.ErrorIs(t, err, clientaccount.ErrInUse, "its clients' amounts are in the old currency")
	product.Currency, product.Priority = "EUR", account.Some(3)
	_, err = b.svc.SaveProduct(t.Context(), product)
	require.NoError(t, err)
	settings, err = b.svc.Settings(t.Context(), a)
	require.NoError(t, err)
	assert.Equal(t, 3, settings.Priority.Value)

	require.ErrorIs(t, b.svc.DeleteProduct(t.Context(), product.ID), clientaccount.ErrInUse)
	b.update(a, "notes.product", "")
	require.NoError(t, b.svc.DeleteProduct(t.Context(), product.ID))
	all, err := b.svc.Products(t.Context())
	require.NoError(t, err)
	assert.Empty(t, all)
}

// However many clients a product has, so many of them are looked at, and the others counted.
func TestAProductsPreviewIsBounded(t *testing.T) {
	st := memstore.New()
	svc := clientaccount.New(st, nil)
	p, err := svc.SaveProduct(t.Context(), account.Product{Name: "Bulk", Currency: "EUR", CreditLimit: account.Some(account.Amount("5"))})
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
