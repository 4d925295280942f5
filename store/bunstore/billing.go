package bunstore

import (
	"context"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/billing"
)

var (
	_ store.Billing   = (*Store)(nil)
	_ store.BillingTx = (*tx)(nil)
	_ store.Prices    = (*Store)(nil)
	_ store.PricesTx  = (*tx)(nil)
	_ store.Finder    = (*Store)(nil)
	_ store.Tasks     = (*Store)(nil)
	_ store.TaskTx    = (*tx)(nil)
	_ store.Standings = (*Store)(nil)
)

// ClaimMails is [store.MailOutbox]'s.
func (s *Store) ClaimMails(ctx context.Context, c store.MailClaim) ([]store.ClaimedMail, error) {
	return s.mails().ClaimMails(ctx, c)
}

// RecordMails is [store.MailOutbox]'s.
func (s *Store) RecordMails(ctx context.Context, owner account.ID, rs []store.MailResult) ([]account.ID, error) {
	return s.mails().RecordMails(ctx, owner, rs)
}

func (s *Store) mails() billing.Outbox {
	return billing.NewOutbox(s.Session, func(ctx context.Context, do func(context.Context, billing.Tx) error) error {
		return s.work(ctx, func(ctx context.Context, t *tx) error { return do(ctx, t.billingTx) })
	})
}

// PurgeTasks is [store.Tasks]'s, in a transaction of its own.
func (s *Store) PurgeTasks(ctx context.Context, before time.Time, limit int) (purged int, err error) {
	if limit < 1 {
		return 0, ctx.Err()
	}
	err = s.work(ctx, func(ctx context.Context, t *tx) error {
		purged, err = t.Purge(ctx, before, limit)
		return err
	})
	return purged, err
}

// PutStandings is [store.Standings]'s.
func (s *Store) PutStandings(ctx context.Context, ss ...store.Standing) error {
	return s.work(ctx, func(ctx context.Context, t *tx) error { return t.clientsTx.PutStandings(ctx, ss...) })
}
