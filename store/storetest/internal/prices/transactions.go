package prices

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
)

var transactionPromises = []promise{
	{Name: "a transaction reads its own writes, and nobody else does before its end", Test: ownWrites},
	{Name: "what was rolled back is not there", Test: rolledBack},
	{Name: "a canceled context ends a call", Test: canceled},
	{Name: "a transaction is of no use after its end", Test: ended},
}

// everything writes through each method, over what existing keeps.
func (r rig) everything(ctx context.Context, tx store.PricesTx) error {
	old, fresh := r.row("255", "01", "1", 0), r.row("255", "02", "2", 0)
	told := r.announcement(r.product, 1)
	told.Done = true
	return errors.Join(
		tx.ChangePrices(ctx, r.product, starts(old), nil),
		tx.ChangePrices(ctx, r.client, nil, append(r.rows(), fresh)),
		tx.PutPriceDraft(ctx, r.draft(r.client, 1, fresh), 0),
		tx.PutPriceDraft(ctx, r.draft(r.product, 2, fresh), 1),
		tx.DropPriceDraft(ctx, r.other, 1),
		tx.PutAnnouncement(ctx, told),
		tx.PutAnnouncement(ctx, r.announcement(r.client, 2)),
	)
}

func (r rig) existing(ctx context.Context, tx store.PricesTx) error {
	return errors.Join(
		tx.ChangePrices(ctx, r.product, nil, r.rows()),
		tx.PutPriceDraft(ctx, r.draft(r.product, 1), 0),
		tx.PutPriceDraft(ctx, r.draft(r.other, 1), 0),
		tx.PutAnnouncement(ctx, r.announcement(r.product, 1)),
	)
}

// requireExisting expects that all is as existing left it.
func (r rig) requireExisting(t *testing.T) {
	t.Helper()
	requireRows(t, r, r.product, r.rows()...)
	requireRows(t, r, r.client)
	requireDraft(t, r, r.draft(r.product, 1))
	requireDraft(t, r, r.draft(r.other, 1))
	_, err := r.PriceDraft(t.Context(), r.client)
	assert.ErrorIs(t, err, account.ErrNotFound)
	r.requireUntold(t, 10, r.announcement(r.product, 1))
	r.requirePage(t, r.client, account.ID{}, 10)
}

// requireEverything expects that all is as everything left it.
func (r rig) requireEverything(t *testing.T, from store.PricesReader) {
	t.Helper()
	fresh := r.row("255", "02", "2", 0)
	requireRows(t, from, r.product)
	requireRows(t, from, r.client, append(r.rows(), fresh)...)
	requireDraft(t, from, r.draft(r.client, 1, fresh))
	requireDraft(t, from, r.draft(r.product, 2, fresh))
	_, err := from.PriceDraft(t.Context(), r.other)
	assert.ErrorIs(t, err, account.ErrNotFound)
	told := r.announcement(r.product, 1)
	told.Done = true
	requireAnnounced(t, from, told, r.announcement(r.client, 2))
	page, err := from.Announcements(t.Context(), r.client, account.ID{}, 10)
	assert.NoError(t, err)
	assert.Len(t, page, 1)
}

func ownWrites(t *testing.T, r rig) {
	r.must(t, r.existing)
	r.must(t, func(ctx context.Context, tx store.PricesTx) error {
		if err := r.everything(ctx, tx); err != nil {
			return err
		}
		r.requireEverything(t, tx)
		r.requireExisting(t)
		return nil
	})
	r.requireEverything(t, r)
	r.requireUntold(t, 10, r.announcement(r.client, 2))
}

func rolledBack(t *testing.T, r rig) {
	r.must(t, r.existing)
	boom := errors.New("boom")
	require.ErrorIs(t, r.Update(t.Context(), write(func(ctx context.Context, tx store.PricesTx) error {
		require.NoError(t, r.everything(ctx, tx))
		return boom
	}).in), boom)
	r.requireExisting(t)
	r.must(t, r.everything)
	r.requireEverything(t, r)
}

func canceled(t *testing.T, r rig) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	r.requireAll(t, ctx, r, context.Canceled)
	_, err := r.UntoldPrices(ctx, account.ID{}, 1)
	require.ErrorIs(t, err, context.Canceled)
	require.ErrorIs(t, r.Update(ctx, write(r.existing).in), context.Canceled)
	r.requireUntold(t, 10)
}

// requireAll expects an error of each question.
func (r rig) requireAll(t *testing.T, ctx context.Context, from store.PricesReader, want error) {
	t.Helper()
	_, rows := from.PriceRows(ctx, r.product)
	_, draft := from.PriceDraft(ctx, r.product)
	_, page := from.Announcements(ctx, r.product, account.ID{}, 1)
	_, one := from.Announcement(ctx, r.announcement(r.product, 1).ID)
	for what, err := range map[string]error{"PriceRows": rows, "PriceDraft": draft, "Announcements": page, "Announcement": one} {
		require.ErrorIs(t, err, want, what)
	}
}

func ended(t *testing.T, r rig) {
	var kept store.PricesTx
	r.must(t, func(_ context.Context, tx store.PricesTx) error {
		kept = tx
		return nil
	})
	ctx := t.Context()
	require.NotPanics(t, func() {
		_, rows := kept.PriceRows(ctx, r.product)
		_, page := kept.Announcements(ctx, r.product, account.ID{}, 1)
		for what, err := range map[string]error{
			"PriceRows": rows, "Announcements": page,
			"ChangePrices":    kept.ChangePrices(ctx, r.product, nil, r.rows()),
			"PutPriceDraft":   kept.PutPriceDraft(ctx, r.draft(r.product, 1), 0),
			"DropPriceDraft":  kept.DropPriceDraft(ctx, r.product, 1),
			"PutAnnouncement": kept.PutAnnouncement(ctx, r.announcement(r.product, 1)),
		} {
			require.Error(t, err, what)
		}
	})
	requireRows(t, r, r.product)
	r.requireUntold(t, 10)
}
