package billing

import (
	"context"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/rows"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/session"
)

var mailColumns = rows.Mails.Columns()

// Mails is [store.BillingReader]'s.
func (r Reader) Mails(ctx context.Context, id account.ID, documents []account.ID) ([]store.Mail, error) {
	given, err := session.Packed(rows.DocumentKeys, store.Ascending(documents))
	if err != nil || len(documents) == 0 {
		return nil, err
	}
	return session.Asked(ctx, r.s, r.s.Unpacked(rows.DocumentKeys.Columns())+`SELECT `+mailColumns.List("t.")+` FROM `+
		r.s.Dialect.Each("r", "clientaccount_mails", "t.document = r.document AND t.account_id = $2", true)+`
		ORDER BY t.document, t.seq`, rows.Mails, given, rows.IDText(id))
}

// PutMails is [store.BillingTx]'s.
func (t Tx) PutMails(ctx context.Context, ms ...store.Mail) error {
	if len(ms) == 0 {
		return ctx.Err()
	}
	placed := make([]rows.PlacedMail, len(ms))
	for i, m := range ms {
		placed[i] = rows.PlacedMail{Position: i, Mail: m}
	}
	given, err := session.Packed(rows.PlacedMails, placed)
	if err != nil {
		return err
	}
	accepted, err := session.Asked(ctx, t.s, t.s.Unpacked(rows.PlacedMails.Columns())+`INSERT INTO clientaccount_mails (`+mailColumns.List("")+`)
		SELECT `+mailColumns.List("r.")+` FROM `+
		t.s.Dialect.Each("r", "clientaccount_documents", "t.id = r.document AND t.account_id = r.account_id", false)+`
		WHERE TRUE ORDER BY r.position ON CONFLICT (id) DO NOTHING RETURNING document, state`, rows.MailedDocuments, given)
	if err != nil {
		return err
	}
	if len(accepted) < len(ms) {
		if err := t.known(ctx, ms); err != nil {
			return err
		}
	}
	return t.mailed(ctx, accepted)
}

// known is ErrConflict where mails are not there, since their documents are not.
func (t Tx) known(ctx context.Context, ms []store.Mail) error {
	ids := make([]account.ID, len(ms))
	for i, m := range ms {
		ids[i] = m.ID
	}
	given, err := session.Packed(rows.MailKeys, ids)
	if err != nil {
		return err
	}
	missing, err := session.Query(ctx, t.s, t.s.Unpacked(rows.MailKeys.Columns())+`SELECT r.mail FROM r
		WHERE NOT EXISTS (SELECT 1 FROM clientaccount_mails m WHERE m.id = r.mail)`, rows.MailKeys, given)
	if err == nil && len(missing) > 0 {
		err = account.ErrConflict
	}
	return err
}

// rank orders the states of mails: that of a document is the first that any of its mails has.
func rank(column string) string {
	return `CASE ` + column + ` WHEN 'failed' THEN 0 WHEN 'waiting' THEN 1 WHEN 'sent' THEN 2 ELSE 3 END`
}

// mailed has documents note mails that are new. That a document has one more of a state depends
// on nothing but its own row, so whoever changes other mails need not be waited for before.
func (t Tx) mailed(ctx context.Context, accepted []rows.MailedDocument) error {
	if len(accepted) == 0 {
		return nil
	}
	given, err := session.Packed(rows.MailedDocuments, accepted)
	if err != nil {
		return err
	}
	_, err = t.s.Change(ctx, t.s.Unpacked(rows.MailedDocuments.Columns())+`, n AS MATERIALIZED (
			SELECT r.document, min(`+rank("r.state")+`) AS rank FROM r GROUP BY r.document)
		UPDATE clientaccount_documents AS d SET mailed = (SELECT min(r.state) FROM r WHERE r.document = n.document AND `+rank("r.state")+` = n.rank)
		FROM n WHERE d.id = n.document AND `+rank("d.mailed")+` > n.rank`, given)
	return err
}

// MailAgain is [store.BillingTx]'s.
func (t Tx) MailAgain(ctx context.Context, id, mail account.ID, at time.Time) error {
	given, err := session.Packed(rows.MailKeys, []account.ID{mail})
	if err != nil {
		return err
	}
	if err := t.lockDocuments(ctx, given); err != nil {
		return err
	}
	n, err := t.s.Execute(ctx, `UPDATE clientaccount_mails SET state = 'waiting', tries = 0, due_at = $3, owner = NULL, leased_until = NULL
		WHERE account_id = $1 AND id = $2`, rows.IDText(id), rows.IDText(mail), rows.InstantText(at))
	switch {
	case err != nil:
		return err
	case n == 0:
		return account.ErrNotFound
	}
	return t.sumUp(ctx, given)
}

// ofMails are the documents of mails, r.
const ofMails = `(SELECT m.document FROM r JOIN clientaccount_mails m ON m.id = r.mail)`

// lockDocuments keeps others from changing mails of the same documents, before any is changed.
func (t Tx) lockDocuments(ctx context.Context, mails string) error {
	_, err := session.Asked(ctx, t.s, t.s.Unpacked(rows.MailKeys.Columns())+`SELECT d.id FROM clientaccount_documents d
		WHERE d.id IN `+ofMails+` ORDER BY d.id `+t.s.Dialect.LockRows("d"), rows.DocumentKeys, mails)
	return err
}

// sumUp has the documents of mails note the states of all their mails.
func (t Tx) sumUp(ctx context.Context, mails string) error {
	_, err := t.s.Change(ctx, t.s.Unpacked(rows.MailKeys.Columns())+`UPDATE clientaccount_documents AS d
		SET mailed = (SELECT CASE min(`+rank("m.state")+`) WHEN 0 THEN 'failed' WHEN 1 THEN 'waiting' ELSE 'sent' END
			FROM clientaccount_mails m WHERE m.document = d.id)
		WHERE d.id IN `+ofMails, mails)
	return err
}
