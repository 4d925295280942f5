package billing

import (
	"context"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/rows"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/session"
)

var (
	selectDocument = `SELECT ` + rows.Documents.Columns().List("d.") + ` FROM clientaccount_documents d WHERE d.account_id = $1 AND `
	newColumns     = rows.NewDocuments.Columns()
	insertDocument = `INSERT INTO clientaccount_documents (` + newColumns.List("") + `)
		VALUES (` + newColumns.Given(1) + `) ON CONFLICT (account_id, origin) DO NOTHING`
)

// Document is [store.BillingReader]'s.
func (r Reader) Document(ctx context.Context, id, document account.ID) (store.Document, error) {
	return session.Only(session.Asked(ctx, r.s, selectDocument+`d.id = $2`, rows.Documents, rows.IDText(id), rows.IDText(document)))
}

// DocumentOf is [store.BillingReader]'s.
func (r Reader) DocumentOf(ctx context.Context, id account.ID, origin string) (store.Document, error) {
	if !rows.Storable(origin) {
		return store.Document{}, session.NotFound(ctx)
	}
	return session.Only(session.Asked(ctx, r.s, selectDocument+`d.origin = $2`, rows.Documents, rows.IDText(id), origin))
}

// PutDocument is [store.BillingTx]'s.
func (t Tx) PutDocument(ctx context.Context, d store.Document) (bool, error) {
	args, err := rows.NewDocuments.Args(&d)
	if err != nil {
		return false, err
	}
	n, err := t.s.Change(ctx, insertDocument, args...)
	return n > 0, err
}

// NextNumber is [store.BillingTx]'s. The row stays locked until the transaction ends.
func (t Tx) NextNumber(ctx context.Context, series string, year int) (int64, error) {
	if !rows.Storable(series) {
		return 0, rows.ErrText
	}
	return session.Only(session.Asked(ctx, t.s, `INSERT INTO clientaccount_document_numbers AS n (series, year, number) VALUES ($1, $2, 1)
		ON CONFLICT (series, year) DO UPDATE SET number = n.number + 1 RETURNING number`, rows.Numbers, series, year))
}
