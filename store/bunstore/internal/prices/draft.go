package prices

import (
	"context"
	"slices"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/price"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/rows"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/session"
)

var (
	draftColumns = rows.PriceDrafts.Columns()
	insertDraft  = `INSERT INTO clientaccount_price_drafts (` + draftColumns.List("") + `)
		VALUES (` + draftColumns.Given(1) + `) ON CONFLICT DO NOTHING`
	updateDraft = `UPDATE clientaccount_price_drafts SET ` + draftColumns[2:].SetGiven(3) + `
		WHERE ` + ofOwner + ` AND revision = ` + rows.Columns{rows.Was}.Given(len(draftColumns)+1)
)

// PriceDraft is [store.PricesReader]'s.
func (r Reader) PriceDraft(ctx context.Context, of store.PriceOwner) (store.PriceDraft, error) {
	return session.Only(session.Query(ctx, r.s, `SELECT `+draftColumns.List("")+` FROM clientaccount_price_drafts WHERE `+ofOwner,
		rows.PriceDrafts, ownerArgs(of)...))
}

// PutPriceDraft is [store.PricesTx]'s.
func (t Tx) PutPriceDraft(ctx context.Context, d store.PriceDraft, was int64) error {
	d.Draft = price.Draft{Undo: keptStarts(d.Draft.Undo), Rows: keptRows(d.Draft.Rows)}
	args, err := rows.PriceDrafts.Args(&d)
	if err != nil {
		return err
	}
	if was == 0 {
		return t.addDraft(ctx, d.Owner, args)
	}
	n, err := t.s.Execute(ctx, updateDraft, append(args, was)...)
	if err != nil || n > 0 {
		return err
	}
	return t.moved(ctx, d.Owner)
}

func (t Tx) addDraft(ctx context.Context, of store.PriceOwner, args []any) error {
	if err := t.keepOwner(ctx, of); err != nil {
		return err
	}
	n, err := t.s.Execute(ctx, insertDraft, args...)
	if err == nil && n == 0 {
		err = account.ErrConflict
	}
	return err
}

// DropPriceDraft is [store.PricesTx]'s.
func (t Tx) DropPriceDraft(ctx context.Context, of store.PriceOwner, was int64) error {
	n, err := t.s.Execute(ctx, `DELETE FROM clientaccount_price_drafts WHERE `+ofOwner+` AND revision = $3`, ownerArgs(of, was)...)
	if err != nil || n > 0 {
		return err
	}
	return t.moved(ctx, of)
}

// moved is why there is no draft at a revision.
func (t Tx) moved(ctx context.Context, of store.PriceOwner) error {
	_, err := session.Only(session.Queried(ctx, t.s, `SELECT revision FROM clientaccount_price_drafts WHERE `+ofOwner,
		1, (*rows.Row).Integer, ownerArgs(of)...))
	if err != nil {
		return err
	}
	return account.ErrStale
}

// keptRows returns a copy of rows with their instants as databases keep them.
func keptRows(list []price.Row) []price.Row {
	list = slices.Clone(list)
	for i := range list {
		list[i].From = rows.Instant(list[i].From)
	}
	return list
}

func keptStarts(list []price.Start) []price.Start {
	list = slices.Clone(list)
	for i := range list {
		list[i].From = rows.Instant(list[i].From)
	}
	return list
}
