package billing

import (
	"context"
	"slices"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/document"
	"github.com/clientaccount/clientaccount/store"
)

// makes returns what is made at cuts.
func (v *visit) makes() (stats, invoice bool) {
	b := v.a.Billing
	return b.InvoiceDays != 0 && b.SendStats, b.InvoiceDays != 0 && b.SendInvoices
}

// close ends the present period at a cut, whose entries were all gone through, and makes what is to
// be made of it.
func (v *visit) close(ctx context.Context, cut account.Cut) error {
	if stats, invoice := v.makes(); !stats && !invoice {
		return v.pass(ctx, cut)
	}
	return v.write(ctx, func(ctx context.Context, tx Tx, b *store.Book) error {
		if err := v.document(ctx, tx, *b, cut); err != nil {
			return err
		}
		if stats, _ := v.makes(); stats {
			b.StatementCut, b.Statement = cut, b.To
		}
		b.Cut, b.Opening = cut, b.To
		return nil
	})
}

// pass ends the present period without a document, and all that follow on it in which nothing
// moved.
func (v *visit) pass(ctx context.Context, cut account.Cut) error {
	for {
		next, _ := v.days().NextCut(cut, v.zone)
		if next.At.After(v.now) || !v.next.IsZero() && next.At.After(v.next) {
			break
		}
		cut = next
	}
	if v.part == nil {
		v.book.Cut, v.book.Opening = cut, v.book.To
		return nil
	}
	return v.write(ctx, func(_ context.Context, _ Tx, b *store.Book) error {
		b.Cut, b.Opening = cut, b.To
		return nil
	})
}

// document makes the statement and the invoice of a cut, of a book whose usage is complete.
func (v *visit) document(ctx context.Context, tx Tx, b store.Book, cut account.Cut) error {
	stats, invoice := v.makes()
	q := store.UsageQuery{Account: v.id, From: b.Opening.Entry}
	if stats {
		q.From = b.Statement.Entry
	}
	rows, err := usage(ctx, tx, q)
	if err != nil {
		return err
	}
	head, err := v.head(ctx, tx, v.a, v.zone)
	if err == nil && stats {
		err = v.statement(ctx, tx, head, b, cut, rows)
	}
	if err == nil && invoice {
		err = v.invoice(ctx, tx, head, b, cut, rows)
	}
	return err
}

// statement makes that of all entries behind the last one.
func (v *visit) statement(ctx context.Context, tx Tx, head document.Head, b store.Book, cut account.Cut, rows []store.UsageRow) error {
	if err := v.numbered(ctx, tx, v.a, document.KindStatement, &head); err != nil {
		return err
	}
	period := document.NewPeriod(since(b.StatementCut, v.a), cut, v.zone)
	s, err := document.NewStatement(head, period, document.Restore(v.id, b.Statement, b.To, rowsOf(rows)))
	if err != nil {
		return err
	}
	_, err = v.keep(ctx, tx, s, "cut:"+cut.Day.String()+":statement", v.mailed())
	return err
}

// invoice makes that of the cut's own period, where anything was used.
func (v *visit) invoice(ctx context.Context, tx Tx, head document.Head, b store.Book, cut account.Cut, rows []store.UsageRow) error {
	rows = slices.DeleteFunc(slices.Clone(rows), func(r store.UsageRow) bool { return r.Period < b.Opening.Entry })
	period := document.NewPeriod(since(b.Cut, v.a), cut, v.zone)
	used := document.Restore(v.id, b.Opening, b.To, rowsOf(rows))
	draft, err := document.NewInvoice(head, period, used, nil)
	if err != nil || draft.IsEmpty() {
		return err
	}
	if head.ID, err = v.NewID(); err != nil {
		return err
	}
	if err := v.numbered(ctx, tx, v.a, document.KindInvoice, &head); err != nil {
		return err
	}
	var i document.Invoice
	err = v.Call(func() (err error) {
		i, err = document.NewInvoice(head, period, used, v.Host.Taxes)
		return err
	})
	if err != nil {
		return err
	}
	_, err = v.keep(ctx, tx, i, "cut:"+cut.Day.String()+":invoice", v.mailed())
	return err
}

// mailed is whom what is made at a cut is mailed.
func (v *visit) mailed() to {
	if !v.a.Billing.ToEmail {
		return to{}
	}
	return toRole(v.a, store.MailBilling)
}
