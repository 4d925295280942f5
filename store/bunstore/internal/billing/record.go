package billing

import (
	"context"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/rows"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/session"
)

// RecordMails is [store.MailOutbox]'s.
func (o Outbox) RecordMails(ctx context.Context, owner account.ID, rs []store.MailResult) ([]account.ID, error) {
	if len(rs) == 0 {
		return nil, ctx.Err()
	}
	var written map[account.ID]bool
	first := firstOf(rs)
	err := o.work(ctx, func(ctx context.Context, t Tx) (err error) {
		written, err = t.recordMails(ctx, owner, first)
		return err
	})
	if err != nil {
		return nil, err
	}
	var lost []account.ID
	for _, r := range rs {
		if !written[r.ID] {
			lost = append(lost, r.ID)
		}
		delete(written, r.ID) // one more of the same mail came when the lease had ended
	}
	return lost, nil
}

// firstOf are the first results of each mail.
func firstOf(rs []store.MailResult) (first []store.MailResult) {
	seen := make(map[account.ID]bool, len(rs))
	for _, r := range rs {
		if !seen[r.ID] {
			seen[r.ID] = true
			first = append(first, r)
		}
	}
	return first
}

// recordMails writes to the mails that the owner holds, and returns which these are.
func (t Tx) recordMails(ctx context.Context, owner account.ID, rs []store.MailResult) (map[account.ID]bool, error) {
	ids := make([]account.ID, len(rs))
	for i, r := range rs {
		ids[i] = r.ID
	}
	mails, err := session.Packed(rows.MailKeys, ids)
	if err != nil {
		return nil, err
	}
	given, err := session.Packed(rows.MailResults, rs)
	if err != nil {
		return nil, err
	}
	if err := t.lockDocuments(ctx, mails); err != nil {
		return nil, err
	}
	written, err := session.Asked(ctx, t.s, t.s.Unpacked(rows.MailResults.Columns())+`UPDATE clientaccount_mails AS m
		SET `+rows.MailOutcomes.Columns().Set("r.")+`, due_at = CASE r.state WHEN 'waiting' THEN r.next_at ELSE m.due_at END,
			owner = NULL, leased_until = NULL
		FROM r WHERE m.id = r.mail AND COALESCE(m.owner = $2, FALSE) RETURNING id`, rows.RevisionKeys, given, rows.IDText(owner))
	if err != nil || len(written) == 0 {
		return nil, err
	}
	held := make(map[account.ID]bool, len(written))
	for _, id := range written {
		held[id] = true
	}
	if err := t.sumUp(ctx, mails); err != nil {
		return nil, err
	}
	return held, t.markListed(ctx, mails)
}

// markListed has the list look at the clients of mails again.
func (t Tx) markListed(ctx context.Context, mails string) error {
	_, err := t.s.Change(ctx, t.s.Unpacked(rows.MailKeys.Columns())+`UPDATE clientaccount_listed
		SET due_at = '0001-01-01T00:00:00.000000Z', marks = marks + 1
		WHERE account_id IN (SELECT m.account_id FROM r JOIN clientaccount_mails m ON m.id = r.mail WHERE m.state <> 'waiting')`, mails)
	return err
}
