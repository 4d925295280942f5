package billing

import (
	"context"
	"fmt"
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
	if err != nil {
		return err
	}
	var i document.Invoice
	if invoice {
		if i, err = v.drafted(head, b, cut, rows); err != nil {
			return err
		}
	}
	if stats {
		if err := v.statement(ctx, tx, head, b, cut, rows); err != nil {
			return err
		}
	}
	if i.IsEmpty() {
		return nil
	}
	if err := v.numbered(ctx, tx, v.a, document.KindInvoice, &i.Head); err != nil {
		return err
	}
	return v.keepOf(ctx, tx, i, cut)
}

// statement makes that of all entries behind the last one.
func (v *visit) statement(ctx context.Context, tx Tx, head document.Head, b store.Book, cut account.Cut, rows []store.UsageRow) error {
	period := document.NewPeriod(since(b.StatementCut, v.a), cut, v.zone)
	s, err := document.NewStatement(head, period, document.Restore(v.id, b.Statement, b.To, rowsOf(rows)))
	if err != nil {
		return err
	}
	if err := v.numbered(ctx, tx, v.a, document.KindStatement, &s.Head); err != nil {
		return err
	}
	return v.keepOf(ctx, tx, s, cut)
}

// drafted returns the invoice of the cut's own period without a number, empty where nothing was used.
// Who waits for a number is not to wait for what the host says of taxes.
func (v *visit) drafted(head document.Head, b store.Book, cut account.Cut, rows []store.UsageRow) (i document.Invoice, err error) {
	rows = slices.DeleteFunc(slices.Clone(rows), func(r store.UsageRow) bool { return r.Period < b.Opening.Entry })
	period := document.NewPeriod(since(b.Cut, v.a), cut, v.zone)
	used := document.Restore(v.id, b.Opening, b.To, rowsOf(rows))
	if head.ID, err = v.NewID(); err != nil {
		return i, err
	}
	if i, err = document.NewInvoice(head, period, used, nil); err != nil || i.IsEmpty() {
		return i, err
	}
	err = v.ask(func() (err error) {
		i, err = document.NewInvoice(head, period, used, v.Host.Taxes)
		return err
	})
	return i, err
}

// keepOf keeps a document of a cut. One that there is already is not passed over: what stands in
// it would be in no other, and its number would be lost.
func (v *visit) keepOf(ctx context.Context, tx Tx, d document.Document, cut account.Cut) error {
	origin := "cut:" + cut.Day.String() + ":" + string(d.Kind())
	fresh, err := v.keep(ctx, tx, d, origin, v.mailed())
	if err == nil && !fresh {
		err = fmt.Errorf("billing: there is a document of %s already", origin)
	}
	return err
}

// mailed is whom what is made at a cut is mailed.
func (v *visit) mailed() to {
	if !v.a.Billing.ToEmail {
		return to{}
	}
	return toRole(v.a, store.MailBilling)
}
