package prices

import (
	"context"
	"strconv"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/rows"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/session"
)

var (
	announcementColumns = rows.Announcements.Columns()
	selectAnnouncements = `SELECT ` + announcementColumns.List("") + ` FROM clientaccount_price_announcements WHERE `
)

// Announcements is [store.PricesReader]'s.
func (r Reader) Announcements(ctx context.Context, of store.PriceOwner, before account.ID, limit int) ([]store.Announcement, error) {
	if limit < 1 {
		return nil, ctx.Err()
	}
	var where session.Conditions
	where.Add("account_id = ?", rows.IDText(of.Account))
	where.Add("product = ?", rows.IDText(of.Product))
	if !before.IsZero() {
		where.Add("id < ?", rows.IDText(before))
	}
	return session.Query(ctx, r.s, selectAnnouncements+where.String()+` ORDER BY id DESC LIMIT `+strconv.Itoa(limit), rows.Announcements, where.Args...)
}

// Announcement is [store.PricesReader]'s.
func (r Reader) Announcement(ctx context.Context, id account.ID) (store.Announcement, error) {
	return session.Only(session.Query(ctx, r.s, selectAnnouncements+`id = $1`, rows.Announcements, rows.IDText(id)))
}

// UntoldPrices is [store.Prices]'s.
func (r Reader) UntoldPrices(ctx context.Context, after account.ID, limit int) ([]store.Announcement, error) {
	if limit < 1 {
		return nil, ctx.Err()
	}
	return session.Asked(ctx, r.s, selectAnnouncements+`NOT done AND id > $1 ORDER BY id LIMIT $2`, rows.Announcements, rows.IDText(after), limit)
}

// PutAnnouncement is [store.PricesTx]'s.
func (t Tx) PutAnnouncement(ctx context.Context, a store.Announcement) error {
	n, err := t.s.Execute(ctx, `UPDATE clientaccount_price_announcements SET told = $2, done = $3 WHERE id = $1`,
		rows.IDText(a.ID), rows.IDText(a.Told), a.Done)
	if err != nil || n > 0 {
		return err
	}
	if err := t.keepOwner(ctx, a.Owner); err != nil {
		return err
	}
	a.Added, a.Undone = keptRows(a.Added), keptRows(a.Undone)
	args, err := rows.Announcements.Args(&a)
	if err != nil {
		return err
	}
	_, err = t.s.Execute(ctx, `INSERT INTO clientaccount_price_announcements (`+announcementColumns.List("")+`)
		VALUES (`+announcementColumns.Given(1)+`)`, args...)
	return err
}
