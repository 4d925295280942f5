package ask

import (
	"errors"
	"slices"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/document"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
	"github.com/clientaccount/clientaccount/store"
)

// Invoice is an invoice of the path's client, and what was taken back of it.
type Invoice struct {
	document.Invoice
	Notes []document.CreditNote
}

// Invoice returns that of an id; account.ErrNotFound where there is none for the actor.
func (r *Request) Invoice(text string) (Invoice, error) {
	d, err := r.document(text)
	if err != nil {
		return Invoice{}, err
	}
	invoice, is := d.(document.Invoice)
	if !is {
		return Invoice{}, account.ErrNotFound
	}
	notes, err := r.creditNotes(invoice.ID)
	return Invoice{invoice, notes}, err
}

// creditNotes returns all that there are of an invoice of the path's client.
func (r *Request) creditNotes(invoice account.ID) (notes []document.CreditNote, err error) {
	q := store.DocumentQuery{Account: r.ID, Of: invoice, Limit: account.MaxPage}
	for {
		found, err := r.Service.Documents(r.Context(), q)
		if err != nil {
			return nil, err
		}
		for _, row := range found {
			d, err := r.Service.Document(r.Context(), r.ID, row.ID)
			if err != nil {
				return nil, err
			}
			if note, is := d.(document.CreditNote); is {
				notes = append(notes, note)
			}
		}
		if len(found) < q.Limit {
			return notes, nil
		}
		last := store.PositionOf(found[len(found)-1])
		q.After = &last
	}
}

// Left returns what is left of each line, and whether it can be taken back by itself.
func (i Invoice) Left() []LineLeft {
	left := make([]LineLeft, len(i.Lines))
	for k, line := range i.Lines {
		left[k] = LineLeft{Line: line}
	}
	for _, note := range i.Notes {
		for _, taken := range note.Lines {
			if taken.Of >= 1 && taken.Of <= len(left) {
				of := &left[taken.Of-1]
				of.Messages, of.Amount = of.Messages-taken.Messages, of.Amount.Sub(taken.Amount)
			}
		}
	}
	for k, line := range left {
		left[k].Takes = !line.Amount.IsZero() && i.Lines[k].Amount.Sign() == i.Subtotal.Sign()
	}
	return left
}

// LineLeft is what is left of a line of an invoice.
type LineLeft struct {
	document.Line
	Takes bool
}

// CreditPreview returns what a credit note comes to that is not made.
func (r *Request) CreditPreview(i Invoice, reason string, takes []document.Take) (Paper, error) {
	head := i.Head
	head.Number, head.ID = document.Number{}, account.ID{}
	note, err := i.Credit(head, reason, i.Notes, takes...)
	if err != nil {
		return Paper{}, err
	}
	return r.masked(note)
}

// Credit makes a credit note of an invoice of the path's client, or finds the one that was made
// under the reference.
func (r *Request) Credit(i Invoice, c clientaccount.CreditNote) (p Paper, repeated bool, err error) {
	c.Account, c.Invoice, c.Actor = r.ID, i.ID, r.Actor
	made, err := r.Service.Credit(r.Context(), c)
	if err != nil {
		return Paper{}, false, err
	}
	repeated = slices.ContainsFunc(i.Notes, func(n document.CreditNote) bool { return n.ID == made.ID })
	p, err = r.masked(made)
	return p, repeated, err
}

// MoneyOf returns how a client's money stands, and the figures of it that may be told; nil where
// StandingOf is.
func (r *Request) MoneyOf(id account.ID) (*clientaccount.Standing, access.Sums, error) {
	s, err := r.StandingOf(id)
	if err != nil || s == nil {
		return nil, access.Sums{}, err
	}
	sums, err := r.Judge.Sums(r.Context(), s.Terms)
	return s, sums, err
}

// Rate returns how fast a client spends; zero where nothing is known of it, or for who may not see that.
func (r *Request) Rate(id account.ID) (clientaccount.Rate, error) {
	if !r.Judge.Meets(access.SeeUsage) {
		return clientaccount.Rate{}, nil
	}
	rate, err := r.Service.Rate(r.Context(), id)
	if errors.Is(err, clientaccount.ErrNoBilling) || errors.Is(err, account.ErrNotFound) || errors.Is(err, account.ErrZone) {
		return clientaccount.Rate{}, nil
	}
	return rate, err
}

// StandingOf returns how a client's money stands; nil for who may not see it, and for an
// account without a ledger.
func (r *Request) StandingOf(id account.ID) (*clientaccount.Standing, error) {
	if !r.Judge.May(access.Money) {
		return nil, nil
	}
	if standing, read := r.standings[id]; read {
		return &standing, nil
	}
	standing, err := r.Service.Balance(r.Context(), id)
	switch {
	case errors.Is(err, account.ErrNotFound):
		return nil, nil
	case err != nil:
		return nil, err
	default:
		return &standing, nil
	}
}

// ReadStandings reads the standings of many clients in one go, for who may see them.
func (r *Request) ReadStandings(ids []account.ID) (err error) {
	if r.Judge.May(access.Money) && len(ids) > 0 {
		r.standings, err = r.Service.Balances(r.Context(), ids...)
	}
	return err
}
